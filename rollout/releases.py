"""The images that a rollout has proven good, oldest first, kept in a parameter of the deployment.

Neither the launch template's versions nor Terraform's state can tell a good image from one that failed.
"""

import time
from dataclasses import dataclass

from rollout.aws import Aws
from rollout.errors import AwsError

KEPT_MAX = 20


@dataclass(frozen=True)
class Release:
    image: str
    proven_at: str

    def __str__(self) -> str:
        return f"{self.image} {self.proven_at}"


class Releases:
    def __init__(self, aws: Aws, parameter: str):
        self.aws = aws
        self.parameter = parameter

    def read(self) -> list[Release]:
        try:
            text = self.aws.call("ssm", "get-parameter", Name=self.parameter)["Parameter"]["Value"]
        except AwsError as problem:
            if problem.code == "ParameterNotFound":
                return []
            raise
        return [Release(*line.split()) for line in text.splitlines()]

    def record(self, image: str) -> None:
        """Going back to an image forgets what came after it, so that going back again goes further back."""
        kept = before(image, self.read())
        kept.append(Release(image, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())))
        self.aws.call(
            "ssm",
            "put-parameter",
            Name=self.parameter,
            Description="Image and time of each rollout that ended well; make rollback goes back along it",
            Type="String",
            Value="\n".join(str(release) for release in kept[-KEPT_MAX:]),
            Overwrite=True,
        )

    def forget(self) -> None:
        try:
            self.aws.call("ssm", "delete-parameter", Name=self.parameter)
        except AwsError as problem:
            if problem.code != "ParameterNotFound":
                raise

    def before(self, image: str) -> Release | None:
        """Where to go back to from this image, whether it was ever proven good or not."""
        earlier = before(image, self.read())
        return earlier[-1] if earlier else None


def before(image: str, releases: list[Release]) -> list[Release]:
    images = [release.image for release in releases]
    return releases[: images.index(image)] if image in images else releases
