"""Runs tests, each file in a process of its own, some at a time, and ends with one line that counts them."""

import argparse
import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from proving.programs import CommandError, Programs
from proving.tally import Tally

REPOSITORY = Path(__file__).parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m proving", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder of files test_*.py")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at a time (default: %(default)s)")
    parser.add_argument("--timeout-seconds", type=float, default=600, help="for each file (default: %(default)s)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    total = Tally()
    with Programs() as programs, ThreadPoolExecutor(options.jobs) as workers:
        running = [workers.submit(run, programs, file, options.timeout_seconds) for file in files(options.paths)]
        for each in running:
            output, tally = each.result()
            print(output, end="", flush=True)
            total += tally
    return total.report()


def files(paths: list[Path]) -> list[Path]:
    return [file for path in paths for file in (sorted(path.glob("test_*.py")) if path.is_dir() else [path])]


def run(programs: Programs, file: Path, timeout_seconds: float) -> tuple[str, Tally]:
    """A file whose process ends early has failed, whatever passed before."""
    counted = programs.directory / f"{'-'.join(file.parts)}.json"
    command = (sys.executable, "-m", "proving.suite", file, counted)
    environment = {**os.environ, "PYTHONPATH": os.fspath(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        said = programs.run(*command, environment=environment, timeout_seconds=timeout_seconds).stdout
    except CommandError as late:
        said = f"{late}\n"
    tally = Tally(**json.loads(counted.read_text())) if counted.exists() else Tally(failed=1)
    return f"{file}\n{said}", tally


if __name__ == "__main__":
    sys.exit(main())
