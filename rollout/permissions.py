"""Whether who is signed in may do the next step: what its policy needs, asked of IAM's own simulator."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rollout.aws import Aws
from rollout.findings import Finding, missing, ok, unknown
from rollout.stack import TERRAFORM_DIRECTORY, state_bucket

POLICIES = TERRAFORM_DIRECTORY / "bootstrap" / "policies"
REQUESTS_AT_ONCE_MAX = 8
ASSUMED = re.compile(r"arn:[\w-]+:sts::\d+:assumed-role/([^/]+)/.*")


def permissions(aws: Aws, *policies: str) -> Iterator[Finding]:
    who = aws.call("sts", "get-caller-identity")
    if who["Arn"].endswith(":root"):
        yield unknown("permissions", "the root user may do everything", "Work as a role or a user instead.")
        return
    source = principal(aws, who["Arn"])
    for name in policies:
        with ThreadPoolExecutor(REQUESTS_AT_ONCE_MAX) as pool:
            answers = list(pool.map(lambda statement: denied_actions(aws, source, statement), statements(aws, name)))
        denied = sorted({action for actions in answers for action in actions})
        if denied:
            remedy = f"Attach {remedy_for(name, aws)}"
            yield missing(f"permissions to {name}", f"{who['Arn']} may not {', '.join(denied)}", remedy)
        else:
            yield ok(f"permissions to {name}", who["Arn"])


def principal(aws: Aws, arn: str) -> str:
    """The simulator wants the role, not the session; only the role itself knows its path."""
    assumed = ASSUMED.fullmatch(arn)
    return aws.call("iam", "get-role", RoleName=assumed[1])["Role"]["Arn"] if assumed else arn


def statements(aws: Aws, name: str) -> list[dict]:
    return json.loads(filled(file_of(name).read_text(), aws))["Statement"]


def file_of(name: str) -> Path:
    return POLICIES / f"{name}.json"


def filled(text: str, aws: Aws) -> str:
    values = {"PARTITION": "aws", "ACCOUNT": aws.account(), "REGION": aws.region, "BUCKET": state_bucket(aws)}
    for word, value in values.items():
        text = text.replace(word, value)
    return text


def denied_actions(aws: Aws, source: str, statement: dict) -> list[str]:
    context = [
        {"ContextKeyName": key, "ContextKeyValues": as_list(values), "ContextKeyType": type_for(operator)}
        for operator, conditions in statement.get("Condition", {}).items()
        for key, values in conditions.items()
    ]
    results = aws.call(
        "iam",
        "simulate-principal-policy",
        PolicySourceArn=source,
        ActionNames=as_list(statement["Action"]),
        ResourceArns=as_list(statement["Resource"]),
        ContextEntries=context,
    )["EvaluationResults"]
    return [it["EvalActionName"] for it in results if it["EvalDecision"] != "allowed"]


def type_for(operator: str) -> str:
    return "boolean" if operator.startswith("Bool") else "string"


def remedy_for(name: str, aws: Aws) -> str:
    if name == "bootstrap":
        return f"the policy {file_of(name)}, with its words in capitals filled in; docs/operations.md says how."
    return f"the policy saved-string-{name}-{aws.region}, which make bootstrap makes."


def as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
