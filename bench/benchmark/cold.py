"""A new instance: its first ten seconds under half of what a warm one can do, its first PUTs, and one after an hour."""

import time
from collections.abc import Callable

from benchmark import machine, requests, wrk
from benchmark.contender import Contender
from benchmark.rounds import warm_up
from benchmark.service import CONFIRMED, Instance
from benchmark.writes import timed_put
from proving import http
from proving.programs import Programs
from proving.valkey import Valkey

_CONNECTIONS = 256
_CAPACITY_CONNECTIONS = 64
_CAPACITY_S = 3
_PUTS = 20
_PUTS_PAUSE_S = 0.1
_IDLE_S = 10
# More than any cache of a core holds.
_SWEEP = "b = bytearray(2**27)\nfor _ in range(4):\n    b = bytes(b).swapcase()"


def measure(
    start_one: Callable[[], Instance],
    valkey: Valkey,
    programs: Programs,
    warm_up_requests: int,
    instances: int,
    duration_s: int,
    say: Callable[[str], None],
) -> dict:
    instance = start_one()
    instance.put("the same for everybody")
    warm = instance.contender(CONFIRMED, valkey, warm_up_requests)
    warm_up(warm, say)
    capacity = wrk.run([warm.url], _CAPACITY_CONNECTIONS, _CAPACITY_S, requests.BROWSER).requests_per_s
    say(f"warm: {capacity:,.0f} requests/s; half of it for {duration_s} s, warm and then cold")
    part = {"warm_per_s": capacity, "warm": _half_load(warm, capacity, duration_s), "cold": [], "puts": [], "idle": []}
    instance.program.stop()
    for number in range(instances):
        say(f"cold: instance {number + 1} of {instances}")
        fresh = start_one()
        contender = fresh.contender(CONFIRMED, valkey, warm_up_requests)
        part["cold"].append(_half_load(contender, capacity, duration_s))
        part["puts"].append(_first_puts(fresh))
        part["idle"].append(_after_an_idle_hour(fresh, programs))
        fresh.program.stop()
    return part


def _half_load(contender: Contender, capacity: float, duration_s: int) -> dict:
    load = wrk.run([contender.url], _CONNECTIONS, duration_s, requests.paced(capacity / 2, _CONNECTIONS))
    wrk.expect_no_errors(load, contender.name)
    return {"requests_per_s": load.requests_per_s, "p50_ms": load.p50_ms, "p99_ms": load.p99_ms, "max_ms": load.max_ms}


def _first_puts(instance: Instance) -> list[float]:
    taken_ms = []
    for number in range(_PUTS):
        time.sleep(_PUTS_PAUSE_S)
        taken_ms.append(_put(instance, f"after reads {number}"))
    return taken_ms


def _put(instance: Instance, value: str) -> float:
    """Over a connection of its own, as a client has that comes once."""
    with http.Connection(instance.port) as connection:
        return timed_put(connection, instance, value)


def _after_an_idle_hour(instance: Instance, programs: Programs) -> float:
    """Simulated: nobody asks for a while, and another program has used the core's caches meanwhile."""
    time.sleep(_IDLE_S)
    programs.run(*machine.serving(["python3", "-c", _SWEEP]))
    return _put(instance, "after an idle hour")
