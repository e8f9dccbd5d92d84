import json
import unittest

from rollout.tests import answers
from rollout.tests.answers import group, refresh, template_version
from rollout.tests.workbench import Answer, RolloutTest, SimulatedTest, needs

A, B, C = (f"ami-0000000000000000{letter}" for letter in "abc")
RELEASES = "/saved-string/production/releases"


def good(image: str) -> str:
    return f"{image} 2026-06-01T09:00:00Z"


class Story:
    """The stack of a story of rollouts; where its record is kept is for the classes below to say."""

    def begin(self) -> None:
        self.stand_in_for("terraform")
        self.record_account()
        self.serve_site()
        self.environment |= {
            "STATE_BUCKET": "state",
            "YES": "1",
        }
        self.record("terraform", "init", "")
        self.record("terraform", "plan", Answer(code=2))
        self.record("terraform", "apply", "")
        self.record("terraform", "output", answers.outputs(self.site.url, "127.0.0.1"))
        self.record("aws", "ec2.describe-images", answers.images())
        self.record("aws", "autoscaling.describe-scaling-activities", {"Activities": []})

    def aws_goes_to(self, image: str, outcome: str = "Successful", before: str = "") -> None:
        first = [template_version(1, before)] if before else []
        self.record("aws", "ec2.describe-launch-template-versions", *first, template_version(2, image))
        self.record("aws", "autoscaling.describe-instance-refreshes", refresh("InProgress"), refresh(outcome))
        old = 2 if outcome == "Successful" else 1
        self.record("aws", "autoscaling.describe-auto-scaling-groups", group(2, 2, old))

    def deploy(self, image: str, outcome: str = "Successful"):
        self.aws_goes_to(image, outcome)
        return self.rollout("deploy", IMAGE=image)

    def rollback(self, now: str, to: str, **environment: str):
        self.aws_goes_to(to, before=now)
        return self.rollout("rollback", **environment)


@needs("aws", "moto_server")
class RollbackTest(Story, SimulatedTest):
    """With the record in a simulated parameter store."""

    def setUp(self) -> None:
        super().setUp()
        self.begin()

    def good_images(self) -> list[str]:
        return [line.split()[0] for line in self.parameter(RELEASES).splitlines()]

    def test_the_first_rollout_begins_the_record(self) -> None:
        self.assert_code(0, self.deploy(A))
        self.assertEqual([A], self.good_images())

    def test_going_back_twice_goes_further_back_not_forward_again(self) -> None:
        self.put_parameter(RELEASES, "\n".join(map(good, (A, B, C))))
        done = self.rollback(now=C, to=B)
        self.assert_code(0, done)
        self.assertIn(f"Now: {C}. Going back to: {B}.", done.out)
        plan = self.calls("terraform -chdir=terraform plan")[-1]
        self.assertIn(f"-var=image_id={B} -var=refresh_stops_on_alarm=false", plan)
        self.assertEqual([A, B], self.good_images())
        self.assert_code(0, self.rollback(now=B, to=A))
        self.assertEqual([A], self.good_images())


class GivenRecordTest(Story, RolloutTest):
    """With a recorded record."""

    def setUp(self) -> None:
        super().setUp()
        self.stand_in_for("aws")
        self.begin()
        self.given(A, B)
        self.record("aws", "ssm.put-parameter", {"Version": 2})

    def given(self, *images: str) -> None:
        self.record("aws", "ssm.get-parameter", answers.parameter("\n".join(map(good, images))))

    def good_images(self) -> list[str]:
        put = self.calls("aws --region us-east-1 ssm put-parameter")[-1]
        return [line.split()[0] for line in json.loads(put[put.index("{") :])["Value"].splitlines()]

    def test_from_a_deploy_that_failed_it_goes_to_the_last_good_image(self) -> None:
        done = self.deploy(C, outcome="Failed")
        self.assert_code(1, done)
        self.assertIn(f"make rollback ENV=production (to {B}", done.error)
        done = self.rollback(now=C, to=B)
        self.assert_code(0, done)
        self.assertIn(f"Going back to: {B}", done.out)
        self.assertEqual([A, B], self.good_images())

    def test_the_image_to_go_back_to_can_be_named(self) -> None:
        done = self.rollback(now=B, to=C, IMAGE=C)
        self.assert_code(0, done)
        self.assertIn(f"Going back to: {C}", done.out)

    def test_with_nothing_to_go_back_to_nothing_is_changed(self) -> None:
        self.given(A)
        done = self.rollback(now=A, to=A)
        self.assert_code(2, done)
        self.assertIn(f"no rollout before {A} is known to have ended well", done.error)
        self.assertEqual([], self.calls("terraform -chdir=terraform plan"))

    def test_a_rollback_that_fails_names_the_newest_other_good_image(self) -> None:
        self.aws_goes_to(A, outcome="Failed", before=B)
        done = self.rollout("rollback")
        self.assert_code(1, done)
        self.assertIn(f"make rollback IMAGE={B} ENV=production", done.error)

    def test_the_record_is_bounded(self) -> None:
        self.given(*(f"ami-{number:017}" for number in range(20)))
        self.assert_code(0, self.deploy(C))
        self.assertEqual(20, len(self.good_images()))
        self.assertEqual(C, self.good_images()[-1])


if __name__ == "__main__":
    unittest.main()
