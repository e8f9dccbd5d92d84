"""Everybody has the permissions that their step needs, and no others."""

import inspect
import re
import unittest
from collections.abc import Iterable
from pathlib import Path

import life
import needs

from proving.aws_calls import Call
from proving.iam import Policy
from rollout import (
    account, advice, bootstrap, certificate, deploy, destroy, group, key_lists, permissions, preflight, refresh,
    releases, retention, session, status, trust,
)  # fmt: skip

POLICY_CHARACTERS_MAX = 6144  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LONGEST = {
    "PARTITION": "aws-us-gov",
    "ACCOUNT": "123456789012",
    "REGION": "ap-southeast-5",
    "BUCKET": "saved-string-state-123456789012-ap-southeast-5",
}
RUNBOOK = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
LIFE_TIMEOUT_SECONDS = 2400

# The commands that come with each policy.
COMMANDS = {
    "bootstrap": (bootstrap, permissions.permissions, permissions.denied_actions, preflight.credentials),
    "image": (
        account.builders_role, account.builders_network, account.vcpus, account.running, permissions,
        preflight.credentials, retention,
    ),
    "keys": (key_lists,),
    "deploy": (
        account.zones, account.vcpus, account.running, advice, certificate, deploy, destroy, group, permissions,
        preflight.credentials, refresh, releases, session, status, trust,
    ),
}  # fmt: skip
NAMES = {"deploy": ("deploy-compute", "deploy-store", "deploy-services")}
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
    def test_every_policy_allows_what_its_commands_ask_for(self) -> None:
        for name, asked in self.asked().items():
            with self.subTest(policy=name):
                self.assertEqual(set(), {action for action in asked if not policy(name).allows(unknown(action))})

    def test_no_policy_allows_more(self) -> None:
        recorded = self.recorded()
        for name, asked in self.asked().items():
            with self.subTest(policy=name):
                self.assertEqual(set(), policy(name).actions - asked - recorded.get(name, set()))

    def test_nothing_was_refused_to_anybody(self) -> None:
        self.recorded()
        refused = sorted(str(call) for call in life.begun().result(LIFE_TIMEOUT_SECONDS).recorder.refused)
        self.assertEqual([], refused)

    def test_machines_may_do_what_they_do_by_themselves_and_nothing_else(self) -> None:
        made = life.begun().result(LIFE_TIMEOUT_SECONDS).machines
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

    def test_every_policy_fits(self) -> None:
        for file in life.POLICIES.glob("*.json"):
            with self.subTest(policy=file.stem):
                text = re.sub(r"\s", "", file.read_text())
                for word, value in LONGEST.items():
                    text = text.replace(word, value)
                self.assertLessEqual(len(text), POLICY_CHARACTERS_MAX)

    def test_nobody_may_do_everything_with_anything(self) -> None:
        for file in life.POLICIES.glob("*.json"):
            with self.subTest(policy=file.stem):
                self.assertNotRegex(file.read_text(), r'"(\w+:)?\*"\s*[],]\s*,?\s*"Resource"|:\*"\s*\]?,\s*"Resource"')

    def test_an_action_that_is_missing_is_noticed(self) -> None:
        lacking = Policy(tuple(it for it in policy("keys").statements if "ssm:PutParameter" not in it.actions))
        self.assertFalse(lacking.allows(unknown("ssm:PutParameter")))
        self.assertIn("ssm:PutParameter", self.asked()["keys"])

    def asked(self) -> dict[str, set[str]]:
        asked = {name: requests(sources) for name, sources in COMMANDS.items()}
        asked["deploy"] |= typed(RUNBOOK) | flat(needs.DEPLOYED)
        asked["image"] |= flat(needs.BUILT)
        asked["bootstrap"] |= flat(needs.BOOTSTRAPPED)
        return {name: with_implied(actions) - needs.ALWAYS_ALLOWED for name, actions in asked.items()}

    def recorded(self) -> dict[str, set[str]]:
        recorded: dict[str, set[str]] = {}
        for call in life.begun().result(LIFE_TIMEOUT_SECONDS).recorder.calls:
            recorded.setdefault(call.principal, set()).add(call.action)
        return {name: with_implied(actions) for name, actions in recorded.items()}


def policy(name: str) -> Policy:
    return life.policy("saved-string-state", *NAMES.get(name, (name,)))


def unknown(action: str) -> Call:
    """Which resource it is for is judged where it was recorded; conditions on the service are AWS's to judge."""
    return Call("", action, "?")


def requests(sources: Iterable[object]) -> set[str]:
    """What they send themselves, and what they tell to type."""
    texts = [inspect.getsource(source) for source in sources]
    found = [match for text in texts for match in REQUEST.findall(text)]
    sent = {action(first or third, second or fourth) for first, second, third, fourth in found}
    return sent | set().union(*(typed(text) for text in texts))


def typed(text: str) -> set[str]:
    commands = set(TYPED.findall(text)) - {("sso", "login")}
    return {action(*command) for command in commands} - OF_THE_ADMINISTRATOR


def action(service: str, operation: str) -> str:
    name = "".join(part.capitalize() for part in operation.split("-"))
    asked = f"{SERVICES.get(service, service)}:{name}"
    return OPERATIONS.get(asked, asked)


def with_implied(actions: set[str]) -> set[str]:
    return actions | {it for name, (_, implied) in needs.IMPLIED.items() if name in actions for it in implied}


def flat(table: dict[str, tuple[str, ...]]) -> set[str]:
    return {action for actions in table.values() for action in actions}
