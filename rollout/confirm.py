"""Asks before something is changed."""

import sys

from rollout.errors import Unusable


def confirm(question: str, expected: str, given: str, how_to_give: str) -> None:
    """`given` is the answer from the command line, for runs without a terminal."""
    if given:
        answer = given
    elif sys.stdin.isatty():
        answer = input(f"{question} Type {expected} to go on: ").strip()
    else:
        raise Unusable(f"Nothing was changed: there is no terminal to ask. {how_to_give}")
    if answer != expected:
        raise Unusable(f"Nothing was changed: {answer!r} (expected: {expected})")
