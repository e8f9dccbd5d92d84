"""What has to be there before each step; doctor looks at all of it and changes nothing.

Each question is asked by itself: one that AWS refuses to answer leaves the others.
"""

import argparse
from collections.abc import Iterator
from itertools import chain

from rollout import account
from rollout.aws import Aws
from rollout.errors import Missing
from rollout.findings import Finding, asked, ok, whole
from rollout.permissions import permissions
from rollout.tools import tools

BUILDER_TYPES = {"arm64": "t4g.small", "x86_64": "t3.small"}
INSTANCE_TYPE, INSTANCE_COUNT_MIN = "t4g.small", 2  # the stack's defaults, where no plan says what it will be


def before_bootstrap(aws: Aws) -> Iterator[Finding]:
    yield from tools("terraform", "aws")
    yield from credentials(aws)
    yield from asked("permissions to bootstrap", permissions(aws, "bootstrap"))


def before_image(aws: Aws, options: argparse.Namespace) -> Iterator[Finding]:
    yield from tools("packer", "aws", "session-manager-plugin", "git")
    yield from credentials(aws)
    yield from asked("role for the builder", account.builders_role(aws))
    yield from asked("network for the builder", account.builders_network(aws, options.subnet_id))
    yield from asked("permissions to image", permissions(aws, "image"))
    yield from asked("vCPUs", account.vcpus(aws, BUILDER_TYPES[options.architecture], 1))


def before_deploy(aws: Aws) -> Iterator[Finding]:
    yield from tools("terraform", "aws")
    yield from credentials(aws)
    yield from asked("state bucket", account.bucket_of_state(aws))
    yield from asked("zones", account.zones(aws))
    yield from asked("permissions", permissions(aws, "deploy-compute", "deploy-store", "deploy-services"))


def room_for(aws: Aws, group: str, instance_type: str, instances: int) -> Iterator[Finding]:
    yield from asked("vCPUs", account.vcpus(aws, instance_type, instances, group))


def credentials(aws: Aws) -> Iterator[Finding]:
    yield ok("credentials", aws.call("sts", "get-caller-identity")["Arn"])


def doctor(options: argparse.Namespace) -> None:
    aws = Aws(options.region)
    group = f"saved-string-{options.environment}"
    titles = {
        "make bootstrap": before_bootstrap(aws),
        "make image": before_image(aws, options),
        "make deploy": chain(before_deploy(aws), room_for(aws, group, INSTANCE_TYPE, INSTANCE_COUNT_MIN)),
        "make certificate": tools("openssl"),
    }
    lacking = 0
    for title, found in titles.items():
        print(title)
        for finding in whole(found):
            lacking += finding.state == "missing"
            print(f"  {str(finding).replace(chr(10), chr(10) + '  ')}", flush=True)
    if lacking:
        raise Missing(f"{lacking} missing; nothing was changed.")
    print("Nothing is missing.")
