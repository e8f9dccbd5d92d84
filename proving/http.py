"""An HTTP client over a plain socket: quick enough not to be what is measured."""

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass

_RECEIVE_BYTES = 65_536
_BODILESS = (204, 304)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str:
        """The first of that name, or nothing."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), "")


def request(
    method: str = "GET", path: str = "/", headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> bytes:
    sent = {"Host": "localhost", **(headers or {})}
    if body is not None:
        sent["Content-Length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    return "\r\n".join([*lines, "\r\n"]).encode() + (body or b"")


class Connection:
    """Made when it is needed, and kept until the server closes it or anything goes wrong."""

    def __init__(self, port: int, address: str = "127.0.0.1", timeout_seconds: float = 10):
        self._where = (address, port)
        self._timeout_seconds = timeout_seconds
        self._socket: socket.socket | None = None

    def exchange(self, sent: bytes) -> Answer:
        try:
            if self._socket is None:
                self._socket = socket.create_connection(self._where, self._timeout_seconds)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.sendall(sent)
            answer = self._receive()
        except BaseException:
            self.close()
            raise
        if answer.header("Connection").lower() == "close":
            self.close()
        return answer

    def _receive(self) -> Answer:
        received, ended = b"", False
        while (answer := parse(received, ended)) is None:
            if ended:
                raise ConnectionError(f"the connection was closed after {received!r}")
            chunk = self._socket.recv(_RECEIVE_BYTES)
            received, ended = received + chunk, not chunk
        return answer

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def ask(port: int, sent: bytes, address: str = "127.0.0.1", timeout_seconds: float = 10) -> Answer:
    with Connection(port, address, timeout_seconds) as connection:
        return connection.exchange(sent)


def parse(received: bytes, ended: bool = False) -> Answer | None:
    """The answer, or None while it isn't complete."""
    head, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        return None
    status = int(head.split()[1])
    length = re.search(rb"\r\ncontent-length:\s*(\d+)", head, re.IGNORECASE)
    if length is None and status not in _BODILESS and not re.search(rb"\r\nconnection:\s*close", head, re.IGNORECASE):
        raise ValueError(f"an answer without a length: {head!r}")
    complete = len(body) >= int(length[1]) if length else status in _BODILESS or ended
    return Answer(status, body, _headers(head)) if complete else None


def _headers(head: bytes) -> tuple[tuple[str, str], ...]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
