"""A simulated AWS on a free port of this machine: moto_server."""

import json
import shutil
import subprocess
import threading
import unittest
import urllib.request
from queue import Empty, Queue

import processes

START_TIMEOUT_SECONDS = 60
REQUEST_TIMEOUT_SECONDS = 10
READY = "Running on "
REGION = "us-east-1"


class Simulator:
    def __init__(self) -> None:
        if shutil.which("moto_server") is None:
            raise unittest.SkipTest("moto_server, the simulated AWS, is not on this machine")
        command = ["moto_server", "--host", "127.0.0.1", "--port", "0"]
        self.process = processes.start(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.url = self._await_url()

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "simulated",
            "AWS_SECRET_ACCESS_KEY": "simulated",
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def stop(self) -> None:
        processes.stop(self.process)

    def call(self, target: str, **parameters: object) -> dict:
        service = {"AmazonSSM": "ssm"}[target.split(".")[0]]
        headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
        return json.loads(self.send(service, "POST", "/", json.dumps(parameters).encode(), headers))

    def send(
        self, service: str, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> bytes:
        """The simulator reads from the signature which service is meant, and believes it."""
        scope = f"AWS4-HMAC-SHA256 Credential=simulated/20260101/{REGION}/{service}/aws4_request"
        own = {"Authorization": scope, "Content-Type": "application/xml"}
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=own | (headers or {}))
        with urllib.request.urlopen(request, timeout=REQUEST_TIMEOUT_SECONDS) as response:
            return response.read()

    def _await_url(self) -> str:
        urls: Queue[str] = Queue()
        threading.Thread(target=self._read, args=(urls,), daemon=True).start()
        try:
            return urls.get(timeout=START_TIMEOUT_SECONDS)
        except Empty:
            self.stop()
            raise AssertionError(f"moto_server did not start within {START_TIMEOUT_SECONDS} s") from None

    def _read(self, urls: "Queue[str]") -> None:
        """Reads on to the end: a full pipe would stop the simulator."""
        for line in self.process.stderr:
            if READY in line:
                urls.put(line.split(READY)[1].strip())
