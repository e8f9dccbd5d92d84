"""certificate: a self-signed one in ACM, for a demonstration without a domain."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from rollout import programs
from rollout.aws import Aws
from rollout.errors import RolloutError, Unusable

DAYS = 365
OPENSSL_TIMEOUT_SECONDS = 60


def certificate(options: argparse.Namespace) -> None:
    programs.require("openssl", "aws")
    if not options.domain.replace("-", "").replace(".", "").isalnum():
        raise Unusable(f"DOMAIN: {options.domain!r} (expected: a DNS name)")
    aws = Aws(options.region)
    aws.account()
    with tempfile.TemporaryDirectory(prefix="saved-string-") as directory:
        key, pem = Path(directory) / "key.pem", Path(directory) / "certificate.pem"
        make(options.domain, key, pem)
        imported = aws.call("acm", "import-certificate", *import_options(key, pem, options.certificate_arn))
    print(f"A self-signed certificate for {options.domain}, for {DAYS} days; browsers warn of it.", file=sys.stderr)
    print(imported["CertificateArn"])


def make(domain: str, key: Path, pem: Path) -> None:
    done = programs.capture(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", str(DAYS),
            "-subj", f"/CN={domain}", "-addext", f"subjectAltName=DNS:{domain}",
            "-keyout", os.fspath(key), "-out", os.fspath(pem),
        ],
        timeout_seconds=OPENSSL_TIMEOUT_SECONDS,
    )  # fmt: skip
    if done.returncode != 0:
        raise RolloutError(f"openssl failed:\n{done.stderr.strip()}")


def import_options(key: Path, pem: Path, arn: str | None) -> list[str]:
    files = ["--certificate", f"fileb://{pem}", "--private-key", f"fileb://{key}"]
    if arn:
        return [*files, "--certificate-arn", arn]
    return [*files, "--tags", "Key=Name,Value=saved-string-demonstration"]
