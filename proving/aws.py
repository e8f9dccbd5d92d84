"""A simulated AWS on a free port of this machine: moto_server."""

import json
import shutil
import unittest

from proving import http
from proving.programs import Programs
from proving.waiting import free_port

REGION = "us-east-1"
_START_TIMEOUT_SECONDS = 120
_SERVICES = {"AmazonSSM": "ssm", "CertificateManager": "acm"}


class SimulatedAws:
    def __init__(self, programs: Programs) -> None:
        if shutil.which("moto_server") is None:
            raise unittest.SkipTest("moto_server, the simulated AWS, is not on this machine")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        program = programs.start("moto_server", ["moto_server", "--host", "127.0.0.1", "--port", self.port])
        program.wait_for_port(self.port, timeout_seconds=_START_TIMEOUT_SECONDS)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "simulated",
            "AWS_SECRET_ACCESS_KEY": "simulated",
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def reset(self) -> None:
        http.ask(self.port, http.request("POST", "/moto-api/reset", {"Connection": "close"}, b""), timeout_seconds=60)

    def call(self, target: str, **parameters: object) -> dict:
        headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
        service = _SERVICES[target.split(".")[0]]
        answer = self.send(service, "POST", "/", json.dumps(parameters).encode(), headers)
        if answer.status != 200:
            raise AssertionError(f"{target}: {answer.status} {answer.text}")
        return json.loads(answer.body or b"{}")

    def send(
        self, service: str, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> http.Answer:
        """The simulator reads from the signature which service is meant, and believes it."""
        scope = f"AWS4-HMAC-SHA256 Credential=simulated/20260101/{REGION}/{service}/aws4_request"
        own = {"Authorization": scope, "Content-Type": "application/xml", "Connection": "close"}
        return http.ask(self.port, http.request(method, path, own | (headers or {}), body), timeout_seconds=60)
