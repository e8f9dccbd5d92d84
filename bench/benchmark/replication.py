"""The link of a replica to its primary, from outside."""

import ctypes
import os
import socket

# The same number on all machines (pidfd_getfd(2)), which Python has no function for.
_PIDFD_GETFD = 438


def send_at_once(pid: int, port: int, on: bool) -> None:
    """Sets or clears TCP_NODELAY of a replica's connection to the port of its primary. Valkey 8.0 leaves it cleared."""
    pidfd = os.pidfd_open(pid)
    try:
        for fd in _sockets(pid):
            with _copy(pidfd, fd) as copy:
                if _peer_port(copy) == port:
                    copy.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, on)
                    return
    finally:
        os.close(pidfd)
    raise RuntimeError(f"process {pid} has no connection to port {port}")


def _sockets(pid: int) -> list[int]:
    directory = f"/proc/{pid}/fd"
    return [int(fd) for fd in os.listdir(directory) if "socket:" in os.path.realpath(f"{directory}/{fd}")]


def _copy(pidfd: int, fd: int) -> socket.socket:
    copy = ctypes.CDLL(None, use_errno=True).syscall(_PIDFD_GETFD, pidfd, fd, 0)
    if copy < 0:
        raise OSError(ctypes.get_errno(), f"copying descriptor {fd}")
    return socket.socket(fileno=copy)


def _peer_port(copy: socket.socket) -> int | None:
    try:
        return copy.getpeername()[1]
    except OSError:
        return None  # it listens
