"""Counts the commands that Valkey ran."""

import re

from proving.valkey import Valkey


def command_counts(valkey: Valkey) -> dict[str, int]:
    return parse_command_counts(valkey.call("INFO", "commandstats"))


def parse_command_counts(text: str) -> dict[str, int]:
    return {name: int(calls) for name, calls in re.findall(r"^cmdstat_(\S+?):calls=(\d+)", text, re.MULTILINE)}


def sent_commands(before: dict[str, int], after: dict[str, int], names: tuple[str, ...]) -> int:
    """How many of the named commands were run in between; what a script runs inside isn't named."""
    return sum(after.get(name, 0) - before.get(name, 0) for name in names)
