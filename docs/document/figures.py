"""All figures of the document, as AsciiDoc: an attribute for each, and the rows of the tables."""

import re

from document import bars, benchmark, costs, faults, settings, sources
from document.tables import Row

MISSING = "(?)"
MISSED = "_missed:_"


def collect() -> dict[str, str | None]:
    """By attribute; None where a source lacks it."""
    of_settings = settings.figures()
    return {**of_settings, **costs.figures(of_settings), **benchmark.figures(), **faults.figures()}


def used() -> dict[str, str | None]:
    """Those that the document speaks of."""
    names = set(re.findall(r"\{([a-z][a-z0-9-]*)\}", sources.DOCUMENT.read_text(encoding="utf-8")))
    return {name: value for name, value in sorted(collect().items()) if name in names}


def missing() -> list[str]:
    return [name for name, value in used().items() if value is None]


def write() -> None:
    sources.FIGURES.write_text(render(), encoding="utf-8")
    sources.PLOT.write_text(bars.svg(), encoding="utf-8")


def render() -> str:
    attributes = [f":{name}: {MISSING if value is None else value}" for name, value in used().items()]
    regions = {
        "attributes": attributes,
        "throughput": _throughput_rows(),
        "thresholds": _threshold_rows(),
        "streams": _streams_rows(),
        "faults": _faults_rows(),
    }
    lines = ["// Made by `make docs` from bench/README.md, docs/faults.md and the sources: change those."]
    for name, region in regions.items():
        lines += [f"// tag::{name}[]", *region, f"// end::{name}[]"]
    return "\n".join(lines) + "\n"


def _throughput_rows() -> list[str]:
    columns = ["× nginx's constant", "p50 ms", "p99 ms", "requests per command"]
    by_load = {load: {row[f"{load} connections"]: row for row in benchmark.rows(load)} for load in benchmark.LOADS}
    lines = []
    for name in benchmark.CONTENDERS:
        low, high = (by_load[load].get(name, {}) for load in benchmark.LOADS)
        cpu = f"{_first(low, 'CPU µs/request')} + {_first(low, '+ Valkey')}".removesuffix(" + –")
        cells = [_first(low, "requests/s"), *(_first(low, column) for column in columns), cpu]
        cells += [_first(high, "requests/s"), _first(high, "× nginx's constant"), _first(high, "p99 ms")]
        strong = "*" if name.startswith("Saved") else ""
        lines.append(" ".join(f"|{strong}{cell}{strong}" for cell in [name, *cells]))
    return lines


def _first(row: Row, column: str) -> str:
    return row.get(column, MISSING).split(" (")[0]


def _threshold_rows() -> list[str]:
    """A row for each threshold, a column for each of the two builds; what isn't measured of each spans both."""
    builds = [f"{name}: " for name in list(benchmark.CONTENDERS)[-2:]]
    by_threshold: dict[tuple[str, str], dict[str, str]] = {}
    for row in benchmark.thresholds():
        build = next((name for name in builds if row["threshold"].startswith(name)), "")
        threshold = (row["threshold"].removeprefix(build), row["to reach"])
        cell = row["measured"] if row[""] == "reached" else f"{MISSED} {row['measured']}"
        by_threshold.setdefault(threshold, {})[build] = cell
    rows = []
    for (what, limit), cells in by_threshold.items():
        both = f"2+|{cells['']}" if "" in cells else " ".join(f"|{cells.get(build, '–')}" for build in builds)
        rows.append(f"|{what[0].upper()}{what[1:]} |{limit} {both}")
    return rows or [f"4+|{MISSING}"]


def _streams_rows() -> list[str]:
    rows = benchmark.streams() or [{}]
    return [" ".join(f"|{cell}" for cell in list(row.values()) or [MISSING] * 5) for row in rows]


def _faults_rows() -> list[str]:
    rows = faults.rows() or [dict.fromkeys(_FAULT_COLUMNS, MISSING)]
    return [" ".join(f"|{row[column]}" for column in _FAULT_COLUMNS) for row in rows]


_FAULT_COLUMNS = [
    "fault",
    "operations",
    "writes acknowledged",
    "outcome unknown",
    "lost",
    "violations",
    "reads unavailable ms",
    "writes unavailable ms",
    "slowest GET ms",
]
