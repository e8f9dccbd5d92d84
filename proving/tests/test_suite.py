"""Runs of `python3 -m proving` on tests that pass, fail, are skipped and end early."""

import sys
import tempfile
import unittest
from pathlib import Path

from proving.programs import Programs

TESTS = """
import os
import unittest

class Tests(unittest.TestCase):
    def test_passes(self):
        pass

    @unittest.skip("no such tool")
    def test_is_skipped(self):
        pass
"""
FAILS = "    def test_fails(self):\n        self.fail('the reason')\n"
ENDS = "    def test_ends(self):\n        os._exit(0)\n"


class Suite(unittest.TestCase):
    def setUp(self):
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def run_tests(self, **files: str):
        for name, text in files.items():
            (self.directory / f"test_{name}.py").write_text(text)
        with Programs() as programs:
            return programs.run(sys.executable, "-m", "proving", self.directory, directory=Path(__file__).parents[2])

    def test_ends_with_what_was_skipped_and_why_and_with_a_line_that_counts(self):
        done = self.run_tests(good=TESTS)
        self.assertEqual(done.returncode, 0, done.stdout)
        *_, skipped, line = done.stdout.splitlines()
        self.assertEqual(skipped, "SKIPPED test_good.Tests.test_is_skipped: no such tool")
        self.assertEqual(line, "1 passed, 0 failed, 1 skipped")

    def test_fails_with_any_that_fails_and_says_why(self):
        done = self.run_tests(good=TESTS, bad=TESTS + FAILS)
        self.assertEqual(done.returncode, 1)
        self.assertIn("the reason", done.stdout)
        self.assertEqual(done.stdout.splitlines()[-1], "2 passed, 1 failed, 2 skipped")

    def test_takes_a_file_that_ends_early_for_failed(self):
        done = self.run_tests(ends=TESTS + ENDS)
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (1, "0 passed, 1 failed, 0 skipped"))

    def test_takes_no_tests_at_all_for_a_failure(self):
        self.assertEqual(self.run_tests().returncode, 1)
