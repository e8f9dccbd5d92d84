import os
import tempfile
import unittest
from pathlib import Path

from proving import surefire
from proving.tally import Tally

REPORT = """<testsuite tests="5" failures="1" errors="1" skipped="1">
  <testcase classname="a.Test" name="passes"/>
  <testcase classname="a.Test" name="isSkipped"><skipped message="no valkey-server"/></testcase>
</testsuite>"""


class Reports(unittest.TestCase):
    def setUp(self):
        self.reports = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def write(self, name: str, at: float, report: str = REPORT) -> None:
        file = self.reports / name
        file.write_text(report)
        os.utime(file, (at, at))

    def test_are_summed_up_with_the_reasons_of_what_was_skipped(self):
        self.write("TEST-a.xml", at=100)
        self.write("TEST-b.xml", at=100)
        skipped = ["a.Test.isSkipped: no valkey-server"] * 2
        self.assertEqual(surefire.tally(self.reports, since=100), Tally(4, 4, skipped))

    def test_of_an_earlier_run_do_not_count(self):
        self.write("TEST-a.xml", at=99)
        self.assertEqual(surefire.tally(self.reports, since=100), Tally())

    def test_that_are_no_xml_count_as_one_that_failed(self):
        self.write("TEST-a.xml", at=100, report=REPORT.replace("no valkey-server", "\uffff"))
        self.assertEqual(surefire.tally(self.reports, since=100), Tally(failed=1))

    def test_that_are_not_there_count_nothing(self):
        self.assertEqual(surefire.tally(self.reports / "none", since=0), Tally())
