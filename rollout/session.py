"""logs and shell: looking at instances that nobody can reach over a network."""

import argparse

from rollout import programs
from rollout.errors import RolloutError, Unusable
from rollout.group import read_group
from rollout.stack import Stack


def logs(options: argparse.Namespace) -> None:
    programs.require("terraform", "aws")
    stack = Stack.of(options)
    group = stack.output("log_group_name")
    follow = ["--follow"] if options.follow else []
    programs.become(stack.aws.command("logs", "tail", group, "--since", options.since, *follow))


def shell(options: argparse.Namespace) -> None:
    programs.require("terraform", "aws", "session-manager-plugin")
    stack = Stack.of(options)
    target = options.instance or any_instance(stack)
    if not target.startswith("i-"):
        raise Unusable(f"INSTANCE: {target!r} (expected: i-…, as make status prints it)")
    # The document that logs; who rolls out may not open a shell without it.
    document = stack.output("shell_document_name")
    programs.become(stack.aws.command("ssm", "start-session", "--target", target, "--document-name", document))


def any_instance(stack: Stack) -> str:
    in_service = read_group(stack.aws, stack.output("autoscaling_group_name")).in_service
    if not in_service:
        raise RolloutError("No instance is in service. Name one of make status: make shell INSTANCE=i-…")
    return in_service[0].id
