"""bootstrap: the bucket for Terraform's state, which Terraform itself can't keep there before it exists."""

import argparse

from rollout import programs
from rollout.aws import Aws
from rollout.confirm import confirm
from rollout.errors import AwsError
from rollout.stack import TERRAFORM_DIRECTORY, state_bucket
from rollout.terraform import Terraform

DIRECTORY = TERRAFORM_DIRECTORY / "bootstrap"


def bootstrap(options: argparse.Namespace) -> None:
    programs.require("terraform", "aws")
    aws = Aws(options.region)
    bucket = state_bucket(aws)
    if exists(aws, bucket):
        print(f"The state bucket {bucket} is there already; nothing to do.")
        return
    terraform = Terraform(DIRECTORY, DIRECTORY / ".terraform", {})
    terraform.initialise()
    with terraform.plan([f"-var=bucket={bucket}", f"-var=region={options.region}"]) as plan:
        question = f"The plan above makes the state bucket {bucket}."
        confirm(question, "yes", options.yes and "yes", "Say YES=1 to go on without being asked.")
        plan.apply()
    print(f"The state bucket is {bucket}. Next: make image")


def exists(aws: Aws, bucket: str) -> bool:
    try:
        aws.call("s3api", "head-bucket", Bucket=bucket)
    except AwsError as problem:
        if problem.code in ("404", "NoSuchBucket"):
            return False
        raise
    return True
