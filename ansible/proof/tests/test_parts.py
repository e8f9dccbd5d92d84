import re
import unittest
from pathlib import Path

from proof import image, machines, packer, services
from proving.programs import CommandError


class ReadsOutputs(unittest.TestCase):
    def test_recap_is_read(self):
        output = "PLAY RECAP ***\nlocalhost    : ok=16   changed=0    unreachable=0    failed=0\n"
        self.assertEqual(image.recap(output), {"ok": 16, "changed": 0, "unreachable": 0, "failed": 0})

    def test_missing_recap_is_an_error(self):
        with self.assertRaises(CommandError):
            image.recap("ERROR! no hosts\n")

    def test_exposure_is_read(self):
        self.assertEqual(image.exposure("→ Overall exposure level for saved-string.service: 1.1 OK"), 1.1)

    def test_listeners_are_read_whatever_the_family_and_clients_are_none(self):
        table = (
            "tcp LISTEN 0 128 0.0.0.0:8080 0.0.0.0:*\n"
            "tcp LISTEN 0 128 *:8080 *:*\n"
            "tcp LISTEN 0 128 [::ffff:127.0.0.1]:8081 *:*\n"
            "udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*\n"
            "udp UNCONN 0 0 *:42379 *:*\n"
        )
        self.assertEqual(image.listeners(table), {("any", 8080), ("127.0.0.1", 8081), ("127.0.0.53", 53)})

    def test_metrics_are_read_by_name(self):
        exposition = "# HELP a_total All\n# TYPE a_total counter\na_total{of=\"x\"} 1.0\nb 2\n"
        self.assertEqual(image.metric_names(exposition), {"a_total", "b"})
        self.assertIn("^saved_string_.*", image.metric_selectors(Path(__file__).parents[3]))

    def test_control_group_hierarchies_are_found(self):
        mounts = "tmpfs /run tmpfs rw 0 0\ncgroup /g/pids cgroup rw 0 0\ncgroup2 /g/unified cgroup2 rw 0 0\n"
        expected = {"cgroup": [Path("/g/pids")], "cgroup2": [Path("/g/unified")]}
        self.assertEqual(machines.control_group_mounts(mounts), expected)

    def test_only_machines_that_get_requests_are_healthy(self):
        statistics = (
            "# pxname,svname,status\npublic,FRONTEND,OPEN\nmachines,one,UP\nmachines,two,UP 1/2\nmachines,next,DOWN\n"
            "machines,BACKEND,UP\n"
        )
        self.assertEqual(services.healthy_servers(statistics), {"one", "two"})


class AdaptsToPacker(unittest.TestCase):
    def test_version_is_read(self):
        self.assertEqual(packer.version("Packer v1.11.2\n"), (1, 11))
        self.assertEqual(packer.version("1.6.6\n"), (1, 6))

    def test_only_what_is_too_new_is_left_out(self):
        source = Path(__file__).parents[3].joinpath("packer/source.pkr.hcl").read_text()
        kept = packer.without_new_settings(source)
        left_out = [line.strip() for line in source.splitlines() if line not in kept.splitlines()]
        self.assertEqual([re.match(r"\w+", line)[0] for line in left_out],
                         ["enable_unlimited_credits", "metadata_options", "http_endpoint", "http_tokens",
                          "http_put_response_hop_limit", "imds_support"])


class Balances(unittest.TestCase):
    def test_failed_requests_are_not_tried_again(self):
        configuration = services.balancer_configuration({"one": "10.0.0.1"}, "/control")
        self.assertIn("retries 0", configuration)
        self.assertIn("server one 10.0.0.1:8080", configuration)
