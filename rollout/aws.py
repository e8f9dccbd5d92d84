"""The aws command line, with JSON in and JSON out."""

import json
import os
import re
from typing import Any

from rollout import programs
from rollout.errors import AwsError, Missing, RolloutError

TIMEOUT_SECONDS = 60

WITHOUT_CREDENTIALS = (
    "Unable to locate credentials",
    "could not be found",  # the profile
    "Error loading SSO Token",
    "Error when retrieving token from sso",
    "Your session has expired",
)
REFUSED_CREDENTIALS = (
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
    "AuthFailure",
    "RequestExpired",
)
ADVICE = "Sign in (`aws sso login`, `aws configure`, or AWS_PROFILE=…); `aws sts get-caller-identity` tells you who you are."


class Aws:
    def __init__(self, region: str):
        self.region = region

    def call(self, service: str, operation: str, *options: str, **parameters: Any) -> dict[str, Any]:
        """One JSON document carries all parameters: no value is taken for a file's name or split at a comma."""
        document = ["--cli-input-json", json.dumps(parameters)] if parameters else []
        done = programs.capture(
            self.command(service, operation, "--output", "json", *document, *options),
            timeout_seconds=TIMEOUT_SECONDS,
            environment={"AWS_PAGER": ""},
        )
        if done.returncode != 0:
            raise failure(f"{service} {operation}", done.stderr.strip())
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def command(self, service: str, operation: str, *options: str) -> list[str]:
        endpoint_url = os.environ.get("AWS_ENDPOINT_URL")  # command lines before 2.13 don't know the variable
        endpoint = ["--endpoint-url", endpoint_url] if endpoint_url else []
        return ["aws", "--region", self.region, *endpoint, service, operation, *options]

    def account(self) -> str:
        """Also the check that there are credentials at all."""
        return self.call("sts", "get-caller-identity")["Account"]


def failure(request: str, text: str) -> RolloutError:
    code = re.search(r"An error occurred \(([\w.]+)\)", text)
    if any(sign in text for sign in WITHOUT_CREDENTIALS):
        return Missing(f"No AWS credentials: {last_line(text)}\n{ADVICE}")
    if code and code[1] in REFUSED_CREDENTIALS:
        return Missing(f"AWS does not accept the credentials: {last_line(text)}\n{ADVICE}")
    return AwsError(code[1] if code else "", f"aws {request}: {last_line(text)}")


def last_line(text: str) -> str:
    return text.splitlines()[-1] if text else "no reason given"
