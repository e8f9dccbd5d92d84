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
    is_protected: bool

    @property
    def is_in_service(self) -> bool:
        return self.state == "InService" and self.health == "Healthy"

    @property
    def is_standby(self) -> bool:
        return self.state in ("Standby", "EnteringStandby")

    @property
    def is_left_alone(self) -> bool:
        """A refresh skips it (terraform/compute.tf): somebody is looking at it."""
        return self.is_standby or self.is_protected

    @property
    def is_leaving(self) -> bool:
        return self.state.startswith(("Terminat", "Detach"))

    def __str__(self) -> str:
        note = "  (protected: a refresh leaves it alone)" if self.is_protected else ""
        note = "  (no requests reach it, and a refresh leaves it alone)" if self.is_standby else note
        return f"{self.id}  {self.zone}  version {self.template_version}  {self.state}  {self.health}{note}"


@dataclass(frozen=True)
class Group:
    name: str
    desired: int
    template_version: int
    image: str
    instances: tuple[Instance, ...]

    @property
    def stale(self) -> tuple[Instance, ...]:
        """What a refresh has still to replace."""
        return tuple(it for it in self._outdated if not it.is_left_alone and not it.is_leaving)

    @property
    def left_behind(self) -> tuple[Instance, ...]:
        return tuple(it for it in self._outdated if it.is_left_alone)

    @property
    def _outdated(self) -> tuple[Instance, ...]:
        return tuple(it for it in self.instances if it.template_version != self.template_version)

    @property
    def in_service(self) -> tuple[Instance, ...]:
        return tuple(it for it in self.instances if it.is_in_service)

    @property
    def is_settled(self) -> bool:
        serving = [it for it in self.instances if not it.is_standby]
        return not self.stale and len(self.in_service) == len(serving) >= self.desired


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
        described.get("ProtectedFromScaleIn", False),
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
    reasons = [it.get("StatusMessage") or it["Description"] for it in failed[:3]]
    return [f"{it['StatusCode']}: {reason}{cure(reason)}" for it, reason in zip(failed, reasons)]


# What AWS says when it can't start an instance, and what helps.
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-instancelaunchfailure.html
CURES = {
    "vCPU capacity than your current vCPU limit": "Ask for more vCPUs (make doctor prints how), then deploy again.",
    "sufficient": "AWS has none of this type in that zone just now: wait, or take another instance_type.",
    "ELB health check": "The instance does not answer /health/readiness in time: make logs, or make shell.",
    "Client error on launch": "The disk's encryption key can't be used: is the key aws/ebs of this account in order?",
    "InvalidAMIID": "The image is gone: make image, or make rollback.",
}


def cure(reason: str) -> str:
    return next((f"\n    → {text}" for sign, text in CURES.items() if sign in reason), "")
