"""How long a PUT takes that a replica confirms, one at a time over one kept connection."""

import time
from collections.abc import Callable

from benchmark.service import Instance
from proving import http


def measure(instance: Instance, warm_up: int, count: int, say: Callable[[str], None]) -> dict:
    say(f"{count} PUTs, one after the other")
    with http.Connection(instance.port) as connection:
        for number in range(warm_up):
            timed_put(connection, instance, f"string {number}")
        return {"milliseconds": [timed_put(connection, instance, f"string {number}") for number in range(count)]}


def timed_put(connection: http.Connection, instance: Instance, value: str) -> float:
    request = instance.put_request(value)
    begun = time.perf_counter()
    answer = connection.exchange(request)
    took_ms = (time.perf_counter() - begun) * 1000
    if answer.status != 200:
        raise RuntimeError(f"PUT was answered with {answer.status} (expected: 200): {answer.body!r}")
    return took_ms
