"""The load balancer before the machines."""

import csv
import io
import socket

from proof.network import GATEWAY
from proving.programs import run

BALANCER_PORT = 80
SERVICE_PORT = 8080


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

    def __init__(self, programs, machines):
        self._control = programs.directory / "haproxy.socket"
        path = programs.directory / "haproxy.cfg"
        path.write_text(balancer_configuration(machines, self._control))
        run("haproxy", "-c", "-f", path)
        programs.start("haproxy", ("haproxy", "-db", "-f", path))

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
