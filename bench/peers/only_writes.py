"""A server that only writes, for how soon it could be at best: whatever is put, every open stream gets, one by one."""

import selectors
import socket
import sys


def serve(port: int) -> None:
    listener = socket.create_server(("127.0.0.1", port), backlog=4096)
    selector = selectors.EpollSelector()
    selector.register(listener, selectors.EVENT_READ)
    streams: list[socket.socket] = []
    latest = b""
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                selector.register(listener.accept()[0], selectors.EVENT_READ, "new")
                continue
            request = key.fileobj.recv(65_536)
            if key.data == "new" and request.startswith(b"GET "):
                selector.modify(key.fileobj, selectors.EVENT_READ, "stream")
                streams.append(key.fileobj)
                key.fileobj.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + latest)
            elif request.startswith(b"PUT "):
                latest = b"data: " + request.partition(b"\r\n\r\n")[2] + b"\n\n"
                for stream in streams:
                    stream.send(latest)
                key.fileobj.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            elif not request:
                selector.unregister(key.fileobj)
                key.fileobj.close()
                if key.data == "stream":
                    streams.remove(key.fileobj)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
