"""What the tests stand on: recorded answers, a simulated AWS, and a real web server behind TLS."""

import atexit
import functools
import http.server
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
from collections.abc import Callable
from pathlib import Path

from proving.aws import SimulatedAws
from proving.aws_cli import quick_aws
from proving.programs import Programs
from rollout import certificate
from rollout.tests import answers

REPOSITORY = Path(__file__).parents[2]
STAND_IN = Path(__file__).parent / "stand-in"
TIMEOUT_SECONDS = 240


def needs(*programs: str) -> Callable:
    """A test that can't run here says so loudly and counts as skipped."""
    missing = " and ".join(program for program in programs if not shutil.which(program))

    def skip_loudly(test: type) -> type:
        if missing:
            print(f"NOT RUN: {test.__name__}, for want of {missing}", file=sys.stderr)
        return unittest.skipIf(missing, f"{missing} missing")(test)

    return skip_loudly


class RolloutTest(unittest.TestCase):
    """Runs the command line as an operator does, with stand-ins for what isn't there."""

    maxDiff = None

    def setUp(self) -> None:
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="rollout-test-")))
        self.recorded = self.directory / "recorded"
        self.bin = self.directory / "bin"
        for directory in (self.recorded, self.bin, self.directory / "terraform"):
            directory.mkdir()
        (self.recorded / "calls").touch()
        self.environment = {
            "PATH": f"{self.bin}:/usr/bin:/bin",
            "HOME": os.fspath(self.directory),
            "PYTHONPATH": os.fspath(REPOSITORY),
            "RECORDED": os.fspath(self.recorded),
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_EC2_METADATA_DISABLED": "true",
            "POLL_SECONDS": "0.01",
        }

    def record_account(self) -> None:
        """An account that has all that is needed."""
        policies = self.directory / "terraform" / "bootstrap" / "policies"
        policies.mkdir(parents=True)
        for name, policy in answers.POLICIES.items():
            (policies / f"{name}.json").write_text(json.dumps(policy))
        for request, answer in answers.account().items():
            self.record("aws", request, answer)
        self.record("terraform", "show", {"planned_values": {}})

    def stand_in_for(self, *programs: str) -> None:
        for program in programs:
            (self.bin / program).symlink_to(STAND_IN)

    def serve_site(self) -> None:
        self.site = Site()
        self.addCleanup(self.site.close)
        self.environment |= {"SSL_CERT_FILE": str(self.site.certificate), "HTTP_PORT": str(self.site.http_port)}

    def record(self, program: str, request: str, *answers: object) -> None:
        directory = self.recorded / program / request
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        for number, answer in enumerate(answers, 1):
            self._write(directory, number, answer if isinstance(answer, Answer) else Answer(answer))
        (directory / "last").write_text(str(len(answers)))

    def _write(self, directory: Path, number: int, answer: "Answer") -> None:
        text = answer.out if isinstance(answer.out, str) else json.dumps(answer.out)
        (directory / f"{number}").write_text(text)
        (directory / f"{number}.err").write_text(answer.error)
        (directory / f"{number}.code").write_text(str(answer.code))
        if answer.hangs:
            os.mkfifo(directory / f"{number}.wait")

    def calls(self, start: str = "") -> list[str]:
        return [line for line in (self.recorded / "calls").read_text().splitlines() if line.startswith(start)]

    def requests(self, program: str) -> list[str]:
        return [request for request in map(request_of, self.calls(program))]

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            # The standard library is all that it takes; what else this Python has needs time to be looked for.
            [sys.executable, "-S", "-m", "rollout", *arguments],
            cwd=self.directory,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def rollout(self, *arguments: str, **environment: str) -> "Done":
        with self.start(*arguments, **environment) as process:
            return ended(process)

    def assert_code(self, expected: int, done: "Done") -> None:
        self.assertEqual(expected, done.code, f"\nstdout:\n{done.out}\nstderr:\n{done.error}")


def request_of(call: str) -> str:
    words = [word for word in call.split() if not word.startswith(("-", "us-", "http"))]
    return ".".join(words[1:3])


class Answer:
    def __init__(self, out: object = "", error: str = "", code: int = 0, hangs: bool = False):
        self.out = out
        self.error = error
        self.code = code
        self.hangs = hangs


def refused(code: str, message: str = "") -> Answer:
    return Answer(error=f"\nAn error occurred ({code}) when calling the operation: {message}\n", code=254)


class Done:
    def __init__(self, code: int, out: str, error: str):
        self.code = code
        self.out = out
        self.error = error


def ended(process: subprocess.Popen[str]) -> Done:
    out, error = process.communicate(timeout=TIMEOUT_SECONDS)
    return Done(process.returncode, out, error)


@functools.cache
def programs() -> Programs:
    started = Programs()
    atexit.register(started.stop)
    return started


@functools.cache
def simulated_aws() -> SimulatedAws:
    return SimulatedAws(programs())


@functools.cache
def real_aws() -> str:
    return quick_aws(programs())


class SimulatedTest(RolloutTest):
    """With the real aws command line, against a simulated AWS."""

    def setUp(self) -> None:
        super().setUp()
        simulator = simulated_aws()
        simulator.reset()
        self.environment |= {"AWS_ENDPOINT_URL": simulator.url, "REAL_AWS": real_aws()}
        self.stand_in_for("aws")

    def simulated(self, target: str, **parameters: object) -> dict:
        """Asks the simulator itself, past the aws command line."""
        return simulated_aws().call(target, **parameters)

    def put_parameter(self, name: str, value: str, **more: str) -> None:
        self.simulated("AmazonSSM.PutParameter", Name=name, Value=value, **{"Type": "String", **more})

    def parameter(self, name: str) -> str:
        return self.simulated("AmazonSSM.GetParameter", Name=name, WithDecryption=True)["Parameter"]["Value"]


@functools.cache
def site_certificate() -> tuple[Path, Path]:
    """Made once: making one takes longer than most tests."""
    directory = Path(tempfile.mkdtemp(prefix="rollout-test-"))
    atexit.register(shutil.rmtree, directory)
    key, pem = directory / "site-key.pem", directory / "site.pem"
    certificate.make("localhost", key, pem)
    return key, pem


class Site:
    """A load balancer with the application behind it, as far as the smoke test looks. Its faults can be set."""

    def __init__(self) -> None:
        self.key, self.certificate = site_certificate()
        self.paths = {
            "/health/readiness": (200, "{}"),
            "page": (200, "<!doctype html><h1>The saved string is dynamic string</h1>"),
            "json": (200, '{"value": "dynamic string", "version": 0}'),
            "PUT": (401, "{}"),
        }
        self.redirect = (301, "https://localhost/")
        self.https = self._serve(self._tls(), self._application())
        self.http = self._serve(None, self._redirector())

    @property
    def url(self) -> str:
        return f"https://localhost:{self.https.server_port}"

    @property
    def http_port(self) -> int:
        return self.http.server_port

    def _tls(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context

    def _serve(self, context: ssl.SSLContext | None, handler: type) -> http.server.HTTPServer:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server

    def close(self) -> None:
        for server in (self.https, self.http):
            server.shutdown()
            server.server_close()

    def _application(site) -> type:  # noqa: N805
        class Application(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind = "json" if self.headers["Accept"] == "application/json" else "page"
                self.answer(*site.paths.get(self.path, site.paths[kind]))

            def do_PUT(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.answer(*site.paths["PUT"])

            def answer(self, status: int, body: str) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                pass

        return Application

    def _redirector(site) -> type:  # noqa: N805
        class Redirector(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, location = site.redirect
                self.send_response(status)
                self.send_header("Location", location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Redirector
