"""The aws command line without its start: one process has read it, and each call is a fork of that.

What is run is the command line that is installed; where this Python can't import it, its own program is started each time.
"""

import importlib.util
import json
import os
import shutil
import socket
import sys
from pathlib import Path

from proving.programs import Programs

CLIENT = """#!{python} -SE
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    called = {{"arguments": sys.argv[1:], "environment": dict(os.environ), "directory": os.getcwd()}}
    socket.send_fds(server, [b"%08d" % len(json.dumps(called))], [0, 1, 2])
    server.sendall(json.dumps(called).encode())
    sys.exit(int(server.recv(16) or 255))
"""
REQUEST_LENGTH_BYTES = 8


def quick_aws(programs: Programs) -> str | None:
    """A program to call in place of aws, if there is an aws."""
    if importlib.util.find_spec("awscli") is None:
        return shutil.which("aws")
    directory = programs.directory / "aws-cli"
    directory.mkdir()
    address, client = directory / "socket", directory / "aws"
    server = programs.start("aws-cli", [sys.executable, "-m", "proving.aws_cli", address], environment=surroundings())
    server.wait_for(address.exists, "listens")
    client.write_text(CLIENT.format(python=sys.executable, address=os.fspath(address)))
    client.chmod(0o755)
    return os.fspath(client)


def surroundings() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.fspath(Path(__file__).parents[1])}


def serve(address: str) -> None:
    import awscli.clidriver  # noqa: F401  what takes the time

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{address}.new")
        listener.listen(64)
        os.rename(f"{address}.new", address)
        while True:
            caller, _ = listener.accept()
            reap()
            if os.fork() == 0:
                try:
                    listener.close()
                    answer(caller)
                finally:
                    os._exit(0)
            caller.close()


def reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def answer(caller: socket.socket) -> None:
    """In a process of its own, which ends here."""
    length, streams, *_ = socket.recv_fds(caller, REQUEST_LENGTH_BYTES, 3)
    with caller.makefile("rb") as reader:
        called = json.loads(reader.read(int(length)))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    own = {name: value for name, value in os.environ.items() if name == "AWS_DATA_PATH"}  # set as it was read
    os.environ.clear()
    os.environ.update(called["environment"] | own)
    os.chdir(called["directory"])
    status = status_of(called["arguments"])
    sys.stdout.flush()
    sys.stderr.flush()
    caller.sendall(str(status).encode())


def status_of(arguments: list[str]) -> int:
    from awscli.clidriver import main

    sys.argv = ["aws", *arguments]
    try:
        return main() or 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)


if __name__ == "__main__":
    serve(sys.argv[1])
