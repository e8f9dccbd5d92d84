"""What the runbook tells an operator to type, and what it names, is really there."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from rollout.cli import parser
from rollout.tests.workbench import REPOSITORY, needs

RUNBOOK = (REPOSITORY / "docs" / "operations.md").read_text()
MAKEFILE = (REPOSITORY / "Makefile").read_text()
ALARMS = (REPOSITORY / "terraform" / "alarms.tf").read_text()
CODE = "\n".join(re.findall(r"^ *```\n(.*?)^ *```$", RUNBOOK, re.M | re.S) + re.findall(r"`([^`\n]+)`", RUNBOOK))


class RunbookTest(unittest.TestCase):
    def test_every_make_target_that_it_names_exists(self) -> None:
        named = set(re.findall(r"\bmake ([a-z][a-z-]+)", CODE))
        self.assertGreater(len(named), 12)
        self.assertEqual(set(), named - set(re.findall(r"^([a-z-]+):", MAKEFILE, re.M)))

    def test_every_variable_that_it_gives_a_command_is_read_by_that_command(self) -> None:
        given = re.findall(r"\bmake ([a-z][a-z-]+)((?: +[A-Z_]+=\S+)+)", CODE)
        self.assertGreater(len(given), 12)
        for command, variables in given:
            for variable in re.findall(r"([A-Z_]+)=", variables):
                with self.subTest(command=command, variable=variable):
                    self.assertIn(f"{variable}=", help_of(command))

    def test_every_file_of_the_repository_that_it_names_exists(self) -> None:
        files = set(re.findall(r"(?<![\w/.])((?:terraform|scripts|docs|\.github)/[\w./-]+)", CODE))
        written = {"terraform/production.tfvars", "terraform/bootstrap/terraform.tfvars"}
        self.assertGreater(len(files - written), 2)
        self.assertEqual([], [file for file in files - written if not (REPOSITORY / file).exists()])

    def test_what_it_says_one_sees_on_the_first_deploy_is_said(self) -> None:
        steps = RUNBOOK[RUNBOOK.index("## First deploy") : RUNBOOK.index("## Change the string")]
        files = [*(REPOSITORY / "rollout").glob("*.py"), REPOSITORY / "packer" / "scripts" / "validate"]
        sources = "\n".join(file.read_text() for file in files)
        seen = [it for it in re.findall(r"`([A-Z][a-z][^`…]{10,}?)\W*`", steps) if "dynamic string" not in it]
        self.assertGreaterEqual(len(seen), 3)
        self.assertEqual([], [it for it in seen if it not in sources])

    def test_every_link_within_it_leads_to_a_heading(self) -> None:
        headings = {anchor(heading) for heading in re.findall(r"^#+ (.*)$", RUNBOOK, re.M)}
        links = set(re.findall(r"\]\(#([^)]+)\)", RUNBOOK))
        self.assertGreater(len(links), 12)
        self.assertEqual(set(), links - headings)

    def test_it_says_for_every_alarm_what_to_do(self) -> None:
        table = RUNBOOK[RUNBOOK.index("### An alarm goes off") : RUNBOOK.index("### Something does not work")]
        named = set()
        # Each resource follows the maps of what it makes one each of.
        for before, name in re.findall(r'(.*?)alarm_name += "\$\{local.name\}-([^"]+)"', ALARMS, re.S):
            keys = re.findall(r"^    ([a-z-]+) = \{$", before, re.M) if "${each.key}" in name else [name]
            named |= {name.replace("${each.key}", key) for key in keys}
        self.assertEqual(13, len(named))
        self.assertEqual(named, set(re.findall(r"^\| `([a-z-]+)` \|", table, re.M)))

    def test_every_setting_of_the_stack_that_it_names_exists(self) -> None:
        settings = set(re.findall(r'^variable "(\w+)"', (REPOSITORY / "terraform" / "variables.tf").read_text(), re.M))
        named = set(re.findall(r"`((?:store|instance|alarm|certificate|domain|hosted)_\w+)", RUNBOOK))
        self.assertGreater(len(named), 8)
        self.assertEqual(set(), named - settings)


@needs("bash", "sed")
class CommandTest(unittest.TestCase):
    """Lines to type that are more than one command."""

    def setUp(self) -> None:
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="rollout-test-")))
        self.environment = {**os.environ, "PATH": f"{self.directory}:{os.environ['PATH']}", "AWS_REGION": "eu-west-1"}
        self.environment["KEY"] = "sstr_given"

    def stand_in(self, program: str, script: str) -> None:
        (self.directory / program).write_text(f"#!/usr/bin/env bash\n{script}\n")
        (self.directory / program).chmod(0o755)

    def type(self, start: str) -> None:
        block = next(it for it in re.findall(r"^```\n(.*?)^```$", RUNBOOK, re.M | re.S) if it.startswith(start))
        command = ["bash", "-euo", "pipefail", "-c", block]
        subprocess.run(command, cwd=self.directory, env=self.environment, timeout=60, check=True, capture_output=True)

    def test_the_policy_of_the_bootstrap_is_filled_in_whole(self) -> None:
        (self.directory / "terraform").symlink_to(REPOSITORY / "terraform")
        self.stand_in("aws", "echo 123456789012")
        self.type("account=$(aws sts")
        text = (self.directory / "bootstrap-policy.json").read_text()
        self.assertNotRegex(text, "PARTITION|ACCOUNT|REGION|BUCKET")
        self.assertIn("arn:aws:s3:::saved-string-state-123456789012-eu-west-1", str(json.loads(text)))

    @needs("jq", "tac")
    def test_an_export_is_brought_back_oldest_first_and_byte_for_byte(self) -> None:
        values = ["first", 'say "hi" \\ and\tgo', "two\nlines", "ä 🙂 %s"]
        states = [{"value": it, "version": number} for number, it in enumerate(values, 1)]
        (self.directory / "history.json").write_text(json.dumps(states[::-1]))
        self.stand_in("curl", f"cat >>{self.directory}/written; echo >>{self.directory}/written")
        self.type("jq -c")
        written = [json.loads(line)["value"] for line in (self.directory / "written").read_text().splitlines()]
        self.assertEqual(values, written)


def help_of(command: str) -> str:
    return next(it for it in parser()._subparsers._group_actions if it.choices).choices[command].format_help()


def anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


if __name__ == "__main__":
    unittest.main()
