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
    "Varnish in front of Flask": "varnish",
    "Saved String": "single",
    "Saved String, confirmed by a replica": "confirmed",
}
SINGLE, CONFIRMED = list(CONTENDERS)[-2:]
_ROW = ("rps", "ratio", "ratio-range", "p50-ms", "p99-ms", "cpu-us", "valkey-us", "per-command", "resident-mib")


def results() -> dict:
    return json.loads(sources.text("bench/results.json"))


def measured() -> list[str]:
    """The contenders that no row is missing of."""
    return [name for name in CONTENDERS if all(_measured(load, name) for load in LOADS)]


def row(load: int, contender: str) -> dict[str, str]:
    """What the document shows of a contender at so many connections."""
    found = _measured(load, contender)
    if found is None:
        return dict.fromkeys(_ROW, "–")
    of_constant = found["of_constant"]
    return {
        "rps": f"{found['requests_per_s']['median']:,.0f}",
        "ratio": f"{of_constant['median']:.2f}" if of_constant else "–",
        "ratio-range": "{median:.2f} ({min:.2f}–{max:.2f})".format_map(of_constant) if of_constant else "–",
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
    """Of the service, as bench/README.md has them; rows that were kept before there were peers have no name."""
    keys = ("from_start_ms", "from_start_max_ms", "put_ms", "kib_per_stream")
    own = [it for it in results().get("streams", []) if it.get("contender", CONFIRMED) == CONFIRMED]
    return [[f"{it['streams']:,}", *(_figure(it.get(key), ".1f") for key in keys)] for it in own]


def thresholds() -> list[dict]:
    return results()["thresholds"]


def missed() -> list[dict]:
    return [it for it in thresholds() if not it["reached"]]


def figures() -> dict[str, str | None]:
    found = results()
    made, writes, start = found["made"], found.get("writes"), found.get("start")
    shown = {
        "bench-made": f"{date.fromisoformat(made['date'].split()[0]):%-d %B %Y}",
        "bench-machine": f"{made['machine']['cores']} cores of {made['machine']['cpu']}",
        "bench-requests": _requests(found),
        "start-s": f"{start['seconds']['median']:.2f}" if start else None,
        "put-p50-ms": f"{writes['p50_ms']:.2f}" if writes else None,
        "put-p99-ms": f"{writes['p99_ms']:.2f}" if writes else None,
        "put-count": f"{writes['puts']:,}" if writes else None,
        "thresholds": f"{len(thresholds())}",
        "thresholds-reached": f"{len(thresholds()) - len(missed())}",
    }
    for load in LOADS:
        for contender, short in CONTENDERS.items():
            shown |= {f"bench-{short}-{load}-{name}": figure for name, figure in row(load, contender).items()}
        shown[f"confirmed-to-single-{load}"] = _confirmed_to_single(load)
    return shown


def _requests(found: dict) -> str:
    kinds = {row["requests"] for row in found.get("throughput", [])}
    return "requests with what a browser and a load balancer send" if "browser" in kinds else "bare requests"


def _confirmed_to_single(load: int) -> str | None:
    rates = [it["requests_per_s"]["median"] for it in map(_measured, (load, load), (CONFIRMED, SINGLE)) if it]
    return f"{rates[0] / rates[1]:.2f}" if len(rates) == 2 else None


def _measured(load: int, contender: str) -> dict | None:
    """With a browser's requests, if they were measured."""
    rows = [it for it in results().get("throughput", []) if (it["connections"], it["contender"]) == (load, contender)]
    return next((it for it in rows if it["requests"] == "browser"), rows[0] if rows else None)
