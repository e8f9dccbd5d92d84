"""The real parts around the machines: a Valkey cluster and a load balancer."""

import csv
import io
import socket
import subprocess
from contextlib import contextmanager

from proof.commands import run, wait_until
from proof.network import GATEWAY, add_address

VALKEY_PORT = 6379
BALANCER_PORT = 80
SERVICE_PORT = 8080


@contextmanager
def running(command, log_path):
    with open(log_path, "w") as log:
        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait(timeout=10)


class Valkey:
    """One node, asked in the plain text that the protocol takes, too."""

    def __init__(self, address):
        self.address = address

    def ask(self, command):
        with socket.create_connection((self.address, VALKEY_PORT), timeout=2) as connection:
            connection.settimeout(2)
            connection.sendall(command.encode() + b"\r\nQUIT\r\n")
            answer = connection.makefile("rb").read().decode()
        if answer.startswith("-"):
            raise AssertionError(f"{command}: {answer}")
        return answer

    def is_up(self):
        return self.ask("PING").startswith("+PONG")


def start_cluster(stack, addresses, directory):
    """One primary with all slots, the others its replicas."""
    for address in addresses:
        add_address(address)
        data = directory / f"valkey-{address}"
        data.mkdir()
        stack.enter_context(running(_valkey_command(address, data), directory / f"valkey-{address}.log"))
    primary, *replicas = [Valkey(address) for address in addresses]
    for node in (primary, *replicas):
        wait_until(node.is_up, f"Valkey {node.address} is up")
    _join(primary, replicas)


def _valkey_command(address, data):
    return ("valkey-server", "--bind", address, "--port", VALKEY_PORT, "--dir", data, "--protected-mode", "no",
            "--cluster-enabled", "yes", "--min-replicas-to-write", 1, "--min-replicas-max-lag", 2,
            "--repl-diskless-sync-delay", 0, "--save", "", "--appendonly", "no")


def _join(primary, replicas):
    primary.ask("CLUSTER ADDSLOTSRANGE 0 16383")
    primary_id = primary.ask("CLUSTER MYID").split("\r\n")[1]
    for replica in replicas:
        replica.ask(f"CLUSTER MEET {primary.address} {VALKEY_PORT}")
    for replica in replicas:
        wait_until(lambda node=replica: primary_id in node.ask("CLUSTER NODES"), f"{replica.address} knows the primary")
        replica.ask(f"CLUSTER REPLICATE {primary_id}")
    online = "state=online"
    wait_until(lambda: primary.ask("INFO replication").count(online) == len(replicas), "the replicas are online")
    for node in (primary, *replicas):
        wait_until(lambda node=node: "cluster_state:ok" in node.ask("CLUSTER INFO"), f"{node.address} is in order")


def balancer_configuration(machines, control):
    """As strict as the cloud's load balancer: a request that fails is not tried again."""
    servers = "\n".join(f"  server {name} {address}:{SERVICE_PORT}" for name, address in machines.items())
    return f"""\
global
  stats socket {control} level user

defaults
  mode http
  retries 0
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  timeout check 1s
  default-server check inter 500ms fall 2 rise 2

frontend public
  bind {GATEWAY}:{BALANCER_PORT}
  default_backend machines

backend machines
  balance roundrobin
  option httpchk GET /health/readiness
  http-response set-header X-Served-By %s
{servers}
"""


class Balancer:
    """The running load balancer, asked over its control socket."""

    def __init__(self, stack, machines, directory):
        self._control = directory / "haproxy.socket"
        path = directory / "haproxy.cfg"
        path.write_text(balancer_configuration(machines, self._control))
        run("haproxy", "-c", "-f", path)
        stack.enter_context(running(("haproxy", "-db", "-f", path), directory / "haproxy.log"))

    def healthy(self):
        """The names of the machines that get requests."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(self._control))
            connection.sendall(b"show stat\n")
            return healthy_servers(connection.makefile().read())


def healthy_servers(statistics):
    rows = csv.DictReader(io.StringIO(statistics.lstrip("# ")))
    return {row["svname"] for row in rows
            if row["pxname"] == "machines" and row["svname"] != "BACKEND" and row["status"].startswith("UP")}
