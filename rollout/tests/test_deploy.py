import signal

from proving.waiting import wait_until
from rollout.tests import answers
from rollout.tests.answers import NEW, OLD, group, refresh, template_version
from rollout.tests.production import ProductionTest
from rollout.tests.workbench import Answer, ended, refused

NOT_FOUND = refused("ParameterNotFound")


class DeployTest(ProductionTest):
    def setUp(self) -> None:
        super().setUp()
        self.refreshes(refresh("InProgress"), refresh("Successful", 100))
        self.instances(group(2, 2, 2))

    def deploy(self, **environment: str):
        return self.rollout("deploy", **{"YES": "1", **environment})

    def recorded_releases(self) -> list[str]:
        return self.calls("aws --region us-east-1 ssm put-parameter")

    # What goes well

    def test_a_deploy_applies_the_plan_waits_tests_and_records_the_image(self) -> None:
        done = self.deploy()
        self.assert_code(0, done)
        self.assertIn(f"production runs {NEW}", done.out)
        self.assertEqual(["init", "plan", "show", "apply", "output"], [it.split()[2] for it in self.calls("terraform")])
        self.assertIn(f"{OLD} 2026-06-01T09:00:00Z\\n{NEW} ", self.recorded_releases()[0])

    def test_exactly_the_plan_that_was_shown_is_applied(self) -> None:
        self.assert_code(0, self.deploy())
        plan, apply = (self.calls(f"terraform -chdir=terraform {verb}")[0] for verb in ("plan", "apply"))
        file = apply.split()[-1]
        self.assertIn(f"-out={file} ", plan)
        self.assertIn(f"-var=image_id={NEW}", plan)

    def test_the_plan_file_is_gone_afterwards(self) -> None:
        self.assert_code(0, self.deploy(TMPDIR=str(self.directory)))
        self.assertEqual([], list(self.directory.glob("saved-string-*")))

    def test_the_state_is_kept_per_account_region_and_environment(self) -> None:
        self.assert_code(0, self.deploy(ENV="staging"))
        init = self.calls("terraform")[0]
        self.assertIn("-backend-config=bucket=saved-string-state-111122223333-us-east-1", init)
        self.assertIn("-backend-config=key=staging/terraform.tfstate", init)

    def test_the_settings_of_an_environment_are_taken_from_its_file(self) -> None:
        (self.directory / "terraform" / "production.tfvars").touch()
        self.assert_code(0, self.deploy())
        self.assertIn("-var-file=", self.calls("terraform")[1])

    def test_progress_is_shown_line_by_line(self) -> None:
        self.refreshes(
            refresh("InProgress"),
            refresh("Pending", 0, 2),
            refresh("InProgress", 50, 1, "Waiting for remaining instances to be available."),
            refresh("Successful", 100),
        )
        done = self.deploy()
        self.assert_code(0, done)
        self.assertIn("2 of 2 in service; refresh: Pending, 0 %, 2 to replace\n", done.out)
        self.assertIn("InProgress, 50 %, 1 to replace: Waiting for remaining instances", done.out)

    def test_a_plan_with_nothing_to_change_applies_nothing_and_still_tests(self) -> None:
        self.record("terraform", "plan", "No changes.\n")
        self.refreshes(refresh("Successful", 100))
        done = self.deploy(YES="")
        self.assert_code(0, done)
        self.assertIn("The plan changes nothing.", done.out)
        self.assertIn("ok  the page shows the saved string", done.out)
        self.assertEqual([], self.calls("terraform -chdir=terraform apply"))

    def started_after_a_failure(self, **environment: str) -> str:
        self.record("terraform", "plan", "No changes.\n")
        refreshes = [refresh("Failed", 50), refresh("Pending"), refresh("Successful")]
        self.refreshes(*refreshes)
        self.instances(group(2, 1, 2), group(2, 1, 2), group(2, 2, 2))
        self.record("aws", "autoscaling.start-instance-refresh", {"InstanceRefreshId": "1"})
        self.assert_code(0, self.deploy(**environment))
        return self.calls("aws --region us-east-1 autoscaling start-instance-refresh")[0]

    def test_the_same_image_after_a_failed_refresh_starts_another_refresh_like_it(self) -> None:
        started = self.started_after_a_failure()
        self.assertIn('"MinHealthyPercentage": 100, "MaxHealthyPercentage": 200, "SkipMatching": true', started)
        self.assertIn("saved-string-production-server-errors", started)
        self.assertNotIn("AutoRollback", started)

    def test_a_cure_can_be_rolled_out_although_an_alarm_is_on(self) -> None:
        self.assertNotIn("AlarmSpecification", self.started_after_a_failure(DESPITE_ALARMS="1"))
        self.assertIn("-var=refresh_stops_on_alarm=false", self.calls("terraform -chdir=terraform plan")[0])

    def test_an_alarm_stops_any_other_rollout(self) -> None:
        self.assert_code(0, self.deploy())
        self.assertNotIn("refresh_stops_on_alarm", self.calls("terraform -chdir=terraform plan")[0])

    def test_a_first_deploy_has_no_refresh_and_waits_for_its_instances(self) -> None:
        self.refreshes(answers.NO_REFRESH)
        self.instances(
            group(1),
            group(1),
            group(1, 1, 1, state="Pending"),
            group(1, 1, 1),
        )
        self.record("aws", "ec2.describe-launch-template-versions", template_version(1, NEW))
        self.record("aws", "ssm.get-parameter", NOT_FOUND)
        done = self.deploy()
        self.assert_code(0, done)
        self.assertIn("0 of 2 in service; refresh: none yet", done.out)

    def test_a_deploy_without_any_api_key_asks_for_one(self) -> None:
        self.record("aws", "ssm.get-parameter", answers.parameter("# name sha256"), NOT_FOUND)
        done = self.deploy()
        self.assert_code(0, done)
        self.assertIn("make api-key NAME=you ENV=production", done.out)

    def test_a_few_unanswered_questions_do_not_end_the_wait(self) -> None:
        busy = refused("Throttling", "Rate exceeded")
        progress = refresh("InProgress", 50)
        answers_in_turn = [progress, busy, busy, progress, busy, refresh("Successful", 100)]
        self.refreshes(*answers_in_turn)
        done = self.deploy()
        self.assert_code(0, done)
        self.assertIn("no answer, asking again", done.out)

    # What is refused before anything is changed

    def assert_untouched(self, done, code: int, text: str) -> None:
        self.assert_code(code, done)
        self.assertIn(text, done.error)
        self.assertEqual([], self.calls("terraform -chdir=terraform apply"))
        self.assertEqual([], self.recorded_releases())

    def test_without_a_yes_and_without_a_terminal_nothing_is_changed(self) -> None:
        self.assert_untouched(self.deploy(YES=""), 2, "Say YES=1")

    def test_without_an_image_nothing_is_changed(self) -> None:
        self.assert_untouched(self.deploy(IMAGE=""), 2, "IMAGE: '' (expected: ami-…")

    def test_what_is_no_image_id_is_refused(self) -> None:
        self.assert_untouched(self.deploy(IMAGE="latest"), 2, "IMAGE: 'latest'")

    def test_an_image_that_does_not_exist_is_refused(self) -> None:
        self.record("aws", "ec2.describe-images", {"Images": []})
        self.assert_untouched(self.deploy(), 2, f"this account has no image {NEW}")

    def test_an_image_that_is_not_ready_is_refused(self) -> None:
        self.record("aws", "ec2.describe-images", answers.images("pending"))
        self.assert_untouched(self.deploy(), 2, "is pending (expected: available)")

    def test_a_strange_environment_name_is_refused(self) -> None:
        self.assert_untouched(self.deploy(ENV="Prod/../x"), 2, "ENV: 'Prod/../x'")

    def test_missing_credentials_are_named_with_what_to_do(self) -> None:
        self.record("aws", "sts.get-caller-identity", Answer(error=answers.NO_CREDENTIALS, code=253))
        self.assert_untouched(self.deploy(), 3, "aws sso login")

    def test_expired_credentials_are_named_with_what_to_do(self) -> None:
        self.record("aws", "sts.get-caller-identity", refused("RequestExpired", "Request has expired."))
        self.assert_untouched(self.deploy(), 3, "AWS does not accept the credentials")

    def test_a_plan_that_fails_changes_nothing(self) -> None:
        self.record("terraform", "plan", Answer(error="Error: Invalid value\n", code=1))
        done = self.deploy()
        self.assert_untouched(done, 1, "terraform plan failed")
        self.assertIn("Error: Invalid value", done.error)

    # What goes wrong, and the way back

    def assert_way_back(self, done, code: int, text: str) -> None:
        self.assert_code(code, done)
        self.assertIn(text, done.error)
        self.assertIn(f"make rollback ENV=production (to {OLD}, which was good at 2026-06-01T09:00:00Z)", done.error)
        self.assertEqual([], self.recorded_releases())

    def fail_refresh(self, status: str, reason: str) -> None:
        started = refresh("InProgress", 0, 2)
        self.refreshes(started, started, refresh(status, 50, 1, reason))
        self.instances(group(2, 1, 1, 2))

    def test_a_failed_refresh_says_why_and_how_to_go_back(self) -> None:
        self.fail_refresh("Failed", "Instances failed to become healthy.")
        message = "Client.InternalError: Client error on launch."
        self.record("aws", "autoscaling.describe-scaling-activities", answers.activities(message))
        done = self.deploy()
        self.assert_way_back(done, 1, "ended as Failed, 50 %, 1 to replace: Instances failed to become healthy.")
        self.assertIn(message, done.error)

    def test_a_cancelled_refresh_says_so_and_how_to_go_back(self) -> None:
        self.fail_refresh("Cancelled", "Cancelled due to user request.")
        self.assert_way_back(self.deploy(), 1, "ended as Cancelled")

    def test_a_refresh_that_aws_rolled_back_is_a_failure(self) -> None:
        self.fail_refresh("RollbackSuccessful", "Alarm saved-string-production-5xx")
        self.assert_way_back(self.deploy(), 1, "ended as RollbackSuccessful")

    def test_a_refresh_under_cancellation_or_rollback_is_awaited(self) -> None:
        under_way = [refresh(status) for status in ("InProgress", "Cancelling", "RollbackInProgress", "Baking")]
        self.refreshes(*under_way, refresh("RollbackFailed"))
        self.instances(group(2, 1, 2))
        self.assert_way_back(self.deploy(), 1, "ended as RollbackFailed")

    def test_a_wait_has_an_end_and_says_how_to_go_on(self) -> None:
        self.refreshes(refresh("InProgress", 50, 1))
        done = self.deploy(TIMEOUT_MINUTES="0.001")
        self.assert_way_back(done, 4, "Not over after 0.001 minutes: 2 of 2 in service; refresh: InProgress, 50 %")
        self.assertIn("make wait ENV=production", done.error)

    def test_an_aws_that_never_answers_again_ends_the_wait(self) -> None:
        gone = refused("ServiceUnavailable", "try later")
        self.refreshes(refresh("InProgress"), gone)
        self.assert_way_back(self.deploy(), 1, "try later")

    def test_credentials_that_expire_while_waiting_leave_the_rollout_to_be_awaited(self) -> None:
        expired = refused("ExpiredTokenException", "The security token included in the request is expired")
        self.refreshes(refresh("InProgress"), expired)
        done = self.deploy()
        self.assert_way_back(done, 4, "AWS does not accept the credentials")
        self.assertIn("make wait ENV=production", done.error)

    def test_an_interrupted_wait_says_how_to_go_on(self) -> None:
        self.refreshes(refresh("InProgress", 50, 1))
        with self.start("deploy", YES="1", POLL_SECONDS="30") as process:
            wait_until(lambda: len(self.calls("aws --region us-east-1 ec2 describe-launch")) == 1, "it waits")
            process.stdout.readline()
            while "in service" not in process.stdout.readline():
                pass
            process.send_signal(signal.SIGINT)
            done = ended(process)
        self.assert_way_back(done, 130, "the rollout goes on in AWS")
        self.assertIn("make wait ENV=production", done.error)

    def test_an_apply_that_fails_half_way_says_how_to_go_on_and_back(self) -> None:
        self.record("terraform", "apply", Answer(error="Error: creating ElastiCache\n", code=1))
        done = self.deploy()
        self.assert_way_back(done, 1, "terraform stopped half-way")
        self.assertIn(f"make deploy IMAGE={NEW} ENV=production", done.error)

    def test_an_interrupted_apply_is_asked_once_to_stop_and_awaited(self) -> None:
        self.record("terraform", "apply", Answer(hangs=True))
        with self.start("deploy", YES="1") as process:
            wait_until(lambda: self.calls("terraform -chdir=terraform apply"), "it applies")
            process.send_signal(signal.SIGINT)
            done = ended(process)
        self.assertEqual(["interrupted"], self.calls("interrupted"))
        self.assert_way_back(done, 1, "terraform stopped half-way")

    def test_a_failed_smoke_test_names_the_promise_and_the_way_back(self) -> None:
        self.site.paths["page"] = (200, "<h1>Welcome to nginx!</h1>")
        done = self.deploy()
        self.assert_way_back(done, 1, "Smoke test failed: the page shows the saved string: no such heading")

    def test_another_rollout_in_between_is_noticed(self) -> None:
        self.record("aws", "ec2.describe-launch-template-versions", template_version(3, "ami-00000000000000003"))
        self.instances(group(3, 3, 3))
        self.assert_way_back(self.deploy(), 1, "Another rollout came in between")

    def test_a_first_deploy_that_fails_says_that_there_is_no_way_back(self) -> None:
        self.fail_refresh("Failed", "")
        self.record("aws", "ssm.get-parameter", NOT_FOUND)
        done = self.deploy()
        self.assert_code(1, done)
        self.assertIn("There is no earlier image to go back to", done.error)

    # wait

    def test_wait_goes_on_where_an_interrupted_deploy_left_off(self) -> None:
        refreshes = [refresh("InProgress", 50), refresh("Successful", 100)]
        self.refreshes(*refreshes)
        done = self.rollout("wait")
        self.assert_code(0, done)
        self.assertIn("ok  HTTP redirects to HTTPS", done.out)
        self.assertIn(NEW, self.recorded_releases()[0])

    def test_wait_without_a_refresh_and_with_old_instances_says_so(self) -> None:
        self.refreshes(answers.NO_REFRESH)
        self.instances(group(2, 1, 1))
        self.assert_way_back(self.rollout("wait"), 1, "No instance refresh is under way, and 2 of 2 instances")

    def test_wait_for_what_was_never_deployed_says_so(self) -> None:
        self.record("terraform", "output", {})
        done = self.rollout("wait")
        self.assert_code(1, done)
        self.assertIn("production has no output autoscaling_group_name", done.error)
        self.assertIn("make deploy IMAGE=ami-… ENV=production", done.error)


if __name__ == "__main__":
    import unittest

    unittest.main()
