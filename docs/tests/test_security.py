"""The document on security names tests that there are, and each requirement once."""

import re
import unittest

from document import sources
from tests.test_solution import git_files

PAGE = sources.text("docs/security.md")
JAVA = "src/test/java/"
REQUIREMENT = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:–\1\.\2\.(\d+))?")


class SecurityTest(unittest.TestCase):
    def test_tests_that_it_names_exist(self):
        classes = {path.split("/")[-1][:-5]: path for path in git_files() if path.startswith(JAVA)}
        named = re.findall(r"`(\w+(?:Test|Contract))(?:\.(\w+))?`", PAGE)
        self.assertGreater(len(named), 40)
        for name, method in named:
            with self.subTest(name=name, method=method):
                self.assertIn(name, classes)
                self.assertIn(f"void {method}(" if method else name, sources.text(classes[name]))

    def test_runs_of_terraform_that_it_names_exist(self):
        named = re.findall(r"`(\w+\.tftest\.hcl): (\w+)`", PAGE)
        self.assertGreater(len(named), 10)
        for file, run in named:
            with self.subTest(file=file, run=run):
                self.assertIn(f'run "{run}"', sources.text(f"terraform/tests/{file}"))

    def test_each_requirement_has_one_row(self):
        rows = re.findall(r"^\| (\d[\d., –]*) \|", PAGE, re.MULTILINE)
        found = [number for row in rows for match in REQUIREMENT.finditer(row) for number in numbers(match)]
        self.assertEqual(sorted(found), sorted(set(found)))
        self.assertEqual({int(number.split(".")[0]) for number in found}, set(range(1, 18)))


def numbers(match):
    chapter, section, first, last = match.groups()
    return [f"{chapter}.{section}.{number}" for number in range(int(first), int(last or first) + 1)]


if __name__ == "__main__":
    unittest.main()
