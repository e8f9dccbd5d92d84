"""Runs other programs, each within a bound."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from rollout.errors import Missing, RolloutError

STOP_GRACE_SECONDS = 300

HINTS = {
    "aws": "Install the AWS CLI, version 2: "
    "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    "git": "Install the package git.",
    "openssl": "Install the package openssl.",
    "packer": "Install Packer 1.10 or newer: https://developer.hashicorp.com/packer/install",
    "session-manager-plugin": "Install it: "
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html",
    "terraform": "Install Terraform 1.11 or newer: https://developer.hashicorp.com/terraform/install",
}


def require(*names: str) -> None:
    missing = [name for name in names if not shutil.which(name)]
    if missing:
        raise Missing("\n".join(f"{name} is not on the PATH. {HINTS.get(name, '')}".rstrip() for name in missing))


def capture(
    arguments: Sequence[str], *, timeout_seconds: float, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    require(arguments[0])
    try:
        return subprocess.run(
            arguments,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_seconds,
            env={**os.environ, **(environment or {})},
        )
    except subprocess.TimeoutExpired:
        raise RolloutError(f"{' '.join(arguments[:3])} gave no answer within {timeout_seconds:g} seconds.") from None


def show(
    arguments: Sequence[str], *, timeout_seconds: float, environment: Mapping[str, str] | None = None, to=None
) -> int:
    """Runs a program with its output shown. Interrupted or out of time, it is asked once to stop and then awaited."""
    require(arguments[0])
    process = subprocess.Popen(
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=to,
        env={**os.environ, **(environment or {})},
        # Its own session: Ctrl-C reaches it once, through here. Twice, and terraform leaves its state locked.
        start_new_session=True,
    )
    try:
        return process.wait(timeout_seconds)
    except subprocess.TimeoutExpired:
        stop(process)
        raise RolloutError(f"{arguments[0]} was not done within {timeout_seconds:g} seconds and was stopped.") from None
    except KeyboardInterrupt:
        stop(process)
        raise


def stop(process: subprocess.Popen[bytes]) -> None:
    print(f"Stopping {process.args[0]}; waiting until it has put its things in order ...", file=sys.stderr)
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process.send_signal(signal.SIGINT)
        process.wait(STOP_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    finally:
        signal.signal(signal.SIGINT, handler)


def become(arguments: Sequence[str]) -> None:
    """Hands the terminal over to another program."""
    require(arguments[0])
    sys.stdout.flush()
    sys.stderr.flush()
    os.execvp(arguments[0], arguments)
