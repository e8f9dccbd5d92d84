"""What is to be reached, in one place."""

from collections.abc import Callable, Iterator
from statistics import median

from benchmark.figures import percentile, ratio
from benchmark.peers import CONSTANT, LUA, WEBDIS
from benchmark.service import CONFIRMED, SINGLE

_OF_CONSTANT_MIN = {"64": 0.75, "256": 0.9}
_OF_WEBDIS_ABOVE = 1.0
_OF_LUA_ABOVE = 2.0
# A confirmed read is two commands, the script and its WAIT.
_REQUESTS_PER_COMMAND_MIN = {SINGLE: 30.0, CONFIRMED: 22.5}
_START_BELOW_S = 0.8
_RESIDENT_BELOW_MIB = 200.0
_PUT_P99_BELOW_MS = 5.0


Verdict = dict[str, str | float | bool | None]


def verdicts(raw: dict) -> list[Verdict]:
    """One for each threshold whose figure was measured."""
    checks: dict[str, Callable[[dict], Iterator[Verdict]]] = {
        "throughput": _throughput,
        "start": _start,
        "writes": _writes,
    }
    return [verdict for part, check in checks.items() if part in raw for verdict in check(raw[part])]


def at_least(what: str, figure: float, limit: float, unit: str = "", of: str | None = None) -> Verdict:
    return _verdict(of, what, f"at least {limit:g}{unit}", figure, figure >= limit)


def above(what: str, figure: float, limit: float, unit: str = "", of: str | None = None) -> Verdict:
    return _verdict(of, what, f"more than {limit:g}{unit}", figure, figure > limit)


def below(what: str, figure: float, limit: float, unit: str = "", of: str | None = None) -> Verdict:
    return _verdict(of, what, f"under {limit:g}{unit}", figure, figure < limit)


def _verdict(of: str | None, what: str, limit: str, measured: float, reached: bool) -> Verdict:
    return {"contender": of, "what": what, "limit": limit, "measured": measured, "reached": reached}


def _throughput(part: dict) -> Iterator[Verdict]:
    """Of the service only; without it there is nothing to judge."""
    for name in [name for name in (SINGLE, CONFIRMED) if name in part["resident_bytes"]]:
        for connections, samples in part["samples"].items():
            yield from _compared(name, connections, samples)
        per_command = median(sample["requests_per_command"] for sample in part["samples"]["64"][name])
        what = "requests per Valkey command at 64 connections"
        yield at_least(what, per_command, _REQUESTS_PER_COMMAND_MIN[name], of=name)
        resident_mib = part["resident_bytes"][name] / 2**20
        yield below("resident memory after load", resident_mib, _RESIDENT_BELOW_MIB, " MiB", of=name)


def _compared(name: str, connections: str, samples: dict) -> Iterator[Verdict]:
    def times(peer: str) -> float:
        return ratio(*([sample["requests_per_s"] for sample in samples[one]] for one in (name, peer)))

    at = f"at {connections} connections"
    yield at_least(f"times nginx's constant {at}", times(CONSTANT), _OF_CONSTANT_MIN[connections], of=name)
    yield above(f"times webdis {at}", times(WEBDIS), _OF_WEBDIS_ABOVE, of=name)
    yield above(f"times nginx with Lua {at}", times(LUA), _OF_LUA_ABOVE, of=name)


def _start(part: dict) -> Iterator[Verdict]:
    yield below("Start to first 200 with the AOT cache", median(part["seconds"]), _START_BELOW_S, " s")


def _writes(part: dict) -> Iterator[Verdict]:
    p99_ms = percentile(part["milliseconds"], 99)
    yield below("PUT confirmed by a replica, 99th percentile, unloaded", p99_ms, _PUT_P99_BELOW_MS, " ms")
