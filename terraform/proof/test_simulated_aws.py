import re
import unittest

import life
import people
from workspace import OVERRIDES

MARK = "Not simulated: "
LIFE_TIMEOUT_SECONDS = 6000


class SimulatedAws(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        print(f"\nNOT simulated, and so left out of what follows; only the tests with a mock cover it:\n{left_out()}")
        cls.life = life.begun().result(LIFE_TIMEOUT_SECONDS)

    def test_makes_the_bucket_for_its_state_once(self) -> None:
        for done in (self.life.bootstrapped, self.life.bootstrapped_again):
            self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("nothing to do", self.life.bootstrapped_again.stdout)

    def test_takes_over_what_is_there_already(self) -> None:
        self.assertEqual(self.life.taken_over.returncode, 0, self.life.taken_over.stdout)
        self.assertIn(f"Plan: {len(life.EXISTING)} to import", self.life.taken_over.stdout)
        self.assertEqual(self.life.policy_changed.returncode, 0, self.life.policy_changed.stdout)
        self.assertIn("0 added, 1 changed, 0 destroyed", self.life.policy_changed.stdout)
        self.assertIn("nothing to do", self.life.bootstrapped_after.stdout)

    def test_does_not_destroy_the_bucket_for_its_state(self) -> None:
        self.assertNotEqual(self.life.bucket_destroyed.returncode, 0)
        self.assertIn("prevent_destroy", self.life.bucket_destroyed.stdout)

    def test_refuses_the_state_to_whoever_comes_without_tls(self) -> None:
        answer = self.life.simulator.send("s3", "GET", f"/{people.BOOTSTRAPPED_BUCKET}/{life.STATE}")
        self.assertEqual(answer.status, 403, answer.text)

    def test_deploys(self) -> None:
        self.assertEqual(self.life.deployed.returncode, 0, self.life.deployed.stdout)
        print(re.search("Apply complete!.*", self.life.deployed.stdout)[0], end=" ... ")

    def test_plans_no_change_after_a_deploy(self) -> None:
        self.assertEqual(self.life.deployed_again.returncode, 0, self.life.deployed_again.stdout)
        self.assertIn("The plan changes nothing.", self.life.deployed_again.stdout)

    def test_does_everything_else_that_people_and_machines_do(self) -> None:
        for name, done in {**self.life.used, "image": self.life.built, "retire": self.life.retired}.items():
            with self.subTest(name=name):
                self.assertEqual(done.returncode, 0, done.stdout)

    def test_rolls_a_change_out_and_back(self) -> None:
        for done in (self.life.changed, self.life.rolled_back, self.life.changed_back):
            self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn(f"Going back to: {self.life.images[0]}.", self.life.rolled_back.stdout)

    def test_leaves_a_stored_key_alone(self) -> None:
        self.assertEqual(self.life.key["Parameter"]["Value"], f"writer {life.HASH}")

    def test_keeps_the_keys_out_of_the_state(self) -> None:
        self.assertIn(life.KEYS_PARAMETER, self.life.state)
        self.assertNotIn(life.HASH, self.life.state)

    def test_does_not_plan_while_somebody_else_holds_the_state(self) -> None:
        self.assertEqual(self.life.deployed_while_locked.returncode, 1, self.life.deployed_while_locked.stdout)
        self.assertIn(life.HOLDER, self.life.deployed_while_locked.stdout)

    def test_destroys_everything(self) -> None:
        self.assertEqual(self.life.destroyed.returncode, 0, self.life.destroyed.stdout)
        self.assertEqual(self.life.left, "")


def left_out() -> str:
    """The overrides say it themselves, in the comment above each."""
    paragraphs = [block for file in OVERRIDES.glob("*.tf") for block in file.read_text().split("\n\n")]
    comments = [" ".join(re.findall(r"^# (.*)$", block, re.MULTILINE)) for block in paragraphs]
    return "\n".join(f"  - {comment.removeprefix(MARK)}" for comment in comments if comment.startswith(MARK))
