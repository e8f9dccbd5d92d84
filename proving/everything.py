"""What make test runs: Maven's build, the tests in Python and the linters beside it; then one line that counts all.

usage: python3 -m proving.everything [MISSING...]   what this machine lacks, to be told at the end
"""

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from proving import surefire
from proving.programs import Programs, tail
from proving.suites import REPOSITORY, Suites
from proving.tally import Tally

TESTS = (
    "proving/tests",
    "rollout/tests",
    "bench/tests",
    "docs/tests",
    "ansible/proof/tests",
    "release/tests/test_vulnerabilities.py",
    "terraform/proof/test_source.py",
    "terraform/proof/test_tools.py",
)
LINTERS = ("scripts/lint-scripts", "scripts/lint-openapi")
# Reads the bill of materials that the build has made.
AFTER_BUILD = "release/vulnerabilities.py"
CANNOT_RUN = 3
# Two processes of tests, since each waits as much as it works.
BUILD = ("scripts/maven", "verify", "-DforkCount=2")
# One beside them.
JOBS = 1


def main(missing: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    begun, clock = time.time(), time.monotonic()
    with ThreadPoolExecutor(JOBS) as workers, Programs() as programs:
        beside = [workers.submit(lint, programs, linter) for linter in LINTERS]
        beside += Suites(programs, workers).start(map(Path, TESTS))
        total = build(begun)
        if not total.failed:
            beside.append(workers.submit(lint, programs, AFTER_BUILD))
        for running in beside:
            said, tally = running.result()
            print(said, flush=True)
            total += tally
    total.skipped += [f"whatever needs {name}, which could not be installed" for name in missing]
    return total.report(f" in {time.monotonic() - clock:.0f} s")


def build(since: float) -> Tally:
    """A build that fails before or after its tests counts as one that failed."""
    status = subprocess.call(BUILD, cwd=REPOSITORY)
    tally = surefire.tally(REPOSITORY / "target/surefire-reports", since)
    tally += surefire.tally(REPOSITORY / "target/failsafe-reports", since)
    if status != 0 and not tally.failed:
        tally += Tally(failed=1)
    return tally


def lint(programs: Programs, linter: str) -> tuple[str, Tally]:
    done = programs.run(REPOSITORY / linter, timeout_seconds=600)
    if done.returncode == CANNOT_RUN:
        return linter, Tally(skipped=[f"{linter}: {tail(done.stdout, lines=1)}"])
    passed = done.returncode == 0
    return f"{linter}: {'passed' if passed else done.stdout}", Tally(passed=int(passed), failed=int(not passed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
