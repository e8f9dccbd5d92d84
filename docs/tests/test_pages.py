"""What the pages name is there: files that they link to, and make's targets."""

import posixpath
import re
import unittest

from document import sources
from tests.test_solution import git_files

LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
TARGET = re.compile(r"\bmake ([a-z]+(?:-[a-z]+)*)\b")
CODE = re.compile(r"^(?:```|----)\n.*?^(?:```|----)$|^ {4}make .*$|`[^`\n]+`", re.DOTALL | re.MULTILINE)


class PagesTest(unittest.TestCase):
    def setUp(self):
        self.files = git_files()
        self.pages = [path for path in self.files if path.endswith((".md", ".adoc"))]

    def test_files_that_they_link_to_exist(self):
        found = 0
        for page in self.pages:
            for link in LINK.findall(sources.text(page)):
                found += 1
                with self.subTest(page=page, link=link):
                    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), link))
                    self.assertTrue(path in self.files, "is not in the repository")
        self.assertGreater(found, 20)

    def test_the_table_of_folders_names_every_folder(self):
        rows = re.findall(r"^\| \[.*$", sources.text("README.md"), re.MULTILINE)
        named = {link for row in rows for link in LINK.findall(row)}
        code = "src/main/java/org/savedstring"
        packages = {path.split("/")[5] for path in self.files if path.startswith(f"{code}/") and path.count("/") > 5}
        folders = {path.split("/")[0] for path in self.files if "/" in path} - {"src"}
        self.assertGreater(len(packages), 5)
        self.assertEqual((folders | {f"{code}/{package}" for package in packages}) - named, set())

    def test_targets_of_make_that_they_name_exist(self):
        targets = re.findall(r"^([a-z-]+):", sources.text("Makefile"), re.MULTILINE)
        found = 0
        for page in self.pages:
            for code in CODE.findall(sources.text(page)):
                for target in TARGET.findall(code):
                    found += 1
                    with self.subTest(page=page, target=target):
                        self.assertTrue(target in targets, "is no target of the Makefile")
        self.assertGreater(found, 20)


if __name__ == "__main__":
    unittest.main()
