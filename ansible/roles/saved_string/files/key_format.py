#!/usr/bin/env python3
"""Lists of API keys as text: what the make targets write, the instances fetch, and the service reads.

A line is a name, the key's SHA-256 in hexadecimal, perhaps what it is for and until when; # starts a comment line. A line
that is wrong is refused, and the others count: so a key that was taken out stops working whatever else the list holds.
KeyList.java reads lists in Java; both are held to src/test/resources/key-lists.json.

usage: key_format.py <LIST    says what is refused; exit codes: 0 nothing, 1 some lines, 2 all of it
"""

from __future__ import annotations  # Amazon Linux's Python 3.9 can't evaluate them all

import re
import sys
from datetime import datetime
from typing import NamedTuple

NAME = "[A-Za-z0-9][A-Za-z0-9._@-]{0,63}"
LINE = re.compile(
    rf"({NAME})[ \t]+([0-9a-fA-F]{{64}})(?:[ \t]+scope=(write|read|write,read|read,write))?"
    r"(?:[ \t]+expires=(2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z))?"
)
FORM = "name sha256-in-64-hexadecimal-digits [scope=write,read] [expires=2027-01-31T00:00:00Z]"
BLANKS = " \t\r"
KEYS_MAX = 1000
ALL_SCOPES = "write,read"  # of keys made before there were scopes, too


class Key(NamedTuple):
    name: str
    sha256: str
    scopes: str
    expires: str | None


class Refusal(NamedTuple):
    line: int  # 0 stands for the whole list
    reason: str

    def __str__(self) -> str:
        return f"line {self.line} {self.reason}" if self.line else self.reason


def parse(text: str) -> tuple[list[Key], list[Refusal]]:
    """The keys of the valid lines, and why the others are refused; never shows a key or a hash."""
    keys: list[Key] = []
    refusals = []
    lines = [line.strip(BLANKS) for line in text.split("\n")]
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#"):
            read = read_line(line, keys)
            if isinstance(read, Key):
                keys.append(read)
            else:
                refusals.append(Refusal(number, read))
    if not any(lines):
        refusals.append(Refusal(0, "it is empty"))
    return keys, refusals


def read_line(line: str, before: list[Key]) -> Key | str:
    """The key, or what is wrong with the line."""
    match = LINE.fullmatch(line)
    if not match:
        return f"is not: {FORM}"
    name, sha256, scopes, expires = match.groups()
    if any(key.name == name for key in before):
        return f"repeats the name {name}"
    if any(key.sha256 == sha256.lower() for key in before):
        return "repeats the key of another name"
    if len(before) == KEYS_MAX:
        return f"exceeds the limit of {KEYS_MAX} keys"
    if expires and not is_time(expires):
        return "expires at a time that doesn't exist"
    return Key(name, sha256.lower(), scopes or ALL_SCOPES, expires)


def is_time(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return False
    return True


def main() -> int:
    keys, refusals = parse(sys.stdin.buffer.read().decode(errors="replace"))
    print("; ".join(map(str, refusals[:3])))
    return 0 if not refusals else 1 if keys else 2


if __name__ == "__main__":
    sys.exit(main())
