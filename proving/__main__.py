"""Runs tests, each file in a process of its own, some at a time, and ends with one line that counts them."""

import argparse
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from proving.programs import Programs
from proving.suites import Suites
from proving.tally import Tally


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m proving", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder of files test_*.py")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at a time (default: %(default)s)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    total = Tally()
    with ThreadPoolExecutor(options.jobs) as workers, Programs() as programs:
        for running in Suites(programs, workers).start(options.paths):
            said, tally = running.result()
            print(said, flush=True)
            total += tally
    return total.report()


if __name__ == "__main__":
    sys.exit(main())
