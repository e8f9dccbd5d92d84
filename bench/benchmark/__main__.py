"""Command line of the benchmark."""

import argparse
import shlex
import signal
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

from benchmark import machine, page, results, tables
from benchmark.parts import Parts
from benchmark.profiles import DEFAULT, QUICK
from benchmark.service import Service
from proving.programs import run

_HERE = Path(__file__).parents[1]
_OUTPUT = _HERE.parent / "target" / "bench"
_PARTS = ("throughput", "start", "writes", "scaling", "streams", "deploy")
_PEERS = "peers"
_PACKAGES = ("wrk", "nginx", "valkey-server", "webdis", "python3-flask", "gunicorn")


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench/run",
        description="Measures Saved String side by side with nginx, nginx with Lua, webdis and Flask.",
        epilog=f"The raw samples and results.json are left in {_OUTPUT.relative_to(_HERE.parent)}.",
    )
    parser.add_argument("--quick", action="store_true", help="about a minute and a half; the default takes seven")
    parser.add_argument(
        "--only",
        metavar="PART[,PART…]",
        type=_parts,
        default=_PARTS,
        help=f"some of {', '.join(_PARTS)}; or {_PEERS}: the peers' throughput, without the service",
    )
    parser.add_argument("--write", action="store_true", help="put the results into bench/results.json and README.md")
    options = parser.parse_args(arguments)
    if options.write and options.only != _PARTS:
        parser.error("--write needs all parts (expected: no --only)")
    return options


def _parts(text: str) -> tuple[str, ...]:
    parts = tuple(text.split(","))
    unknown = [part for part in parts if part not in (*_PARTS, _PEERS)]
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)} (expected: {', '.join((*_PARTS, _PEERS))})")
    return parts


def measure(options: argparse.Namespace, arguments: list[str]) -> tuple[dict, dict]:
    """How it was made, and the raw samples of each part."""
    begun = time.monotonic()
    say = _progress(begun)
    made = {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "command": shlex.join(["bench/run", *arguments]),
        "machine": machine.describe(),
        "versions": _versions(),
    }
    machine.use_load_core()
    service = None
    if set(options.only) - {_PEERS}:
        say("training the AOT cache")
        service = Service(_OUTPUT)
        service.prepare()
        made["versions"]["JDK"] = service.java_version()
    parts = Parts(_OUTPUT, QUICK if options.quick else DEFAULT, service, say)
    raw = {}
    for part in options.only:
        say(f"{part}: begins")
        raw["throughput" if part == _PEERS else part] = getattr(parts, part)()
    return made | {"took_s": time.monotonic() - begun}, raw


def _progress(begun: float):
    return lambda text: print(f"{time.monotonic() - begun:5.0f} s  {text}", file=sys.stderr, flush=True)


def _versions() -> dict[str, str]:
    command = ["dpkg-query", "--show", "--showformat", "${Package} ${Version}\n", *_PACKAGES]
    return dict(line.split(" ", 1) for line in run(*command).splitlines())


def save(made: dict, raw: dict, write: bool) -> dict:
    summary = results.summarise(made, raw)
    _OUTPUT.mkdir(parents=True, exist_ok=True)
    results.save(raw, _OUTPUT / "raw.json")
    results.save(summary, _OUTPUT / "results.json")
    if write:
        results.save(summary)
        page.write(summary)
    return summary


def main() -> None:
    arguments = sys.argv[1:]
    options = parse(arguments)
    for number in signal.SIGTERM, signal.SIGHUP:
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    try:
        made, raw = measure(options, arguments)
    except (RuntimeError, AssertionError, OSError, ValueError) as failure:
        sys.exit(f"bench/run: {failure}")
    print(tables.render(save(made, raw, options.write)), end="")


main()
