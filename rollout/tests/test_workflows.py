"""What can be said of the workflows without the service that runs them."""

import re
import unittest

from rollout.tests.workbench import REPOSITORY

WORKFLOWS = {file.name: file.read_text() for file in (REPOSITORY / ".github" / "workflows").glob("*.yml")}
TO_AWS = ("deploy.yml", "rollback.yml")


class WorkflowTest(unittest.TestCase):
    def test_every_action_is_pinned_to_a_commit_and_says_its_version(self) -> None:
        for name, text in WORKFLOWS.items():
            for action in re.findall(r"uses: (?!\./)(.*)", text):
                with self.subTest(workflow=name, action=action):
                    self.assertRegex(action, r"\A[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+\Z")

    def test_one_version_of_each_action_is_used_everywhere(self) -> None:
        pins = set(re.findall(r"uses: ([\w-]+/[\w-]+)@(\w+)", "\n".join(WORKFLOWS.values())))
        self.assertEqual(len(pins), len({action for action, _ in pins}))

    def test_no_workflow_may_do_more_than_read_unless_a_job_says_so(self) -> None:
        for name, text in WORKFLOWS.items():
            with self.subTest(workflow=name):
                self.assertIn("\npermissions:\n  contents: read\n\n", text)
                self.assertEqual(set(), set(re.findall(r"(\w+): write", text)) - {"token"})

    def test_every_job_has_an_end(self) -> None:
        for name, text in WORKFLOWS.items():
            with self.subTest(workflow=name):
                self.assertEqual(text.count("runs-on:"), text.count("timeout-minutes:"))

    def test_no_key_is_stored(self) -> None:
        for name, text in WORKFLOWS.items():
            with self.subTest(workflow=name):
                self.assertNotIn("secrets.", text)
                self.assertNotIn("aws-access-key-id", text)

    def test_production_is_approved_and_changed_by_one_at_a_time(self) -> None:
        for name in TO_AWS:
            with self.subTest(workflow=name):
                self.assertIn("    environment: production\n", WORKFLOWS[name])
                self.assertIn("      group: production\n      cancel-in-progress: false\n", WORKFLOWS[name])

    def test_nothing_that_a_person_typed_is_run_by_a_shell(self) -> None:
        for name, text in WORKFLOWS.items():
            for script in re.findall(r"run: \|\n((?: {10}.*\n)+)|run: (.*)", text):
                with self.subTest(workflow=name, script=script):
                    self.assertNotIn("${{", "".join(script))


if __name__ == "__main__":
    unittest.main()
