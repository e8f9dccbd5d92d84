"""The commands around a rollout."""

import json
import unittest

from rollout.tests import answers
from rollout.tests.answers import NEW, OLD, group, refresh, template_version
from rollout.tests.workbench import Answer, RolloutTest, refused

COMMANDS = (
    "api-key bootstrap certificate deploy destroy doctor image list-keys logs retire-images revoke-key rollback shell status wait"
).split()
BALANCER = "saved-string-1234.us-east-1.elb.amazonaws.com"


class HelpTest(RolloutTest):
    def test_every_command_explains_itself(self) -> None:
        for command in COMMANDS:
            with self.subTest(command=command):
                done = self.rollout(command, "--help")
                self.assert_code(0, done)
                self.assertIn("exit codes: 0 done, 1 failed", done.out)

    def test_the_overview_names_every_command(self) -> None:
        overview = self.rollout("--help").out
        self.assertEqual([], [command for command in COMMANDS if command not in overview])

    def test_a_command_that_does_not_exist_is_wrong_use(self) -> None:
        self.assert_code(2, self.rollout("deplyo"))


class MissingToolTest(RolloutTest):
    def test_every_command_names_the_tools_it_misses_before_it_begins(self) -> None:
        self.environment["PATH"] = str(self.bin)
        tools = {
            "bootstrap": "terraform",
            "certificate": "openssl",
            "deploy": "terraform",
            "destroy": "terraform",
            "image": "packer",
            "list-keys": "aws",
            "logs": "terraform",
            "retire-images": "aws",
            "rollback": "aws",
            "shell": "session-manager-plugin",
            "status": "aws",
            "wait": "terraform",
        }
        for command, tool in tools.items():
            with self.subTest(command=command):
                done = self.rollout(command, IMAGE=NEW, ENV="production")
                self.assert_code(3, done)
                self.assertIn(f"{tool} is not on the PATH. Install", done.error)


class StackTest(RolloutTest):
    def setUp(self) -> None:
        super().setUp()
        self.stand_in_for("aws", "terraform")
        self.record_account()
        self.environment["STATE_BUCKET"] = "state"
        self.record("terraform", "init", "")
        self.record("terraform", "output", answers.outputs(f"https://{BALANCER}", BALANCER))
        self.record("aws", "autoscaling.describe-auto-scaling-groups", group(2, 1, 2))
        self.record("aws", "ec2.describe-launch-template-versions", template_version(2, NEW))
        self.record("aws", "ssm.get-parameter", answers.parameter(f"{OLD} 2026-06-01T09:00:00Z"))
        self.record("aws", "autoscaling.describe-instance-refreshes", refresh("InProgress", 50, 1))
        self.record("aws", "cloudwatch.describe-alarms", {"MetricAlarms": []})
        self.record("aws", "autoscaling.describe-scaling-activities", {"Activities": []})


class StatusTest(StackTest):
    def test_status_shows_what_runs_and_what_it_can_go_back_to(self) -> None:
        alarm = {"AlarmName": "saved-string-production-5xx", "StateUpdatedTimestamp": "2026-06-02T18:11:27+00:00"}
        self.record("aws", "cloudwatch.describe-alarms", {"MetricAlarms": [alarm]})
        done = self.rollout("status")
        self.assert_code(0, done)
        self.assertEqual(
            f"environment    production in us-east-1\n"
            f"url            https://{BALANCER}\n"
            f"dashboard      https://console.example/dashboard\n"
            f"image          {NEW} (launch template version 2; no rollout of it has ended well)\n"
            f"instances      i-00000000000000000  us-east-1a  version 1  InService  Healthy\n"
            f"               i-00000000000000001  us-east-1b  version 2  InService  Healthy\n"
            f"refresh        InProgress, 50 %, 1 to replace\n"
            f"store          nodes in us-east-1a, us-east-1b, us-east-1c\n"
            f"alarms         saved-string-production-5xx since 2026-06-02T18:11:27+00:00\n"
            f"good releases  {OLD} 2026-06-01T09:00:00Z\n"
            f"rollback to    {OLD}\n"
            f"next           a rollout is under way: make wait ENV=production\n",
            done.out[done.out.index("environment ") :],
        )

    def test_status_before_the_first_deploy_says_what_to_do(self) -> None:
        self.record("terraform", "output", {})
        done = self.rollout("status")
        self.assert_code(1, done)
        self.assertIn("make deploy IMAGE=ami-…", done.error)


