"""How one primary bears many instances: their event loops are pretended, Valkey and its replica are real."""

import json
from collections.abc import Callable
from pathlib import Path

from benchmark import machine
from benchmark.failures import Failures
from proving.programs import Programs, tail
from proving.valkey import Valkey

INSTANCES = (1, 5, 10, 20, 50, 100, 200)
LOOPS_EACH = 2
# What saved-string.valkey.gathering-max is otherwise.
GATHERING_MS = (0, 20)
_DRIVER = Path(__file__).parents[2] / "scripts" / "test-main"
_MAX_S = 400


def measure(programs: Programs, valkey: Valkey, say: Callable[[str], None], failures: Failures) -> list[dict]:
    """A row for each number of instances, without and with reads that gather longer."""
    measured = []
    for gathering_ms in GATHERING_MS:
        with failures.of(f"a fleet whose reads gather for {gathering_ms} ms at most"):
            say(f"pretending {', '.join(map(str, INSTANCES))} instances whose reads gather for {gathering_ms} ms at most")
            measured += [row | {"gathering_ms": gathering_ms} for row in _run(programs, valkey, gathering_ms)]
    return measured


def _run(programs: Programs, valkey: Valkey, gathering_ms: int) -> list[dict]:
    # The first, which warms the driver up, isn't counted.
    loops = [LOOPS_EACH * count for count in (INSTANCES[0], *INSTANCES)]
    primary = valkey.programs[0].pid
    command = [_DRIVER, "org.savedstring.store.valkey.FleetMain", f"127.0.0.1:{valkey.port}", primary, gathering_ms, *loops]
    done = programs.run(*machine.pinned(str(machine.LOAD_CORE), command), timeout_seconds=_MAX_S)
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or len(rows) != len(loops):
        raise RuntimeError(f"the driver ended with {done.returncode}: {tail(done.stdout, 3)}")
    return [{"instances": row["loops"] // LOOPS_EACH} | row for row in rows[1:]]
