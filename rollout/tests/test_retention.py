"""Old images go; none that is needed does."""

import datetime
import unittest

from rollout.tests.workbench import Answer, RolloutTest


def image(number: int, days_ago: int) -> dict:
    made = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days_ago)
    return {
        "ImageId": f"ami-{number:017d}",
        "Name": f"saved-string-1.0.0-arm64-{number}",
        "CreationDate": made.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": f"snap-{number:017d}"}}],
    }


def running(number: int, state: str = "running") -> dict:
    return {"Reservations": [{"Instances": [{"ImageId": f"ami-{number:017d}", "State": {"Name": state}}]}]}


class RetentionTest(RolloutTest):
    def setUp(self) -> None:
        super().setUp()
        self.stand_in_for("aws")
        self.record("aws", "ec2.describe-instances", {"Reservations": []})
        self.record("aws", "ec2.deregister-image", "")
        self.record("aws", "ec2.delete-snapshot", "")

    def images(self, *days_ago: int) -> None:
        made = [image(number, days) for number, days in enumerate(days_ago, 1)]
        self.record("aws", "ec2.describe-images", {"Images": made})

    def removed(self) -> list[str]:
        """The images, each with its snapshot."""
        calls = [call for call in self.calls("aws") if "deregister-image" in call or "delete-snapshot" in call]
        return [name for call in calls for name in ("ami", "snap") if f'"{name}-' in call]

    def test_what_is_old_and_beyond_the_newest_goes_with_its_snapshot(self) -> None:
        self.images(400, 300, 200, 100)
        done = self.rollout("retire-images", KEEP="3", YES="1")
        self.assert_code(0, done)
        self.assertEqual(["ami", "snap"], self.removed())
        self.assertIn("ami-00000000000000001", done.out)

    def test_what_is_young_stays_however_many_there_are(self) -> None:
        self.images(3, 2, 1)
        self.assert_code(0, self.rollout("retire-images", KEEP="2", YES="1"))
        self.assertEqual([], self.removed())

    def test_what_an_instance_was_started_from_stays(self) -> None:
        self.images(400, 300, 200)
        self.record("aws", "ec2.describe-instances", running(1))
        self.assert_code(0, self.rollout("retire-images", KEEP="2", YES="1"))
        self.assertEqual([], self.removed())
        self.record("aws", "ec2.describe-instances", running(1, "terminated"))
        self.assert_code(0, self.rollout("retire-images", KEEP="2", YES="1"))
        self.assertEqual(["ami", "snap"], self.removed())

    def test_only_this_accounts_own_images_are_looked_at(self) -> None:
        self.images()
        self.assert_code(0, self.rollout("retire-images", YES="1"))
        (asked,) = (call for call in self.calls("aws") if "describe-images" in call)
        self.assertIn('"Owners": ["self"]', asked)

    def test_nothing_goes_unasked(self) -> None:
        self.images(400, 300, 200)
        self.assert_code(2, self.rollout("retire-images", KEEP="2"))
        self.assertEqual([], self.removed())

    def test_one_to_go_back_to_is_always_kept(self) -> None:
        self.images(400, 300)
        done = self.rollout("retire-images", KEEP="1", YES="1")
        self.assert_code(2, done)
        self.assertIn("KEEP=1", done.error)

    def test_refusal_ends_it(self) -> None:
        self.images(400, 300, 200)
        self.record("aws", "ec2.deregister-image", Answer(error="An error occurred (UnauthorizedOperation)", code=254))
        self.assert_code(1, self.rollout("retire-images", KEEP="2", YES="1"))
        self.assertNotIn("delete-snapshot", "\n".join(self.calls("aws")))


if __name__ == "__main__":
    unittest.main()
