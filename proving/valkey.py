"""Valkey as plain processes, and as much of its protocol as there is need for."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from proving.programs import Program, Programs
from proving.waiting import free_port, wait_until

_TIMEOUT_SECONDS = 5
_ALL_SLOTS = ("0", "16383")

Wrap = Callable[[Sequence[object]], Sequence[object]]


@dataclass(frozen=True)
class Valkey:
    """The node that answers, and the programs of it and its replicas."""

    port: int
    programs: tuple[Program, ...]
    address: str = "127.0.0.1"

    def call(self, *words: str) -> str:
        with socket.create_connection((self.address, self.port), timeout=_TIMEOUT_SECONDS) as connection:
            connection.sendall(encode(words))
            with connection.makefile("rb") as stream:
                return _read_reply(stream)


def start(
    programs: Programs,
    name: str = "valkey",
    *options: object,
    address: str = "127.0.0.1",
    port: int | None = None,
    wrap: Wrap = lambda command: command,
) -> Valkey:
    """Keeps nothing on a disk. What wraps the command may say on which cores it runs."""
    port = port or free_port()
    command = ["valkey-server", "--bind", address, "--port", port, "--dir", programs.directory, "--save", ""]
    command += ["--appendonly", "no", "--repl-diskless-sync-delay", 0, *options]
    program = programs.start(name, wrap(command))
    program.wait_for_port(port, address)
    return Valkey(port, (program,), address)


def start_replicated(programs: Programs, wrap: Wrap = lambda command: command) -> Valkey:
    """A primary with one replica that follows it."""
    primary = start(programs, "valkey-primary", wrap=wrap)
    replica = start(programs, "valkey-replica", "--replicaof", primary.address, primary.port, wrap=wrap)
    wait_until(lambda: "master_link_status:up" in replica.call("INFO", "replication"), "the replica follows")
    return Valkey(primary.port, primary.programs + replica.programs)


def start_cluster(programs: Programs, addresses: Sequence[str], port: int, *options: object) -> Valkey:
    """One primary with all slots, the others its replicas; each has an address of its own."""
    primary, *replicas = [
        start(
            programs, f"valkey-{address}", "--cluster-enabled", "yes", "--cluster-config-file", f"{address}.conf",
            *options, address=address, port=port,
        )
        for address in addresses
    ]
    primary.call("CLUSTER", "ADDSLOTSRANGE", *_ALL_SLOTS)
    primary_id = primary.call("CLUSTER", "MYID")
    for replica in replicas:
        replica.call("CLUSTER", "MEET", primary.address, str(port))
    for replica in replicas:
        knows = lambda node=replica: primary_id in node.call("CLUSTER", "NODES")  # noqa: E731
        wait_until(knows, f"{replica.address} knows the primary")
        replica.call("CLUSTER", "REPLICATE", primary_id)
    online = "state=online"
    wait_until(lambda: primary.call("INFO", "replication").count(online) == len(replicas), "the replicas are online")
    for node in (primary, *replicas):
        wait_until(lambda node=node: "cluster_state:ok" in node.call("CLUSTER", "INFO"), f"{node.address} is in order")
    return Valkey(port, sum((node.programs for node in replicas), primary.programs), primary.address)


def encode(words: Sequence[str]) -> bytes:
    parts = [word.encode() for word in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)


def _read_reply(stream) -> str:
    line = stream.readline().decode().rstrip("\r\n")
    if line.startswith("-"):
        raise RuntimeError(f"Valkey answered {line[1:]}")
    return stream.read(int(line[1:])).decode() if line.startswith("$") else line[1:]
