"""Everybody who asks something of AWS, with the policy that the bootstrap makes for them, and nothing else."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import needs
from workspace import PROGRAMS, SOURCE

from proving import iam
from proving.aws_calls import ACCOUNT, REGION, Call
from proving.aws_cli import quick_aws

POLICIES = SOURCE / "bootstrap" / "policies"
REPOSITORY = SOURCE.parent
STATE_BUCKET = "saved-string-state-simulated"
BOOTSTRAPPED_BUCKET = "saved-string-state-bootstrapped"
TIMEOUT_SECONDS = 1800

# By the access key that each comes with, which is also the name of their task.
TASKS = {
    "bootstrap": ("bootstrap",),
    "image": ("image",),
    "deploy": ("deploy-compute", "deploy-store", "deploy-services"),
    "keys": ("keys",),
}
# Programs that nothing here can run: they say a version, and do what is seen of them.
STAND_INS = {
    "packer": """
case "$1" in
  version) echo "Packer v1.14.2" ;;
  build) echo '{"builds": [{"artifact_id": "us-east-1:ami-12c6146b", "packer_run_uuid": "1"}], "last_run_uuid": "1"}' \\
    >target/image.json ;;
esac
""",
    "session-manager-plugin": "echo 1.2.707.0\n",
}


def policy(bucket: str, *names: str) -> iam.Policy:
    words = {"PARTITION": "aws", "ACCOUNT": ACCOUNT, "REGION": REGION, "BUCKET": bucket}
    return iam.read([POLICIES / f"{name}.json" for name in names], words)


def policies() -> dict[str, iam.Policy]:
    buckets = {"bootstrap": BOOTSTRAPPED_BUCKET}
    return {task: policy(buckets.get(task, STATE_BUCKET), *names) for task, names in TASKS.items()}


@cache
def aws() -> str:
    found = quick_aws(PROGRAMS)
    if found is None:
        raise unittest.SkipTest("aws is not on this machine")
    return found


class Judge:
    """Refuses what the caller's policy doesn't allow. A machine's policy is known when it was made."""

    def __init__(self, known: Mapping[str, iam.Policy]) -> None:
        self.known = dict(known)

    def __call__(self, call: Call) -> bool:
        return call.action in needs.ALWAYS_ALLOWED | needs.ONLY_SIMULATED or self.known[call.principal].allows(call)


class Desk:
    """Where people type the commands of the rollout: a directory with a copy of the configuration."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self.directory = directory
        self.programs = Path(tempfile.mkdtemp(dir=directory))
        (self.programs / "aws").symlink_to(aws())
        noted = f"echo $$ >>{self.programs}/started\nexec {shutil.which('terraform')} \"$@\"\n"
        for name, script in {**STAND_INS, "terraform": noted}.items():
            (self.programs / name).write_text(f"#!/usr/bin/env bash\n{script}")
            (self.programs / name).chmod(0o755)
        (directory / "target").mkdir(exist_ok=True)
        (directory / "target" / "saved-string.jar").touch()
        (directory / "pom.xml").write_text("<project><version>1.0.0</version></project>")
        path = f"{self.programs}:{os.environ['PATH']}"
        own = {"PATH": path, "PYTHONPATH": os.fspath(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1", "YES": "1"}
        self.environment = {**environment, **own}

    def running(self) -> list[int]:
        """Runs of terraform, each the leader of its session."""
        file = self.programs / "started"
        started = [int(line) for line in file.read_text().splitlines()] if file.exists() else []
        return [pid for pid in started if command_of(pid) == "terraform"]

    def type(self, person: str, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run(person, sys.executable, "-m", "rollout", *command, **environment)

    def run(self, person: str, *command: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return PROGRAMS.run(
            *command,
            directory=self.directory,
            environment={**self.environment, **environment, "AWS_ACCESS_KEY_ID": person},
            timeout_seconds=TIMEOUT_SECONDS,
        )


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
