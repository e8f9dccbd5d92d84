"""One keep-alive connection over a plain socket: quick enough not to be what is measured."""

import re
import socket
from dataclasses import dataclass

_TIMEOUT_S = 10
_RECEIVE_BYTES = 65_536


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def get(path: str = "/", accept: str = "*/*") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n".encode()


def put(value: str, key: str) -> bytes:
    body = value.encode()
    head = f"PUT / HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {key}\r\nContent-Type: text/plain\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Connection:
    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def exchange(self, request: bytes) -> Answer:
        self.socket.sendall(request)
        received = b""
        while (answer := parse(received)) is None:
            chunk = self.socket.recv(_RECEIVE_BYTES)
            if not chunk:
                raise ConnectionError(f"the connection was closed after {received!r}")
            received += chunk
        return answer

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


def parse(received: bytes) -> Answer | None:
    """The answer, or None while it isn't complete."""
    head, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        return None
    length = re.search(rb"\r\ncontent-length:\s*(\d+)", head, re.IGNORECASE)
    if length is None:
        raise ValueError(f"an answer without a length: {head!r}")
    status = int(head.split()[1])
    return Answer(status, body, _headers(head)) if len(body) >= int(length.group(1)) else None


def _headers(head: bytes) -> tuple[tuple[str, str], ...]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))


def answer(port: int, path: str = "/") -> Answer:
    with Connection(port) as connection:
        answered = connection.exchange(get(path))
    if answered.status != 200:
        raise RuntimeError(f"GET {path} was answered with {answered.status} (expected: 200)")
    return answered


def page(port: int, path: str = "/") -> bytes:
    return answer(port, path).body


def answers_page(port: int, path: str = "/") -> bool:
    try:
        return bool(page(port, path))
    except (OSError, RuntimeError):
        return False
