"""Asks a deployment, from outside and through its load balancer, whether it keeps its word."""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from rollout.errors import RolloutError

REQUEST_TIMEOUT_SECONDS = 5
BODY_BYTES_MAX = 65536


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: str


class Failed(Exception):
    """One promise is not kept, at least not yet."""


class Smoke:
    def __init__(self, url: str, balancer: str, certificate: str | None = None, http_port: int = 80):
        """The name is the url's, the address the balancer's: a name that is new in DNS need not have spread yet.

        A certificate, when given, is the only one trusted: a demonstration's, which no authority has signed.
        """
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            raise RolloutError(f"url: {url!r} (expected: https://…)")
        self.host = parts.hostname
        self.https_port = parts.port or 443
        self.http_port = http_port
        self.balancer = balancer
        self.context = ssl.create_default_context(cadata=certificate)
        self.context.check_hostname = certificate is None

    def run(self, timeout_seconds: float, poll_seconds: float) -> None:
        deadline = time.monotonic() + timeout_seconds
        for promise, check in self.promises().items():
            while problem := attempt(check):
                if time.monotonic() + poll_seconds > deadline:
                    raise RolloutError(f"Smoke test failed: {promise}: {problem}")
                time.sleep(poll_seconds)
            print(f"ok  {promise}", flush=True)

    def promises(self) -> dict[str, Callable[[], None]]:
        return {
            "it is ready": self.is_ready,
            "the page shows the saved string": self.page_shows_the_string,
            "a program gets it as JSON": self.json_has_value_and_version,
            "nobody without a key writes": self.writing_needs_a_key,
            "HTTP redirects to HTTPS": self.http_redirects,
        }

    def is_ready(self) -> None:
        expect("status", self.https("GET", "/health/readiness").status, 200)

    def page_shows_the_string(self) -> None:
        answer = self.https("GET", "/", {"Accept": "text/html"})
        expect("status", answer.status, 200)
        if "<h1>The saved string is " not in answer.body:
            raise Failed(f"no such heading in {answer.body[:80]!r}")

    def json_has_value_and_version(self) -> None:
        answer = self.https("GET", "/", {"Accept": "application/json"})
        expect("status", answer.status, 200)
        state = json.loads(answer.body)
        if not isinstance(state, dict) or not {"value", "version"} <= state.keys():
            raise Failed(f"no value and version in {answer.body[:80]!r}")

    def writing_needs_a_key(self) -> None:
        expect("status", self.https("PUT", "/", {"Content-Type": "text/plain"}, "smoke test").status, 401)

    def http_redirects(self) -> None:
        answer = request(http.client.HTTPConnection(self.balancer, self.http_port), self.host, "GET", "/", {}, None)
        if answer.status not in (301, 308):
            raise Failed(f"status: {answer.status} (expected: 301 or 308)")
        location = urlsplit(answer.headers.get("location", ""))
        expect("location", (location.scheme, location.hostname), ("https", self.host))

    def https(self, method: str, path: str, headers: Mapping[str, str] = {}, body: str | None = None) -> Answer:
        connection = http.client.HTTPSConnection(self.balancer, self.https_port)
        plain = socket.create_connection((self.balancer, self.https_port), REQUEST_TIMEOUT_SECONDS)
        try:
            connection.sock = self.context.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise
        return request(connection, self.host, method, path, headers, body)


def request(
    connection: http.client.HTTPConnection,
    host: str,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: str | None,
) -> Answer:
    connection.timeout = REQUEST_TIMEOUT_SECONDS
    try:
        connection.request(method, path, body, {"Host": host, "Connection": "close", **headers})
        response = connection.getresponse()
        text = response.read(BODY_BYTES_MAX).decode("utf-8", "replace")
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, text)
    finally:
        connection.close()


def attempt(check: Callable[[], None]) -> str | None:
    try:
        check()
    except (Failed, OSError, http.client.HTTPException, ValueError) as problem:
        return str(problem) or type(problem).__name__
    return None


def expect(what: str, actual: object, expected: object) -> None:
    if actual != expected:
        raise Failed(f"{what}: {actual} (expected: {expected})")
