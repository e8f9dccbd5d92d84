"""Command line of the benchmark."""

import argparse
import shlex
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

from benchmark import machine, page, results, tables
from benchmark.failures import Failures
from benchmark.parts import Parts
from benchmark.profiles import DEFAULT, QUICK
from benchmark.service import Service
from proving.programs import run

_HERE = Path(__file__).parents[1]
_OUTPUT = _HERE.parent / "target" / "bench"
_PARTS = ("throughput", "start", "writes", "cold", "streams", "deploy", "scaling", "fleet")
_PEERS = "peers"
_PACKAGES = (
    "wrk", "nginx", "libnginx-mod-nchan", "valkey-server", "webdis", "varnish", "python3-flask", "gunicorn",
)
# No part is begun later than that.
_BEGIN_WITHIN_S = 1_200


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench/run",
        description="Measures Saved String side by side with nginx, nginx with Lua, nchan, webdis, Varnish and Flask.",
        epilog=f"The raw samples and results.json are left in {_OUTPUT.relative_to(_HERE.parent)}.",
    )
    parser.add_argument("--quick", action="store_true", help="about four minutes; the default takes twenty")
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


def measure(options: argparse.Namespace, made: dict, raw: dict) -> None:
    """Adds the raw samples of each part, and what failed, as they come."""
    begun = time.monotonic()
    say = _progress(begun)
    failures = Failures(say)
    raw["failed"] = failures.rows
    try:
        machine.use_load_core()
        parts = _prepare(options, made, say, failures)
        for part in options.only:
            say(f"{part}: begins")
            with failures.of(part):
                if time.monotonic() - begun > _BEGIN_WITHIN_S:
                    raise RuntimeError(f"not begun within {_BEGIN_WITHIN_S} s")
                raw["throughput" if part == _PEERS else part] = getattr(parts, part)()
    finally:
        made["took_s"] = time.monotonic() - begun


def _prepare(options: argparse.Namespace, made: dict, say: Callable[[str], None], failures: Failures) -> Parts:
    service = None
    if set(options.only) - {_PEERS}:
        say("training the AOT cache")
        service = Service(_OUTPUT)
        service.prepare()
        made["versions"]["JDK"] = service.java_version()
    return Parts(_OUTPUT, QUICK if options.quick else DEFAULT, service, say, failures)


def _progress(begun: float) -> Callable[[str], None]:
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
    made = {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "command": shlex.join(["bench/run", *arguments]),
        "machine": machine.describe(),
        "versions": _versions(),
    }
    raw: dict = {}
    try:
        measure(options, made, raw)
    except (RuntimeError, AssertionError, OSError, ValueError) as failure:
        sys.exit(f"bench/run: {failure}")
    except BaseException:
        save(made, raw, write=False)  # what there is, for whoever ended it
        raise
    print(tables.render(save(made, raw, options.write)), end="")
    sys.exit(1 if raw["failed"] else 0)


main()