class LookingTest(StackTest):
    def test_logs_come_from_the_deployments_log_group(self) -> None:
        self.record("aws", "logs.tail", "one line\n")
        done = self.rollout("logs", SINCE="1h", FOLLOW="1")
        self.assert_code(0, done)
        self.assertIn("one line", done.out)
        self.assertTrue(self.calls("aws")[-1].endswith("logs tail /saved-string/production --since 1h --follow"))

    def test_a_shell_opens_on_an_instance_in_service(self) -> None:
        self.stand_in_for("session-manager-plugin")
        self.record("aws", "ssm.start-session", "")
        self.assert_code(0, self.rollout("shell"))
        self.assertTrue(self.calls("aws")[-1].endswith("--target i-00000000000000000 --document-name saved-string-production-shell"))

    def test_a_shell_on_a_named_instance_needs_none_in_service(self) -> None:
        self.stand_in_for("session-manager-plugin")
        self.record("aws", "ssm.start-session", "")
        self.assert_code(0, self.rollout("shell", INSTANCE="i-0123456789abcdef0"))
        self.assertTrue(self.calls("aws")[-1].endswith("--target i-0123456789abcdef0 --document-name saved-string-production-shell"))

    def test_without_an_instance_in_service_the_shell_says_so(self) -> None:
        self.stand_in_for("session-manager-plugin")
        self.record("aws", "autoscaling.describe-auto-scaling-groups", group(1, 1, state="Pending"))
        done = self.rollout("shell")
        self.assert_code(1, done)
        self.assertIn("No instance is in service", done.error)


class DestroyTest(StackTest):
    def setUp(self) -> None:
        super().setUp()
        self.record("terraform", "plan", Answer("Plan: 0 to add, 0 to change, 70 to destroy.\n", code=2))
        self.record("terraform", "apply", "Apply complete!\n")
        self.record("aws", "ssm.delete-parameter", {})
        self.record("aws", "elasticache.describe-snapshots", {"Snapshots": []})
        self.record("terraform", "state", "aws_lb.main\naws_s3_bucket.access_logs\n")

    def test_destroy_needs_the_name_typed_back(self) -> None:
        for answer in ("", "yes", "staging"):
            with self.subTest(answer=answer):
                done = self.rollout("destroy", CONFIRM=answer, YES="1")
                self.assert_code(2, done)
                self.assertIn("Nothing was changed", done.error)
        self.assertEqual([], self.calls("terraform -chdir=terraform apply"))
        self.assertEqual([], self.calls("aws --region us-east-1 ssm"))

    def test_destroy_lifts_the_protection_removes_everything_and_forgets_the_releases(self) -> None:
        self.assert_code(0, self.rollout("destroy", CONFIRM="production"))
        shown, unprotecting, removing = self.calls("terraform -chdir=terraform plan")
        self.assertIn(" -destroy ", shown)
        self.assertIn("-target=aws_lb.main -target=aws_s3_bucket.access_logs", unprotecting)
        self.assertIn("-var=deletion_protection=false", unprotecting)
        self.assertIn(" -destroy ", removing)
        self.assertEqual(2, len(self.calls("terraform -chdir=terraform apply")))
        self.assertIn("/saved-string/production/releases", self.calls("aws")[-1])

    def test_a_snapshot_that_would_stop_it_half_way_is_found_before_it_begins(self) -> None:
        snapshot = {"SnapshotName": "saved-string-production-final"}
        self.record("aws", "elasticache.describe-snapshots", {"Snapshots": [snapshot]})
        done = self.rollout("destroy", CONFIRM="production")
        self.assert_code(2, done)
        self.assertIn("aws elasticache delete-snapshot", done.error)
        self.assertEqual([], self.calls("terraform"))

    def test_a_destroy_that_fails_half_way_can_be_repeated(self) -> None:
        self.record("terraform", "apply", Answer(error="Error: DependencyViolation\n", code=1))
        done = self.rollout("destroy", CONFIRM="production")
        self.assert_code(1, done)
        self.assertIn("To go on: make destroy ENV=production", done.error)
        self.assertEqual([], self.calls("aws --region us-east-1 ssm"))

    def test_repeated_it_does_not_make_again_what_is_gone_already(self) -> None:
        self.record("terraform", "state", "")
        self.assert_code(0, self.rollout("destroy", CONFIRM="production"))
        self.assertTrue(all(" -destroy " in plan for plan in self.calls("terraform -chdir=terraform plan")))

    def test_destroying_what_is_gone_changes_nothing(self) -> None:
        self.record("terraform", "plan", "No changes.\n")
        self.record("terraform", "output", {})
        self.record("aws", "ssm.delete-parameter", refused("ParameterNotFound"))
        self.record("aws", "elasticache.describe-snapshots", refused("SnapshotNotFoundFault"))
        self.assert_code(0, self.rollout("destroy"))


