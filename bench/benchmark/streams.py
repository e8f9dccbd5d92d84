"""Live fan-out: how soon all open streams have seen a PUT, what one costs, and how soon readers that must go are back."""

import os
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from benchmark import machine
from benchmark.failures import Failures
from benchmark.readers import Readers
from benchmark.requests import EVENTS
from benchmark.service import Instance
from proving import http
from proving.programs import Program

REQUEST = http.request(path="/events", headers=EVENTS)
_FILES_BESIDES = 200
_SAMPLE_S = 0.2


@dataclass(frozen=True)
class Peer:
    """Whoever takes a PUT and has streams, too."""

    port: int
    program: Program

    def put(self, value: str) -> None:
        answer = http.ask(self.port, http.request("PUT", "/", {"Content-Type": "text/plain"}, value.encode()))
        if answer.status >= 300:
            raise RuntimeError(f"PUT was answered with {answer.status} (expected: 200): {answer.body!r}")


def measure(
    name: str, server: Instance | Peer, counts: list[int], puts: int, say: Callable[[str], None], failures: Failures
) -> list[dict]:
    """Of a server that has a port, a program, put(value) and what its streams show first."""
    allow_files(max(counts) + _FILES_BESIDES)
    server.put("before the streams")
    resident_before = machine.resident_bytes(server.program)
    readers = Readers(server.port, REQUEST)
    results = []
    try:
        for count in counts:
            with failures.of(f"{name}, {count} open streams"):
                say(f"{name}: {count} open streams, {puts} PUTs")
                results.append(_measure(server, readers, count, puts, resident_before))
    finally:
        readers.close()
    return results


def _measure(server: Instance | Peer, readers: Readers, count: int, puts: int, resident_before: int) -> dict:
    server.put(f"before {count} streams.")
    begun = time.monotonic()
    readers.open_up_to(count, f"before {count} streams.".encode())
    opened_s = time.monotonic() - begun
    per_stream = (machine.resident_bytes(server.program) - resident_before) / count
    cpu_before = machine.cpu_s(server.program)
    samples = [_fan_out(server, readers, f"to {count} streams, number {number}.") for number in range(puts)]
    return {
        "streams": count,
        "samples": samples,
        "bytes_per_stream": per_stream,
        "cpu_us_per_event": (machine.cpu_s(server.program) - cpu_before) * 1e6 / puts / count,
        "opened_s": opened_s,
    }


def _fan_out(server: Instance | Peer, readers: Readers, value: str) -> dict:
    begun = time.time()
    server.put(value)
    answered = time.time()
    last = readers.wait_for(value.encode())
    return {
        "put_ms": (answered - begun) * 1000,
        "from_start_ms": (last - begun) * 1000,
        "last_event_ms": (last - answered) * 1000,
    }


def measure_move(old: Instance, new: Instance, count: int, say: Callable[[str], None]) -> dict:
    """A deploy: readers of one instance are told to go; until all are with the other."""
    say(f"{count} readers told to go")
    allow_files(count + _FILES_BESIDES)
    old.put("before the deploy.")
    readers = Readers(old.port, REQUEST)
    used: list[tuple[float, float]] = []

    def sample() -> None:
        if not used or time.monotonic() - used[-1][0] >= _SAMPLE_S:
            used.append((time.monotonic(), machine.cpu_s(new.program)))

    try:
        readers.open_up_to(count, b"before the deploy.")
        begun = time.time()
        os.kill(old.program.pid, signal.SIGTERM)
        back_s = readers.move(new.port, b"before the deploy.", sample) - begun
    finally:
        readers.close()
    shares = [(cpu - cpu0) / (at - at0) for (at0, cpu0), (at, cpu) in zip(used, used[1:], strict=False)]
    return {"streams": count, "back_s": back_s, "cpu_peak": max(shares), "cpu_median": median(shares)}


def allow_files(count: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < count:
        raise RuntimeError(f"open files: at most {most} (expected: {count}); raise the limit with `ulimit -Hn {count}`")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
