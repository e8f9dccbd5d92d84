"""What the account and the region have to have: zones, a network for the builder, room under the quota of vCPUs."""

from collections.abc import Callable, Iterator

from rollout.aws import Aws
from rollout.errors import AwsError
from rollout.findings import Finding, missing, ok, unknown
from rollout.stack import state_bucket

ZONES_MIN = 3
# The oldest zone of us-east-1, which has no Graviton instances: left out in terraform/network.tf too.
ZONE_LEFT_OUT = "use1-az3"
# "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", in vCPUs; a new account may have 5.
# https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
VCPU_QUOTA = "L-1216C47A"
BUILDER = "saved-string-image-builder"


def bucket_of_state(aws: Aws) -> Iterator[Finding]:
    bucket = state_bucket(aws)
    try:
        aws.call("s3api", "head-bucket", Bucket=bucket)
    except AwsError as problem:
        if problem.code not in ("404", "NoSuchBucket"):
            raise
        yield missing("state bucket", f"there is no {bucket}", "Make it: make bootstrap")
        return
    yield ok("state bucket", bucket)


def zones(aws: Aws) -> Iterator[Finding]:
    filters = [{"Name": "opt-in-status", "Values": ["opt-in-not-required"]}, {"Name": "state", "Values": ["available"]}]
    found = aws.call("ec2", "describe-availability-zones", Filters=filters)["AvailabilityZones"]
    names = [it["ZoneName"] for it in found if it["ZoneId"] != ZONE_LEFT_OUT]
    if len(names) < ZONES_MIN:
        text = f"{aws.region} has {len(names)} (expected: {ZONES_MIN} at least)"
        yield missing("zones", text, "Take another region: AWS_REGION=…")
    else:
        yield ok("zones", f"{', '.join(names)}")


def builders_network(aws: Aws, subnet_id: str) -> Iterator[Finding]:
    if subnet_id:
        try:
            aws.call("ec2", "describe-subnets", SubnetIds=[subnet_id])
        except AwsError as problem:
            if not problem.code.startswith("InvalidSubnetID"):
                raise
            remedy = "Name a subnet with a way out to the internet: SUBNET_ID=subnet-…"
            yield missing("network for the builder", f"there is no {subnet_id} in {aws.region}", remedy)
            return
        yield ok("network for the builder", subnet_id)
        return
    default = aws.call("ec2", "describe-vpcs", Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    if default:
        yield ok("network for the builder", f"the default VPC {default[0]['VpcId']}")
    else:
        remedy = "Name a subnet with a way out (SUBNET_ID=subnet-…), or make one: aws ec2 create-default-vpc"
        yield missing("network for the builder", f"{aws.region} has no default VPC", remedy)


def builders_role(aws: Aws) -> Iterator[Finding]:
    try:
        aws.call("iam", "get-instance-profile", InstanceProfileName=BUILDER)
    except AwsError as problem:
        if problem.code != "NoSuchEntity":
            raise
        yield missing("role for the builder", f"there is no instance profile {BUILDER}", "Make it: make bootstrap")
        return
    yield ok("role for the builder", BUILDER)


def vcpus(aws: Aws, instance_type: str, instances: int, own_group: str | None = None) -> Iterator[Finding]:
    """Room for a machine, or for a group: for its first start, and for twice as many when a rollout replaces them."""
    quota = aws.call("service-quotas", "get-service-quota", ServiceCode="ec2", QuotaCode=VCPU_QUOTA)["Quota"]["Value"]
    type_ = aws.call("ec2", "describe-instance-types", InstanceTypes=[instance_type])["InstanceTypes"][0]
    each = type_["VCpuInfo"]["DefaultVCpus"]
    there = running(aws)
    others = sum(vcpus_of(it) for it in there if own_group is None or group_of(it) != own_group)
    is_replaced = own_group is not None and any(group_of(it) == own_group for it in there)
    at_once = 2 * instances if is_replaced else instances
    yield room(aws, quota, others, at_once * each, f"{at_once} × {instance_type} at once", missing)
    if own_group is not None and not is_replaced:
        text = f"{2 * instances} × {instance_type} at once, when the next rollout replaces them"
        yield room(aws, quota, others, 2 * instances * each, text, unknown)


def room(aws: Aws, quota: float, others: int, needed: int, what: str, lacking: Callable[..., Finding]) -> Finding:
    text = f"{needed} for {what}, {others} in use by others, {quota:g} allowed"
    if others + needed <= quota:
        return ok("vCPUs", text)
    remedy = (
        f"Ask for more, which takes minutes to days: aws service-quotas request-service-quota-increase --region"
        f" {aws.region} --service-code ec2 --quota-code {VCPU_QUOTA} --desired-value {others + needed}"
    )
    return lacking("vCPUs", text, remedy)


def running(aws: Aws) -> list[dict]:
    filters = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
    answer = aws.call("ec2", "describe-instances", Filters=filters)
    return [it for reservation in answer["Reservations"] for it in reservation["Instances"]]


def vcpus_of(instance: dict) -> int:
    options = instance.get("CpuOptions", {})
    return options.get("CoreCount", 1) * options.get("ThreadsPerCore", 1)


def group_of(instance: dict) -> str:
    tags = {it["Key"]: it["Value"] for it in instance.get("Tags", [])}
    return tags.get("aws:autoscaling:groupName", "")
