"""What scripts/need takes for there, and what it tells a user who may not install anything."""

import subprocess
import unittest

from proving.suites import REPOSITORY

ABSENT = ("no-such-package-one", "no-such-package-two")


class Need(unittest.TestCase):
    def need(self, *packages: str, **options: object) -> subprocess.CompletedProcess[str]:
        command = [REPOSITORY / "scripts/need", *packages]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)

    def test_is_met_by_a_program_of_the_packages_name(self):
        self.assertEqual(self.need("bash").returncode, 0)

    def test_names_only_what_is_missing(self):
        done = self.need("--missing", "bash", *ABSENT)
        self.assertEqual((done.returncode, done.stdout), (0, " ".join(ABSENT) + "\n"))

    def test_prints_nothing_where_nothing_is_missing(self):
        self.assertEqual(self.need("--missing", "bash").stdout, "")

    def test_without_a_package_explains_itself(self):
        self.assertIn("usage: scripts/need PACKAGE...", self.need().stdout)
