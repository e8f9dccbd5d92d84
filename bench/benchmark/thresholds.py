"""What is to be reached, in one place."""

from collections.abc import Callable
from statistics import median

from benchmark.figures import percentile, ratio
from benchmark.peers import CONSTANT, LUA, NCHAN, VARNISH, WEBDIS
from benchmark.service import CONFIRMED
from benchmark.requests import BARE, BROWSER

_OF_CONSTANT_MIN = {
    (BROWSER.name, "64"): (0.85, 1.0),
    (BROWSER.name, "256"): (0.95, 1.1),
    (BARE.name, "64"): (0.9, 1.0),
    (BARE.name, "256"): (1.0, 1.1),
}
_TIMES_PEERS_ABOVE = {WEBDIS: 1.0, VARNISH: 1.0, LUA: 3.0}
_P99_OF_CONSTANT_BELOW = 2.0
_FAN_OUT_STREAMS, _MEMORY_STREAMS = 5_000, 18_000

Verdict = dict[str, str | float | bool | None]


def verdicts(raw: dict) -> list[Verdict]:
    """One for each threshold of a part that was measured; of what failed in it there is no figure."""
    checks: dict[str, Callable[[dict], list[Verdict]]] = {
        "throughput": _throughput,
        "start": lambda part: [below("Start to first 200", lambda: median(part["seconds"]), 0.5, " s", 0.4)],
        "writes": _writes,
        "cold": _cold,
        "streams": _streams,
    }
    return [verdict for part, check in checks.items() if raw.get(part) for verdict in check(raw[part])]


def at_least(what: str, figure: Callable[[], float], limit: float, unit: str = "", proud: float | None = None) -> Verdict:
    return _verdict(what, figure, "at least", lambda found: found >= limit, (limit, proud), unit)


def above(what: str, figure: Callable[[], float], limit: float, unit: str = "", proud: float | None = None) -> Verdict:
    return _verdict(what, figure, "more than", lambda found: found > limit, (limit, proud), unit)


def below(what: str, figure: Callable[[], float], limit: float, unit: str = "", proud: float | None = None) -> Verdict:
    return _verdict(what, figure, "at most", lambda found: found <= limit, (limit, proud), unit)


def _verdict(
    what: str,
    figure: Callable[[], float],
    words: str,
    reaches: Callable[[float], bool],
    limits: tuple[float, float | None],
    unit: str,
) -> Verdict:
    try:
        measured = figure()
    except (LookupError, ValueError):
        measured = None
    limit, proud = limits
    return {
        "contender": None,
        "what": what,
        "limit": f"{words} {limit:g}{unit}",
        "proud": "–" if proud is None else f"{proud:g}{unit}",
        "measured": measured,
        "reached": measured is not None and reaches(measured),
    }


def _throughput(part: dict) -> list[Verdict]:
    """Of the service only, every read confirmed; without it there is nothing to judge."""
    if CONFIRMED not in part["resident_bytes"]:
        return []
    samples = part["samples"]
    found = [
        at_least(
            f"Times nginx's constant, {_asked(requests)}, {connections} connections",
            lambda at=samples[requests][connections]: _times(at, CONSTANT),
            asked,
            proud=proud,
        )
        for (requests, connections), (asked, proud) in _OF_CONSTANT_MIN.items()
    ]
    tables = [samples[requests][connections] for requests, connections in _OF_CONSTANT_MIN]
    found += [
        above(f"Times {peer}, the least of these four", lambda peer=peer: min(_times(at, peer) for at in tables), least)
        for peer, least in _TIMES_PEERS_ABOVE.items()
    ]
    found += [
        below(
            f"99th percentile, times that of nginx's constant, {_asked(requests)}, 256 connections",
            lambda at=samples[requests]["256"]: ratio(*(_all(at, name, "p99_ms") for name in (CONFIRMED, CONSTANT))),
            _P99_OF_CONSTANT_BELOW,
        )
        for requests in (BROWSER.name, BARE.name)
    ]
    resident = below("Resident after load", lambda: part["resident_bytes"][CONFIRMED] / 2**20, 150, " MiB", 128)
    return [*found, resident]


def _asked(requests: str) -> str:
    return {BARE.name: "bare requests", BROWSER.name: "a browser's requests"}[requests]


def _times(samples: dict, peer: str) -> float:
    return ratio(*(_all(samples, name, "requests_per_s") for name in (CONFIRMED, peer)))


def _all(samples: dict, name: str, key: str) -> list[float]:
    return [sample[key] for sample in samples[name]]


def _writes(part: dict) -> list[Verdict]:
    return [below("PUT, warm, 99th percentile", lambda: percentile(part["milliseconds"], 99), 3, " ms")]


def _cold(part: dict) -> list[Verdict]:
    first = [put for puts in part["puts"] for put in puts]
    of_warm = [cold["p99_ms"] / part["warm"]["p99_ms"] for cold in part["cold"]]
    return [
        below("Median of the first 20 PUTs after reads only", lambda: median(first), 4, " ms", 2),
        below("First 10 s under half load, 99th percentile, times the warm one", lambda: median(of_warm), 5),
    ]


def _streams(part: dict) -> list[Verdict]:
    def last_ms(name: str) -> float:
        return median(sample["from_start_ms"] for sample in _at(part, name, _FAN_OUT_STREAMS)["samples"])

    memory = lambda: _at(part, CONFIRMED, _MEMORY_STREAMS)["bytes_per_stream"] / 1024  # noqa: E731
    return [
        below(
            f"PUT's start to the last of {_FAN_OUT_STREAMS:,} streams, times nchan's",
            lambda: last_ms(CONFIRMED) / last_ms(NCHAN),
            1,
            proud=0.5,
        ),
        below(f"Memory a stream at {_MEMORY_STREAMS:,} streams, a browser's headers", memory, 8, " KiB", 4),
    ]


def _at(part: dict, name: str, streams: int) -> dict:
    return {measured["streams"]: measured for measured in part["samples"][name]}[streams]
