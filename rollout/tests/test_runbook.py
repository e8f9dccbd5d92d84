"""What the runbook tells an operator to type, and what it names, is really there."""

import re
import unittest

from rollout.cli import parser
from rollout.tests.workbench import REPOSITORY

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

    def test_every_link_within_it_leads_to_a_heading(self) -> None:
        headings = {anchor(heading) for heading in re.findall(r"^#+ (.*)$", RUNBOOK, re.M)}
        links = set(re.findall(r"\]\(#([^)]+)\)", RUNBOOK))
        self.assertGreater(len(links), 12)
        self.assertEqual(set(), links - headings)

    def test_it_says_for_every_alarm_what_to_do(self) -> None:
        table = RUNBOOK[RUNBOOK.index("### An alarm rings") : RUNBOOK.index("### Something does not work")]
        one_each = set(re.findall(r'alarm_name += "\$\{local.name\}-([a-z-]+)"', ALARMS))
        of_the_store = {f"store-{name}" for name in re.findall(r"^    ([a-z-]+) = \{\n      metric ", ALARMS, re.M)}
        self.assertEqual(one_each | of_the_store - {"store-"}, set(re.findall(r"^\| `([a-z-]+)` \|", table, re.M)))

    def test_every_setting_of_the_stack_that_it_names_exists(self) -> None:
        settings = set(re.findall(r'^variable "(\w+)"', (REPOSITORY / "terraform" / "variables.tf").read_text(), re.M))
        named = set(re.findall(r"`((?:store|instance|alarm|certificate|domain|hosted)_\w+)", RUNBOOK))
        self.assertGreater(len(named), 8)
        self.assertEqual(set(), named - settings)


def help_of(command: str) -> str:
    return next(it for it in parser()._subparsers._group_actions if it.choices).choices[command].format_help()


def anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


if __name__ == "__main__":
    unittest.main()
