"""All figures of the document, as AsciiDoc: an attribute for each, and the rows of the tables."""

import re

from document import benchmark, costs, faults, settings, sources

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


def render() -> str:
    attributes = [f":{name}: {MISSING if value is None else value}" for name, value in used().items()]
    regions = {
        "attributes": attributes,
        "throughput": _throughput_rows(),
        "thresholds": _threshold_rows(),
        "streams": _streams_rows(),
        "faults": _faults_rows(),
    }
    lines = ["// Made by `make docs` from bench/results.json, docs/faults.md and the sources: change those."]
    for name, region in regions.items():
        lines += [f"// tag::{name}[]", *region, f"// end::{name}[]"]
    return "\n".join(lines) + "\n"


def _throughput_rows() -> list[str]:
    lines = []
    for name in benchmark.CONTENDERS:
        low, high = (benchmark.row(load, name) for load in benchmark.LOADS)
        cpu = f"{low['cpu-us']} + {low['valkey-us']}".removesuffix(" + –")
        cells = [*(low[figure] for figure in ("rps", "ratio", "p50-ms", "p99-ms", "per-command")), cpu]
        cells += [high[figure] for figure in ("rps", "ratio", "p99-ms")]
        strong = "*" if name.startswith("Saved") else ""
        lines.append(" ".join(f"|{strong}{cell}{strong}" for cell in [name, *cells]))
    return lines


def _threshold_rows() -> list[str]:
    """A row for each threshold, a column for each of the two builds; what isn't measured of each spans both."""
    by_threshold: dict[tuple[str, str], dict[str | None, str]] = {}
    for verdict in benchmark.thresholds():
        cell = f"{verdict['measured']:.2f}" if verdict["reached"] else f"{MISSED} {verdict['measured']:.2f}"
        by_threshold.setdefault((verdict["what"], verdict["limit"]), {})[verdict["contender"]] = cell
    rows = []
    for (what, limit), cells in by_threshold.items():
        builds = (benchmark.SINGLE, benchmark.CONFIRMED)
        both = f"2+|{cells[None]}" if None in cells else " ".join(f"|{cells.get(build, '–')}" for build in builds)
        rows.append(f"|{what[0].upper()}{what[1:]} |{limit} {both}")
    return rows


def _streams_rows() -> list[str]:
    return [" ".join(f"|{cell}" for cell in row) for row in benchmark.streams()]


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
