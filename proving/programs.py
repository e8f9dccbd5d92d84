"""Programs that are started here, and that all end when their owner ends, with whatever they started themselves."""

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from proving.waiting import accepts, wait_until

STOP_TIMEOUT_SECONDS = 10
_LOG_LINES = 40


class CommandError(OSError):
    """A program failed; the message holds the end of what it said."""


class Program:
    """A program in a session of its own; both its streams go to one file."""

    def __init__(self, name: str, command: Sequence[object], log: Path, **options: object):
        self.name = name
        self.log = log
        with log.open("wb") as stream:
            self._popen = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **options,
            )

    @property
    def pid(self) -> int:
        return self._popen.pid

    def is_running(self) -> bool:
        return self._popen.poll() is None

    def wait_for(self, condition: Callable[[], object], what: str, timeout_seconds: float = 120):
        """Polls often, because the time that this takes may be what is measured; an early end is an error at once."""

        def met():
            if not self.is_running():
                raise AssertionError(f"{self.name} ended with {self._popen.returncode}: {self.said()}")
            return condition()

        return wait_until(met, f"{self.name} {what}", timeout_seconds, interval_seconds=0.002)

    def wait_for_port(self, port: int, address: str = "127.0.0.1", timeout_seconds: float = 120) -> None:
        self.wait_for(lambda: accepts(port, address), f"accepts connections on port {port}", timeout_seconds)

    def wait_for_end(self, timeout_seconds: float) -> int:
        """Returns the exit status."""
        try:
            return self._popen.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            raise CommandError(f"{self.name}: no end after {timeout_seconds:g} s\n{self.said()}") from None

    def said(self) -> str:
        return tail(self.log.read_text(errors="replace"))

    def pids(self) -> list[int]:
        """Those of its whole session."""
        return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _session(pid) == self._popen.pid]

    def stop(self, grace_seconds: float = STOP_TIMEOUT_SECONDS) -> None:
        if self.is_running() and grace_seconds > 0:
            self._popen.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._popen.wait(grace_seconds)
        # The rest of the group outlives its first process: a provider of terraform, a worker of gunicorn.
        with suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()


class Programs:
    """Starts programs, from any thread, and stops them in reverse order when it is left; none starts after that."""

    def __init__(self, directory: Path | None = None):
        self._temporary = None if directory else tempfile.TemporaryDirectory(prefix="saved-string-")
        self.directory = directory or Path(self._temporary.name)
        self.directory.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._running: list[Program] = []
        self._stopped = False

    def start(
        self,
        name: str,
        command: Sequence[object],
        *,
        directory: Path | None = None,
        environment: Mapping[str, str] | None = None,
        prepare: Callable[[], None] | None = None,
    ) -> Program:
        """What prepares runs in the new process, before the program."""
        with self._lock:
            if self._stopped:
                raise CommandError(f"{name}: nothing is started any more")
            options = {"cwd": directory, "env": environment, "preexec_fn": prepare}
            program = Program(name, command, self.directory / f"{name}.log", **options)
            self._running.append(program)
            return program

    def run(
        self,
        *command: object,
        directory: Path | None = None,
        environment: Mapping[str, str] | None = None,
        timeout_seconds: float = 120,
    ) -> subprocess.CompletedProcess[str]:
        """Runs a program to its end; what it printed, both streams together, is its stdout."""
        with tempfile.NamedTemporaryFile(dir=self.directory, prefix="run-", suffix=".log") as log:
            name = Path(log.name).stem
            program = self.start(name, command, directory=directory, environment=environment)
            program.name = " ".join(map(str, command[:2]))
            try:
                status = program.wait_for_end(timeout_seconds)
                return subprocess.CompletedProcess(command, status, Path(log.name).read_text(errors="replace"))
            finally:
                self._forget(program)
                program.stop(grace_seconds=0)

    def _forget(self, program: Program) -> None:
        with self._lock:
            if program in self._running:
                self._running.remove(program)

    def stop(self, grace_seconds: float = STOP_TIMEOUT_SECONDS) -> None:
        with self._lock:
            self._stopped = True
            while self._running:
                self._running.pop().stop(grace_seconds)
            if self._temporary:
                self._temporary.cleanup()

    def __enter__(self) -> "Programs":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def run(
    *command: object, environment: Mapping[str, str] | None = None, timeout_seconds: float = 120, check: bool = True
) -> str:
    """Runs one program to its end and returns what it printed."""
    with Programs() as programs:
        done = programs.run(*command, environment=environment, timeout_seconds=timeout_seconds)
    if check and done.returncode != 0:
        raise CommandError(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{tail(done.stdout)}")
    return done.stdout


def tail(output: str, lines: int = _LOG_LINES) -> str:
    """The last lines of an output, which say why."""
    return "\n".join(output.splitlines()[-lines:])


def _session(pid: int) -> int | None:
    with suppress(OSError):
        return os.getsid(pid)
    return None
