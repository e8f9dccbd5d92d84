import shutil
import unittest

from proving import valkey
from proving.programs import Programs


class Protocol(unittest.TestCase):
    def test_a_command_is_encoded_by_its_length_in_bytes(self):
        self.assertEqual(valkey.encode(("SET", "a", "é")), b"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\n\xc3\xa9\r\n")


@unittest.skipUnless(shutil.which("valkey-server"), "valkey-server is not on this machine")
class Nodes(unittest.TestCase):
    def setUp(self):
        self.programs = self.enterContext(Programs())

    def test_a_replica_has_what_the_primary_was_told(self):
        primary = valkey.start_replicated(self.programs)
        primary.call("SET", "value", "grüße\r\n")
        self.assertEqual(primary.call("WAIT", "1", "60000"), "1")
        self.assertEqual(primary.call("GET", "value"), "grüße\r\n")

    def test_a_cluster_takes_writes_once_it_has_started(self):
        cluster = valkey.start_cluster(self.programs, ("127.0.0.2", "127.0.0.3"), valkey.free_port())
        self.assertEqual(cluster.call("SET", "value", "x"), "OK")
        self.assertEqual(cluster.call("WAIT", "1", "60000"), "1")

    def test_a_refusal_is_an_error(self):
        with self.assertRaisesRegex(RuntimeError, "unknown command 'NONSENSE'"):
            valkey.start(self.programs).call("NONSENSE")
