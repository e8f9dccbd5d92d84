"""Counts the runs inside `terraform test`."""

import re

from proving.tally import Tally

SUMMARY = re.compile(r"^(?:Success|Failure)! (\d+) passed, (\d+) failed(?:, (\d+) skipped)?\.", re.MULTILINE)

counted = Tally()


def of(output: str) -> Tally:
    """A run that terraform leaves out after an error has not been proved: it counts as failed."""
    summary = SUMMARY.search(output)
    if summary is None:
        return Tally(failed=1)
    passed, failed, left_out = (int(number or 0) for number in summary.groups())
    return Tally(passed, failed + left_out)
