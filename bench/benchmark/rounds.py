"""Throughput, latency and cost of a read: all contenders in turn, round after round."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmark import machine, wrk
from benchmark.contender import Contender
from benchmark.figures import rotated
from benchmark.commands import command_counts, sent_commands

CONNECTIONS = (64, 256)
_WARM_UP_CONNECTIONS = 64
_WARM_UP_SLICE_S = 1
_WARM_UP_MAX_S = 60


@dataclass(frozen=True)
class Usage:
    """Counters at one moment."""

    at_s: float
    server_s: float
    valkey_s: float
    load_s: float
    machine_s: float
    commands: dict[str, int]


def measure(contenders: list[Contender], rounds: int, duration_s: int, say: Callable[[str], None]) -> dict:
    for contender in contenders:
        warm_up(contender, say)
    samples: dict = {str(connections): {c.name: [] for c in contenders} for connections in CONNECTIONS}
    for connections in CONNECTIONS:
        for number in range(rounds):
            say(f"{connections} connections, round {number + 1} of {rounds}, load average {machine.load_average():.2f}")
            for contender in rotated(contenders, number):
                samples[str(connections)][contender.name].append(sample(contender, connections, duration_s))
    return {"samples": samples, "resident_bytes": {c.name: machine.resident_bytes(c.program) for c in contenders}}


def warm_up(contender: Contender, say: Callable[[str], None]) -> None:
    """By requests rather than by time: a busy machine needs longer until the JVM has compiled what is hot."""
    say(f"warming {contender.name} up")
    begun, requests = time.monotonic(), 0
    while requests < contender.warm_up_requests:
        if time.monotonic() - begun > _WARM_UP_MAX_S:
            say(f"still cold: {requests:,} of {contender.warm_up_requests:,} requests within {_WARM_UP_MAX_S} s")
            return
        requests += wrk.run([contender.url], _WARM_UP_CONNECTIONS, _WARM_UP_SLICE_S).requests


def sample(contender: Contender, connections: int, duration_s: int) -> dict:
    before = usage([contender])
    load = wrk.run([contender.url], connections, duration_s)
    after = usage([contender])
    wrk.expect_no_errors(load, contender.name)
    return figures(load, before, after, contender.commands)


def usage(contenders: list[Contender]) -> Usage:
    """Of contenders that share one Valkey, or of one that has none."""
    valkey = contenders[0].valkey
    return Usage(
        at_s=time.monotonic(),
        server_s=machine.cpu_s(*(contender.program for contender in contenders)),
        valkey_s=machine.cpu_s(*valkey.programs) if valkey else 0.0,
        load_s=machine.own_cpu_s(),
        machine_s=machine.busy_s(),
        commands=command_counts(valkey) if valkey else {},
    )


def figures(load: wrk.Load, before: Usage, after: Usage, names: tuple[str, ...]) -> dict:
    commands = sent_commands(before.commands, after.commands, names)
    elapsed_s = after.at_s - before.at_s
    server_s, valkey_s = after.server_s - before.server_s, after.valkey_s - before.valkey_s
    load_s = after.load_s - before.load_s
    others_s = after.machine_s - before.machine_s - server_s - valkey_s - load_s
    return {
        "requests": load.requests,
        "requests_per_s": load.requests_per_s,
        "p50_ms": load.p50_ms,
        "p99_ms": load.p99_ms,
        "server_us_per_request": server_s / load.requests * 1e6,
        "valkey_us_per_request": valkey_s / load.requests * 1e6 if names else None,
        "requests_per_command": load.requests / commands if commands else None,
        "commands_per_s": commands / elapsed_s,
        "load_cores": load_s / elapsed_s,
        "others_cores": max(0.0, others_s / elapsed_s),
    }
