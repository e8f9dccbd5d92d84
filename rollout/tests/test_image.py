"""What a first deploy needs beside the stack: an image, and a certificate."""

import json
import unittest

from rollout.tests.answers import NEW, OLD
from rollout.tests.workbench import Answer, RolloutTest, SimulatedTest, needs


class ImageTest(RolloutTest):
    def setUp(self) -> None:
        super().setUp()
        self.stand_in_for("aws", "packer", "session-manager-plugin", "git")
        self.record_account()
        self.record("git", "describe", "1a2b3c4\n")
        self.record("packer", "init", "")
        self.record("packer", "build", "==> Builds finished.\n")
        (self.directory / "target").mkdir()
        (self.directory / "target" / "saved-string.jar").touch()
        pom = '<project xmlns="http://maven.apache.org/POM/4.0.0"><version>1.2.3</version></project>'
        (self.directory / "pom.xml").write_text(pom)

    def build_writes(self, *artifacts: str) -> None:
        builds = [{"artifact_id": it, "packer_run_uuid": "2"} for it in artifacts]
        old = {"artifact_id": f"us-east-1:{OLD}", "packer_run_uuid": "1"}
        self.record("packer", "build", Answer("==> Builds finished.\n"))
        writes = self.recorded / "packer" / "build" / "writes"
        writes.mkdir()
        (writes / "image.json").write_text(json.dumps({"builds": [old, *builds], "last_run_uuid": "2"}))

    def test_the_image_id_alone_is_the_output(self) -> None:
        self.build_writes(f"us-east-1:{NEW}")
        done = self.rollout("image")
        self.assert_code(0, done)
        self.assertEqual(f"{NEW}\n", done.out)
        self.assertIn("==> Builds finished.", done.error)

    def test_the_image_is_built_from_this_version_and_commit(self) -> None:
        self.build_writes(f"us-east-1:{NEW}")
        self.assert_code(0, self.rollout("image", ARCHITECTURE="x86_64"))
        build = self.calls("packer build")[0]
        for variable in ("architecture=x86_64", "commit=1a2b3c4", "public_address=true", "region=us-east-1", "version=1.2.3"):
            self.assertIn(f"-var={variable} ", f"{build} ")

    def test_in_a_subnet_behind_a_nat_gateway_the_builder_needs_no_public_address(self) -> None:
        self.build_writes(f"us-east-1:{NEW}")
        self.record("aws", "ec2.describe-subnets", {"Subnets": [{"SubnetId": "subnet-1"}]})
        self.assert_code(0, self.rollout("image", SUBNET_ID="subnet-1", PUBLIC_ADDRESS="false"))
        self.assertIn("-var=public_address=false -var=region=us-east-1 -var=subnet_id=subnet-1", self.calls("packer build")[0])

    def test_without_a_public_address_and_without_a_subnet_there_is_no_way_out(self) -> None:
        for address, text in (("false", "SUBNET_ID=subnet-…"), ("no", "PUBLIC_ADDRESS: 'no'")):
            done = self.rollout("image", PUBLIC_ADDRESS=address)
            self.assert_code(2, done)
            self.assertIn(text, done.error)
        self.assertEqual([], self.calls("packer"))

    def test_a_build_without_an_image_in_this_region_is_a_failure(self) -> None:
        self.build_writes(f"eu-west-1:{NEW}")
        done = self.rollout("image")
        self.assert_code(1, done)
        self.assertIn("0 images of the last build in us-east-1", done.error)

    def test_a_build_that_fails_prints_no_image(self) -> None:
        self.record("packer", "build", Answer("Build errored\n", code=1))
        done = self.rollout("image")
        self.assert_code(1, done)
        self.assertEqual("", done.out)
        self.assertIn("packer build failed", done.error)

    def test_without_an_application_nothing_is_built(self) -> None:
        (self.directory / "target" / "saved-string.jar").unlink()
        done = self.rollout("image")
        self.assert_code(2, done)
        self.assertIn("make package", done.error)
        self.assertEqual([], self.calls("packer"))


@needs("aws", "moto_server", "openssl")
class CertificateTest(SimulatedTest):
    def test_the_certificate_is_in_acm_and_its_arn_is_the_output(self) -> None:
        done = self.rollout("certificate", DOMAIN="string.example")
        self.assert_code(0, done)
        described = self.acm("DescribeCertificate", done.out.strip())
        self.assertEqual(("string.example", "IMPORTED"), (described["DomainName"], described["Type"]))

    def test_a_certificate_is_replaced_under_its_arn(self) -> None:
        arn = self.rollout("certificate").out.strip()
        before = self.acm("GetCertificate", arn)
        self.assertEqual(arn, self.rollout("certificate", CERTIFICATE_ARN=arn).out.strip())
        self.assertNotEqual(before, self.acm("GetCertificate", arn))

    def test_the_private_key_does_not_stay_on_this_machine(self) -> None:
        self.assert_code(0, self.rollout("certificate", TMPDIR=str(self.directory)))
        self.assertEqual([], list(self.directory.rglob("*.pem")))

    def acm(self, request: str, arn: str) -> object:
        return self.simulated(f"CertificateManager.{request}", CertificateArn=arn)["Certificate"]


if __name__ == "__main__":
    unittest.main()
