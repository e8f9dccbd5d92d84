"""The results as Markdown."""


def render(results: dict) -> str:
    sections = [_about(results["made"]), *results["notes"]]
    sections += [_failed(results["failed"])] if results.get("failed") else []
    sections += [section(results[name]) for name, section in _SECTIONS.items() if results.get(name)]
    return "\n\n".join(sections) + "\n"


def table(header: list[str], rows: list[list[str]]) -> str:
    """The first column is text, the others are figures."""
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, rule, *rows])


def figure(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def _about(made: dict) -> str:
    machine = made["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in made["versions"].items())
    return (
        f"Made {made['date']} by `{made['command']}` in {made['took_s']:.0f} s on {machine['cores']} cores of "
        f"{machine['cpu']}, Linux {machine['kernel']}; load average before: {machine['load_average_before']:.2f}. "
        f"{versions}."
    )


def _failed(rows: list[dict]) -> str:
    return table(["failed, and not in the tables", "why"], [[row["row"], row["why"]] for row in rows])


def _throughput(rows: list[dict]) -> str:
    loads = dict.fromkeys((row["requests"], row["connections"]) for row in rows)
    return "\n\n".join(_at(*load, [row for row in rows if (row["requests"], row["connections"]) == load]) for load in loads)


def _at(requests: str, connections: int, rows: list[dict]) -> str:
    header = [f"{_REQUESTS[requests]}, {connections} connections", "requests/s", "× nginx's constant", "p50 ms", "p99 ms"]
    header += ["CPU µs/request", "+ Valkey", "requests per command", "resident MiB", "others' cores", ""]
    return table(header, [_row(row) for row in rows])


def _row(row: dict) -> list[str]:
    of_constant = row["of_constant"]
    return [
        row["contender"],
        figure(row["requests_per_s"]["median"], ",.0f"),
        _ranged(of_constant, ".2f") if of_constant else "–",
        figure(row["p50_ms"], ".2f"),
        figure(row["p99_ms"], ".1f"),
        figure(row["server_us_per_request"], ".1f"),
        figure(row["valkey_us_per_request"], ".1f"),
        figure(row["requests_per_command"], ".1f"),
        figure(row["resident_mib"], ".0f"),
        figure(row["others_cores"], ".2f"),
        _stability(row),
    ]


def _ranged(values: dict[str, float], form: str) -> str:
    return "{} ({}–{})".format(*(format(values[key], form) for key in ("median", "min", "max")))


def _stability(row: dict) -> str:
    """Of results that were kept before this was said, nothing."""
    return "" if row.get("stable", True) else "not stable"


def _start(part: dict) -> str:
    seconds = part["seconds"]
    return (
        f"Start to first 200 with the AOT cache: **{seconds['median']:.2f} s**, median of {part['starts']} starts "
        f"({seconds['min']:.2f}–{seconds['max']:.2f}), using {part['cpu_seconds']:.2f} s of CPU."
    )


def _writes(part: dict) -> str:
    return (
        f"A PUT confirmed by a replica, unloaded: p50 {part['p50_ms']:.2f} ms, **p99 {part['p99_ms']:.2f} ms**, "
        f"longest {part['max_ms']:.2f} ms, of {part['puts']} on one connection."
    )


def _cold(part: dict) -> str:
    warm, cold = part["warm"], part["cold"]
    header = ["half of what a warm instance can do", "requests/s", "p50 ms", "p99 ms", "slowest ms"]
    keys = {"requests_per_s": ",.0f", "p50_ms": ".2f", "p99_ms": ".1f", "max_ms": ".0f"}
    rows = [
        ["warm", *(figure(warm[key], form) for key, form in keys.items())],
        ["the first seconds after its start", *(_ranged(cold[key], form) for key, form in keys.items())],
    ]
    puts = [
        [f"the first {part['puts']['count']} after reads only, on new instances", _ranged(part["puts"], ".1f")],
        ["the very first of each", _ranged(part["first_put_ms"], ".1f")],
        ["after an idle hour, simulated", _ranged(part["idle_put_ms"], ".1f")],
    ]
    return "\n\n".join([table(header, rows), table(["PUT confirmed by a replica", "ms"], puts)])


def _scaling(rows: list[dict]) -> str:
    header = ["instances on one core, 64 connections each", "requests/s", "Valkey commands/s", "requests per command"]
    header += ["CPU µs/request", "+ Valkey"]
    forms = {"requests_per_s": ",.0f", "commands_per_s": ",.0f", "requests_per_command": ".1f"}
    forms |= {"server_us_per_request": ".1f", "valkey_us_per_request": ".1f"}
    return table(header, [[str(row["instances"]), *(figure(row[key], forms[key]) for key in forms)] for row in rows])


def _streams(rows: list[dict]) -> str:
    header = ["fan-out", "open streams", "PUT's start to last event, ms", "longest", "PUT itself, ms"]
    header += ["memory per stream, KiB", "CPU µs per event", "all open after, s", ""]
    keys = ("from_start_ms", "from_start_max_ms", "put_ms", "kib_per_stream", "cpu_us_per_event", "opened_s")
    return table(
        header,
        [
            [row.get("contender", "–"), f"{row['streams']:,}", *(figure(row.get(key), ".1f") for key in keys), _stability(row)]
            for row in rows
        ],
    )


def _deploy(part: dict) -> str:
    return (
        f"A deploy: {part['streams']:,} readers that were told to go are all with another instance after "
        f"**{part['back_s']:.1f} s**, which takes that one {part['cpu_median']:.2f} cores, {part['cpu_peak']:.2f} at most."
    )


def _fleet(rows: list[dict]) -> str:
    header = ["instances (pretended), 2,000 reads/s each", "reads gather at most, ms", "reads/s", "batches/s", "primary's cores"]
    header += ["read p50 ms", "p99 ms", "write p50 ms", "p99 ms", "failed"]
    forms = {"reads_per_s": ",.0f", "batches_per_s": ",.0f", "primary_cores": ".2f", "read_p50_ms": ".1f"}
    forms |= {"read_p99_ms": ".1f", "write_p50_ms": ".1f", "write_p99_ms": ".1f", "failed": ",.0f"}
    return table(
        header,
        [
            [f"{row['instances']}", f"{row['gathering_ms']}", *(figure(row[key], form) for key, form in forms.items())]
            for row in rows
        ],
    )


def _thresholds(verdicts: list[dict]) -> str:
    rows = [
        [
            ": ".join(filter(None, (verdict["contender"], verdict["what"]))),
            verdict["limit"],
            verdict.get("proud", "–"),
            figure(verdict["measured"], ".2f"),
            "reached" if verdict["reached"] else "**not reached**",
        ]
        for verdict in verdicts
    ]
    return table(["threshold", "asked", "proud of", "measured", ""], rows)


_REQUESTS = {
    "bare": "bare requests",
    "browser": "a browser's requests",
    "mixed": "pages, 304, JSON and HEAD",
}

_SECTIONS = {
    "thresholds": _thresholds,
    "throughput": _throughput,
    "start": _start,
    "writes": _writes,
    "cold": _cold,
    "scaling": _scaling,
    "streams": _streams,
    "deploy": _deploy,
    "fleet": _fleet,
}
