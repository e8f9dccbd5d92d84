import unittest

from benchmark.wrk import Load, expect_no_errors, parse, total

PRINTED = """Running 3s test @ http://127.0.0.1:20000/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   687.59us    1.02ms  22.74ms   93.50%
    Req/Sec   113.54k     9.11k  125.30k    80.00%
  Latency Distribution
     50%  390.00us
     75%  530.00us
     90%    1.21ms
     99%    4.80ms
  340213 requests in 3.00s, 101.22MB read
{}Requests/sec: 113307.12
Transfer/sec:     33.71MB
"""


class ParsingWhatWrkPrints(unittest.TestCase):
    def test_reads_rate_latencies_and_requests(self):
        self.assertEqual(parse(PRINTED.format("")), Load(340213, 113307.12, 0.39, 4.8, 22.74, 0))

    def test_counts_wrong_answers_and_failed_connections(self):
        errors = "  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 10\n"
        self.assertEqual(parse(PRINTED.format(errors)).errors, 20)

    def test_reads_seconds_and_minutes(self):
        text = PRINTED.format("").replace("4.80ms", "1.50m").replace("390.00us", "2.00s")
        self.assertEqual((parse(text).p50_ms, parse(text).p99_ms), (2_000, 90_000))

    def test_refuses_an_unknown_unit(self):
        with self.assertRaisesRegex(ValueError, "4.80h"):
            parse(PRINTED.format("").replace("4.80ms", "4.80h"))

    def test_refuses_what_is_no_result(self):
        with self.assertRaisesRegex(ValueError, "unable to connect"):
            parse("unable to connect to 127.0.0.1:1 Connection refused")

    def test_adds_up_loads_that_ran_together(self):
        self.assertEqual(total([Load(1, 10, 1, 5, 9, 0), Load(2, 20, 3, 4, 8, 1)]), Load(3, 30, 3, 5, 9, 1))

    def test_a_failed_request_ends_the_measurement(self):
        with self.assertRaisesRegex(RuntimeError, "webdis: 1 failed"):
            expect_no_errors(Load(1, 1, 1, 1, 1, 1), "webdis")
