#!/usr/bin/env python3
"""Fails when the bill of materials names a part with a vulnerability that known-vulnerabilities.json knows."""

import argparse
import fnmatch
import json
import re
import sys
from pathlib import Path

KNOWN = Path(__file__).with_name("known-vulnerabilities.json")
BILL = Path(__file__).parents[1] / "target/bom.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bill", nargs="?", type=Path, default=BILL)
    options = parser.parse_args()
    known = json.loads(KNOWN.read_text())
    parts = json.loads(options.bill.read_text())["components"]
    found = list(findings(parts, known["vulnerabilities"]))
    for finding in found:
        print(finding, file=sys.stderr)
    looked_for = f"{len(known['vulnerabilities'])} known vulnerabilities as of {known['read']}"
    print(f"{len(parts)} parts, {looked_for}, {len(found)} found")
    return 1 if found or not parts else 0


def findings(parts: list[dict], vulnerabilities: list[dict]):
    for part in parts:
        name = f"{part.get('group', '')}:{part['name']}"
        for each in vulnerabilities:
            if fnmatch.fnmatchcase(name, each["package"]) and version(part["version"]) < version(each["fixed"]):
                yield f"{name} {part['version']}: {each['id']}, fixed in {each['fixed']}: {each['source']}"


def version(text: str) -> tuple[int, ...]:
    """The numbers at its beginning; what follows, such as Final, doesn't count."""
    numbers = [int(number) for number in re.match(r"\d+(?:\.\d+)*", text)[0].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


if __name__ == "__main__":
    sys.exit(main())
