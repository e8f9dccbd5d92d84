"""A rollout that goes wrong, in each known way: status explains what came of it, and one more command mends it."""

import unittest

from rollout.tests import answers
from rollout.tests.answers import NEW, OLD, group, refresh, template_version
from rollout.tests.production import ProductionTest
from rollout.tests.workbench import Answer, refused

# As AWS words them. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-instancelaunchfailure.html
NO_QUOTA = (
    "You have requested more vCPU capacity than your current vCPU limit of 5 allows for the instance bucket that the"
    " specified instance type belongs to. Launching EC2 instance failed."
)
NO_CAPACITY = "We currently do not have sufficient t4g.small capacity in the Availability Zone you requested (us-east-1a)."
NOT_HEALTHY = "Instance failed to pass ELB health checks."
ALARM = "saved-string-production-server-errors"


class TroubleTest(ProductionTest):
    def setUp(self) -> None:
        super().setUp()
        self.environment |= {"STATE_BUCKET": "state", "YES": "1"}
        self.record("aws", "autoscaling.start-instance-refresh", {"InstanceRefreshId": "1"})
        self.record("aws", "cloudwatch.describe-alarms", {"MetricAlarms": []})

    def fail_for(self, reason: str, activity: str) -> None:
        """The rollout began, and ended early."""
        ended = refresh("Failed", 50, 1, reason)
        self.refreshes(refresh("InProgress"), refresh("InProgress"), ended)
        self.instances(group(2, 1, 2))
        self.record("aws", "autoscaling.describe-scaling-activities", answers.activities(activity))
        self.deployed = self.rollout("deploy")
        self.assert_code(1, self.deployed)
        self.refreshes(ended)

    def status(self) -> str:
        done = self.rollout("status")
        self.assert_code(0, done)
        return done.out

    def assert_mended_by_a_second_deploy(self) -> None:
        self.record("terraform", "plan", "No changes.\n")
        self.refreshes(refresh("Failed", 50), refresh("InProgress"), refresh("Successful", 100))
        self.instances(group(2, 1, 2), group(2, 1, 2), group(2, 2, 2))
        done = self.rollout("deploy")
        self.assert_code(0, done)
        self.assertIn("starting one", done.out)

    def assert_mended_by_a_rollback(self) -> None:
        versions = [template_version(2, NEW), template_version(3, OLD)]
        self.record("aws", "ec2.describe-launch-template-versions", *versions)
        self.refreshes(refresh("InProgress"), refresh("Successful", 100))
        self.instances(group(2, 1, 2), group(3, 3, 3))
        done = self.rollout("rollback", IMAGE="")
        self.assert_code(0, done)
        self.assertIn(f"production runs {OLD}", done.out)

    def test_a_quota_that_ends_in_the_middle(self) -> None:
        self.fail_for("Waiting for instances to launch.", NO_QUOTA)
        said = self.status()
        for text in (NO_QUOTA, "Ask for more vCPUs", "the last rollout ended as Failed", f"make deploy IMAGE={NEW}"):
            self.assertIn(text, said)
        self.assert_mended_by_a_second_deploy()

    def test_a_zone_that_has_no_instances_left(self) -> None:
        self.fail_for("Waiting for instances to launch.", NO_CAPACITY)
        self.assertIn("wait, or take another instance_type", self.status())
        self.assert_mended_by_a_second_deploy()

    def test_an_image_that_never_becomes_healthy(self) -> None:
        self.fail_for("Instances failed to become healthy.", NOT_HEALTHY)
        self.assertIn("make logs", self.deployed.error)
        said = self.status()
        for text in (NOT_HEALTHY, "does not answer /health/readiness", f"rollback to    {OLD}", "make rollback"):
            self.assertIn(text, said)
        self.assert_mended_by_a_rollback()

    def test_an_alarm(self) -> None:
        self.fail_for(f"Alarm {ALARM} is in ALARM state.", "Terminating EC2 instance")
        self.record("aws", "cloudwatch.describe-alarms", {"MetricAlarms": [{"AlarmName": ALARM}]})
        said = self.status()
        for text in (f"Alarm {ALARM} is in ALARM state.", "DESPITE_ALARMS=1", "make rollback"):
            self.assertIn(text, said)
        self.assert_mended_by_a_rollback()
        self.assertIn("refresh_stops_on_alarm=false", self.calls("terraform -chdir=terraform plan")[-1])

    def test_an_instance_in_standby(self) -> None:
        mixed = group(2, 1, 2, 2)
        mixed["AutoScalingGroups"][0]["Instances"][0]["LifecycleState"] = "Standby"
        self.refreshes(refresh("InProgress"), refresh("Successful", 100))
        self.instances(mixed)
        done = self.rollout("deploy")
        self.assert_code(0, done)
        for said in (done.out, self.status()):
            self.assertIn("i-00000000000000000 still is version 1", said)
            self.assertIn("aws autoscaling exit-standby", said)

    def test_a_lost_credential(self) -> None:
        expired = refused("ExpiredTokenException", "The security token included in the request is expired")
        self.refreshes(refresh("InProgress"), expired)
        self.instances(group(2, 1, 2))
        done = self.rollout("deploy")
        self.assert_code(4, done)
        self.assertIn("make wait ENV=production", done.error)
        self.refreshes(refresh("InProgress", 50))
        self.assertIn("a rollout is under way: make wait ENV=production", self.status())
        self.refreshes(refresh("Successful", 100))
        self.instances(group(2, 2, 2))
        self.assert_code(0, self.rollout("wait"))

    def test_a_second_deploy_at_once_that_finds_the_state_taken(self) -> None:
        self.record("terraform", "plan", Answer(error="Error: Error acquiring the state lock\n", code=1))
        self.refreshes(refresh("InProgress", 50))
        self.instances(group(2, 1, 2))
        done = self.rollout("deploy")
        self.assert_code(1, done)
        self.assertEqual([], self.calls("terraform -chdir=terraform apply"))
        self.assertIn("make wait ENV=production", self.status())

    def test_a_second_deploy_at_once_that_takes_the_first_ones_place(self) -> None:
        """Terraform cancels the refresh before, whose deploy then says that another came in between."""
        self.record("aws", "ec2.describe-launch-template-versions", template_version(3, "ami-00000000000000003"))
        self.refreshes(refresh("InProgress"), refresh("Successful", 100))
        self.instances(group(3, 3, 3))
        done = self.rollout("deploy")
        self.assert_code(1, done)
        self.assertIn("Another rollout came in between", done.error)
        self.assertIn("nothing to do", self.status())

    def test_a_store_whose_nodes_share_a_zone_is_remarked(self) -> None:
        crowded = answers.store("us-east-1a", "us-east-1a", "us-east-1b")
        self.record("aws", "elasticache.describe-replication-groups", crowded)
        self.refreshes(refresh("InProgress"), refresh("Successful", 100))
        self.instances(group(2, 2, 2))
        done = self.rollout("deploy")
        self.assert_code(0, done)
        self.assertIn("the loss of one zone could take the majority", done.out)


if __name__ == "__main__":
    unittest.main()
