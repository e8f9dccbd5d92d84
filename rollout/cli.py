"""The command line. Every option can come from the environment too: that is how `make deploy IMAGE=…` passes it."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence

from rollout import (
    api_keys, bootstrap, certificate, deploy, destroy, image, preflight, retention, session, status,
)  # fmt: skip
from rollout.errors import RolloutError

EXIT_CODES = "exit codes: 0 done, 1 failed, 2 wrong usage, 3 tool or credential missing, 4 not finished yet, 130 interrupted"


def main(arguments: Sequence[str]) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = parser().parse_args(arguments)
    # Command lines before 2.0 and terraform look for the region in different variables.
    os.environ["AWS_REGION"] = os.environ["AWS_DEFAULT_REGION"] = options.region
    try:
        options.run(options)
    except RolloutError as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    except KeyboardInterrupt:
        print("Interrupted. `make status`, or `make list-keys`, shows what became of it.", file=sys.stderr)
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="rollout", description="Rolls Saved String out to AWS.", epilog=EXIT_CODES)
    commands = Commands(top)
    add_images(commands)
    add_rollouts(commands)
    add_looks(commands)
    add_keys(commands)
    add_foundations(commands)
    return top


class Commands:
    def __init__(self, top: argparse.ArgumentParser):
        self.subparsers = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(self, run: Callable[[argparse.Namespace], None], name: str, text: str) -> argparse.ArgumentParser:
        command = self.subparsers.add_parser(name, help=text, description=text, epilog=EXIT_CODES)
        command.set_defaults(run=run)
        option(command, "--region", "AWS_REGION", "the AWS region", os.environ.get("AWS_DEFAULT_REGION") or "us-east-1")
        return command


def option(
    command: argparse.ArgumentParser, flag: str, variable: str, text: str, default: str = "", type: Callable = str
) -> None:
    text = f"{text} (or {variable}=…)" + (f"; default: {default}" if default else "")
    command.add_argument(flag, default=os.environ.get(variable) or default, help=text, metavar=variable, type=type)


def environment_option(command: argparse.ArgumentParser, default: str = "production") -> None:
    text = "the deployment" if default else "the deployment; without it, this machine"
    option(command, "--environment", "ENV", text, default)


def wait_options(command: argparse.ArgumentParser) -> None:
    option(command, "--timeout-minutes", "TIMEOUT_MINUTES", "how long to wait for the refresh", "45", float)
    option(command, "--smoke-timeout-seconds", "SMOKE_TIMEOUT_SECONDS", "how long to try the smoke test", "300", float)
    option(command, "--poll-seconds", "POLL_SECONDS", "how often to ask", "10", float)
    option(command, "--http-port", "HTTP_PORT", "where HTTP must redirect to HTTPS", "80", int)


def yes_option(command: argparse.ArgumentParser) -> None:
    given = os.environ.get("YES") == "1"
    command.add_argument("--yes", action="store_true", default=given, help="don't ask before applying (or YES=1)")


def add_images(commands: Commands) -> None:
    command = commands.add(image.image, "image", "Build the machine image with Packer and print its id.")
    builder_options(command)

    text = "Remove images that are old and that nothing runs, with their snapshots."
    command = commands.add(retention.retire_images, "retire-images", text)
    option(command, "--keep", "KEEP", "how many of the newest to keep in any case", "10", int)
    yes_option(command)


def builder_options(command: argparse.ArgumentParser) -> None:
    option(command, "--architecture", "ARCHITECTURE", "arm64 or x86_64", "arm64")
    option(command, "--subnet-id", "SUBNET_ID", "where the builder runs; default: a subnet of the default VPC")
    text = "whether the builder gets a public address: false where a NAT gateway is the subnet's way out"
    option(command, "--public-address", "PUBLIC_ADDRESS", text, "true")


def add_rollouts(commands: Commands) -> None:
    text = "Show the plan, apply it, wait until every instance runs the image, and test it through the load balancer."
    command = commands.add(deploy.deploy, "deploy", text)
    option(command, "--image", "IMAGE", "the image, as `make image` printed it")
    environment_option(command)
    yes_option(command)
    given = os.environ.get("DESPITE_ALARMS") == "1"
    text = "roll out a fix although an alarm is on, which otherwise stops a rollout (or DESPITE_ALARMS=1)"
    command.add_argument("--despite-alarms", action="store_true", default=given, help=text)
    wait_options(command)

    command = commands.add(deploy.wait, "wait", "Go on waiting for a rollout, then test and record it as deploy does.")
    environment_option(command)
    wait_options(command)

    command = commands.add(deploy.rollback, "rollback", "Deploy the image before this one whose rollout ended well.")
    option(command, "--image", "IMAGE", "another image to go back to")
    environment_option(command)
    yes_option(command)
    wait_options(command)


def add_looks(commands: Commands) -> None:
    text = "Look whether tools, account and permissions have all that the other commands need; change nothing."
    command = commands.add(preflight.doctor, "doctor", text)
    environment_option(command)
    builder_options(command)

    command = commands.add(status.status, "status", "Show what runs, whether it is well, and what it can go back to.")
    environment_option(command)

    command = commands.add(session.logs, "logs", "Show the instances' logs.")
    environment_option(command)
    option(command, "--since", "SINCE", "how far back", "15m")
    given = os.environ.get("FOLLOW") == "1"
    command.add_argument("--follow", action="store_true", default=given, help="go on as lines come (or FOLLOW=1)")

    command = commands.add(session.shell, "shell", "Open a shell on an instance through Session Manager.")
    environment_option(command)
    option(command, "--instance", "INSTANCE", "the instance; default: any that is in service")


def add_keys(commands: Commands) -> None:
    runs = {
        "api-key": (api_keys.api_key, "Make an API key, print it once, and keep its hash."),
        "revoke-key": (api_keys.revoke_key, "Make an API key stop working."),
        "list-keys": (api_keys.list_keys, "List the API keys: name, what it is for, until when."),
    }
    for name, (run, text) in runs.items():
        command = commands.add(run, name, text)
        environment_option(command, default="")
        option(command, "--keys-file", "KEYS_FILE", "the list on this machine", api_keys.DEFAULT_FILE)
        if run is not api_keys.list_keys:
            option(command, "--name", "NAME", "the key's name")
        if run is api_keys.api_key:
            option(command, "--scope", "SCOPE", "what it is for: write, or read (the history); default: both")
            option(command, "--expires", "EXPIRES", "until when: 2027-01-31, or 2027-01-31T18:00:00Z; default: for ever")


def add_foundations(commands: Commands) -> None:
    text = "Make the bucket that keeps Terraform's state; once per account and region."
    command = commands.add(bootstrap.bootstrap, "bootstrap", text)
    yes_option(command)

    text = "Import a self-signed certificate into ACM and print its ARN; for a demonstration without a domain."
    command = commands.add(certificate.certificate, "certificate", text)
    option(command, "--domain", "DOMAIN", "the name in it", "saved-string.example")
    option(command, "--certificate-arn", "CERTIFICATE_ARN", "an imported certificate to replace")

    command = commands.add(destroy.destroy, "destroy", "Remove a deployment, its string and its history.")
    environment_option(command)
    option(command, "--confirm", "CONFIRM", "the deployment's name again, instead of typing it")
