import os
import unittest

from benchmark import machine
from proving.programs import Programs


class WhatTheMachineTells(unittest.TestCase):
    def setUp(self):
        self.programs = self.enterContext(Programs())

    def test_a_pinned_program_runs_where_it_was_told_to(self):
        program = self.programs.start("pinned", machine.serving(["sleep", "600"]))
        program.wait_for(
            lambda: [os.sched_getaffinity(pid) for pid in program.pids()] == [{machine.SERVER_CORE}],
            "runs on the server's core only",
        )

    def test_a_program_uses_time_and_memory(self):
        program = self.programs.start("busy", ["sh", "-c", "while :; do :; done"])
        program.wait_for(lambda: machine.cpu_s(program) > 0.05, "uses CPU time")
        self.assertGreater(machine.resident_bytes(program), 0)
