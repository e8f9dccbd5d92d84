"""Programs that are started here, and that all end when this ends, with whatever they started themselves."""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

running: set[subprocess.Popen] = set()
starting = threading.Lock()
directories: list[Path] = []
LAST_START_TIMEOUT_SECONDS = 5


def start(command: Sequence[str], **options: object) -> subprocess.Popen:
    with starting:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, text=True, start_new_session=True, **options)
        running.add(process)
        return process


def stop(process: subprocess.Popen) -> None:
    """The whole group: terraform's providers outlive a terraform that is killed."""
    if process in running:
        running.discard(process)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def stop_all() -> None:
    """For good: a thread that goes on with its next step waits for ever for this lock, which is never given back."""
    starting.acquire(timeout=LAST_START_TIMEOUT_SECONDS)
    for process in list(running):
        stop(process)


def run(
    command: Sequence[str], directory: Path, environment: Mapping[str, str], timeout_seconds: float
) -> subprocess.CompletedProcess[str]:
    process = start(command, cwd=directory, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        output, _ = process.communicate(timeout=timeout_seconds)
    except subprocess.TimeoutExpired as late:
        said = (late.output or b"").decode(errors="replace")
        name = " ".join(command[:2])
        raise AssertionError(f"{name} was not done within {timeout_seconds} s:\n{said}") from None
    else:
        # Reaped, so that its number may soon be another's.
        running.discard(process)
        return subprocess.CompletedProcess(command, process.returncode, output)
    finally:
        stop(process)


def temporary_directory() -> Path:
    directories.append(Path(tempfile.mkdtemp(prefix="saved-string-")))
    return directories[-1]


@atexit.register
def clean_up() -> None:
    stop_all()
    for directory in directories:
        shutil.rmtree(directory, ignore_errors=True)