class BootstrapTest(StackTest):
    def setUp(self) -> None:
        super().setUp()
        for request in ("get-role", "get-instance-profile", "get-open-id-connect-provider", "get-policy"):
            self.record("aws", f"iam.{request}", refused("NoSuchEntity", "It cannot be found."))
        self.record("aws", "s3api.head-bucket", refused("404", "Not Found"))
        self.record("terraform", "plan", Answer("Plan: 20 to add\n", code=2))
        self.record("terraform", "apply", "")

    def planned(self) -> str:
        return self.calls("terraform -chdir=terraform/bootstrap plan")[-1]

    def test_all_is_made_from_a_plan_that_was_shown(self) -> None:
        done = self.rollout("bootstrap", YES="1")
        self.assert_code(0, done)
        self.assertIn("The state bucket is state.", done.out)
        self.assertTrue(all("-chdir=terraform/bootstrap" in call for call in self.calls("terraform")))
        self.assertIn("-var=existing=[]", self.planned())

    def test_what_is_there_is_taken_over_whatever_a_run_before_has_left(self) -> None:
        self.record("aws", "s3api.head-bucket", {})
        self.record("aws", "iam.get-instance-profile", {"InstanceProfile": {}})
        self.assert_code(0, self.rollout("bootstrap", YES="1"))
        self.assertIn('-var=existing=["bucket", "instance-profile"]', self.planned())

    def test_policies_that_are_there_are_taken_over_by_their_names(self) -> None:
        self.record("aws", "iam.get-policy", {"Policy": {}})
        self.assert_code(0, self.rollout("bootstrap", YES="1"))
        names = sorted(name for name in answers.POLICIES if name != "bootstrap")
        self.assertIn(f"-var=existing={json.dumps(names)}", self.planned())

    def test_where_all_is_there_nothing_is_changed(self) -> None:
        self.record("terraform", "plan", "No changes.\n")
        done = self.rollout("bootstrap")
        self.assert_code(0, done)
        self.assertIn("there already", done.out)
        self.assertEqual([], self.calls("terraform -chdir=terraform/bootstrap apply"))

    def test_half_way_it_says_how_to_go_on(self) -> None:
        self.record("terraform", "apply", Answer(error="Error: creating IAM Role\n", code=1))
        done = self.rollout("bootstrap", YES="1")
        self.assert_code(1, done)
        self.assertIn("To go on: make bootstrap", done.error)

    def test_somebody_elses_bucket_is_a_failure(self) -> None:
        self.record("aws", "s3api.head-bucket", refused("403", "Forbidden"))
        self.assert_code(1, self.rollout("bootstrap", YES="1"))
        self.assertEqual([], self.calls("terraform"))

    def test_each_region_has_a_state_of_its_own(self) -> None:
        self.assert_code(0, self.rollout("bootstrap", YES="1", STATE_BUCKET="other"))
        self.assertIn("terraform/bootstrap/.terraform/other/", self.calls("terraform")[0])


if __name__ == "__main__":
    unittest.main()
