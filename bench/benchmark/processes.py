"""Processes that are started for a measurement and stopped whatever happens."""

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from benchmark import machine

_STOP_S = 10
_POLL_S = 0.002
_PORTS = range(20_000, 30_000)  # below the range that outgoing connections take theirs from


def wait_until(condition: Callable[[], bool], what: str, timeout_s: float = 30) -> None:
    end = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {timeout_s:g} s")
        time.sleep(_POLL_S)


def free_port() -> int:
    while True:
        port = random.choice(_PORTS)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Process:
    def __init__(self, name: str, command: list[str], directory: Path, cores: str, environment: dict[str, str]):
        self.name = name
        self.log = directory / f"{name}.log"
        # With the benchmark itself killed, the kernel stops what it started.
        pinned = ["taskset", "-c", cores, "setpriv", "--pdeathsig", "TERM", *command]
        with self.log.open("wb") as log:
            self._popen = subprocess.Popen(
                pinned,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=directory,
                env={**os.environ, **environment},
                start_new_session=True,
            )

    def wait_for(self, condition: Callable[[], bool], what: str, timeout_s: float = 30) -> None:
        def met() -> bool:
            if self._popen.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self._popen.returncode}: {self.log_end()}")
            return condition()

        wait_until(met, f"{self.name}: {what}", timeout_s)

    def wait_for_port(self, port: int) -> None:
        self.wait_for(lambda: accepts(port), f"accepts connections on port {port}")

    def wait_for_end(self, timeout_s: float) -> None:
        if self._popen.wait(timeout_s) != 0:
            raise RuntimeError(f"{self.name} ended with {self._popen.returncode}: {self.log_end()}")

    def log_end(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-2_000:].strip()

    def pids(self) -> list[int]:
        return machine.session_pids(self._popen.pid)

    def cpu_s(self) -> float:
        return machine.cpu_s(self.pids())

    def resident_bytes(self) -> int:
        return machine.resident_bytes(self.pids())

    def stop(self) -> None:
        if self._popen.poll() is None:
            self._popen.terminate()
            try:
                self._popen.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self._popen.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._popen.wait(_STOP_S)


class Processes:
    """Starts processes in a directory of their own, and stops them in reverse order when it is left."""

    def __init__(self, directory: Path):
        self.directory = directory
        self._started: list[Process] = []

    def start(
        self,
        name: str,
        command: list[str],
        cores: str = str(machine.SERVER_CORE),
        environment: dict[str, str] | None = None,
    ) -> Process:
        self.directory.mkdir(parents=True, exist_ok=True)
        process = Process(name, command, self.directory, cores, environment or {})
        self._started.append(process)
        return process

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        while self._started:
            self._started.pop().stop()
