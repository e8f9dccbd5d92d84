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
CONFIRMED = list(CONTENDERS)[-1]
NCHAN = "nchan in nginx"
REQUESTS = {"browser": "with the headers that a browser and a load balancer send", "bare": "with bare requests"}
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
    """
    Of the service, and how soon nchan is there; as bench/README.md has them. Rows that were kept before there were peers
    have no name.
    """
    keys = ("from_start_ms", "from_start_max_ms", "put_ms", "kib_per_stream")
    rows = results().get("streams", [])
    own = [it for it in rows if it.get("contender", CONFIRMED) == CONFIRMED]
    nchan = {it["streams"]: it["from_start_ms"] for it in rows if it.get("contender") == NCHAN}
    return [
        [f"{it['streams']:,}", *(_figure(it.get(key), ".1f") for key in keys), _figure(nchan.get(it["streams"]), ".1f")]
        for it in own
    ]


def thresholds() -> list[dict]:
    return results()["thresholds"]


def missed() -> list[dict]:
    return [it for it in thresholds() if not it["reached"]]


def figures() -> dict[str, str | None]:
    found = results()
    made, writes = found["made"], found.get("writes")
    shown = {
        "bench-made": f"{date.fromisoformat(made['date'].split()[0]):%-d %B %Y}",
        "bench-machine": f"{made['machine']['cores']} cores of {made['machine']['cpu']}",
        "bench-requests": "bare requests" if _asked() == "bare" else "requests with those headers",
        "bench-ratios": _ratios(),
        "put-p50-ms": f"{writes['p50_ms']:.2f}" if writes else None,
        "put-p99-ms": f"{writes['p99_ms']:.2f}" if writes else None,
    }
    for load in LOADS:
        for contender, short in CONTENDERS.items():
            shown |= {f"bench-{short}-{load}-{name}": figure for name, figure in row(load, contender).items()}
    return shown


def _asked() -> str:
    """What the rows of the document were measured with: a browser's requests, if there are such."""
    return next((it for it in REQUESTS if any(row["requests"] == it for row in results().get("throughput", []))), "bare")


def _ratios() -> str | None:
    """What the confirmed service reaches of nginx's constant at each load, by what was asked."""
    found = {words: [_measured(load, CONFIRMED, asked) for load in LOADS] for asked, words in REQUESTS.items()}
    said = [
        f"{' and '.join(format(row['of_constant']['median'], '.2f') for row in rows)} {words}"
        for words, rows in found.items()
        if all(row and row["of_constant"] for row in rows)
    ]
    return ", and ".join(said) or None


def _measured(load: int, contender: str, asked: str | None = None) -> dict | None:
    wanted = (load, contender, asked or _asked())
    keys = ("connections", "contender", "requests")
    return next((row for row in results().get("throughput", []) if tuple(row[key] for key in keys) == wanted), None)
