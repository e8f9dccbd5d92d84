import re
import shutil
import unittest

from proving.recorder import Recorder
from rollout import destroy
from rollout.tests import answers
from rollout.tests.answers import NEW, group, refresh, template_version
from rollout.tests.workbench import REPOSITORY, SimulatedTest, needs, simulated_aws

BUCKET = "saved-string-state-111122223333-us-east-1"


@needs("terraform", "aws", "moto_server")
class RealTerraformTest(SimulatedTest):
    """With the real terraform, its state in a simulated bucket; the group's answers are recorded."""

    def setUp(self) -> None:
        super().setUp()
        shutil.copy(REPOSITORY / "rollout" / "tests" / "terraform" / "main.tf", self.directory / "terraform")
        (self.bin / "terraform").symlink_to(shutil.which("terraform"))
        self.serve_site()
        self.environment |= {
            "AWS_ENDPOINT_URL_S3": self.environment["AWS_ENDPOINT_URL"],
            "IMAGE": NEW,
            "TF_VAR_url": self.site.url,
            "CHECKPOINT_DISABLE": "1",
        }
        self.record_account()
        self.s3("PUT", "")
        self.record("aws", "elasticache.describe-snapshots", {"Snapshots": []})
        self.record("aws", "ec2.describe-images", answers.images())
        self.record("aws", "ec2.describe-launch-template-versions", template_version(2, NEW))
        self.record("aws", "autoscaling.describe-instance-refreshes", refresh("Successful", 100))
        self.record("aws", "autoscaling.describe-auto-scaling-groups", group(2, 2, 2))

    def test_a_deploy_shows_applies_and_then_has_nothing_to_change_until_it_is_destroyed(self) -> None:
        first = self.rollout("deploy", YES="1")
        self.assert_code(0, first)
        self.assertIn("Plan: 2 to add, 0 to change, 0 to destroy.", first.out)
        self.assertIn("Apply complete!", first.out)
        self.assertIn("The plan changes nothing.", self.rollout("deploy").out)
        self.assertEqual(["production/terraform.tfstate"], self.objects())
        gone = self.rollout("destroy", CONFIRM="production")
        self.assert_code(0, gone)
        self.assertIn("2 destroyed.", gone.out)

    def test_a_state_that_somebody_holds_is_not_touched(self) -> None:
        self.s3("PUT", "/production/terraform.tfstate.tflock")
        done = self.rollout("deploy", YES="1")
        self.assert_code(1, done)
        self.assertIn("Error acquiring the state lock", done.error)
        self.assertEqual(["production/terraform.tfstate.tflock"], self.objects())

    def test_a_state_that_could_not_be_saved_is_saved_by_the_next_deploy(self) -> None:
        """As when the credentials end in the middle: what was made is there, and its state isn't."""
        recorder = Recorder(simulated_aws().url, lambda call: call.action != "s3:PutObject" or "tfstate.tflock" in call.resource)
        self.addCleanup(recorder.stop)
        lost = self.rollout("deploy", YES="1", AWS_ENDPOINT_URL_S3=recorder.url)
        self.assert_code(1, lost)
        self.assertIn("the next run saves it", lost.error)
        self.assertEqual([], self.objects())
        done = self.rollout("deploy", YES="1")
        self.assert_code(0, done)
        self.assertIn("The plan changes nothing.", done.out)
        self.assertEqual([], list(self.directory.rglob("errored.tfstate")))

    def objects(self) -> list[str]:
        return re.findall("<Key>(.*?)</Key>", self.s3("GET", ""))

    def s3(self, method: str, key: str) -> str:
        return simulated_aws().send("s3", method, f"/{BUCKET}{key}").text


class AgreementTest(unittest.TestCase):
    """What the rollout takes for granted of the stack and of the image's build."""

    stack = "\n".join(file.read_text() for file in (REPOSITORY / "terraform").glob("*.tf"))
    packer = "\n".join(file.read_text() for file in (REPOSITORY / "packer").glob("*.hcl"))

    def test_the_stack_has_the_variables_that_the_rollout_sets(self) -> None:
        for name in ("deletion_protection", "environment", "image_id", "refresh_stops_on_alarm", "region"):
            self.assertIn(f'variable "{name}"', self.stack)
        for name in ("bucket", "region"):
            self.assertIn(f'variable "{name}"', (REPOSITORY / "terraform" / "bootstrap" / "variables.tf").read_text())

    def test_the_stack_has_the_outputs_that_the_rollout_reads(self) -> None:
        for name in ("autoscaling_group_name", "image_id", "load_balancer_dns_name", "log_group_name", "shell_document_name", "url"):
            self.assertIn(f'output "{name}"', self.stack)

    def test_the_stack_has_the_names_that_the_rollout_knows(self) -> None:
        for address in destroy.PROTECTED:
            self.assertIn('resource "{}" "{}"'.format(*address.split(".")), self.stack)
        self.assertIn('name      = "saved-string-${var.environment}"', self.stack)
        self.assertIn('namespace = "/saved-string/${var.environment}"', self.stack)
        self.assertIn('"${local.namespace}/api-keys"', self.stack)
        self.assertIn('"${local.name}-final"', self.stack)

    def test_the_images_build_has_the_variables_that_the_rollout_sets(self) -> None:
        for name in ("architecture", "commit", "manifest", "public_address", "region", "subnet_id", "version"):
            self.assertIn(f'variable "{name}"', self.packer)


if __name__ == "__main__":
    unittest.main()
