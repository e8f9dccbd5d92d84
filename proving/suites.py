"""Runs test files, each in a process of its own, some at a time."""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from proving.programs import CommandError, Programs
from proving.tally import Tally

REPOSITORY = Path(__file__).parents[1]


@dataclass(frozen=True)
class Suites:
    programs: Programs
    workers: ThreadPoolExecutor
    timeout_seconds: float = 1800

    def start(self, paths: Iterable[Path]) -> "list[Future[tuple[str, Tally]]]":
        """Each ends with what to say of a file, and its count."""
        return [self.workers.submit(self._run, file) for file in files(paths)]

    def _run(self, file: Path) -> tuple[str, Tally]:
        """A file whose process ends early has failed, whatever passed before."""
        counted = self.programs.directory / f"{'-'.join(file.parts[1:])}.json"
        environment = {**os.environ, "PYTHONPATH": os.fspath(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"}
        command = (sys.executable, "-m", "proving.suite", file, counted)
        begun = time.monotonic()
        try:
            said = self.programs.run(*command, environment=environment, timeout_seconds=self.timeout_seconds).stdout
        except CommandError as late:
            said = str(late)
        tally = Tally(**json.loads(counted.read_text())) if counted.exists() else Tally(failed=1)
        line = f"{file}: {tally} ({time.monotonic() - begun:.1f} s)"
        return f"{said}\n{line}" if tally.failed else line, tally


def files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.glob("test_*.py")) if path.is_dir() else [path]
