"""What can be said of the workflows without the service that runs them."""

import re
import unittest

from rollout.tests.workbench import REPOSITORY

WORKFLOWS = {file.name: file.read_text() for file in (REPOSITORY / ".github" / "workflows").glob("*.yml")}
TO_AWS = ("deploy.yml", "rollback.yml")
JOBS = {
    (name, job): text
    for name, whole in WORKFLOWS.items()
    for job, text in re.findall(r"^  ([\w-]+):\n((?:(?:    .*)?\n)+)", whole.split("\njobs:\n")[1] + "\n", re.MULTILINE)
}
# A release is published.
MORE = {"release.yml": {"contents", "packages"}}


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
                allowed = {"id-token", "attestations"} | MORE.get(name, set())
                self.assertLessEqual(set(re.findall(r"([\w-]+): write", text)), allowed)

    def test_what_runs_the_code_of_others_has_no_credential(self) -> None:
        for (workflow, job), text in JOBS.items():
            if re.search(r"run: make (test|prove|release|package)\b|mvnw", text):
                with self.subTest(workflow=workflow, job=job):
                    self.assertNotIn(": write", text)
                    self.assertNotIn("environment:", text)
                    self.assertNotIn("github.token", text)

    def test_a_role_in_aws_is_had_after_an_approval_only_and_each_job_has_its_own(self) -> None:
        roles = {}
        for (workflow, job), text in JOBS.items():
            for role in re.findall(r"role-to-assume: (.*)", text):
                with self.subTest(workflow=workflow, job=job):
                    environment = re.search(r"^    environment: (\w+)$", text, re.MULTILINE)
                    self.assertIsNotNone(environment)
                    roles.setdefault(role, set()).add(environment[1])
        self.assertEqual([{"image"}, {"production"}], sorted(roles.values(), key=sorted))

    def test_roles_trust_the_approved_jobs_and_no_branch(self) -> None:
        trust = "\n".join(file.read_text() for file in (REPOSITORY / "terraform/bootstrap").glob("*.tf"))
        runbook = (REPOSITORY / "docs/operations.md").read_text()
        for name, text in (("bootstrap", trust), ("runbook", runbook)):
            with self.subTest(where=name):
                self.assertNotIn("ref:refs/heads/", text)

    def test_what_is_rolled_out_is_what_the_build_made_and_signed(self) -> None:
        image = JOBS["deploy.yml", "image"]
        self.assertLess(image.index("gh attestation verify"), image.index("configure-aws-credentials"))
        self.assertIn("sha256sum --check --strict", image)
        self.assertNotIn("make image", image, "it would build again")
        for workflow in ("deploy.yml", "release.yml"):
            self.assertIn("uses: ./.github/workflows/build.yml", JOBS[workflow, "build"])

    def test_image_is_built_anew_every_week(self) -> None:
        self.assertRegex(WORKFLOWS["deploy.yml"], r'schedule:\n    - cron: "\d+ \d+ \* \* \d"')

    def test_container_image_is_built_on_a_base_that_is_named_by_its_digest(self) -> None:
        dockerfile = (REPOSITORY / "release/Dockerfile").read_text()
        self.assertRegex(dockerfile, r"ARG BASE=[\w:.-]+@sha256:[0-9a-f]{64}\n")
        self.assertNotIn("BASE=", JOBS["release.yml", "container"])

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
