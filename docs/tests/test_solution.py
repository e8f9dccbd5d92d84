"""The solution document says what the repository says."""

import re
import subprocess
import unittest

from document import benchmark, costs, faults, figures, pages, pdf, settings, sources, tables

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
        shown = [line for line in figures.render().splitlines() if line.startswith("* ")]
        self.assertEqual(len(shown), len(benchmark.missed()))

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

    def test_has_eight_pages(self):
        self.assertEqual(len(pdf.PAGE.findall(self.pdf)), pdf.PAGES_MAX)

    def test_says_its_title_its_author_and_its_language(self):
        self.assertIn(b"/Title (Saved String: the solution)", self.pdf)
        self.assertIn(b"/Author (the maintainers of Saved String)", self.pdf)
        self.assertIn(b"/Lang (en-GB)", self.pdf)

    def test_is_tagged(self):
        self.assertRegex(self.pdf, rb"/MarkInfo <<[^>]*/Marked true")
        self.assertIn(b"/StructTreeRoot", self.pdf)
        self.assertEqual(self._tagged("H1"), 1)
        self.assertEqual(self._tagged("H2"), len(self._lines(r"^== ")))
        self.assertEqual(self._tagged("H3"), len(self._lines(r"^=== ")))

    def test_every_picture_has_words_for_those_who_do_not_see_it(self):
        shown = self._lines(r"^image::")
        self.assertEqual([line for line in shown if not re.search(r'\["[^"]{30,}"', line)], [])
        self.assertEqual(self._tagged("Figure"), len(shown))
        self.assertEqual(len(re.findall(rb"/Alt [(<]", self.pdf)), len(shown))

    def test_tables_have_heads_of_columns_and_of_rows(self):
        self.assertEqual(self._tagged("Table"), len(self._lines(r"^\|===")) // 2)
        for scope in (b"Column", b"Row"):
            with self.subTest(scope):
                self.assertGreater(len(re.findall(rb"/Scope /%b\b" % scope, self.pdf)), 20)

    def test_chapters_stand_in_the_outline(self):
        self.assertIn(b"/Outlines", self.pdf)
        self.assertEqual(len(pdf.CHAPTER.findall(self.pdf)), len(self._lines(r"^== ")))

    def test_every_font_is_embedded_and_one_of_two(self):
        fonts = re.findall(rb"/FontName /(?:[A-Z]{6}\+)?(\w+)", self.pdf)
        self.assertEqual({name for name in fonts if not name.startswith((b"Roboto", b"JetBrainsMono"))}, set())
        self.assertEqual(len(re.findall(rb"/FontFile2 ", self.pdf)), len(fonts))

    def test_names_neither_the_browser_nor_the_time_of_day(self):
        self.assertNotIn(b"/Creator", self.pdf)
        self.assertEqual(set(re.findall(rb"/(?:Creation|Mod)Date \(D:\d{8}(.*?)\)", self.pdf)), {b"000000Z"})

    def _tagged(self, name: str) -> int:
        return len(re.findall(rb"/S /%b\b" % name.encode(), self.pdf))

    @staticmethod
    def _lines(pattern: str) -> list[str]:
        return [line for line in sources.DOCUMENT.read_text(encoding="utf-8").splitlines() if re.match(pattern, line)]


class RunningHeadsTest(unittest.TestCase):
    def test_a_page_is_named_after_the_chapter_that_it_begins_with(self):
        outline = [("1. First", 3, 700.5), ("2. Second", 3, 200.0), ("3. Third", 5, 780.0), ("4. Fourth", 5, 99.0)]
        pages = b"".join(b"%d 0 obj\n<</Type /Page\n>>\n" % number for number in (3, 4, 5, 6))
        items = b"".join(b"<</Title (%b)\n/Dest [%d 0 R /XYZ 54.2 %f 0]\n>>\n" % (title.encode(), page, height)
                         for title, page, height in outline)
        self.assertEqual(pdf.running_heads(pages + items), ["", "2. Second", "3. Third", "4. Fourth"])


class PagesTest(unittest.TestCase):
    def test_a_page_that_ends_early_is_noticed(self):
        paper, ink = bytes([255] * 9), bytes([255, 0] * 4)
        head, page = [ink] * 20 + [paper] * 30, [ink] * 371
        self.assertAlmostEqual(pages.empty_part([*head, *page, *[paper] * 371, *[ink] * 50]), 0.5, delta=0.01)
        self.assertAlmostEqual(pages.empty_part([*head, *page, *page, *[ink] * 50]), 0, delta=0.01)


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
