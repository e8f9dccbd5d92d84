"""Waiting for a condition, and for a port."""

import random
import socket
import time
from collections.abc import Callable

# Below the range that outgoing connections take theirs from, and above those of the tests in Java, which run beside.
_PORTS = range(28_000, 30_000)


def wait_until(
    condition: Callable[[], object], what: str, timeout_seconds: float = 120, interval_seconds: float = 0.02
):
    """Polls until the condition holds and returns its value; errors of a program that isn't ready count as not yet."""
    deadline = time.monotonic() + timeout_seconds
    last_error = None
    while time.monotonic() < deadline:
        try:
            if value := condition():
                return value
        except OSError as error:
            last_error = error
        time.sleep(interval_seconds)
    raise AssertionError(f"not within {timeout_seconds:g} s: {what}" + (f" ({last_error})" if last_error else ""))


def free_port() -> int:
    while True:
        port = random.choice(_PORTS)
        if not accepts(port):
            return port


def accepts(port: int, address: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0
