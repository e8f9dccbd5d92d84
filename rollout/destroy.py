"""destroy: removes a deployment after its name was typed back."""

import argparse

from rollout import programs
from rollout.confirm import confirm
from rollout.errors import RolloutError
from rollout.releases import Releases
from rollout.stack import Stack
from rollout.terraform import Plan

NO_IMAGE = "ami-00000000"


def destroy(options: argparse.Namespace) -> None:
    programs.require("terraform", "aws")
    stack = Stack.of(options)
    stack.terraform.initialise()
    image = stack.outputs.get("image_id", NO_IMAGE)
    with stack.terraform.plan(["-destroy", *stack.variables(image)]) as plan:
        if plan.has_changes:
            apply(stack, plan, options.confirm)
    Releases(stack.aws, stack.releases_parameter).forget()
    print(f"{stack.environment} is gone. What stays: its images (aws ec2 describe-images), and the state bucket.")


def apply(stack: Stack, plan: Plan, given: str) -> None:
    question = f"The plan above removes {stack.environment} with its string and its history."
    how = f"Say CONFIRM={stack.environment} to go on without being asked."
    confirm(question, stack.environment, given, how)
    try:
        plan.apply()
    except (RolloutError, KeyboardInterrupt) as problem:
        raise RolloutError(
            f"{problem or 'Interrupted.'}\n{stack.environment} is half removed; its state knows what is left.\n"
            f"To go on: make destroy ENV={stack.environment}"
        ) from None
