"""The solution document says what the repository says."""

import re
import subprocess
import unittest

from document import benchmark, costs, faults, figures, settings, sources, tables

PAGES_MIN, PAGES_MAX = 6, 10
BUILD = "run `make docs` and commit what it changes"
FILE_NAME = re.compile(r"`([\w./-]*(?:/[\w.-]+|\.(?:java|lua|md|adoc|py|tf|yml|properties|options)))`")


class SolutionTest(unittest.TestCase):
    def test_figures_are_those_of_the_repository(self):
        self.assertEqual(sources.FIGURES.read_text(encoding="utf-8"), figures.render(), BUILD)

    def test_no_figure_is_missing(self):
        if not faults.is_measured():
            self.skipTest(f"NOT CHECKED, and the PDF has gaps: no results in {faults.PAGE}; "
                          f"missing: {', '.join(figures.missing())}")
        self.assertEqual(figures.missing(), [])
        self.assertNotIn(figures.MISSING, figures.render())

    def test_every_threshold_that_was_missed_is_shown_as_such(self):
        self.assertEqual(figures.render().count(figures.MISSED), len(benchmark.missed()))

    def test_files_that_it_names_exist(self):
        named = set(FILE_NAME.findall(sources.DOCUMENT.read_text(encoding="utf-8")))
        self.assertTrue(named)
        if not faults.is_measured():  # test_no_figure_is_missing says so
            named.discard(faults.PAGE)
        tracked = git_files()
        for name in sorted(named):
            with self.subTest(name):
                self.assertTrue(any(f"/{path}/".endswith(f"/{name}/") for path in tracked), "is not in the repository")

    def test_costs_are_those_of_the_runbook(self):
        runbook = sources.text("docs/operations.md")
        ours = costs.figures(settings.figures())
        for part in ("instances", "disks", "load-balancer", "ipv4", "store", "endpoints", "total"):
            with self.subTest(part):
                self.assertRegex(runbook, rf"\|[^|]*\b{re.escape(str(ours[f'cost-{part}']))}\b")

    def test_nat_saves_what_the_runbook_says(self):
        saves = float(costs.figures(settings.figures())["cost-nat-saves"])
        self.assertRegex(sources.text("docs/operations.md"), rf"would save about {saves:.0f}\b")

    def test_break_even_follows_from_the_table(self):
        ours = {name: float(value) for name, value in costs.figures(settings.figures()).items()}
        for way in ("url", "api"):
            self.assertAlmostEqual(100 * ours["cost-total-exact"] / ours[f"{way}-100"], ours[f"break-even-{way}"], delta=0.5)
        self.assertAlmostEqual(ours["cost-total-exact"] / ours["lambda-page"], ours["break-even-pages"], delta=0.6)

    def test_endpoints_are_the_largest_part_of_the_costs(self):
        ours = costs.figures(settings.figures())
        parts = ("instances", "disks", "load-balancer", "ipv4", "store", "endpoints")
        self.assertEqual(max(parts, key=lambda part: float(ours[f"cost-{part}"])), "endpoints", "the document says so")


class PdfTest(unittest.TestCase):
    def setUp(self):
        self.pdf = sources.PDF.read_bytes()

    def test_is_made_from_this_source(self):
        recorded = re.search(rb"/Keywords \(sources (\w+)\)", self.pdf)
        self.assertIsNotNone(recorded, "no checksum in the PDF's keywords")
        self.assertEqual(recorded[1].decode(), sources.checksum(), f"the PDF is older than its sources: {BUILD}")

    def test_has_six_to_ten_pages(self):
        pages = len(re.findall(rb"/Type /Page\b", self.pdf))
        self.assertTrue(PAGES_MIN <= pages <= PAGES_MAX, f"{pages} (expected: {PAGES_MIN} to {PAGES_MAX})")


class TablesTest(unittest.TestCase):
    PAGE = "text\n\n| a | b |\n|---|--:|\n| x | 1,234 |\n| y | 0.5 (0.4–0.6) |\n\n| c |\n|---|\n| z |\n"

    def test_rows_by_the_names_of_the_head(self):
        rows = tables.table(self.PAGE, "a")
        self.assertEqual([row["b"] for row in rows], ["1,234", "0.5 (0.4–0.6)"])
        self.assertEqual([tables.number(row["b"]) for row in rows], [1234, 0.5])
        self.assertEqual(tables.table(self.PAGE, "c"), [{"c": "z"}])

    def test_no_such_table(self):
        self.assertEqual(tables.table(self.PAGE, "d"), [])


def git_files() -> list[str]:
    """With every folder that holds one."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=sources.REPOSITORY, capture_output=True, check=True, timeout=30,
    )
    files = listing.stdout.decode().split("\0")
    return [*files, *{path.rsplit("/", depth)[0] for path in files for depth in range(1, path.count("/") + 1)}]


if __name__ == "__main__":
    unittest.main()
