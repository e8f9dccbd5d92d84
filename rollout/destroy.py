"""destroy: removes a deployment after its name was typed back."""

import argparse

from rollout import programs
from rollout.confirm import confirm
from rollout.errors import AwsError, RolloutError, Unusable
from rollout.releases import Releases
from rollout.stack import Stack

NO_IMAGE = "ami-00000000"
PROTECTED = ("aws_lb.main", "aws_s3_bucket.access_logs")


def destroy(options: argparse.Namespace) -> None:
    programs.require("terraform", "aws")
    stack = Stack.of(options)
    check_snapshot_name(stack)
    stack.terraform.initialise()
    variables = stack.variables(stack.outputs.get("image_id", NO_IMAGE), deletion_protection="false")
    with stack.terraform.plan(["-destroy", *variables]) as plan:
        if plan.has_changes:
            question = f"The plan above removes {stack.environment} with its string and its history."
            how = f"Say CONFIRM={stack.environment} to go on without being asked."
            confirm(question, stack.environment, options.confirm, how)
            remove(stack, variables)
    Releases(stack.aws, stack.releases_parameter).forget()
    print(
        f"{stack.environment} is gone. What stays: the store's last snapshot {final_snapshot(stack)},"
        " the machine images, and the state bucket."
    )


def remove(stack: Stack, variables: list[str]) -> None:
    try:
        unprotect(stack, variables)
        # Made anew: the protection is gone from the state since the plan that was shown.
        with stack.terraform.plan(["-destroy", *variables]) as plan:
            plan.apply()
    except (RolloutError, KeyboardInterrupt) as problem:
        raise RolloutError(
            f"{problem or 'Interrupted.'}\n{stack.environment} is half removed; its state knows what is left.\n"
            f"To go on: make destroy ENV={stack.environment}"
        ) from None


def unprotect(stack: Stack, variables: list[str]) -> None:
    """What is protected would stop the removal when half of the stack is gone."""
    existing = stack.terraform.resources()
    targets = [f"-target={it}" for it in PROTECTED if it in existing]
    if not targets:
        return  # a plan for what an earlier removal took away would make it again
    with stack.terraform.plan([*targets, *variables]) as plan:
        if plan.has_changes:
            plan.apply()


def check_snapshot_name(stack: Stack) -> None:
    """A last snapshot of the same name, from an earlier removal, would stop this one half-way."""
    name = final_snapshot(stack)
    try:
        taken = stack.aws.call("elasticache", "describe-snapshots", SnapshotName=name)["Snapshots"]
    except AwsError as problem:
        if problem.code != "SnapshotNotFoundFault":
            raise
        return
    if taken:
        raise Unusable(
            f"Nothing was changed: an earlier removal left the snapshot {name}, and this one needs its name.\n"
            f"Keep it under another: aws elasticache copy-snapshot --region {stack.aws.region}"
            f" --source-snapshot-name {name} --target-snapshot-name {name}-1\n"
            f"Then: aws elasticache delete-snapshot --region {stack.aws.region} --snapshot-name {name}"
        )


def final_snapshot(stack: Stack) -> str:
    return f"{stack.name}-final"
