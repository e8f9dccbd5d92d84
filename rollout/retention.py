"""retire-images: removes old images of this account, with their snapshots."""

import argparse
import datetime

from rollout import programs
from rollout.aws import Aws
from rollout.confirm import confirm
from rollout.errors import Unusable

KEPT_MIN = 2
KEPT_DAYS = 30
OURS = [{"Name": "tag:Project", "Values": ["saved-string"]}]


def retire_images(options: argparse.Namespace) -> None:
    """Keeps the newest, the young, and whatever an instance was started from: its group must be able to do so again."""
    if options.keep < KEPT_MIN:
        raise Unusable(f"KEEP={options.keep} (expected: at least {KEPT_MIN}, one that runs and one to go back to)")
    programs.require("aws")
    aws = Aws(options.region)
    old = [image for image in newest_first(aws)[options.keep :] if is_old(image)]
    used = images_of_instances(aws, [image["ImageId"] for image in old])
    retired = [image for image in old if image["ImageId"] not in used]
    if not retired:
        print(f"Nothing to remove: no unused image is beyond the newest {options.keep} and {KEPT_DAYS} days old.")
        return
    for image in retired:
        print(f"{image['ImageId']} {image['CreationDate']} {image['Name']}")
    confirm(f"Remove these {len(retired)} images?", "yes", "yes" if options.yes else "", "Give YES=1.")
    for image in retired:
        remove(aws, image)


def newest_first(aws: Aws) -> list[dict]:
    """This account's own only: anybody may publish an image with such a name and tag."""
    images = aws.call("ec2", "describe-images", Owners=["self"], Filters=OURS)["Images"]
    return sorted(images, key=lambda image: image["CreationDate"], reverse=True)


def is_old(image: dict) -> bool:
    made = datetime.datetime.fromisoformat(image["CreationDate"].replace("Z", "+00:00"))
    return datetime.datetime.now(datetime.timezone.utc) - made > datetime.timedelta(days=KEPT_DAYS)


def images_of_instances(aws: Aws, images: list[str]) -> set[str]:
    if not images:
        return set()
    found = aws.call("ec2", "describe-instances", Filters=[{"Name": "image-id", "Values": images}])["Reservations"]
    return {instance["ImageId"] for reservation in found for instance in reservation["Instances"]
            if instance["State"]["Name"] != "terminated"}


def remove(aws: Aws, image: dict) -> None:
    aws.call("ec2", "deregister-image", ImageId=image["ImageId"])
    for device in image.get("BlockDeviceMappings", []):
        if snapshot := device.get("Ebs", {}).get("SnapshotId"):
            aws.call("ec2", "delete-snapshot", SnapshotId=snapshot)
