"""Figures of bench/results.json, as bench/run --write put them there."""

import json
from datetime import date

from document import sources

LOADS = (64, 256)
CONTENDERS = {
    "nginx, a constant": "nginx",
    "nginx with Lua": "lua",
    "webdis": "webdis",
    "Flask with gunicorn": "flask",
    "Saved String": "single",
    "Saved String, confirmed by a replica": "confirmed",
}
SINGLE, CONFIRMED = list(CONTENDERS)[-2:]


def results() -> dict:
    return json.loads(sources.text("bench/results.json"))


def row(load: int, contender: str) -> dict[str, str]:
    """What the document shows of a contender at so many connections."""
    found = _measured(load, contender)
    return {
        "rps": f"{found['requests_per_s']['median']:,.0f}",
        "ratio": f"{found['of_constant']['median']:.2f}",
        "ratio-range": "{median:.2f} ({min:.2f}–{max:.2f})".format_map(found["of_constant"]),
        "p50-ms": f"{found['p50_ms']:.2f}",
        "p99-ms": f"{found['p99_ms']:.1f}",
        "cpu-us": f"{found['server_us_per_request']:.1f}",
        "valkey-us": _figure(found["valkey_us_per_request"], ".1f"),
        "per-command": _figure(found["requests_per_command"], ".1f"),
        "resident-mib": f"{found['resident_mib']:.0f}",
    }


def _figure(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def streams() -> list[list[str]]:
    keys = ("last_event_ms", "last_event_max_ms", "put_ms", "kib_per_stream")
    return [[f"{it['streams']:,}", *(f"{it[key]:.1f}" for key in keys)] for it in results()["streams"]]


def thresholds() -> list[dict]:
    return results()["thresholds"]


def missed() -> list[dict]:
    return [it for it in thresholds() if not it["reached"]]


def figures() -> dict[str, str | None]:
    found = results()
    made, writes = found["made"], found["writes"]
    shown = {
        "bench-made": f"{date.fromisoformat(made['date'].split()[0]):%-d %B %Y}",
        "bench-machine": f"{made['machine']['cores']} cores of {made['machine']['cpu']}",
        "start-s": f"{found['start']['seconds']['median']:.2f}",
        "put-p50-ms": f"{writes['p50_ms']:.2f}",
        "put-p99-ms": f"{writes['p99_ms']:.2f}",
        "put-count": f"{writes['puts']:,}",
        "thresholds": f"{len(thresholds())}",
        "thresholds-reached": f"{len(thresholds()) - len(missed())}",
    }
    for load in LOADS:
        for contender, short in CONTENDERS.items():
            shown |= {f"bench-{short}-{load}-{name}": figure for name, figure in row(load, contender).items()}
        shown[f"confirmed-to-single-{load}"] = f"{_rate(load, CONFIRMED) / _rate(load, SINGLE):.2f}"
    return shown


def _rate(load: int, contender: str) -> float:
    return _measured(load, contender)["requests_per_s"]["median"]


def _measured(load: int, contender: str) -> dict:
    rows = results()["throughput"]
    return next(it for it in rows if (it["connections"], it["contender"]) == (load, contender))
