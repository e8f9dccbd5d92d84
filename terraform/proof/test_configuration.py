"""The configuration as it is written."""

import shutil
import unittest
from pathlib import Path

import runs
from workspace import SOURCE, Workspace

FORMAT_TIMEOUT_SECONDS = 600
VALIDATE_TIMEOUT_SECONDS = 600
TEST_TIMEOUT_SECONDS = 2400


class Configuration(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.workspace = Workspace()
        cls.workspace.initialise("-backend=false")
        cls.workspace.initialise("-backend=false", within="bootstrap")

    def test_is_formatted(self) -> None:
        arguments = ("fmt", "-check", "-recursive", "-diff", str(SOURCE))
        done = self.workspace.run(*arguments, timeout_seconds=FORMAT_TIMEOUT_SECONDS)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_is_valid_for_the_real_provider(self) -> None:
        self.workspace.must("validate", timeout_seconds=VALIDATE_TIMEOUT_SECONDS)

    def test_of_the_bootstrap_is_valid_for_the_real_provider(self) -> None:
        self.workspace.must("validate", timeout_seconds=VALIDATE_TIMEOUT_SECONDS, within="bootstrap")

    def test_is_tested_with_the_provider_that_is_locked(self) -> None:
        for within in (".", "bootstrap"):
            lock = Path(within) / ".terraform.lock.hcl"
            shutil.copy(SOURCE / lock, self.workspace.directory / lock)
            self.workspace.initialise("-backend=false", "-lockfile=readonly", within=within)

    def test_keeps_its_promises(self) -> None:
        self.keeps_its_promises(".")

    def test_of_the_bootstrap_keeps_its_promises(self) -> None:
        self.keeps_its_promises("bootstrap")

    def keeps_its_promises(self, within: str) -> None:
        done = self.workspace.run("test", timeout_seconds=TEST_TIMEOUT_SECONDS, within=within)
        print(f"\n{done.stdout}", end="")
        counted = runs.of(done.stdout)
        runs.counted.passed += counted.passed
        self.assertEqual((done.returncode, counted.failed), (0, 0), "terraform test failed; its own words are above")
        self.assertGreater(counted.passed, 0, "terraform test ran nothing")
