import socket
import unittest

from proving.waiting import accepts, free_port, wait_until


class Waiting(unittest.TestCase):
    def test_returns_what_the_condition_did(self):
        values = iter([0, None, "ready"])
        self.assertEqual(wait_until(lambda: next(values), "it is ready"), "ready")

    def test_has_an_end_and_names_what_never_came(self):
        with self.assertRaisesRegex(AssertionError, "not within 0.05 s: the sun rises"):
            wait_until(lambda: False, "the sun rises", timeout_seconds=0.05)

    def test_takes_an_error_of_the_system_for_not_yet_and_names_the_last_one(self):
        def refused():
            raise ConnectionRefusedError("nobody there")

        with self.assertRaisesRegex(AssertionError, "nobody there"):
            wait_until(refused, "somebody answers", timeout_seconds=0.05)


class Ports(unittest.TestCase):
    def test_a_free_one_accepts_nothing_and_can_be_taken(self):
        port = free_port()
        self.assertFalse(accepts(port))
        with socket.create_server(("127.0.0.1", port)):
            self.assertTrue(accepts(port))
