"""Runs the load generator wrk and reads what it prints."""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmark.machine import LOAD_CORE, pinned
from benchmark.requests import BARE, Requests
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
    max_ms: float
    errors: int


def run(urls: list[str], connections: int, duration_s: int, requests: Requests = BARE) -> Load:
    """One load generator for each address, with one thread each, on the core that no server uses."""
    with Programs() as programs:
        commands = [_command(url, connections - requests.heads, duration_s, requests) for url in urls]
        running = [programs.start(f"wrk-{place}", command) for place, command in enumerate(commands)]
        asking = [_ask_for_heads(programs, url, requests.heads, duration_s) for url in urls if requests.heads]
        loads = [parse(_said(program, duration_s)) for program in running]
        return total(loads + [_heads(_said(program, duration_s), duration_s) for program in asking])


def _command(url: str, connections: int, duration_s: int, requests: Requests) -> list[object]:
    command = ["wrk", "--threads", 1, "--connections", connections, "--duration", f"{duration_s}s"]
    command += ["--timeout", f"{_REQUEST_TIMEOUT_S}s", "--latency", *requests.options(), url]
    return pinned(str(LOAD_CORE), command + (["--", *requests.words] if requests.words else []))


def _ask_for_heads(programs: Programs, url: str, connections: int, duration_s: int) -> Program:
    where = urlsplit(url)
    command = [sys.executable, "-B", "-m", "benchmark.heads", where.port, where.path, connections, duration_s]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, Path(__file__).parents[1:3]))}
    return programs.start(f"heads-{where.port}", pinned(str(LOAD_CORE), command), environment=environment)


def _said(program: Program, duration_s: int) -> str:
    status = program.wait_for_end(duration_s + _GRACE_S)
    if status != 0:
        raise RuntimeError(f"{program.name} ended with {status}: {program.said()}")
    return program.said()


def _heads(said: str, duration_s: int) -> Load:
    answered, wrong = map(int, said.split())
    return Load(answered, answered / duration_s, 0, 0, 0, wrong)


def total(loads: list[Load]) -> Load:
    """Of load generators that ran at the same time; the latencies are those of the worst."""
    return Load(
        requests=sum(load.requests for load in loads),
        requests_per_s=sum(load.requests_per_s for load in loads),
        p50_ms=max(load.p50_ms for load in loads),
        p99_ms=max(load.p99_ms for load in loads),
        max_ms=max(load.max_ms for load in loads),
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
        max_ms=_milliseconds(_find(r"^\s*Latency\s+\S+\s+\S+\s+(\S+)", text)),
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
