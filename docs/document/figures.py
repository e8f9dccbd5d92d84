"""All figures of the document, as AsciiDoc: an attribute for each, and the rows of the tables."""

import re

from document import benchmark, costs, faults, settings, sources

MISSING = "(?)"


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
    """Each load's columns side by side."""
    columns = {64: ("rps", "ratio-range", "p50-ms", "p99-ms"), 256: ("rps", "ratio-range", "p99-ms")}
    lines = []
    for name in benchmark.measured():
        cells = [name, *(benchmark.row(load, name)[figure] for load in benchmark.LOADS for figure in columns[load])]
        strong = "*" if name.startswith("Saved") else ""
        lines.append(" ".join(f"|{strong}{cell}{strong}" for cell in cells))
    return lines


def _threshold_rows() -> list[str]:
    """How many were reached, and which were missed."""
    missed = [f"* {it['what']}: {_measured(it)} ({it['limit']})" for it in benchmark.missed()]
    reached = f"{len(benchmark.thresholds()) - len(missed)} of the {len(benchmark.thresholds())} thresholds"
    said = f"{reached} that were set in advance were reached (`bench/README.md`)"
    return [f"{said}. These were missed; what was to be reached is in brackets:", "", *missed] if missed else [f"{said}."]


def _measured(threshold: dict) -> str:
    return "not measured" if threshold["measured"] is None else f"{threshold['measured']:.2f}"


def _streams_rows() -> list[str]:
    return [" ".join(f"|{cell}" for cell in row) for row in benchmark.streams()]


def _faults_rows() -> list[str]:
    rows = faults.rows() or [dict.fromkeys(_FAULT_COLUMNS, MISSING)]
    return [" ".join(f"|{row[column]}" for column in _FAULT_COLUMNS) for row in rows]


_FAULT_COLUMNS = [
    "fault",
    "fault lasted, ms",
    "requests",
    "outcome unknown",
    "confirmed changes lost, and said to be",
    "longest without a read, ms",
    "well again after, ms",
    "longest that an open page claimed an older string to be current, ms",
]
