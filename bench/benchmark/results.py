"""What a run of the benchmark amounts to: the raw samples as medians, ranges and verdicts, ready to be shown."""

import json
from pathlib import Path
from statistics import median

from benchmark.figures import percentile, ratios
from benchmark.peers import CONSTANT
from benchmark.thresholds import verdicts

_STABLE_WITHIN = 0.25
FILE = Path(__file__).parents[1] / "results.json"


def load(file: Path = FILE) -> dict:
    return json.loads(file.read_text(encoding="utf-8"))


def save(results: dict, file: Path = FILE) -> None:
    file.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def summarise(made: dict, raw: dict) -> dict:
    """Of the parts that were measured, in the order of the page."""
    parts = {
        "throughput": _throughput,
        "start": _start,
        "writes": _writes,
        "cold": _cold,
        "scaling": _scaling,
        "streams": _streams,
        "deploy": _as_it_is,
        "fleet": _as_it_is,
    }
    measured = {part: summary(raw[part]) for part, summary in parts.items() if raw.get(part)}
    return {"made": made, "notes": [], "failed": raw.get("failed", []), **measured, "thresholds": verdicts(raw)}


def _throughput(part: dict) -> list[dict]:
    return [
        {"requests": requests, "connections": int(connections), "contender": name}
        | _under_load(samples[name], samples.get(CONSTANT))
        | {"resident_mib": part["resident_bytes"][name] / 2**20}
        for requests, by_connections in part["samples"].items()
        for connections, samples in by_connections.items()
        for name in samples
    ]


def _under_load(samples: list[dict], constant: list[dict] | None) -> dict:
    """Without a constant to compare with there is no ratio."""
    own = [sample["requests_per_s"] for sample in samples]
    of_constant = ratios(own, [sample["requests_per_s"] for sample in constant]) if constant else None
    return {
        "requests_per_s": _range(own),
        "of_constant": _range(of_constant) if of_constant else None,
        **_medians(samples, "p50_ms", "p99_ms", "server_us_per_request", "valkey_us_per_request"),
        **_medians(samples, "requests_per_command", "others_cores"),
        "stable": is_stable(of_constant or own),
    }


def _range(values: list[float]) -> dict[str, float]:
    return {"median": median(values), "min": min(values), "max": max(values)}


def is_stable(values: list[float]) -> bool:
    """Whether what was measured several times differs by no more than a quarter of its median."""
    return max(values) - min(values) <= _STABLE_WITHIN * median(values)


def _medians(samples: list[dict], *names: str) -> dict[str, float | None]:
    """None for what a contender hasn't got, such as commands without a Valkey."""
    return {name: median(each[name] for each in samples) if samples[0][name] is not None else None for name in names}


def _start(part: dict) -> dict:
    seconds = part["seconds"]
    return {
        "seconds": _range(seconds),
        "cpu_seconds": median(part["cpu_seconds"]),
        "starts": len(seconds),
    }


def _writes(part: dict) -> dict:
    taken_ms = part["milliseconds"]
    p99_ms = percentile(taken_ms, 99)
    return {"puts": len(taken_ms), "p50_ms": median(taken_ms), "p99_ms": p99_ms, "max_ms": max(taken_ms)}


def _cold(part: dict) -> dict:
    """Of the instances the median and the range."""
    first = [put for puts in part["puts"] for put in puts]
    return {
        "warm": part["warm"],
        "cold": {key: _range([each[key] for each in part["cold"]]) for key in part["cold"][0]},
        "puts": {"count": len(first), **_range(first)},
        "first_put_ms": _range([puts[0] for puts in part["puts"]]),
        "idle_put_ms": _range(part["idle"]),
    }


def _scaling(part: dict) -> list[dict]:
    names = ("requests_per_s", "commands_per_s", "requests_per_command", "server_us_per_request")
    return [
        {"instances": int(count), **_medians(samples, *names, "valkey_us_per_request")}
        for count, samples in part["samples"].items()
    ]


def _streams(part: dict) -> list[dict]:
    """The service first; the floor and the peers after it, by name."""
    return [_fan_out(name, measured) for name, counts in part["samples"].items() for measured in counts]


def _fan_out(name: str, measured: dict) -> dict:
    samples = measured["samples"]
    return {
        "contender": name,
        "streams": measured["streams"],
        **_medians(samples, "from_start_ms", "last_event_ms", "put_ms"),
        "from_start_max_ms": max(sample["from_start_ms"] for sample in samples),
        "last_event_max_ms": max(sample["last_event_ms"] for sample in samples),
        "kib_per_stream": measured["bytes_per_stream"] / 1024,
        "cpu_us_per_event": measured["cpu_us_per_event"],
        "opened_s": measured["opened_s"],
        "stable": is_stable([sample["from_start_ms"] for sample in samples]),
    }


def _as_it_is(part: dict | list[dict]) -> dict | list[dict]:
    return part
