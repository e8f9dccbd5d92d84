"""What is missing is said before anything is made, with what to do."""

import unittest

from rollout.tests import answers
from rollout.tests.answers import NEW, group, refresh, template_version
from rollout.tests.workbench import Answer, RolloutTest, refused

TEMPLATE = {"instance_type": "t4g.small"}
DENIED = {"EvaluationResults": [{"EvalActionName": "ec2:CreateVpc", "EvalDecision": "implicitDeny"}]}


class AccountTest(RolloutTest):
    def setUp(self) -> None:
        super().setUp()
        self.stand_in_for("aws", "terraform", "packer", "session-manager-plugin", "git", "openssl")
        self.record_account()
        self.environment |= {"STATE_BUCKET": "state", "IMAGE": NEW}
        self.record("terraform", "init", "")
        self.record("terraform", "plan", Answer(code=2))
        self.record("aws", "ec2.describe-images", answers.images())
        (self.directory / "target").mkdir()
        (self.directory / "target" / "saved-string.jar").touch()

    def version(self, program: str, text: str) -> None:
        self.record(program, "version", text)


class PreflightTest(AccountTest):
    def assert_missing(self, command: str, *texts: str, **environment: str) -> None:
        done = self.rollout(command, **{"YES": "1", **environment})
        self.assert_code(3, done)
        for text in ("Nothing was changed.", *texts):
            self.assertIn(text, done.error)
        self.assertEqual([], [call for call in self.calls() if " apply " in call or " build " in call])

    # Tools

    def test_a_terraform_that_is_too_old_is_named_with_the_one_that_will_do(self) -> None:
        self.version("terraform", "Terraform v1.10.5\non linux_arm64\n")
        for command in ("bootstrap", "deploy"):
            self.assert_missing(command, "terraform: 1.10.5 (expected: 1.11 or newer)")

    def test_an_aws_command_line_that_can_not_lock_is_named(self) -> None:
        self.version("aws", "aws-cli/2.9.19 Python/3.11.2\n")
        for command in ("bootstrap", "list-keys"):
            self.assert_missing(command, "aws: 2.9.19 (expected: 2.22.5 or newer)", ENV="production")

    def test_a_packer_that_is_too_old_is_named(self) -> None:
        self.version("packer", "Packer v1.6.6\n")
        self.assert_missing("image", "packer: 1.6.6 (expected: 1.10 or newer)")

    # The account and the region

    def test_a_region_with_two_zones_is_refused(self) -> None:
        self.record("aws", "ec2.describe-availability-zones", answers.zones("ab"))
        self.assert_missing("deploy", "zones: us-east-1 has 2 (expected: 3 at least)", "AWS_REGION=")

    def test_the_zone_without_our_instances_does_not_count(self) -> None:
        zones = answers.zones("abc")
        zones["AvailabilityZones"][0]["ZoneId"] = "use1-az3"
        self.record("aws", "ec2.describe-availability-zones", zones)
        self.assert_missing("deploy", "has 2")

    def test_without_a_default_vpc_the_builder_needs_a_subnet(self) -> None:
        self.record("aws", "ec2.describe-vpcs", {"Vpcs": []})
        self.assert_missing("image", "us-east-1 has no default VPC", "SUBNET_ID=subnet-…")

    def test_a_subnet_that_does_not_exist_is_refused(self) -> None:
        self.record("aws", "ec2.describe-subnets", refused("InvalidSubnetID.NotFound"))
        self.assert_missing("image", "there is no subnet-1 in us-east-1", SUBNET_ID="subnet-1")

    def test_without_the_builders_role_the_bootstrap_is_asked_for(self) -> None:
        self.record("aws", "iam.get-instance-profile", refused("NoSuchEntity"))
        self.assert_missing("image", "there is no instance profile saved-string-image-builder", "make bootstrap")

    def test_an_image_needs_room_for_its_builder(self) -> None:
        self.record("aws", "service-quotas.get-service-quota", {"Quota": {"Value": 1.0}})
        self.assert_missing("image", "vCPUs: 2 for 1 × t4g.small at once, 0 in use by others, 1 allowed")

    def plan_of_two(self) -> None:
        nothing_known = answers.resource_without_values("aws_flow_log", "main")
        self.record("terraform", "show", answers.planned({"min_size": 2}, TEMPLATE, nothing_known))

    def with_quota(self, vcpus: float, running: dict | None = None) -> None:
        self.record("aws", "service-quotas.get-service-quota", {"Quota": {"Value": vcpus}})
        self.record("aws", "ec2.describe-instances", running or {"Reservations": []})
        self.record("terraform", "apply", Answer(code=1))
        self.record("terraform", "output", answers.outputs("https://localhost", "localhost"))
        self.record("aws", "ssm.get-parameter", refused("ParameterNotFound"))

    def test_a_rollout_needs_room_for_twice_its_instances(self) -> None:
        self.plan_of_two()
        self.with_quota(5, answers.running("saved-string-production", 4))
        wanted = "vCPUs: 8 for 4 × t4g.small at once, 0 in use by others, 5 allowed"
        self.assert_missing("deploy", wanted, "request-service-quota-increase", "--desired-value 8")

    def test_a_first_deploy_that_fits_is_made_and_the_next_rollout_warned_of(self) -> None:
        self.plan_of_two()
        self.with_quota(5)
        done = self.rollout("deploy", YES="1")
        self.assertIn("terraform stopped half-way", done.error)
        self.assertIn("unknown vCPUs: 8 for 4 × t4g.small at once, when the next rollout replaces them", done.error)

    def test_a_first_deploy_that_does_not_fit_is_refused(self) -> None:
        self.plan_of_two()
        self.with_quota(5, answers.running("another", 2))
        self.assert_missing("deploy", "vCPUs: 4 for 2 × t4g.small at once, 2 in use by others, 5 allowed")

    def test_a_rollback_is_warned_and_not_barred(self) -> None:
        self.plan_of_two()
        self.with_quota(5, answers.running("saved-string-production", 4))
        self.record("aws", "ec2.describe-launch-template-versions", template_version(2, NEW))
        self.record("aws", "autoscaling.describe-auto-scaling-groups", group(2, 2, 2))
        done = self.rollout("rollback", YES="1")
        self.assertIn("vCPUs: 8 for 4", done.error)
        self.assertIn("terraform stopped half-way", done.error)

    def test_without_the_state_bucket_the_bootstrap_is_asked_for(self) -> None:
        self.record("aws", "s3api.head-bucket", refused("404", "Not Found"))
        self.assert_missing("deploy", "state bucket: there is no state", "make bootstrap")

    def test_a_tool_that_is_too_old_is_named_beside_credentials_that_are_missing(self) -> None:
        self.version("terraform", "Terraform v1.10.5\n")
        self.record("aws", "sts.get-caller-identity", Answer(error=answers.NO_CREDENTIALS, code=253))
        self.assert_missing("deploy", "terraform: 1.10.5", "No AWS credentials", "aws sso login")

    # Permissions

    def test_a_permission_that_is_missing_is_named_with_the_policy_that_has_it(self) -> None:
        self.record("aws", "iam.simulate-principal-policy", DENIED)
        whose = "arn:aws:iam::111122223333:user/operator may not ec2:CreateVpc"
        self.assert_missing("deploy", whose, "saved-string-deploy-store-us-east-1")
        self.assert_missing("image", whose, "saved-string-image-us-east-1")
        self.assert_missing("bootstrap", whose, "terraform/bootstrap/policies/bootstrap.json")

    def test_of_a_session_its_role_is_asked_for(self) -> None:
        arn = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Operator_1a2b/anna"
        role = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Operator_1a2b"
        self.record("aws", "sts.get-caller-identity", {"Account": "111122223333", "Arn": arn})
        self.record("aws", "iam.get-role", {"Role": {"Arn": role}})
        self.record("aws", "iam.simulate-principal-policy", DENIED)
        self.assert_missing("bootstrap", f"{arn} may not ec2:CreateVpc")
        self.assertIn(role, self.calls("aws --region us-east-1 iam simulate")[0])

    def test_what_may_not_be_asked_is_unknown_and_stops_nothing(self) -> None:
        self.record("aws", "iam.simulate-principal-policy", refused("AccessDenied", "not authorized"))
        self.record("packer", "init", Answer(code=1))
        self.record("git", "describe", "1a2b3c4\n")
        (self.directory / "pom.xml").write_text("<project><version>1</version></project>")
        done = self.rollout("image")
        self.assertIn("unknown permissions to image", done.error)
        self.assertIn("packer init failed", done.error)

    # What AWS would refuse

    def test_a_name_that_is_too_long_is_refused_before_the_question(self) -> None:
        user = answers.resource("aws_elasticache_user", "application", {"user_id": "saved-string-" + "a" * 28})
        self.record("terraform", "show", answers.planned({"min_size": 2}, TEMPLATE, user))
        self.assert_missing("deploy", "aws_elasticache_user.application: user_id is", "of 41 characters", "https://")


