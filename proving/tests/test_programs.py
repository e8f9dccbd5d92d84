import os
import tempfile
import unittest
from pathlib import Path

from proving.programs import CommandError, Programs, run
from proving.waiting import wait_until


class RunningToTheEnd(unittest.TestCase):
    def test_what_was_printed_is_returned_both_streams_together(self):
        self.assertEqual(run("sh", "-c", "echo one; echo two >&2"), "one\ntwo\n")

    def test_a_failure_says_what_was_printed(self):
        with self.assertRaisesRegex(CommandError, "exit status 3\nreason"):
            run("sh", "-c", "echo reason >&2; exit 3")

    def test_what_has_no_end_is_stopped(self):
        with self.assertRaisesRegex(CommandError, "tail --follow: no end after 0.1 s"):
            run("tail", "--follow", "/dev/null", timeout_seconds=0.1)


class Started(unittest.TestCase):
    def setUp(self):
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_are_stopped_with_their_children_whatever_happens(self):
        with self.assertRaises(KeyError), Programs(self.directory) as programs:
            deaf = "(trap '' TERM; exec sleep 600) &"
            parent = programs.start("parent", ["sh", "-c", f"{deaf} {deaf} wait"])
            parent.wait_for(lambda: len(parent.pids()) == 3, "has two children")
            pids = parent.pids()
            raise KeyError
        wait_until(lambda: not any(map(is_running, pids)), "all are gone")

    def test_one_that_ends_early_says_why(self):
        with Programs(self.directory) as programs:
            broken = programs.start("broken", ["sh", "-c", "echo no such option; exit 3"])
            with self.assertRaisesRegex(AssertionError, "broken ended with 3: no such option"):
                broken.wait_for(lambda: False, "never")

    def test_what_prepares_one_runs_before_it(self):
        with Programs(self.directory) as programs:
            program = programs.start("prepared", ["pwd"], prepare=lambda: os.chdir("/"))
            self.assertEqual(program.wait_for_end(60), 0)
            self.assertEqual(program.said(), "/")

    def test_none_is_started_after_the_end(self):
        with Programs(self.directory) as programs:
            pass
        with self.assertRaisesRegex(CommandError, "late: nothing is started any more"):
            programs.start("late", ["true"])


def is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
