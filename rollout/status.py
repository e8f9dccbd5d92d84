"""status: what runs, whether it is well, and what it can go back to."""

import argparse

from rollout import programs
from rollout.advice import advice, store_zones
from rollout.errors import RolloutError
from rollout.group import Group, failed_activities, read_group
from rollout.refresh import Refresh, newest_refresh
from rollout.releases import Releases
from rollout.stack import Stack


def status(options: argparse.Namespace) -> None:
    programs.require("terraform", "aws")
    stack = Stack.of(options)
    group = read_group(stack.aws, stack.output("autoscaling_group_name"))
    refresh, ringing = newest_refresh(stack.aws, group.name), alarms(stack)
    releases = Releases(stack.aws, stack.releases_parameter).read()
    previous = Releases(stack.aws, stack.releases_parameter).before(group.image)
    lines = {
        "environment": [f"{stack.environment} in {stack.aws.region}"],
        "url": [stack.output("url")],
        "dashboard": [stack.output("dashboard_url")],
        "image": [image_line(group, [release.image for release in releases])],
        "instances": [str(it) for it in group.instances] or ["none"],
        "refresh": [str(refresh or "none yet"), *why(stack, refresh)],
        "store": [store_line(stack)],
        "alarms": ringing or ["none"],
        "good releases": [str(release) for release in reversed(releases)] or ["none"],
        "rollback to": [previous.image if previous else "nothing: no earlier rollout ended well"],
        "next": advice(stack, group, refresh, ringing),
    }
    for title, values in lines.items():
        print("\n".join(f"{title if number == 0 else '':15}{value}" for number, value in enumerate(values)))


def image_line(group: Group, good_images: list[str]) -> str:
    proven = "a rollout of it ended well" if group.image in good_images else "no rollout of it has ended well"
    return f"{group.image} (launch template version {group.template_version}; {proven})"


def alarms(stack: Stack) -> list[str]:
    ringing = stack.aws.call(
        "cloudwatch", "describe-alarms", AlarmNamePrefix=f"{stack.name}-", StateValue="ALARM"
    )["MetricAlarms"]
    return [f"{it['AlarmName']} since {it.get('StateUpdatedTimestamp', '')}" for it in ringing]


def why(stack: Stack, refresh: Refresh | None) -> list[str]:
    """What AWS says of instances that did not come up; of an old failure nobody wants to hear."""
    if not refresh or refresh.status == "Successful":
        return []
    return failed_activities(stack.aws, stack.output("autoscaling_group_name"))


def store_line(stack: Stack) -> str:
    try:
        return f"nodes in {', '.join(store_zones(stack))}"
    except RolloutError as problem:
        return f"not known: {problem}"
