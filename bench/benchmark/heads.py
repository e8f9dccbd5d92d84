"""python3 -m benchmark.heads PORT PATH CONNECTIONS SECONDS: asks for HEAD, one at a time on each connection.

Prints how many were answered, and how many of them with anything but 200.
"""

import selectors
import socket
import sys
import time

from benchmark.requests import BROWSER
from proving import http


def run(port: int, path: str, connections: int, duration_s: float) -> tuple[int, int]:
    request = http.request("HEAD", path, BROWSER.headers)
    selector = selectors.EpollSelector()
    sockets = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(connections)]
    for each in sockets:
        selector.register(each, selectors.EVENT_READ)
        each.sendall(request)
    answered = wrong = 0
    end = time.monotonic() + duration_s
    while time.monotonic() < end:
        for key, _ in selector.select(timeout=0.1):
            answer = key.fileobj.recv(65_536)
            answered += 1
            if not answer.startswith(b"HTTP/1.1 200") or not answer.endswith(b"\r\n\r\n"):
                wrong += 1
            if not answer:
                return answered, wrong
            key.fileobj.sendall(request)
    for each in sockets:
        each.close()
    return answered, wrong


if __name__ == "__main__":
    print(*run(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
