"""Runs every proof and ends with one line that counts them."""

import os
import signal
import sys
import unittest
from pathlib import Path

import life
import processes
import tally

TOTAL_TIMEOUT_SECONDS = 900


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, give_up)
    signal.alarm(TOTAL_TIMEOUT_SECONDS)
    life.begun()
    here = os.fspath(Path(__file__).parent)
    suite = unittest.TestLoader().discover(here, top_level_dir=here)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=tally.Result).run(suite)
    return report(result)


def give_up(number: int, _frame: object) -> None:
    """At once: unittest would note an exception and go on, and the threads would be waited for."""
    processes.clean_up()
    reason = f"not done within {TOTAL_TIMEOUT_SECONDS} s" if number == signal.SIGALRM else signal.Signals(number).name
    print(f"\nstopped: {reason}\n0 passed, 1 failed, 0 skipped", flush=True)
    os._exit(1)


def report(result: tally.Result) -> int:
    count = tally.of(result)
    for test, reason in result.skipped:
        print(f"SKIPPED {test.id()}: {reason}")
    print(f"{count.passed} passed, {count.failed} failed, {count.skipped} skipped")
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main())
