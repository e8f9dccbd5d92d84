import unittest

from benchmark import heads, requests
from benchmark.failures import Failures
from proving.programs import Programs
from proving.waiting import free_port


class WhatIsAskedFor(unittest.TestCase):
    def test_a_browser_behind_a_load_balancer_sends_what_both_add(self):
        headers = requests.BROWSER.headers
        self.assertEqual(headers["sec-ch-ua-platform"], '"Linux"')
        self.assertTrue(headers["Accept"].startswith("text/html,"))
        self.assertEqual(headers["X-Forwarded-Proto"], "https")
        self.assertEqual(len(headers), 17)

    def test_an_open_page_asks_for_events(self):
        self.assertEqual(requests.EVENTS["Accept"], "text/event-stream")

    def test_bare_requests_have_nothing_of_it(self):
        self.assertEqual(requests.BARE.options(), [])

    def test_connections_pause_so_that_all_together_ask_at_the_rate(self):
        self.assertEqual(requests.paced(50_000, 256).words, ("5.120",))


class Heads(unittest.TestCase):
    def test_are_counted_with_those_that_were_answered_wrongly(self):
        with Programs() as programs:
            port = free_port()
            program = programs.start("server", ["python3", "-c", _SERVER, port])
            program.wait_for_port(port)
            answered, wrong = heads.run(port, "/right", 2, 0.2)
            self.assertGreater(answered, 0)
            self.assertEqual(wrong, 0)
            answered, wrong = heads.run(port, "/wrong", 2, 0.2)
            self.assertEqual(answered, wrong)


_SERVER = """
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_HEAD(self):
        self.send_response(200 if self.path == "/right" else 404)
        self.send_header("Content-Length", "10")
        self.end_headers()
    def log_message(self, *_):
        pass
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


class OneRowThatFails(unittest.TestCase):
    def test_is_told_and_keeps_nobody_else_from_being_measured(self):
        said = []
        failures = Failures(said.append)
        with failures.of("webdis"):
            raise RuntimeError("webdis ended with 1: no such file\nmore")
        self.assertEqual(failures.rows, [{"row": "webdis", "why": "webdis ended with 1: no such file"}])
        self.assertIn("more", said[0])

    def test_a_mistake_of_the_benchmark_itself_is_none(self):
        with self.assertRaises(TypeError), Failures(lambda text: None).of("x"):
            raise TypeError


if __name__ == "__main__":
    unittest.main()
