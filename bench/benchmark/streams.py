"""Live fan-out: how soon all open streams have seen a PUT, and what one costs in memory."""

import resource
import selectors
import socket
import time
from collections.abc import Callable

from benchmark import machine
from benchmark.service import Instance
from proving import http

_REQUEST = http.request(path="/events", headers={"Accept": "text/event-stream"})
_AT_ONCE = 200
_TIMEOUT_S = 30
_FILES_BESIDES = 200
_RECEIVE_BYTES = 65_536


class Reader:
    """Looks for a word in what arrives, also where it arrives in two pieces."""

    def __init__(self) -> None:
        self._tail = b""

    def finds(self, word: bytes, received: bytes) -> bool:
        text = self._tail + received
        found = word in text
        self._tail = b"" if found else text[-len(word):]
        return found


class Streams:
    """Many open streams, read by this one thread: its own time is part of what is measured."""

    def __init__(self, port: int):
        self._port = port
        self._selector = selectors.EpollSelector()
        self._sockets: list[socket.socket] = []

    def open_up_to(self, count: int, shown: bytes) -> None:
        """Each has got the current state before the next ones are opened."""
        while len(self._sockets) < count:
            opened = [self._open() for _ in range(min(_AT_ONCE, count - len(self._sockets)))]
            self.wait_for(shown, set(opened))

    def _open(self) -> socket.socket:
        stream = socket.create_connection(("127.0.0.1", self._port), timeout=_TIMEOUT_S)
        stream.sendall(_REQUEST)
        stream.setblocking(False)
        self._sockets.append(stream)
        self._selector.register(stream, selectors.EVENT_READ, Reader())
        return stream

    def wait_for(self, word: bytes, missing: set[socket.socket] | None = None) -> float:
        """Until all have got the word; returns when the last one did."""
        missing = set(self._sockets) if missing is None else missing
        end = time.monotonic() + _TIMEOUT_S
        while missing:
            ready = self._selector.select(timeout=max(0.0, end - time.monotonic()))
            if not ready:
                raise TimeoutError(f"{len(missing)} of {len(self._sockets)} streams got no event within {_TIMEOUT_S} s")
            missing.difference_update(key.fileobj for key, _ in ready if key.data.finds(word, _received(key.fileobj)))
        return time.monotonic()

    def close(self) -> None:
        self._selector.close()
        for stream in self._sockets:
            stream.close()


def _received(stream: socket.socket) -> bytes:
    received = stream.recv(_RECEIVE_BYTES)
    if not received:
        raise ConnectionError("a stream was closed by the server")
    return received


def measure(instance: Instance, counts: list[int], puts: int, say: Callable[[str], None]) -> list[dict]:
    _allow_files(max(counts) + _FILES_BESIDES)
    instance.put("before the streams")
    resident_before = machine.resident_bytes(instance.program)
    streams = Streams(instance.port)
    results = []
    try:
        for count in counts:
            say(f"{count} open streams, {puts} PUTs")
            streams.open_up_to(count, _shown_by(instance))
            samples = [_fan_out(instance, streams, f"to {count} streams, number {number}.") for number in range(puts)]
            per_stream = (machine.resident_bytes(instance.program) - resident_before) / count
            results.append({"streams": count, "samples": samples, "bytes_per_stream": per_stream})
    finally:
        streams.close()
    return results


def _allow_files(count: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < count:
        raise RuntimeError(f"open files: at most {most} (expected: {count}); raise the limit with `ulimit -Hn {count}`")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _shown_by(instance: Instance) -> bytes:
    return http.ask(instance.port, http.request(headers={"Accept": "text/plain"})).body


def _fan_out(instance: Instance, streams: Streams, value: str) -> dict:
    begun = time.monotonic()
    instance.put(value)
    answered = time.monotonic()
    last = streams.wait_for(value.encode())
    return {"put_ms": (answered - begun) * 1000, "last_event_ms": (last - answered) * 1000}
