"""Valkey as plain processes, and as much of its protocol as the benchmark needs."""

import re
import socket
from dataclasses import dataclass

from benchmark.processes import Process, Processes, free_port

_TIMEOUT_S = 5


@dataclass(frozen=True)
class Valkey:
    port: int
    processes: tuple[Process, ...]

    def cpu_s(self) -> float:
        return sum(process.cpu_s() for process in self.processes)


def start_single(processes: Processes, name: str = "valkey") -> Valkey:
    port = free_port()
    process = _start(processes, name, port)
    return Valkey(port, (process,))


def start_replicated(processes: Processes) -> Valkey:
    primary = start_single(processes, "valkey-primary")
    replica_port = free_port()
    replica = _start(processes, "valkey-replica", replica_port, "--replicaof", "127.0.0.1", str(primary.port))
    replica.wait_for(lambda: "master_link_status:up" in info(replica_port, "replication"), "follows the primary")
    return Valkey(primary.port, (*primary.processes, replica))


def _start(processes: Processes, name: str, port: int, *arguments: str) -> Process:
    command = ["valkey-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    command += ["--repl-diskless-sync-delay", "0", *arguments]
    process = processes.start(name, command)
    process.wait_for_port(port)
    return process


def call(port: int, *words: str) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT_S) as connection:
        connection.sendall(encode(words))
        with connection.makefile("rb") as stream:
            return _read_reply(stream)


def encode(words: tuple[str, ...]) -> bytes:
    parts = [word.encode() for word in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)


def _read_reply(stream) -> str:
    line = stream.readline().decode().rstrip("\r\n")
    if line.startswith("-"):
        raise RuntimeError(f"Valkey answered {line[1:]}")
    return stream.read(int(line[1:])).decode() if line.startswith("$") else line[1:]


def info(port: int, section: str) -> str:
    return call(port, "INFO", section)


def command_counts(port: int) -> dict[str, int]:
    return parse_command_counts(info(port, "commandstats"))


def parse_command_counts(text: str) -> dict[str, int]:
    return {name: int(calls) for name, calls in re.findall(r"^cmdstat_(\S+?):calls=(\d+)", text, re.MULTILINE)}


def sent_commands(before: dict[str, int], after: dict[str, int], names: tuple[str, ...]) -> int:
    """How many of the named commands were run in between; what a script runs inside isn't named."""
    return sum(after.get(name, 0) - before.get(name, 0) for name in names)
