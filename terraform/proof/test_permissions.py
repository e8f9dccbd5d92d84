"""Everybody has the permissions that their task needs, and no others: judged by the calls that they made in a simulated AWS.

What nothing here can make (needs.py) and what people type themselves is taken from where it is written.
"""

import inspect
import json
import re
import unittest
from pathlib import Path

import life
import needs
import people

from proving.aws_calls import Call
from proving.iam import Policy, Statement
from rollout import key_lists

POLICY_CHARACTERS_MAX = 6144  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LONGEST = {
    "PARTITION": "aws-us-gov",
    "ACCOUNT": "123456789012",
    "REGION": "ap-southeast-5",
    "BUCKET": "saved-string-state-123456789012-ap-southeast-5",
}
REPOSITORY = Path(__file__).parents[2]
RUNBOOK = (REPOSITORY / "docs" / "operations.md").read_text()
ROLLOUT = {file.stem: file.read_text() for file in (REPOSITORY / "rollout").glob("*.py")}
LIFE_TIMEOUT_SECONDS = 6000

REQUEST = re.compile(r'\.(?:call|command)\(\s*"([\w-]+)",\s*"([\w-]+)"|\("(s3api|iam)", "([\w-]+)", \{')
TYPED = re.compile(r"\baws ([a-z][a-z0-9-]+) ([a-z][a-z-]+)")
SERVICES = {"elbv2": "elasticloadbalancing", "s3api": "s3", "service-quotas": "servicequotas"}
OPERATIONS = {
    "s3:HeadBucket": "s3:ListBucket",
    "logs:Tail": "logs:FilterLogEvents",
    "iam:GetOpenIdConnectProvider": "iam:GetOpenIDConnectProvider",
}
# In the runbook, but by whoever removes the last of it or cares for the account: not by who deploys.
OF_THE_ADMINISTRATOR = {
    "ec2:CreateDefaultVpc", "iam:CreatePolicy", "iam:AttachUserPolicy", "iam:AttachRolePolicy",
    "servicequotas:RequestServiceQuotaIncrease", "ec2:DeregisterImage",
}  # fmt: skip


