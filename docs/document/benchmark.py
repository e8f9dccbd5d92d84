"""Figures of bench/README.md, as bench/run --write put them there."""

import re

from document import sources
from document.tables import Row, number, table

PAGE = "bench/README.md"
LOADS = ("64", "256")
CONTENDERS = {
    "nginx, a constant": "nginx",
    "nginx with Lua": "lua",
    "webdis": "webdis",
    "Flask with gunicorn": "flask",
    "Saved String": "single",
    "Saved String, confirmed by a replica": "confirmed",
}
_COLUMNS = {
    "requests/s": "rps",
    "× nginx's constant": "ratio",
    "p50 ms": "p50-ms",
    "p99 ms": "p99-ms",
    "CPU µs/request": "cpu-us",
    "+ Valkey": "valkey-us",
    "requests per command": "per-command",
    "resident MiB": "resident-mib",
}
_SENTENCES = {
    "bench-made": r"Made (\d{4}-\d\d-\d\d)",
    "bench-machine": r" s on (\d+ cores of [^,]+),",
    "start-s": r"first 200 with the AOT cache: \*\*([\d.]+) s\*\*",
    "put-p50-ms": r"A PUT confirmed by a replica, unloaded: p50 ([\d.]+) ms",
    "put-p99-ms": r"A PUT confirmed by a replica, unloaded: .*\*\*p99 ([\d.]+) ms\*\*",
    "put-count": r"A PUT confirmed by a replica, unloaded: .*, of ([\d,]+) on one connection",
}


def is_measured() -> bool:
    return bool(rows(LOADS[0]))


def rows(load: str) -> list[Row]:
    return table(sources.text(PAGE), f"{load} connections")


def streams() -> list[Row]:
    return table(sources.text(PAGE), "open streams")


def thresholds() -> list[Row]:
    return table(sources.text(PAGE), "threshold")


def figures() -> dict[str, str | None]:
    """None where the page lacks the figure."""
    found: dict[str, str | None] = {name: _sentence(pattern) for name, pattern in _SENTENCES.items()}
    for load in LOADS:
        by_name = {row[f"{load} connections"]: row for row in rows(load)}
        for contender, short in CONTENDERS.items():
            for column, figure in _COLUMNS.items():
                cell = by_name.get(contender, {}).get(column)
                found[f"bench-{short}-{load}-{figure}"] = cell and cell.split()[0]
        found[f"confirmed-to-single-{load}"] = _confirmed_to_single(by_name)
    limits = thresholds()
    found["thresholds"] = f"{len(limits)}" if limits else None
    found["thresholds-reached"] = f"{len(limits) - len(missed())}" if limits else None
    return found


def missed() -> list[Row]:
    return [row for row in thresholds() if row[""] != "reached"]


def _sentence(pattern: str) -> str | None:
    match = re.search(pattern, sources.text(PAGE))
    return match and match[1]


def _confirmed_to_single(by_name: dict[str, Row]) -> str | None:
    single, confirmed = (by_name.get(name) for name in list(CONTENDERS)[-2:])
    return single and confirmed and f"{number(confirmed['requests/s']) / number(single['requests/s']):.2f}"
