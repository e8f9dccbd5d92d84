"""Requests to the service, and a steady load of them."""

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

REQUEST_TIMEOUT_SECONDS = 5


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    served_by: str


def send(connection, method="GET", body=None, key=None):
    headers = {"Accept": "text/html" if method == "GET" else "application/json"}
    if body is not None:
        headers["Content-Type"] = "text/plain; charset=utf-8"
    if key:
        headers["X-API-Key"] = key
    connection.request(method, "/", body=body.encode() if body is not None else None, headers=headers)
    response = connection.getresponse()
    return Answer(response.status, response.read().decode(), response.headers.get("X-Served-By", ""))


def ask(address, port, method="GET", body=None, key=None):
    connection = http.client.HTTPConnection(address, port, timeout=REQUEST_TIMEOUT_SECONDS)
    try:
        return send(connection, method, body, key)
    finally:
        connection.close()


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

    def _repeat(self, step):
        connection = http.client.HTTPConnection(self.address, self.port, timeout=REQUEST_TIMEOUT_SECONDS)
        while not self._stop.wait(self.interval_seconds):
            started = time.monotonic()
            try:
                self._note(step(connection))
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                self._fail(f"{step.__name__} after {time.monotonic() - started:.3f} s: {error!r}")
        connection.close()

    def _read(self, connection):
        return send(connection)

    def _write(self, connection):
        return send(connection, "PUT", f"load {self.count}", self.key)

    def _note(self, answer):
        if answer.status != 200:
            return self._fail(f"{answer.status} from {answer.served_by or 'the load balancer'}: {answer.text[-300:]}")
        with self._lock:
            self.served_by[answer.served_by] += 1

    def _fail(self, what):
        with self._lock:
            self.failures.append((time.monotonic() - self._started, what))