class Permissions(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.life = life.begun().result(LIFE_TIMEOUT_SECONDS)
        cls.recorded: dict[str, set[Call]] = {}
        for call in cls.life.recorder.calls:
            cls.recorded.setdefault(call.principal, set()).add(call)

    def test_nothing_was_refused_to_anybody(self) -> None:
        refused = {call for call in self.life.recorder.refused if call.principal in people.TASKS | life.ROLES}
        self.assertEqual([], sorted(map(str, refused)))

    def test_every_policy_allows_what_could_not_be_recorded(self) -> None:
        for task, asked in self.asked().items():
            with self.subTest(task=task):
                self.assertEqual(set(), {action for action in asked if not policy(task).allows(unknown(action))})

    def test_no_policy_allows_more(self) -> None:
        for task, asked in self.asked().items():
            with self.subTest(task=task):
                self.assertEqual(set(), policy(task).actions - asked)

    def test_one_action_less_is_refused(self) -> None:
        """Seen for each one that was recorded; and in earnest, by somebody who lacks one."""
        for task in people.TASKS:
            for action in self.actions(task) - needs.ALWAYS_ALLOWED - needs.ONLY_SIMULATED:
                with self.subTest(task=task, action=action):
                    less = without(policy(task), action)
                    self.assertTrue(any(not less.allows(call) for call in self.recorded[task]))
        self.assertEqual(1, self.life.refused.returncode)
        self.assertIn("AccessDenied", self.life.refused.stdout)

    def test_one_action_more_is_noticed(self) -> None:
        for task, asked in self.asked().items():
            more = Policy((*policy(task).statements, Statement(("s3:DeleteBucketWebsite",), ("*",), {})))
            self.assertEqual({"s3:DeleteBucketWebsite"}, more.actions - asked)

    def test_every_request_of_the_rollout_was_recorded(self) -> None:
        recorded = {action for task in people.TASKS for action in self.actions(task)}
        asked = set().union(*map(requests, ROLLOUT.values())) - needs.ALWAYS_ALLOWED
        self.assertEqual(set(needs.NOT_RECORDED), asked - recorded)

    def test_what_was_recorded_is_in_no_table(self) -> None:
        """But for Packer's calls, of which the rollout makes some, too."""
        for task, table in needs.TABLES.items():
            if task != "image":
                with self.subTest(task=task):
                    self.assertEqual(set(), flat(table) & self.actions(task))

    def test_workflows_have_what_people_have_who_do_the_same(self) -> None:
        text = (people.SOURCE / "bootstrap" / "people.tf").read_text()
        block = re.search(r"workflow_policies = \{\n(.*?)\n  \}", text, re.S)[1]
        found = {name: tuple(re.findall(r'"([\w-]+)"', names)) for name, names in re.findall(r"(\w+) += \[(.*)\]", block)}
        self.assertEqual({name: people.TASKS[name] for name in ("image", "deploy")}, found)

    def test_machines_may_do_what_they_do_by_themselves_and_nothing_else(self) -> None:
        made = {name: self.life.judge.known[name] for name in life.ROLES}
        for name, asked in needs.MACHINES.items():
            with self.subTest(machine=name):
                calls = [Call(name, action, resource) for resource, actions in asked.items() for action in actions]
                self.assertEqual([], [str(call) for call in calls if not made[name].allows(call)])
                self.assertEqual(set(), made[name].actions - {call.action for call in calls})
                self.assertEqual([], [str(call) for call in calls if not policy("boundary").allows(call)])
                for call in (it for it in calls if it.resource.startswith("arn:")):
                    other = Call(name, call.action, call.resource.replace("simulated", "production"))
                    self.assertFalse(":instance/" not in call.resource and made[name].allows(other), other)

    def test_the_boundary_of_machines_allows_what_they_do_and_no_more(self) -> None:
        asked = {action for of_one in needs.MACHINES.values() for actions in of_one.values() for action in actions}
        self.assertEqual(asked, policy("boundary").actions)

    def test_no_role_is_made_without_the_boundary(self) -> None:
        role = "arn:aws:iam::123456789012:role/saved-string-production-instance-us-east-1"
        for boundary, allowed in (("none", False), ("arn:aws:iam::123456789012:policy/saved-string-boundary-us-east-1", True)):
            self.assertEqual(allowed, policy("deploy").allows(Call("", "iam:CreateRole", role, boundary)))

    def test_no_session_is_opened_elsewhere_or_with_another_document(self) -> None:
        """https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-default-session-document.html"""
        for file in people.POLICIES.glob("*.json"):
            for statement in json.loads(file.read_text())["Statement"]:
                if "ssm:StartSession" in statement["Action"] and ":instance/" in statement["Resource"]:
                    with self.subTest(policy=file.stem):
                        condition = statement["Condition"]
                        self.assertEqual({"ssm:SessionDocumentAccessCheck": "true"}, condition["BoolIfExists"])
                        self.assertEqual(1, len(condition["StringEquals"]))
                        self.assertTrue(next(iter(condition["StringEquals"])).startswith("ssm:resourceTag/"))

    def test_every_policy_fits(self) -> None:
        for file in people.POLICIES.glob("*.json"):
            with self.subTest(policy=file.stem):
                text = re.sub(r"\s", "", file.read_text())
                for word, value in LONGEST.items():
                    text = text.replace(word, value)
                self.assertLessEqual(len(text), POLICY_CHARACTERS_MAX)

    def test_nobody_may_do_everything_with_anything(self) -> None:
        for file in people.POLICIES.glob("*.json"):
            with self.subTest(policy=file.stem):
                self.assertNotRegex(file.read_text(), r'"(\w+:)?\*"\s*[],]\s*,?\s*"Resource"|:\*"\s*\]?,\s*"Resource"')

    def actions(self, task: str) -> set[str]:
        return {call.action for call in self.recorded[task]}

    def asked(self) -> dict[str, set[str]]:
        asked = {task: self.actions(task) | flat(needs.TABLES.get(task, {})) for task in people.TASKS}
        asked["keys"] |= typed(inspect.getsource(key_lists))
        asked["deploy"] |= typed(RUNBOOK).union(*(typed(text) for name, text in ROLLOUT.items() if name != "key_lists"))
        beside = needs.ALWAYS_ALLOWED | needs.ONLY_SIMULATED
        return {task: with_implied(actions) - beside for task, actions in asked.items()}


def policy(task: str) -> Policy:
    return people.policies()[task] if task in people.TASKS else people.policy("saved-string-state", task)


def without(policy: Policy, action: str) -> Policy:
    return Policy(tuple(it.without(action) for it in policy.statements))


def unknown(action: str) -> Call:
    """Which resource it is for is judged where it was recorded; conditions on the service are AWS's to judge."""
    return Call("", action, "?")


def requests(text: str) -> set[str]:
    found = REQUEST.findall(text)
    return {action(first or third, second or fourth) for first, second, third, fourth in found}


def typed(text: str) -> set[str]:
    commands = set(TYPED.findall(text)) - {("sso", "login"), ("command", "line")}
    return {action(*command) for command in commands} - OF_THE_ADMINISTRATOR


def action(service: str, operation: str) -> str:
    name = "".join(part.capitalize() for part in operation.split("-"))
    asked = f"{SERVICES.get(service, service)}:{name}"
    return OPERATIONS.get(asked, asked)


def with_implied(actions: set[str]) -> set[str]:
    return actions | {it for name, (_, implied) in needs.IMPLIED.items() if name in actions for it in implied}


def flat(table: dict[str, tuple[str, ...]]) -> set[str]:
    return {action for actions in table.values() for action in actions}
