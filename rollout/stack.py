"""One deployment: its environment, its state and its outputs."""

import argparse
import os
import re
from functools import cached_property
from pathlib import Path
from typing import Any

from rollout.aws import Aws
from rollout.errors import RolloutError, Unusable
from rollout.key_lists import KeyParameter
from rollout.terraform import Terraform

ENVIRONMENT = re.compile(r"(?=.{1,16}\Z)[a-z][a-z0-9]*(-[a-z0-9]+)*")
TERRAFORM_DIRECTORY = Path(os.environ.get("TERRAFORM_DIRECTORY", "terraform"))


class Stack:
    def __init__(self, environment: str, aws: Aws):
        if not ENVIRONMENT.fullmatch(environment):
            raise Unusable(
                f"ENV: {environment!r} (expected: at most 16 lower-case letters, digits and single hyphens)"
            )
        self.environment = environment
        self.aws = aws

    @classmethod
    def of(cls, options: argparse.Namespace) -> "Stack":
        return cls(options.environment, Aws(options.region))

    @property
    def keys_parameter(self) -> str:
        return f"/saved-string/{self.environment}/api-keys"

    @property
    def keys(self) -> KeyParameter:
        return KeyParameter(self.aws, self.keys_parameter, state_bucket(self.aws), f"{self.environment}/api-keys.lock")

    @property
    def releases_parameter(self) -> str:
        return f"/saved-string/{self.environment}/releases"

    @cached_property
    def terraform(self) -> Terraform:
        bucket = state_bucket(self.aws)
        return Terraform(
            TERRAFORM_DIRECTORY,
            TERRAFORM_DIRECTORY / ".terraform" / bucket / self.environment,
            {"bucket": bucket, "key": f"{self.environment}/terraform.tfstate", "region": self.aws.region},
        )

    @property
    def name(self) -> str:
        return f"saved-string-{self.environment}"

    def variables(self, image: str, **more: str) -> list[str]:
        file = TERRAFORM_DIRECTORY / f"{self.environment}.tfvars"
        return [
            *([f"-var-file={file.absolute()}"] if file.exists() else []),
            f"-var=environment={self.environment}",
            f"-var=region={self.aws.region}",
            f"-var=image_id={image}",
            *(f"-var={name}={value}" for name, value in more.items()),
        ]

    @cached_property
    def outputs(self) -> dict[str, Any]:
        if not self.terraform.is_initialised:
            self.terraform.initialise()
        return self.terraform.outputs()

    def output(self, name: str) -> str:
        if name not in self.outputs:
            raise RolloutError(
                f"{self.environment} has no output {name}: it was never deployed, or not to its end.\n"
                f"Deploy it: make deploy IMAGE=ami-… ENV={self.environment}"
            )
        return self.outputs[name]

    def forget_outputs(self) -> None:
        self.__dict__.pop("outputs", None)


def state_bucket(aws: Aws) -> str:
    return os.environ.get("STATE_BUCKET") or f"saved-string-state-{aws.account()}-{aws.region}"
