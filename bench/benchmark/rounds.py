"""Throughput, latency and cost of a read: all contenders in turn, round after round."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmark import machine, requests, wrk
from benchmark.commands import command_counts, sent_commands
from benchmark.contender import Contender
from benchmark.failures import Failures
from benchmark.figures import rotated
from benchmark.requests import BARE, BROWSER, Requests

CONNECTIONS = (64, 256)
MIXED_CONNECTIONS = (64,)
MIXED = "mixed"
OTHERS_CORES_MAX = 0.3
_AGAIN_MAX = 2
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


class Rounds:
    """Of contenders that are all up; one that fails is left out of the rest of its table."""

    def __init__(self, count: int, duration_s: int, say: Callable[[str], None], failures: Failures):
        self._count = count
        self._duration_s = duration_s
        self._say = say
        self._failures = failures
        self._repeated = 0

    def measure(self, contenders: list[Contender]) -> dict:
        samples = {}
        for name, connections in {BARE.name: CONNECTIONS, BROWSER.name: CONNECTIONS, MIXED: MIXED_CONNECTIONS}.items():
            ready = self._warmed_up(contenders, name)
            samples[name] = {str(count): self._table(ready, name, count) for count in connections}
        resident = {contender.name: machine.resident_bytes(contender.program) for contender in contenders}
        return {"samples": samples, "resident_bytes": resident, "repeated": self._repeated}

    def _warmed_up(self, contenders: list[Contender], name: str) -> list[Contender]:
        ready = []
        for contender in contenders:
            if name == MIXED and not contender.answers_head:
                continue
            with self._failures.of(f"{contender.name}, {name} requests"):
                warm_up(contender, self._say, _requests(name, contender))
                ready.append(contender)
        return ready

    def _table(self, contenders: list[Contender], name: str, connections: int) -> dict[str, list[dict]]:
        """A round in which others used the machine is taken again, a few times."""
        samples: dict[str, list[dict]] = {contender.name: [] for contender in contenders}
        number, again = 0, _AGAIN_MAX
        while number < self._count:
            load = f"load average {machine.load_average():.2f}"
            self._say(f"{name} requests, {connections} connections, round {number + 1} of {self._count}, {load}")
            taken = self._round(rotated(contenders, number), name, connections)
            contenders = [contender for contender in contenders if contender.name in taken]
            if not contenders:
                break
            if again and any(each["others_cores"] > OTHERS_CORES_MAX for each in taken.values()):
                again -= 1
                self._repeated += 1
                continue
            for contender in contenders:
                samples[contender.name].append(taken[contender.name])
            number += 1
        return {contender.name: samples[contender.name] for contender in contenders}

    def _round(self, contenders: list[Contender], name: str, connections: int) -> dict[str, dict]:
        taken = {}
        for contender in contenders:
            with self._failures.of(f"{contender.name}, {name} requests, {connections} connections"):
                taken[contender.name] = sample(contender, connections, self._duration_s, _requests(name, contender))
        return taken


def _requests(name: str, contender: Contender) -> Requests:
    if name == MIXED:
        return requests.mixed(contender.answer(BROWSER.headers).header("ETag") or '"none"')
    return {BARE.name: BARE, BROWSER.name: BROWSER}[name]


def warm_up(contender: Contender, say: Callable[[str], None], asked: Requests = BROWSER) -> None:
    """By requests rather than by time: a busy machine needs longer until the JVM has compiled what is hot."""
    say(f"warming {contender.name} up")
    begun, answered = time.monotonic(), 0
    while answered < contender.warm_up_requests:
        if time.monotonic() - begun > _WARM_UP_MAX_S:
            say(f"still cold: {answered:,} of {contender.warm_up_requests:,} requests within {_WARM_UP_MAX_S} s")
            return
        load = wrk.run([contender.url], _WARM_UP_CONNECTIONS, _WARM_UP_SLICE_S, asked)
        wrk.expect_no_errors(load, contender.name)
        answered += load.requests


def sample(contender: Contender, connections: int, duration_s: int, asked: Requests) -> dict:
    before = usage([contender])
    load = wrk.run([contender.url], connections, duration_s, asked)
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
