"""Running programs, each with a time limit."""

import subprocess
import time


class CommandError(Exception):
    """A program failed; the message holds the end of what it said."""


def run(*command, timeout_seconds=60, env=None, check=True):
    """Runs a program to its end and returns what it printed, both streams together."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout_seconds,
            env=env,
        )
    except subprocess.TimeoutExpired as expired:
        raise CommandError(f"{command[0]}: no end after {timeout_seconds} s\n{tail(expired.output)}") from expired
    if check and done.returncode != 0:
        raise CommandError(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{tail(done.stdout)}")
    return done.stdout


def tail(output, lines=40):
    """The last lines of an output, which says why."""
    if isinstance(output, bytes):
        output = output.decode(errors="replace")
    return "\n".join((output or "").splitlines()[-lines:])


def wait_until(condition, what, timeout_seconds=30, interval_seconds=0.1):
    """Polls until the condition holds and returns its value; errors count as not yet."""
    deadline = time.monotonic() + timeout_seconds
    last_error = None
    while time.monotonic() < deadline:
        try:
            value = condition()
            if value:
                return value
        except (OSError, CommandError) as error:
            last_error = error
        time.sleep(interval_seconds)
    raise AssertionError(f"not within {timeout_seconds} s: {what}" + (f" ({last_error})" if last_error else ""))
