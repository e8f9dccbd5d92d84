"""Runs the tests of one file or folder in this process."""

import json
import os
import signal
import sys
import unittest
from dataclasses import asdict
from pathlib import Path

from proving.tally import Result, Tally


def run(path: Path, verbosity: int = 1) -> Tally:
    folder, pattern = (path, "test_*.py") if path.is_dir() else (path.parent, path.name)
    top = os.fspath(top_level(folder))
    sys.path.insert(0, top)
    suite = unittest.TestLoader().discover(os.fspath(folder), pattern, top)
    return unittest.TextTestRunner(sys.stdout, verbosity=verbosity, resultclass=Result).run(suite).tally()


def top_level(folder: Path) -> Path:
    """The directory that a test's own imports begin at: the first one above that is no package."""
    folder = folder.resolve()
    return top_level(folder.parent) if (folder / "__init__.py").exists() else folder


if __name__ == "__main__":
    # Whoever runs this in the background has it ignore interruptions, and so would all that a test starts and interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    Path(sys.argv[2]).write_text(json.dumps(asdict(run(Path(sys.argv[1])))))
