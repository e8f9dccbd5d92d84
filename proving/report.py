"""Counts what was proved and says so."""

import time
import traceback

from proving.programs import CommandError


class Unprovable(Exception):
    """This machine lacks what a promise needs; the message says what."""


class Report:
    """Runs promises in order; after a failed foundation the rest can only be skipped."""

    def __init__(self, out=print):
        self.say = out
        self._counts = {"passed": 0, "failed": 0, "skipped": 0}
        self._broken = None

    def prove(self, promise, check, foundation=False):
        if self._broken:
            return self._count("skipped", f"SKIP {promise}: because this failed: {self._broken}")
        started = time.monotonic()
        try:
            detail = check()
        except Unprovable as reason:
            self._count("skipped", f"SKIP {promise}: {reason}")
        except Exception as error:
            if foundation:
                self._broken = promise
            self._count("failed", f"FAIL {promise}\n{_explain(error)}")
        else:
            suffix = f": {detail}" if detail else ""
            self._count("passed", f"ok   {promise}{suffix} ({time.monotonic() - started:.1f} s)")

    def clean_up(self, promise, check):
        """What has to happen even if nothing else could."""
        self._broken = None
        self.prove(promise, check)

    def finish(self):
        """Prints the last line and returns the exit status."""
        counts = self._counts
        self.say(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
        return 0 if counts["failed"] == 0 and counts["passed"] > 0 else 1

    def _count(self, outcome, line):
        self._counts[outcome] += 1
        self.say(line)


def _explain(error):
    text = str(error) or repr(error)
    if not isinstance(error, (AssertionError, CommandError)):
        text = "".join(traceback.format_exception(error))
    return "\n".join("     " + line for line in text.splitlines())
