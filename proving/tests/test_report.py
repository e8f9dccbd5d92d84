import unittest

from proving.report import Report, Unprovable


class CountsPromises(unittest.TestCase):
    def setUp(self):
        self.lines = []
        self.report = Report(out=self.lines.append)

    def test_passed_promise_makes_success(self):
        self.report.prove("one", lambda: None)
        self.assertEqual(self.report.finish(), 0)
        self.assertEqual(self.lines[-1], "1 passed, 0 failed, 0 skipped")

    def test_failed_promise_makes_failure_and_the_next_still_runs(self):
        self.report.prove("one", self._fail)
        self.report.prove("two", lambda: None)
        self.assertEqual(self.report.finish(), 1)
        self.assertEqual(self.lines[-1], "1 passed, 1 failed, 0 skipped")

    def test_after_a_failed_foundation_the_rest_is_skipped_loudly(self):
        self.report.prove("ground", self._fail, foundation=True)
        self.report.prove("house", lambda: None)
        self.assertEqual(self.lines[-1], "SKIP house: because this failed: ground")
        self.assertEqual(self.report.finish(), 1)

    def test_what_this_machine_cannot_prove_is_skipped_loudly(self):
        self.report.prove("one", lambda: None)
        self.report.prove("two", self._lack)
        self.assertEqual(self.lines[-1], "SKIP two: no tool")
        self.assertEqual(self.report.finish(), 0)

    def test_cleaning_up_is_tried_even_after_a_failed_foundation(self):
        self.report.prove("ground", self._fail, foundation=True)
        self.report.clean_up("tidy", lambda: None)
        self.assertEqual(self.report.finish(), 1)
        self.assertEqual(self.lines[-1], "1 passed, 1 failed, 0 skipped")

    def test_nothing_proved_is_no_success(self):
        self.assertEqual(self.report.finish(), 1)

    @staticmethod
    def _lack():
        raise Unprovable("no tool")

    @staticmethod
    def _fail():
        raise AssertionError("no")
