"""bootstrap: what has to be there first. The state's bucket, the builder's role, and the policies of people.

It can be cut off anywhere and run again: what is there is looked for, and taken over (terraform/bootstrap/imports.tf).
"""

import argparse
import json

from rollout import programs
from rollout.account import BUILDER
from rollout.aws import Aws
from rollout.confirm import confirm
from rollout.errors import AwsError, RolloutError
from rollout.findings import insist
from rollout.permissions import POLICIES
from rollout.preflight import before_bootstrap
from rollout.stack import TERRAFORM_DIRECTORY, state_bucket
from rollout.terraform import Terraform

DIRECTORY = TERRAFORM_DIRECTORY / "bootstrap"
NOT_THERE = ("404", "NoSuchBucket", "NoSuchEntity")


def bootstrap(options: argparse.Namespace) -> None:
    programs.require("terraform", "aws")
    aws = Aws(options.region)
    insist(before_bootstrap(aws))
    bucket = state_bucket(aws)
    existing = sorted(name for name, ask in questions(aws, bucket).items() if is_there(aws, *ask))
    data_directory = (DIRECTORY / ".terraform" / bucket).absolute()
    terraform = Terraform(DIRECTORY, data_directory, {"path": data_directory / "bootstrap.tfstate"})
    terraform.initialise()
    variables = {"bucket": bucket, "region": options.region, "existing": json.dumps(existing)}
    with terraform.plan([f"-var={name}={value}" for name, value in variables.items()]) as plan:
        if not plan.has_changes:
            print(f"All of it is there already, the state bucket {bucket} among it; nothing to do.")
            return
        question = f"The plan above makes the state bucket {bucket}, a role and policies, or brings them up to date."
        confirm(question, "yes", options.yes and "yes", "Say YES=1 to go on without being asked.")
        try:
            plan.apply()
        except (RolloutError, KeyboardInterrupt) as problem:
            raise RolloutError(f"{problem or 'Interrupted.'}\nTo go on: make bootstrap") from None
    print(f"The state bucket is {bucket}. Next: attach the policies as docs/operations.md says, then make image")


def questions(aws: Aws, bucket: str) -> dict[str, tuple[str, str, dict[str, str]]]:
    """How to ask for each thing that terraform would refuse to make a second time, by its name in imports.tf."""
    prefix = f"arn:aws:iam::{aws.account()}"
    policies = [file.stem for file in sorted(POLICIES.glob("*.json")) if file.stem != "bootstrap"]
    return {
        "bucket": ("s3api", "head-bucket", {"Bucket": bucket}),
        "role": ("iam", "get-role", {"RoleName": BUILDER}),
        "instance-profile": ("iam", "get-instance-profile", {"InstanceProfileName": BUILDER}),
        "github": (
            "iam",
            "get-open-id-connect-provider",
            {"OpenIDConnectProviderArn": f"{prefix}:oidc-provider/token.actions.githubusercontent.com"},
        ),
        **{
            f"workflow-{name}": ("iam", "get-role", {"RoleName": f"saved-string-workflow-{name}-{aws.region}"})
            for name in ("image", "deploy")
        },
        **{
            name: ("iam", "get-policy", {"PolicyArn": f"{prefix}:policy/saved-string-{name}-{aws.region}"})
            for name in policies
        },
    }


def is_there(aws: Aws, service: str, operation: str, parameters: dict[str, str]) -> bool:
    try:
        aws.call(service, operation, **parameters)
    except AwsError as problem:
        if problem.code in NOT_THERE:
            return False
        raise
    return True
