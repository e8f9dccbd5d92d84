"""Requests to the service, and a steady load of them."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from proving import http

REQUEST_TIMEOUT_SECONDS = 5


def put_or_get(method="GET", body=None, key=None):
    headers = {"Accept": "text/html" if method == "GET" else "application/json"}
    if body is not None:
        headers["Content-Type"] = "text/plain; charset=utf-8"
    if key:
        headers["X-API-Key"] = key
    return http.request(method, "/", headers, body.encode() if body is not None else None)


def ask(address, port, method="GET", body=None, key=None):
    return http.ask(port, put_or_get(method, body, key), address, REQUEST_TIMEOUT_SECONDS)


def served_by(answer):
    """Which machine answered, as the load balancer says."""
    return answer.header("X-Served-By")


def heading(value):
    return f"<h1>The saved string is {value}</h1>"


@dataclass
class Load:
    """Readers and one writer that keep their connections, as browsers do, and note everything that went wrong."""

    address: str
    port: int
    key: str
    readers: int = 4
    interval_seconds: float = 0.02
    failures: list = field(default_factory=list)
    served_by: Counter = field(default_factory=Counter)

    def __post_init__(self):
        self._started = time.monotonic()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        roles = [self._read] * self.readers + [self._write]
        self._threads = [threading.Thread(target=self._repeat, args=(role,), daemon=True) for role in roles]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=2 * REQUEST_TIMEOUT_SECONDS)

    @property
    def count(self):
        return sum(self.served_by.values()) + len(self.failures)

    def summary(self):
        """How many failed, when, and how the first ones looked."""
        times = [seconds for seconds, _ in self.failures]
        between = f"{times[0]:.1f} s to {times[-1]:.1f} s after the start"
        lines = [f"{len(times)} of {self.count} requests failed, {between}:"]
        return "\n".join(lines + [f"{seconds:.3f} s: {what}" for seconds, what in self.failures[:10]])

    def take_out(self, beginning):
        """Takes the failures out that begin so, and returns how many there were."""
        kept = [failure for failure in self.failures if not failure[1].startswith(beginning)]
        taken = len(self.failures) - len(kept)
        self.failures = kept
        return taken

    def _repeat(self, step):
        connection = http.Connection(self.port, self.address, REQUEST_TIMEOUT_SECONDS)
        while not self._stop.wait(self.interval_seconds):
            started = time.monotonic()
            try:
                self._note(step(connection))
            except (OSError, ValueError) as error:
                self._fail(f"{step.__name__} after {time.monotonic() - started:.3f} s: {error!r}")
        connection.close()

    def _read(self, connection):
        return connection.exchange(put_or_get())

    def _write(self, connection):
        return connection.exchange(put_or_get("PUT", f"load {self.count}", self.key))

    def _note(self, answer):
        machine = served_by(answer)
        if answer.status != 200:
            return self._fail(f"{answer.status} from {machine or 'the load balancer'}: {answer.text[-300:]}")
        with self._lock:
            self.served_by[machine] += 1

    def _fail(self, what):
        with self._lock:
            self.failures.append((time.monotonic() - self._started, what))