class DoctorTest(AccountTest):
    def test_where_all_is_there_it_says_so_and_changes_nothing(self) -> None:
        done = self.rollout("doctor")
        self.assert_code(0, done)
        for line in ("make image", "ok      network for the builder: the default VPC", "Nothing is missing."):
            self.assertIn(line, done.out)
        writes = ("create", "put", "run", "start", "delete", "modify", "request-")
        self.assertEqual([], [it for it in self.requests("aws") if it.split(".")[1].startswith(writes)])

    def test_it_says_all_that_is_missing_at_once(self) -> None:
        self.version("packer", "Packer v1.6.6\n")
        self.record("aws", "ec2.describe-vpcs", {"Vpcs": []})
        self.record("aws", "service-quotas.get-service-quota", {"Quota": {"Value": 5.0}})
        done = self.rollout("doctor")
        self.assert_code(3, done)
        for text in ("packer: 1.6.6", "no default VPC", "unknown vCPUs: 8 for 4"):
            self.assertIn(text, done.out)
        self.assertIn("2 missing; nothing was changed.", done.error)

    def test_a_question_that_aws_refuses_hides_no_other_answer(self) -> None:
        self.record("aws", "iam.get-instance-profile", refused("AccessDenied", "not authorized"))
        self.record("aws", "ec2.describe-availability-zones", refused("UnauthorizedOperation", "not authorized"))
        self.record("aws", "ec2.describe-vpcs", {"Vpcs": []})
        done = self.rollout("doctor")
        self.assert_code(3, done)
        for text in ("unknown role for the builder", "no default VPC", "unknown zones", "ok      permissions to deploy-store"):
            self.assertIn(text, done.out)

    def test_without_credentials_it_names_the_tools_and_says_how_to_sign_in(self) -> None:
        self.record("aws", "sts.get-caller-identity", Answer(error=answers.NO_CREDENTIALS, code=253))
        self.version("packer", "Packer v1.6.6\n")
        done = self.rollout("doctor")
        self.assert_code(3, done)
        for text in ("aws sso login", "packer: 1.6.6", "ok      terraform", "ok      openssl"):
            self.assertIn(text, done.out)

    def test_without_any_tool_it_names_them_all(self) -> None:
        self.environment["PATH"] = ""
        for program in ("aws", "terraform", "packer", "session-manager-plugin", "git", "openssl"):
            (self.bin / program).unlink()
        done = self.rollout("doctor")
        self.assert_code(3, done)
        for program in ("aws", "terraform", "packer", "session-manager-plugin", "git", "openssl"):
            self.assertIn(f"missing {program}: not on the PATH", done.out)


