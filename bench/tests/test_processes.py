import os
import tempfile
import unittest
from pathlib import Path

from benchmark import machine
from benchmark.processes import Processes, wait_until


class StartedProcesses(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def test_are_stopped_with_their_children_whatever_happens(self):
        with self.assertRaises(KeyError), Processes(self.directory) as processes:
            deaf = "(trap '' TERM; exec sleep 60) &"
            process = processes.start("parent", ["sh", "-c", f"{deaf} {deaf} wait"])
            process.wait_for(lambda: len(process.pids()) == 3, "has two children")
            pids = process.pids()
            raise KeyError
        wait_until(lambda: not any(map(_is_running, pids)), "all are gone", timeout_s=5)

    def test_one_that_ends_early_says_why(self):
        with Processes(self.directory) as processes:
            process = processes.start("broken", ["sh", "-c", "echo no such option; exit 3"])
            with self.assertRaisesRegex(RuntimeError, "broken ended with 3: no such option"):
                process.wait_for(lambda: False, "never")

    def test_run_where_they_were_told_to(self):
        with Processes(self.directory) as processes:
            process = processes.start("pinned", ["sleep", "60"])
            process.wait_for(
                lambda: [os.sched_getaffinity(pid) for pid in process.pids()] == [{machine.SERVER_CORE}],
                "runs on the server's core only",
            )

    def test_report_what_they_use(self):
        with Processes(self.directory) as processes:
            process = processes.start("busy", ["sh", "-c", "while :; do :; done"])
            process.wait_for(lambda: process.cpu_s() > 0.05, "uses CPU time", timeout_s=10)
            self.assertGreater(process.resident_bytes(), 0)

    def test_waiting_has_an_end(self):
        with self.assertRaisesRegex(TimeoutError, "the impossible: not within 0.05 s"):
            wait_until(lambda: False, "the impossible", timeout_s=0.05)


def _is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
