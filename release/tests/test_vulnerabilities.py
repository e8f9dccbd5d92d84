import contextlib
import importlib.util
import io
import json
import re
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

SPEC = importlib.util.spec_from_file_location("vulnerabilities", Path(__file__).parents[1] / "vulnerabilities.py")
vulnerabilities = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(vulnerabilities)


def check(*parts):
    """Exit status and words for a bill of these parts."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as bill, contextlib.redirect_stderr(io.StringIO()) as said, \
            contextlib.redirect_stdout(io.StringIO()), mock.patch.object(sys, "argv", ["check", bill.name]):
        components = [dict(zip(("group", "name", "version"), part.split(":"))) for part in parts]
        json.dump({"components": components}, bill)
        bill.flush()
        return vulnerabilities.main(), said.getvalue()


class FindsVulnerableParts(unittest.TestCase):
    def test_part_older_than_the_fix_fails_and_is_named_with_its_source(self):
        status, said = check("io.netty:netty-codec-http:4.2.17.Final", "org.slf4j:slf4j-api:2.0.17")
        self.assertEqual(status, 1)
        self.assertRegex(said, r"^io.netty:netty-codec-http 4.2.17.Final: CVE-2026-89044, fixed in 4.2.18: https://")

    def test_part_with_the_fix_or_newer_passes(self):
        for fixed in ("4.2.18.Final", "4.2.100.Final", "4.3.Final", "5"):
            with self.subTest(version=fixed):
                self.assertEqual(check(f"io.netty:netty-codec-http:{fixed}"), (0, ""))

    def test_every_part_of_a_group_can_be_meant(self):
        self.assertEqual(check("ch.qos.logback:logback-classic:1.5.33")[0], 1)

    def test_empty_bill_proves_nothing(self):
        self.assertEqual(check()[0], 1)

    def test_each_known_vulnerability_has_what_is_needed_to_judge_it(self):
        known = json.loads(vulnerabilities.KNOWN.read_text())
        self.assertRegex(known["read"], r"^\d{4}-\d\d-\d\d$")
        for each in known["vulnerabilities"]:
            with self.subTest(id=each["id"]):
                self.assertRegex(each["id"], r"^(CVE-\d{4}-\d+|GHSA(-\w{4}){3})$")
                self.assertRegex(each["source"], r"^https://")
                self.assertTrue(re.fullmatch(r"[\w.-]+:[\w.*-]+", each["package"]))
                vulnerabilities.version(each["fixed"])
