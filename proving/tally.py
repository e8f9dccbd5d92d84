"""Counts tests that passed, failed and were skipped."""

import unittest
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Each test that was skipped is named with its reason."""

    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Tally") -> "Tally":
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        return self

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {len(self.skipped)} skipped"

    def report(self, more: str = "") -> int:
        """Ends what was printed with what was left out and one line that counts; returns the exit status."""
        for each in self.skipped:
            print(f"SKIPPED {each}")
        print(f"{self}{more}", flush=True)
        return 0 if self.passed and not self.failed else 1


class Result(unittest.TextTestResult):
    passed = 0

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        self.passed += 1

    def tally(self) -> Tally:
        failed = len(self.failures) + len(self.errors) + len(self.unexpectedSuccesses)
        return Tally(self.passed, failed, [f"{test.id()}: {reason}" for test, reason in self.skipped])
