import unittest

from benchmark import service
from benchmark.commands import parse_command_counts, sent_commands
from benchmark.rounds import Usage, figures
from benchmark.wrk import Load

COMMAND_STATS = """# Commandstats
cmdstat_info:calls=3,usec=100,usec_per_call=33.33,rejected_calls=0,failed_calls=0
cmdstat_evalsha:calls=10,usec=100,usec_per_call=10.00,rejected_calls=0,failed_calls=0
cmdstat_script|load:calls=4,usec=100,usec_per_call=10.00,rejected_calls=0,failed_calls=0
"""


class CostOfARequest(unittest.TestCase):
    def test_cpu_and_commands_are_shared_among_the_requests(self):
        load = Load(requests=1_000, requests_per_s=500, p50_ms=1, p99_ms=2, max_ms=3, errors=0)
        before = Usage(at_s=0, server_s=1.0, valkey_s=0.5, load_s=2.0, machine_s=10.0, commands={"evalsha": 10})
        counted = {"evalsha": 30, "set": 9}
        after = Usage(at_s=2, server_s=1.2, valkey_s=0.6, load_s=2.5, machine_s=12.0, commands=counted)
        sample = figures(load, before, after, ("evalsha", "wait"))
        self.assertAlmostEqual(sample["server_us_per_request"], 200)
        self.assertAlmostEqual(sample["valkey_us_per_request"], 100)
        self.assertAlmostEqual(sample["requests_per_command"], 50)
        self.assertAlmostEqual(sample["commands_per_s"], 10)
        self.assertAlmostEqual(sample["others_cores"], 0.6)

    def test_a_server_without_valkey_has_no_commands(self):
        usage = Usage(0, 0, 0, 0, 0, {})
        sample = figures(Load(1, 1, 1, 1, 1, 0), usage, Usage(1, 0, 0, 0, 0, {}), ())
        self.assertIsNone(sample["requests_per_command"])
        self.assertIsNone(sample["valkey_us_per_request"])


class CountingValkeyCommands(unittest.TestCase):
    def test_reads_the_calls_of_each_command(self):
        self.assertEqual(parse_command_counts(COMMAND_STATS), {"info": 3, "evalsha": 10, "script|load": 4})

    def test_of_the_service_counts_what_it_sends_and_not_what_its_scripts_run_inside(self):
        after = {"evalsha": 10, "wait": 10, "xrevrange": 10, "set": 10, "xadd": 1, "xread": 1, "info": 2}
        self.assertEqual(sent_commands({}, after, service.COMMANDS), 21)

    def test_counts_only_what_was_named(self):
        self.assertEqual(sent_commands({"get": 1}, {"get": 5, "info": 9, "wait": 2}, ("get", "wait")), 6)
