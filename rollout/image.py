"""image: builds the machine image and prints its id."""

import argparse
import json
import sys
import xml.etree.ElementTree
from pathlib import Path

from rollout import programs
from rollout.aws import Aws
from rollout.errors import RolloutError, Unusable
from rollout.findings import insist
from rollout.preflight import BUILDER_TYPES, before_image

INIT_TIMEOUT_SECONDS = 300
BUILD_TIMEOUT_SECONDS = 3600
GIT_TIMEOUT_SECONDS = 30
DIRECTORY = Path("packer")
JAR = Path("target/saved-string.jar")
MANIFEST = Path("target/image.json")
POM = Path("pom.xml")


def image(options: argparse.Namespace) -> None:
    programs.require("packer", "aws", "session-manager-plugin", "git")
    check(options)
    insist(before_image(Aws(options.region), options))
    MANIFEST.unlink(missing_ok=True)
    packer("init", INIT_TIMEOUT_SECONDS)
    packer("build", BUILD_TIMEOUT_SECONDS, *variables(options))
    print(built_image(MANIFEST, options.region))


def check(options: argparse.Namespace) -> None:
    if options.architecture not in BUILDER_TYPES:
        raise Unusable(f"ARCHITECTURE: {options.architecture!r} (expected: {' or '.join(BUILDER_TYPES)})")
    if not JAR.exists():
        raise Unusable(f"There is no {JAR} to put into an image: make package")
    if options.public_address not in ("true", "false"):
        raise Unusable(f"PUBLIC_ADDRESS: {options.public_address!r} (expected: true or false)")
    if options.public_address == "false" and not options.subnet_id:
        raise Unusable("PUBLIC_ADDRESS=false needs SUBNET_ID=subnet-…, one with another way out, such as a NAT gateway.")


def variables(options: argparse.Namespace) -> list[str]:
    values = {
        "architecture": options.architecture,
        "commit": commit(),
        "manifest": MANIFEST,
        "public_address": options.public_address,
        "region": options.region,
        "subnet_id": options.subnet_id,
        "version": version(),
    }
    return [f"-var={name}={value}" for name, value in values.items()]


def version() -> str:
    return xml.etree.ElementTree.parse(POM).getroot().findtext("{*}version")


def commit() -> str:
    described = programs.capture(["git", "describe", "--always", "--dirty"], timeout_seconds=GIT_TIMEOUT_SECONDS)
    return described.stdout.strip() or "unknown"


def packer(verb: str, timeout_seconds: float, *arguments: str) -> None:
    """Its output goes to standard error: the image id alone is this command's output."""
    command = ["packer", verb, *arguments, str(DIRECTORY)]
    code = programs.show(command, timeout_seconds=timeout_seconds, to=sys.stderr)
    if code != 0:
        raise RolloutError(f"packer {verb} failed (exit code {code}); its own words are above. No image was made.")


def built_image(manifest: Path, region: str) -> str:
    """The manifest collects every build; the last run's is the one that was just made."""
    written = json.loads(manifest.read_text())
    made = [it for it in written["builds"] if it["packer_run_uuid"] == written["last_run_uuid"]]
    ids = [part.split(":") for it in made for part in it["artifact_id"].split(",")]
    here = [image_id for built_region, image_id in ids if built_region == region]
    if len(here) != 1:
        raise RolloutError(f"{manifest}: {len(here)} images of the last build in {region} (expected: 1)")
    return here[0]
