"""The proof's own tools."""

import tempfile
import unittest
from pathlib import Path

import provider
import runs

from proving.tally import Tally


class Mirror(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name)

    def test_is_a_directory_with_the_provider_below_a_host(self) -> None:
        (self.root / "registry.example/hashicorp/aws/5.100.0").mkdir(parents=True)
        self.assertEqual(provider.first_mirror([self.root / "nothing", self.root]), self.root)

    def test_is_not_a_directory_without_a_version(self) -> None:
        (self.root / "registry.example/hashicorp/aws").mkdir(parents=True)
        self.assertIsNone(provider.first_mirror([self.root]))

    def test_is_found_anywhere_but_in_a_working_directory(self) -> None:
        for parent in ("a/mirror", "b/.terraform/providers", "scratch/cache"):
            (self.root / parent / "registry.example/hashicorp/aws/5.100.0").mkdir(parents=True)
        self.assertEqual(provider.search(self.root, f"{self.root}/scratch"), [self.root / "a/mirror"])


class Count(unittest.TestCase):
    def test_takes_the_runs_of_terraform_test(self) -> None:
        self.assertEqual(runs.of("x\nSuccess! 12 passed, 0 failed.\n"), Tally(12, 0))

    def test_takes_a_run_that_was_left_out_as_failed(self) -> None:
        self.assertEqual(runs.of("Failure! 3 passed, 1 failed, 2 skipped.\n"), Tally(3, 3))

    def test_takes_an_output_without_summary_as_failed(self) -> None:
        self.assertEqual(runs.of("Error: no configuration\n"), Tally(0, 1))
