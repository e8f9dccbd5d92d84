"""What a look at the account, before anything is made, has found."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rollout.errors import Missing, RolloutError


@dataclass(frozen=True)
class Finding:
    about: str
    state: str  # "ok", "missing", or "unknown" where AWS doesn't say
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        line = f"{self.state:8}{self.about}: {self.text}"
        return f"{line}\n        {self.remedy}" if self.remedy else line


def ok(about: str, text: str) -> Finding:
    return Finding(about, "ok", text)


def missing(about: str, text: str, remedy: str) -> Finding:
    return Finding(about, "missing", text, remedy)


def unknown(about: str, text: str, remedy: str = "") -> Finding:
    return Finding(about, "unknown", text, remedy)


def remark(findings: Iterable[Finding]) -> None:
    """Only says it: the way back is not to be barred by what may go wrong on it."""
    for finding in findings:
        if finding.state != "ok":
            print(finding, file=sys.stderr)


def insist(findings: Iterable[Finding]) -> None:
    """Ends the command with everything that is missing; what is unknown is only said."""
    found = list(whole(findings))
    remark(it for it in found if it.state == "unknown")
    lacking = [str(it) for it in found if it.state == "missing"]
    if lacking:
        raise Missing("\n".join(["Nothing was changed. Before this can work:", *lacking]))


def whole(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Without credentials nothing more can be asked; what was found before is told all the same."""
    try:
        yield from findings
    except Missing as problem:
        text, *remedy = str(problem).splitlines()
        yield missing("credentials", text, "\n        ".join(remedy))


def asked(about: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """A question that AWS refuses to answer is no reason to stop."""
    try:
        yield from findings
    except Missing:
        raise
    except RolloutError as problem:
        yield unknown(about, str(problem).splitlines()[0])
