"""The results as Markdown."""

from statistics import median

from benchmark.figures import percentile, ratio
from benchmark.peers import CONSTANT
from benchmark.thresholds import verdicts


def render(results: dict) -> str:
    sections = [_about(results)]
    for name, section in _SECTIONS.items():
        if name in results:
            sections.append(section(results[name]))
    sections.append(_thresholds(results))
    return "\n\n".join(section for section in sections if section) + "\n"


def table(header: list[str], rows: list[list[str]]) -> str:
    """The first column is text, the others are figures."""
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, rule, *rows])


def _about(results: dict) -> str:
    machine = results["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    return (
        f"Made {results['date']} by `{results['command']}` in {results['took_s']:.0f} s on {machine['cores']} cores of "
        f"{machine['cpu']}, Linux {machine['kernel']}; load average before: {machine['load_average_before']:.2f}. "
        f"{versions}."
    )


def _throughput(part: dict) -> str:
    return "\n\n".join(_at(connections, samples, part) for connections, samples in part["samples"].items())


def _at(connections: str, samples: dict, part: dict) -> str:
    header = [f"{connections} connections", "requests/s", "× nginx's constant", "p50 ms", "p99 ms"]
    header += ["CPU µs/request", "+ Valkey", "requests per command", "resident MiB", "others' cores"]
    rows = [_row(name, samples, part["resident_bytes"][name]) for name in samples]
    return table(header, rows)


def _row(name: str, samples: dict, resident_bytes: int) -> list[str]:
    def middle(figure: str) -> float:
        return median(sample[figure] for sample in samples[name])

    own, constant = ([sample["requests_per_s"] for sample in samples[one]] for one in (name, CONSTANT))
    valkey_us = middle("valkey_us_per_request")
    per_command = samples[name][0]["requests_per_command"] and middle("requests_per_command")
    return [
        name,
        f"{middle('requests_per_s'):,.0f}",
        f"{ratio(own, constant):.2f} ({_range(own, constant)})",
        f"{middle('p50_ms'):.2f}",
        f"{middle('p99_ms'):.1f}",
        f"{middle('server_us_per_request'):.1f}",
        f"{valkey_us:.1f}" if valkey_us else "–",
        f"{per_command:.1f}" if per_command else "–",
        f"{resident_bytes / 2**20:.0f}",
        f"{middle('others_cores'):.2f}",
    ]


def _range(own: list[float], constant: list[float]) -> str:
    ratios = [ours / theirs for ours, theirs in zip(own, constant, strict=True)]
    return f"{min(ratios):.2f}–{max(ratios):.2f}"


def _start(part: dict) -> str:
    seconds = part["seconds"]
    return (
        f"Start to first 200 with the AOT cache: **{median(seconds):.2f} s**, median of {len(seconds)} starts "
        f"({min(seconds):.2f}–{max(seconds):.2f}), using {median(part['cpu_seconds']):.2f} s of CPU."
    )


def _writes(part: dict) -> str:
    taken_ms = part["milliseconds"]
    p99 = f"**p99 {percentile(taken_ms, 99):.2f} ms**"
    return (
        f"A PUT confirmed by a replica, unloaded: p50 {median(taken_ms):.2f} ms, {p99}, "
        f"longest {max(taken_ms):.2f} ms, of {len(taken_ms)} on one connection."
    )


def _scaling(part: dict) -> str:
    header = ["instances on one core, 64 connections each", "requests/s", "Valkey commands/s", "requests per command"]
    header += ["CPU µs/request", "+ Valkey"]
    return table(header, [_scaling_row(count, samples) for count, samples in part["samples"].items()])


def _scaling_row(count: str, samples: list[dict]) -> list[str]:
    formats = {
        "requests_per_s": ",.0f",
        "commands_per_s": ",.0f",
        "requests_per_command": ".1f",
        "server_us_per_request": ".1f",
        "valkey_us_per_request": ".1f",
    }
    return [count] + [format(median(sample[name] for sample in samples), form) for name, form in formats.items()]


def _streams(part: list[dict]) -> str:
    header = ["open streams", "answered PUT to last event, ms", "longest", "PUT itself, ms", "memory per stream, KiB"]
    return table(header, [_streams_row(measured) for measured in part])


def _streams_row(measured: dict) -> list[str]:
    last_ms = [sample["last_event_ms"] for sample in measured["samples"]]
    put_ms = [sample["put_ms"] for sample in measured["samples"]]
    return [
        f"{measured['streams']:,}",
        f"{median(last_ms):.1f}",
        f"{max(last_ms):.1f}",
        f"{median(put_ms):.1f}",
        f"{measured['bytes_per_stream'] / 1024:.1f}",
    ]


def _thresholds(results: dict) -> str:
    rows = [
        [verdict.what, verdict.limit, f"{verdict.figure:.2f}", "reached" if verdict.reached else "**not reached**"]
        for verdict in verdicts(results)
    ]
    return table(["threshold", "to reach", "measured", ""], rows) if rows else ""


_SECTIONS = {
    "peers": _throughput,
    "throughput": _throughput,
    "start": _start,
    "writes": _writes,
    "scaling": _scaling,
    "streams": _streams,
}
