"""What holds for every line of the configuration, also for one that is added later."""

import re
import unittest

from workspace import SOURCE

FORBIDDEN_TYPES = ("aws_eip", "aws_key_pair", "aws_nat_gateway", "aws_security_group_rule", "aws_iam_access_key")


class Source(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        files = [*SOURCE.glob("*.tf"), *SOURCE.glob("bootstrap/*.tf")]
        cls.text = {file.relative_to(SOURCE): file.read_text() for file in files}
        cls.blocks = [block for text in cls.text.values() for block in re.findall(r"^\w+ .*?\n}$", text, re.M | re.S)]

    def test_has_no_nat_key_pair_or_public_address(self) -> None:
        types = {kind for block in self.blocks for kind in re.findall(r'^resource "(\w+)"', block)}
        self.assertGreater(len(types), 40)
        self.assertEqual(types.intersection(FORBIDDEN_TYPES), set())

    def test_has_no_rule_within_a_security_group(self) -> None:
        for block in self.of("resource", r"aws_\w*security_group"):
            self.assertNotRegex(block, r"\b(ingress|egress)\b")

    def test_describes_every_rule_and_opens_one_port_with_each_and_never_22(self) -> None:
        rules = self.of("resource", r"aws_vpc_security_group_(ingress|egress)_rule")
        self.assertGreaterEqual(len(rules), 9)
        for block in rules:
            self.assertRegex(block, r'\n  description +=  *".{5,}"')
            self.assertRegex(block, r'ip_protocol +=  *"tcp"')
            ports = re.findall(r"(?:from|to)_port +=  *(\S+)", block)
            self.assertEqual(len(ports), 2)
            self.assertEqual(len(set(ports)), 1)
            self.assertIn(ports[0], ("80", "443", "local.http_port", "local.store_port"))

    def test_opens_nothing_to_the_world_but_the_load_balancer(self) -> None:
        for block in self.of("resource", r"aws_vpc_security_group_(ingress|egress)_rule"):
            if "cidr_ipv" in block:
                self.assertRegex(block, r"security_group_id += aws_security_group.load_balancer.id")

    def test_keeps_every_log_for_a_stated_time(self) -> None:
        for block in self.of("resource", "aws_cloudwatch_log_group"):
            self.assertIn("retention_in_days", block)

    def test_types_and_describes_every_input_in_order(self) -> None:
        self.assert_described("variable", ("type", "description"))

    def test_describes_every_output_in_order(self) -> None:
        self.assert_described("output", ("description",))

    def assert_described(self, kind: str, wanted: tuple[str, ...]) -> None:
        for text in self.text.values():
            names = re.findall(rf'^{kind} "(\w+)"', text, re.M)
            self.assertEqual(names, sorted(names))
        for block in (block for block in self.blocks if block.startswith(f"{kind} ")):
            for attribute in wanted:
                self.assertRegex(block, rf"\n  {attribute} +=")

    def of(self, kind: str, type_pattern: str) -> list[str]:
        return [block for block in self.blocks if re.match(rf'{kind} "{type_pattern}"', block)]
