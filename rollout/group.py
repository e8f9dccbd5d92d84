"""The auto scaling group as it is now."""

from dataclasses import dataclass

from rollout.aws import Aws
from rollout.errors import AwsError, RolloutError


@dataclass(frozen=True)
class Instance:
    id: str
    zone: str
    template_version: int
    state: str
    health: str

    @property
    def is_in_service(self) -> bool:
        return self.state == "InService" and self.health == "Healthy"

    def __str__(self) -> str:
        return f"{self.id}  {self.zone}  version {self.template_version}  {self.state}  {self.health}"


@dataclass(frozen=True)
class Group:
    name: str
    desired: int
    template_version: int
    image: str
    instances: tuple[Instance, ...]

    @property
    def stale(self) -> tuple[Instance, ...]:
        return tuple(it for it in self.instances if it.template_version != self.template_version)

    @property
    def in_service(self) -> tuple[Instance, ...]:
        return tuple(it for it in self.instances if it.is_in_service)

    @property
    def is_settled(self) -> bool:
        return not self.stale and len(self.in_service) == len(self.instances) >= self.desired


def read_group(aws: Aws, name: str) -> Group:
    groups = aws.call("autoscaling", "describe-auto-scaling-groups", AutoScalingGroupNames=[name])
    if not groups["AutoScalingGroups"]:
        raise RolloutError(f"There is no auto scaling group {name} in {aws.region}.")
    group = groups["AutoScalingGroups"][0]
    version = read_template_version(aws, group["LaunchTemplate"])
    return Group(
        name,
        group["DesiredCapacity"],
        version["VersionNumber"],
        version["LaunchTemplateData"]["ImageId"],
        tuple(instance(it) for it in group["Instances"]),
    )


def read_template_version(aws: Aws, template: dict) -> dict:
    versions = aws.call(
        "ec2",
        "describe-launch-template-versions",
        LaunchTemplateId=template["LaunchTemplateId"],
        Versions=[template["Version"]],
    )
    return versions["LaunchTemplateVersions"][0]


def instance(described: dict) -> Instance:
    return Instance(
        described["InstanceId"],
        described["AvailabilityZone"],
        int(described.get("LaunchTemplate", {}).get("Version", 0)),
        described["LifecycleState"],
        described["HealthStatus"].capitalize(),
    )


def failed_activities(aws: Aws, name: str) -> list[str]:
    """Why instances did not come up, newest first; said beside another failure, so never a failure of its own."""
    try:
        activities = aws.call(
            "autoscaling", "describe-scaling-activities", "--max-items", "20", AutoScalingGroupName=name
        )["Activities"]
    except AwsError:
        return []
    failed = [it for it in activities if it["StatusCode"] in ("Failed", "Cancelled")]
    return [f"{it['StatusCode']}: {it.get('StatusMessage') or it['Description']}" for it in failed[:3]]
