"""Every input that can't be right is refused with its own sentence."""

import json
import re
import unittest

from workspace import SOURCE, Workspace

PLAN_TIMEOUT_SECONDS = 600
# The region is wrong in each, so that no plan gets as far as asking AWS.
SENSELESS = (
    {
        "alarm_emails": ["nobody"],
        "allowed_cidr_blocks": [],
        "availability_zones": ["us-east-1a"],
        "certificate_arn": "arn:aws:iam::123456789012:server-certificate/old",
        "environment": "Production",
        "hosted_zone_id": "Z0123456789ABCDEFGHIJ",
        "image_id": "latest",
        "instance_count_min": 1,
        "instance_type": "small",
        "log_retention_days": 10,
        "region": "us-east-1a",
        "store_engine_version": "7.2",
        "store_node_type": "t4g.micro",
        "store_replica_count": 1,
        "store_snapshot_name": "s3://bucket/snapshot",
        "store_snapshot_retention_days": 0,
        "vpc_cidr_block": "10.0.0.0",
    },
    {"domain_name": "https://string.example.org", "image_id": "ami-0123456789abcdef0", "region": "mars"},
    {"domain_name": "a.example.org", "hosted_zone_id": "example.org", "image_id": "ami-01234567", "region": ""},
    {"image_id": "ami-0123456789abcdef0", "instance_count_max": 51, "region": "us-east"},
)


class Inputs(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.workspace = Workspace()
        cls.workspace.initialise("-backend=false")
        # Planning wants a backend, and the real one is in AWS.
        (cls.workspace.directory / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
        cls.workspace.initialise("-reconfigure")

    def test_are_refused_each_with_its_sentence(self) -> None:
        sentences = set(re.findall(r'error_message += "(.*)"', (SOURCE / "variables.tf").read_text()))
        self.assertGreater(len(sentences), 20)
        said = [self.refusals(number, values) for number, values in enumerate(SENSELESS)]
        self.assertEqual(set().union(*said), sentences)

    def refusals(self, number: int, values: dict) -> set[str]:
        file = self.workspace.directory / f"senseless{number}.tfvars.json"
        file.write_text(json.dumps(values))
        done = self.workspace.run("plan", "-json", f"-var-file={file}", timeout_seconds=PLAN_TIMEOUT_SECONDS)
        self.assertEqual(done.returncode, 1, done.stdout)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        details = [line["diagnostic"]["detail"] for line in lines if line["@level"] == "error"]
        return {detail.split("\n\n")[0] for detail in details}
