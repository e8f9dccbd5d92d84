"""usage: python3 -m proof ARTIFACTS CACHE   (ansible/prove prepares the namespaces it needs)"""

import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from proof import promises
from proof.stage import Stage
from proving.programs import run
from proving.report import Report

WORK_SIZE_MAX = "4g"


def prepare(cache):
    """Memory of this run's own: it is gone with the namespace, and a layer can lie on it wherever the cache is."""
    work = cache / "work"
    for directory in (work, Path("/run/netns"), Path("/run/systemd/nspawn")):
        directory.mkdir(parents=True, exist_ok=True)
        run("mount", "-t", "tmpfs", "-o", f"size={WORK_SIZE_MAX}", "saved-string", directory)
    return work


def main(artifacts, cache):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    started = time.monotonic()
    report = Report(out=lambda line: print(line, flush=True))
    work = prepare(cache)
    with ExitStack() as stack, ThreadPoolExecutor(max_workers=2) as workers:
        promises.prove_all(report, Stage(Path.cwd(), artifacts, cache, work, stack, workers))
        report.clean_up("everything that was started is gone again", stack.close)
    report.say(f"{time.monotonic() - started:.0f} s")
    return report.finish()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
