"""What AWS or the plugin would refuse, or do slowly, and packer validate can't know."""

import ast
import re
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]


def read(path):
    """Without comments, which name what isn't done."""
    return re.sub(r"^\s*#.*$", "", (REPOSITORY / path).read_text(), flags=re.MULTILINE)


class DescribesTheImage(unittest.TestCase):
    def setUp(self):
        self.source = read("packer/source.pkr.hcl")

    def test_builder_has_the_role_that_the_bootstrap_makes_and_none_is_made_for_a_build(self):
        self.assertNotIn("temporary_iam_instance_profile", self.source)
        self.assertIn("iam_instance_profile = var.instance_profile", self.source)
        variables = read("packer/variables.pkr.hcl")
        profile = re.search(r'variable "instance_profile" \{.*?default\s+= "(.*?)"', variables, re.S)[1]
        made = re.findall(r'resource "aws_iam_instance_profile" "\w+" \{\s+name\s+= "(.*?)"',
                          read("terraform/bootstrap/builder.tf"))
        self.assertEqual(made, [profile])

    def test_image_is_not_copied_to_be_encrypted_as_its_volume_is_already(self):
        self.assertNotIn("encrypt_boot", self.source)
        self.assertRegex(self.source, r"(?s)launch_block_device_mappings \{[^}]*\bencrypted\s+= true")

    def test_burstable_builder_does_not_wait_for_credits(self):
        types = re.findall(r'= "([a-z0-9]+\.[a-z]+)"', self.source)
        self.assertEqual(len(types), 2)
        self.assertTrue(all(re.match(r"t(2|3a?|4g)\.", each) for each in types), "others are refused credits")
        self.assertRegex(self.source, r"enable_unlimited_credits\s+= true")

    def test_the_packages_are_listed_when_the_tools_are_gone_and_fetched_before_the_way_in_is(self):
        steps = re.findall(r'packer/scripts/[\w-]+|direction +=', read("packer/build.pkr.hcl"))
        scripts = ["remove-ansible", "list-packages", "cleanup", "validate"]
        self.assertEqual([f"packer/scripts/{it}" for it in scripts], [it for it in steps if "/" in it])
        self.assertEqual(2, steps.index(next(it for it in steps if "/" not in it)))

    def test_no_port_is_opened_and_the_metadata_service_wants_a_token(self):
        self.assertRegex(self.source, r'ssh_interface\s+= "session_manager"')
        self.assertRegex(self.source, r'http_tokens\s+= "required"')
        self.assertRegex(self.source, r'imds_support\s+= "v2.0"')


class FitsTheMachine(unittest.TestCase):
    def test_programs_in_python_are_understood_by_amazon_linux(self):
        """Whose own Python is 3.9: https://docs.aws.amazon.com/linux/al2023/ug/python.html"""
        for file in (*(REPOSITORY / "ansible/roles/saved_string/files").iterdir(), REPOSITORY / "packer/scripts/list-packages"):
            text = file.read_text()
            if "python3" in text.splitlines()[0]:
                with self.subTest(file=file.name):
                    ast.parse(text, feature_version=(3, 9))
                    self.assertIn("\nfrom __future__ import annotations", text, "unions of types came with 3.10")

    def test_memory_that_the_jvm_may_take_fits_the_limit_of_its_unit(self):
        options = read("src/main/jvm.options")
        heap, direct = (int(re.search(rf"{name}(\d+)m", options)[1]) for name in ("-Xmx", "-XX:MaxDirectMemorySize="))
        defaults = read("ansible/roles/saved_string/defaults/main.yml")
        limit = int(re.search(r"saved_string_memory_max_mib: (\d+)", defaults)[1])
        properties = read("src/main/resources/application.properties")
        streams = int(re.search(r"events\.streams-max=(\d+)", properties)[1])
        # A socket with its file, and what a reader doesn't take, in the system's memory: docs/load.md.
        of_the_system = streams * (4 + 16) / 1024
        # Classes, compiled code, stacks and the archive: 130 MiB were seen.
        self.assertLessEqual(heap + direct + 160 + of_the_system, limit)