class StandbyTest(RolloutTest):
    """Instances that a refresh leaves alone."""

    def setUp(self) -> None:
        super().setUp()
        self.stand_in_for("aws", "terraform")
        self.record_account()
        self.environment["STATE_BUCKET"] = "state"
        self.record("terraform", "init", "")
        self.record("terraform", "output", answers.outputs("https://localhost", "localhost"))
        self.record("aws", "ec2.describe-launch-template-versions", template_version(2, NEW))
        self.record("aws", "ssm.get-parameter", refused("ParameterNotFound"))
        self.record("aws", "autoscaling.describe-instance-refreshes", refresh("Successful", 100))
        self.record("aws", "autoscaling.describe-scaling-activities", {"Activities": []})
        self.record("aws", "cloudwatch.describe-alarms", {"MetricAlarms": []})

    def status_with(self, **first_instance: object) -> str:
        described = group(2, 1, 2, 2)
        described["AutoScalingGroups"][0]["Instances"][0] |= first_instance
        self.record("aws", "autoscaling.describe-auto-scaling-groups", described)
        done = self.rollout("status")
        self.assert_code(0, done)
        return done.out[done.out.index("next") :]

    def test_one_in_standby_is_not_stale_and_status_says_how_it_comes_back(self) -> None:
        said = self.status_with(LifecycleState="Standby")
        self.assertIn("i-00000000000000000 still is version 1", said)
        self.assertIn("aws autoscaling exit-standby", said)
        self.assertNotIn("make rollback", said)

    def test_one_that_is_protected_is_not_stale_and_status_says_how_to_lift_it(self) -> None:
        said = self.status_with(ProtectedFromScaleIn=True)
        self.assertIn("set-instance-protection --no-protected-from-scale-in", said)

    def test_one_that_is_leaving_is_not_stale(self) -> None:
        self.assertNotIn("not current", self.status_with(LifecycleState="Terminating"))

    def test_one_that_is_old_is(self) -> None:
        self.assertIn(f"make deploy IMAGE={NEW} ENV=production, or make rollback ENV=production", self.status_with())


if __name__ == "__main__":
    unittest.main()
