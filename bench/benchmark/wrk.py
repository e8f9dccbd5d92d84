"""Runs the load generator wrk and reads what it prints."""

import re
from dataclasses import dataclass

from benchmark.machine import LOAD_CORE, pinned
from proving.programs import Program, Programs

_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
_REQUEST_TIMEOUT_S = 5
_GRACE_S = 15


@dataclass(frozen=True)
class Load:
    requests: int
    requests_per_s: float
    p50_ms: float
    p99_ms: float
    errors: int


def run(urls: list[str], connections: int, duration_s: int) -> Load:
    """One load generator for each address, with one thread each, on the core that no server uses."""
    with Programs() as programs:
        commands = [_command(url, connections, duration_s) for url in urls]
        running = [programs.start(f"wrk-{place}", command) for place, command in enumerate(commands)]
        return total([_finished(program, duration_s) for program in running])


def _command(url: str, connections: int, duration_s: int) -> list[object]:
    command = ["wrk", "--threads", 1, "--connections", connections, "--duration", f"{duration_s}s"]
    return pinned(str(LOAD_CORE), [*command, "--timeout", f"{_REQUEST_TIMEOUT_S}s", "--latency", url])


def _finished(program: Program, duration_s: int) -> Load:
    status = program.wait_for_end(duration_s + _GRACE_S)
    if status != 0:
        raise RuntimeError(f"wrk ended with {status}: {program.said()}")
    return parse(program.said())


def total(loads: list[Load]) -> Load:
    """Of load generators that ran at the same time; the latencies are those of the worst."""
    return Load(
        requests=sum(load.requests for load in loads),
        requests_per_s=sum(load.requests_per_s for load in loads),
        p50_ms=max(load.p50_ms for load in loads),
        p99_ms=max(load.p99_ms for load in loads),
        errors=sum(load.errors for load in loads),
    )


def expect_no_errors(load: Load, name: str) -> None:
    if load.errors:
        raise RuntimeError(f"{name}: {load.errors} failed requests (expected: 0)")


def parse(text: str) -> Load:
    return Load(
        requests=int(_find(r"^\s*(\d+) requests in", text)),
        requests_per_s=float(_find(r"^Requests/sec:\s*([\d.]+)", text)),
        p50_ms=_milliseconds(_find(r"^\s*50%\s+(\S+)", text)),
        p99_ms=_milliseconds(_find(r"^\s*99%\s+(\S+)", text)),
        errors=_errors(text),
    )


def _find(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    if match is None:
        raise ValueError(f"wrk printed nothing like {pattern!r}: {text.strip()!r}")
    return match.group(1)


def _milliseconds(duration: str) -> float:
    match = re.fullmatch(r"([\d.]+)(us|ms|s|m)", duration)
    if match is None:
        raise ValueError(f"duration: {duration!r} (expected: a number with us, ms, s or m)")
    return float(match.group(1)) * _MS[match.group(2)]


def _errors(text: str) -> int:
    """Answers that were no 2xx or 3xx, and connections that failed."""
    sockets = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    answers = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return sum(int(count) for found in (sockets, answers) if found for count in found.groups())
