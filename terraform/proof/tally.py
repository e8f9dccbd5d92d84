"""Counts what passed: Python's tests here, and the runs inside `terraform test`."""

import re
import unittest
from dataclasses import dataclass

SUMMARY = re.compile(r"^(?:Success|Failure)! (\d+) passed, (\d+) failed(?:, (\d+) skipped)?\.", re.MULTILINE)


@dataclass
class Tally:
    passed: int = 0
    failed: int = 0
    skipped: int = 0


terraform_runs = Tally()


class Result(unittest.TextTestResult):
    passed = 0

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        self.passed += 1


def of_terraform_test(output: str) -> Tally:
    """A run that terraform leaves out after an error has not been proved: it counts as failed."""
    summary = SUMMARY.search(output)
    if summary is None:
        return Tally(failed=1)
    passed, failed, left_out = (int(number or 0) for number in summary.groups())
    return Tally(passed, failed + left_out)


def of(result: Result) -> Tally:
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    return Tally(result.passed + terraform_runs.passed, failed + terraform_runs.failed, len(result.skipped))
