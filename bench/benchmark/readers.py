"""Readers of many open streams in one process, which are not the limit: when something arrived, the kernel says."""

import heapq
import itertools
import re
import selectors
import socket
import struct
import time
from collections.abc import Callable, Iterator

_AT_ONCE = 200
_TIMEOUT_S = 60
_OPEN_MAX_S = 120
_RECEIVE_BYTES = 65_536
_ADDRESSES = 20
_SO_TIMESTAMPNS = 35
_TIMESTAMP = struct.Struct("qq")
_RETRY = re.compile(rb"retry: (\d+)")


class Reader:
    """Looks for a word in what arrives, also where it arrives in two pieces."""

    def __init__(self, source: str = "127.0.0.1") -> None:
        self.source = source
        self.retry_s = 1.0
        self._tail = b""

    def finds(self, word: bytes, received: bytes) -> bool:
        text = self._tail + received
        found = word in text
        self._tail = b"" if found else text[-len(word):]
        return found


class Readers:
    """Many open streams, from several loopback addresses, as if from several clients."""

    def __init__(self, port: int, request: bytes):
        self._port = port
        self._request = request
        self._selector = selectors.EpollSelector()
        self._sockets: set[socket.socket] = set()
        self._sources = itertools.cycle(f"127.0.0.{number}" for number in range(2, 2 + _ADDRESSES))

    def open_up_to(self, count: int, shown: bytes) -> None:
        """Each has got the current state before the next ones are opened; one that is refused comes again."""
        end = time.monotonic() + _OPEN_MAX_S
        while len(self._sockets) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(self._sockets)} of {count} streams were open after {_OPEN_MAX_S} s")
            missing = min(_AT_ONCE, count - len(self._sockets))
            self.wait_for(shown, {self._open(Reader(next(self._sources))) for _ in range(missing)}, opening=True)

    def _open(self, reader: Reader) -> socket.socket:
        stream = socket.socket()
        try:
            stream.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
            stream.settimeout(_TIMEOUT_S)
            stream.bind((reader.source, 0))
            stream.connect(("127.0.0.1", self._port))
            stream.sendall(self._request)
        except OSError:
            stream.close()
            raise
        stream.setblocking(False)
        self._sockets.add(stream)
        self._selector.register(stream, selectors.EVENT_READ, reader)
        return stream

    def wait_for(self, word: bytes, missing: set[socket.socket] | None = None, opening: bool = False) -> float:
        """Until all have got the word; returns when it had arrived at the last one, as time.time() counts.

        While streams are opened, those that end are forgotten."""
        missing = set(self._sockets) if missing is None else missing
        last = 0.0
        end = time.monotonic() + _TIMEOUT_S
        while missing:
            ready = self._selector.select(timeout=max(0.0, end - time.monotonic()))
            if not ready:
                raise TimeoutError(f"{len(missing)} of {len(self._sockets)} streams got no event within {_TIMEOUT_S} s")
            for key, _ in ready:
                received, arrived = _received(key.fileobj)
                if _has_ended(received):
                    if not opening:
                        raise ConnectionError(f"a stream was ended by the server: {received[:60]!r}")
                    self._forget(key.fileobj)
                    missing.discard(key.fileobj)
                    continue
                if key.data.finds(word, received) and key.fileobj in missing:
                    missing.remove(key.fileobj)
                    last = max(last, arrived)
        return last

    def move(self, port: int, shown: bytes, sample: Callable[[], None]) -> float:
        """Until all streams, which the server ends, are open again at another port; returns when the last one was."""
        self._port = port
        waiting: list[tuple[float, int, Reader]] = []
        order = itertools.count()
        old = set(self._sockets)
        count = len(old)
        back: set[socket.socket] = set()
        end = time.monotonic() + _TIMEOUT_S
        while len(back) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{count - len(back)} streams are not back after {_TIMEOUT_S} s")
            sample()
            for key, _ in self._selector.select(timeout=0.01):
                received, _arrived = _received(key.fileobj)
                if retry := _RETRY.search(received):
                    key.data.retry_s = int(retry[1]) / 1000
                if _has_ended(received):
                    self._forget(key.fileobj)
                    back.discard(key.fileobj)
                    heapq.heappush(waiting, (time.monotonic() + key.data.retry_s, next(order), key.data))
                elif key.fileobj not in old and key.data.finds(shown, received):
                    back.add(key.fileobj)
            while waiting and waiting[0][0] <= time.monotonic():
                self._open_or_wait(heapq.heappop(waiting)[2], waiting, order)
        return time.time()

    def _open_or_wait(self, reader: Reader, waiting: list[tuple[float, int, Reader]], order: Iterator[int]) -> None:
        """As a browser does: one that gets no connection tries again later."""
        try:
            self._open(reader)
        except ConnectionError:
            heapq.heappush(waiting, (time.monotonic() + reader.retry_s, next(order), reader))

    def _forget(self, stream: socket.socket) -> None:
        self._selector.unregister(stream)
        self._sockets.discard(stream)
        stream.close()

    def close(self) -> None:
        self._selector.close()
        for stream in self._sockets:
            stream.close()


def _has_ended(received: bytes) -> bool:
    """Closed, the last chunk, or refused."""
    return not received or received.endswith(b"\r\n0\r\n\r\n") or b"HTTP/1.1 503 " in received[:16]


def _received(stream: socket.socket) -> tuple[bytes, float]:
    try:
        received, ancillary, _, _ = stream.recvmsg(_RECEIVE_BYTES, socket.CMSG_SPACE(_TIMESTAMP.size))
    except ConnectionResetError:
        return b"", time.time()
    for _level, kind, data in ancillary:
        if kind == _SO_TIMESTAMPNS:
            seconds, nanoseconds = _TIMESTAMP.unpack(data)
            return received, seconds + nanoseconds / 1e9
    return received, time.time()
