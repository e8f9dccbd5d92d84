import tempfile
import unittest
from pathlib import Path

from proving.everything import LINTERS, TESTS, lint
from proving.programs import Programs
from proving.suites import REPOSITORY, files
from proving.tally import Tally


class Everything(unittest.TestCase):
    def test_has_every_file_of_tests_but_those_that_want_terraform_or_a_release(self):
        there = {file for file in REPOSITORY.rglob("test_*.py") if "target" not in file.parts}
        left_out = there - set(files(REPOSITORY / path for path in TESTS))
        wanting = {REPOSITORY / "terraform/proof", REPOSITORY / "release/tests"}
        self.assertEqual({file.parent for file in left_out}, wanting)

    def test_has_every_linter(self):
        there = {f"scripts/{file.name}" for file in (REPOSITORY / "scripts").glob("lint-*")}
        self.assertEqual(set(LINTERS), there)


class Linters(unittest.TestCase):
    def setUp(self):
        self.programs = self.enterContext(Programs())
        self.linter = Path(self.enterContext(tempfile.TemporaryDirectory())) / "linter"

    def outcome(self, script: str) -> tuple[str, Tally]:
        self.linter.write_text(f"#!/bin/sh\n{script}\n")
        self.linter.chmod(0o755)
        return lint(self.programs, self.linter)

    def test_that_pass_count_as_one_test_that_passed(self):
        self.assertEqual(self.outcome("exit 0")[1], Tally(1))

    def test_that_fail_count_as_one_that_failed_and_say_why(self):
        said, tally = self.outcome("echo the reason; exit 1")
        self.assertIn("the reason", said)
        self.assertEqual(tally, Tally(failed=1))

    def test_that_cannot_run_count_as_skipped_with_their_reason(self):
        _, tally = self.outcome("echo no npm; exit 3")
        self.assertEqual(tally, Tally(skipped=[f"{self.linter}: no npm"]))
