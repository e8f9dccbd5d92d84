"""What a state of a deployment means, and what to type next."""

from rollout.errors import RolloutError
from rollout.group import Group
from rollout.refresh import ENDED_BADLY, Refresh
from rollout.stack import Stack


def advice(stack: Stack, group: Group, refresh: Refresh | None, ringing: list[str]) -> list[str]:
    env = f"ENV={stack.environment}"
    lines = []
    if refresh and refresh.is_under_way:
        lines.append(f"a rollout is under way: make wait {env}")
    elif group.stale:
        again = f"make deploy IMAGE={group.image} {env}"
        ended = f"the last rollout ended as {refresh.status}" if refresh and refresh.status in ENDED_BADLY else "nothing"
        what = f"{ended} and {len(group.stale)} instances are not current" if refresh else "instances are not current"
        lines.append(f"{what}: {again}, or make rollback {env}")
    elif not group.is_settled:
        lines.append(f"{len(group.in_service)} of {group.desired} in service: make wait {env}, or make logs {env}")
    lines += left_behind(group)
    if ringing and not (refresh and refresh.is_under_way):
        lines.append("an alarm may stop the next rollout; roll out a fix with DESPITE_ALARMS=1")
    return lines or ["nothing to do"]


def left_behind(group: Group) -> list[str]:
    lines = []
    for it in group.left_behind:
        name = f"--auto-scaling-group-name {group.name} --instance-ids {it.id}"
        back = f"aws autoscaling exit-standby {name}" if it.is_standby else (
            f"aws autoscaling set-instance-protection --no-protected-from-scale-in {name}"
        )
        lines.append(f"{it.id} still is version {it.template_version}; when nobody needs it: {back}, then deploy again")
    return lines


def store_zones(stack: Stack) -> list[str]:
    """Where the nodes are: AWS places them, and Terraform's state doesn't show it."""
    group = stack.aws.call(
        "elasticache", "describe-replication-groups", ReplicationGroupId=stack.output("replication_group_id")
    )["ReplicationGroups"][0]
    members = [member for shard in group["NodeGroups"] for member in shard["NodeGroupMembers"]]
    return sorted(member["PreferredAvailabilityZone"] for member in members)


def crowded(stack: Stack) -> list[str]:
    """Only a remark: the store works, but not after the loss of that zone."""
    try:
        zones = store_zones(stack)
    except RolloutError:
        return []
    most = max((zones.count(zone) for zone in zones), default=0)
    if most <= -(-len(zones) // 3):
        return []
    return [
        f"The store's nodes are in {', '.join(zones)}: the loss of one zone could take the majority.",
        "Raise store_replica_count by one, deploy, lower it again and deploy: AWS then places one anew.",
    ]
