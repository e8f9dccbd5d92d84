"""IAM's policies, as far as ours go: what they allow of a call, and which of their actions nobody needs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from proving.aws_calls import REGION, Call


@dataclass(frozen=True)
class Statement:
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, tuple[str, ...]]

    def allows(self, call: Call, context: Mapping[str, str]) -> bool:
        return (
            any(fnmatchcase(call.action.lower(), action.lower()) for action in self.actions)
            # What can't be known of a call is allowed by any statement with its action.
            and any(fnmatchcase(call.resource, it) or call.resource == "?" for it in self.resources)
            and all(context[key] in values for key, values in self.conditions.items() if key in context)
        )

    def without(self, action: str) -> "Statement":
        return replace(self, actions=tuple(it for it in self.actions if it != action))


@dataclass(frozen=True)
class Policy:
    statements: tuple[Statement, ...]

    def allows(self, call: Call) -> bool:
        known = {"aws:RequestedRegion": REGION, **({"iam:PermissionsBoundary": call.boundary} if call.boundary else {})}
        return any(statement.allows(call, known) for statement in self.statements)

    @property
    def actions(self) -> set[str]:
        return {action for statement in self.statements for action in statement.actions}


def read(files: Iterable[Path], words: Mapping[str, str]) -> Policy:
    """A word in capitals stands for what differs from account to account."""
    statements = []
    for file in files:
        text = file.read_text()
        for word, value in words.items():
            text = text.replace(word, value)
        statements += of(json.loads(text)).statements
    return Policy(tuple(statements))


def of(document: Mapping) -> Policy:
    return Policy(tuple(parsed(it) for it in document["Statement"]))


def parsed(statement: Mapping) -> Statement:
    # What holds also where nothing is said can't be judged here, nor need it be.
    if statement["Effect"] != "Allow" or set(statement.get("Condition", {})) - {"StringEquals", "BoolIfExists"}:
        raise ValueError(f"not understood: {statement}")
    conditions = statement.get("Condition", {}).get("StringEquals", {})
    return Statement(
        as_tuple(statement["Action"]),
        as_tuple(statement["Resource"]),
        {key: as_tuple(values) for key, values in conditions.items()},
    )


def as_tuple(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
