"""deploy, wait and rollback: one way to a new image, and the same way back."""

import argparse
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rollout import programs
from rollout.confirm import confirm
from rollout.advice import crowded, left_behind
from rollout.errors import Missing, NotOver, RolloutError, Unusable
from rollout.findings import Finding, insist, remark
from rollout.group import Group, read_group
from rollout.keys import names
from rollout.limits import refusals
from rollout.preflight import before_deploy, room_for
from rollout.refresh import Waiter, start_if_stale
from rollout.releases import Releases
from rollout.smoke import Smoke
from rollout.stack import Stack
from rollout.terraform import Planned
from rollout.trust import demonstration_certificate

Judge = Callable[[Iterable[Finding]], None]
IMAGE = re.compile(r"ami-[0-9a-f]{8,17}")


def deploy(options: argparse.Namespace) -> None:
    image = options.image
    check_image_id(image)
    programs.require("terraform", "aws")
    stack = Stack.of(options)
    insist(before_deploy(stack.aws))
    check_image(stack, image)
    roll_out(stack, image, options)


def rollback(options: argparse.Namespace) -> None:
    stack, group = running(options)
    releases = Releases(stack.aws, stack.releases_parameter)
    previous = releases.before(group.image)
    if not options.image and not previous:
        raise Unusable(
            f"Nothing was changed: no rollout before {group.image} is known to have ended well.\n"
            "Name the image to go back to: make rollback IMAGE=ami-…"
        )
    image = options.image or previous.image
    check_image_id(image)
    print(f"Now: {group.image}. Going back to: {image}.")
    check_image(stack, image)
    options.despite_alarms = True  # the alarm that a bad image set off must not stop its fix
    roll_out(stack, image, options, judge=remark)


def wait(options: argparse.Namespace) -> None:
    stack, group = running(options)
    with resumable(stack, group.image):
        finish(stack, group.image, options)


def running(options: argparse.Namespace) -> tuple[Stack, Group]:
    programs.require("terraform", "aws")
    stack = Stack.of(options)
    return stack, read_group(stack.aws, stack.output("autoscaling_group_name"))


def roll_out(stack: Stack, image: str, options: argparse.Namespace, judge: Judge = insist) -> None:
    stack.terraform.initialise()
    more = {"refresh_stops_on_alarm": "false"} if options.despite_alarms else {}
    with stack.terraform.plan(stack.variables(image, **more)) as plan:
        if plan.has_changes:
            judge(doubts(stack, plan.resources()))
            question = f"The plan above changes {stack.environment}."
            confirm(question, "yes", options.yes and "yes", "Say YES=1 to go on without being asked.")
            with half_done(stack, image):
                plan.apply()
        else:
            print("The plan changes nothing.")
    stack.forget_outputs()
    with resumable(stack, image):
        ask_for_a_key(stack)
        start_if_stale(stack.aws, stack.output("autoscaling_group_name"), options.despite_alarms)
        finish(stack, image, options)


def doubts(stack: Stack, planned: list[Planned]) -> Iterator[Finding]:
    """Whether AWS will take it, as far as that is known beforehand."""
    yield from refusals(planned)
    of = {it.address: it.values for it in planned}
    group, template = of.get("aws_autoscaling_group.application"), of.get("aws_launch_template.application")
    if group and template:
        yield from room_for(stack.aws, stack.name, template["instance_type"], group["min_size"])


def ask_for_a_key(stack: Stack) -> None:
    """Only a hint: what prevents it will show itself elsewhere."""
    try:
        there_is_one = names(stack.keys.read())
    except RolloutError:
        return
    if not there_is_one:
        print("There is no API key yet, so nobody can change the string. To make one:", flush=True)
        print(f"  make api-key NAME=you ENV={stack.environment}", flush=True)


def finish(stack: Stack, image: str, options: argparse.Namespace) -> None:
    waiter = Waiter(
        stack.aws, stack.output("autoscaling_group_name"), options.timeout_minutes * 60, options.poll_seconds
    )
    group = waiter.wait()
    check_whose(group, image)
    url, balancer = stack.output("url"), stack.output("load_balancer_dns_name")
    smoke = Smoke(url, balancer, demonstration_certificate(stack.aws, url, balancer), options.http_port)
    smoke.run(options.smoke_timeout_seconds, options.poll_seconds)
    Releases(stack.aws, stack.releases_parameter).record(image)
    print(f"{stack.environment} runs {image}: {url}")
    for line in (*left_behind(group), *crowded(stack)):
        print(line)


def check_whose(group: Group, image: str) -> None:
    if group.image != image:
        raise RolloutError(f"Another rollout came in between: the group runs {group.image} (expected: {image}).")


def check_image_id(image: str) -> None:
    if not IMAGE.fullmatch(image or ""):
        raise Unusable(f"IMAGE: {image!r} (expected: ami-…, as make image prints it)")


def check_image(stack: Stack, image: str) -> None:
    images = stack.aws.call(
        "ec2", "describe-images", Owners=["self"], Filters=[{"Name": "image-id", "Values": [image]}]
    )["Images"]
    if not images:
        raise Unusable(f"Nothing was changed: this account has no image {image} in {stack.aws.region}.")
    if images[0]["State"] != "available":
        raise Unusable(f"Nothing was changed: image {image} is {images[0]['State']} (expected: available).")


@contextmanager
def half_done(stack: Stack, image: str) -> Iterator[None]:
    try:
        yield
    except (RolloutError, KeyboardInterrupt) as problem:
        raise RolloutError(
            f"{problem or 'Interrupted.'}\n"
            "terraform stopped half-way; what it had made stays, and its state knows of it.\n"
            f"To go on: make deploy IMAGE={image} ENV={stack.environment}\n{way_back(stack, image)}"
        ) from None


@contextmanager
def resumable(stack: Stack, image: str) -> Iterator[None]:
    resume = f"To go on waiting: make wait ENV={stack.environment}"
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(f"Interrupted; the rollout goes on in AWS.\n{resume}\n{way_back(stack, image)}") from None
    except (NotOver, Missing) as problem:
        raise NotOver(f"{problem}\n{resume}\n{way_back(stack, image)}") from None
    except Unusable:
        raise
    except RolloutError as problem:
        again = f"To try again: make deploy IMAGE={image} ENV={stack.environment}"
        raise RolloutError(f"{problem}\n{again}\n{way_back(stack, image)}") from None


class Interrupted(RolloutError):
    exit_code = 130


def way_back(stack: Stack, image: str) -> str:
    releases = Releases(stack.aws, stack.releases_parameter)
    try:
        previous = releases.before(image)
        others = [release for release in releases.read() if release.image != image]
    except RolloutError as problem:
        return f"To go back: make rollback ENV={stack.environment} (which image that is can't be read now: {problem})"
    if previous:
        to = f"to {previous.image}, which was good at {previous.proven_at}"
        return f"To go back: make rollback ENV={stack.environment} ({to})"
    if others:
        return f"To go to the newest other good image: make rollback IMAGE={others[-1].image} ENV={stack.environment}"
    return "There is no earlier image to go back to: no rollout before this one ended well."
