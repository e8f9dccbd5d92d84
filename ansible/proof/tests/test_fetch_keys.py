"""The script that fetches the keys, with a stand-in for the AWS command line."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "roles/saved_string/files/fetch-keys"
TABLE = Path(__file__).parents[3] / "src/test/resources/key-lists.json"
HASH = "0123456789abcdef" * 4
GOOD = f"# who\nwriter {HASH}\n\n  # spare\n"


class FetchesKeys(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)
        self.keys = self.directory / "run/keys"
        self.keys.parent.mkdir()
        self.answer = self.directory / "answer"
        aws = self.directory / "aws"
        aws.write_text('#!/bin/sh\nprintf "%s " "$@" >"$0.arguments"\nexec cat "$(dirname "$0")/answer"\n')
        aws.chmod(0o755)

    def fetch(self, answer):
        self.answer.unlink(missing_ok=True)
        if answer is not None:
            self.answer.write_bytes(answer.encode())
        environment = {
            "PATH": f"{self.directory}:{os.environ['PATH']}",
            "SAVED_STRING_KEYS_PARAMETER": "/a/parameter",
            "SAVED_STRING_KEYS_FILE": str(self.keys),
        }
        return subprocess.run([SCRIPT], env=environment, capture_output=True, text=True, timeout=10)

    def assert_refused(self, answer, reason):
        self.keys.write_text(GOOD)
        done = self.fetch(answer)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(reason, json.loads(done.stderr)["message"])
        self.assertNotIn(HASH, done.stderr)
        self.assertEqual(self.keys.read_text(), GOOD)
        self.assert_nothing_left()

    def assert_nothing_left(self):
        self.assertEqual([path.name for path in self.keys.parent.iterdir()], ["keys"])

    def test_keys_are_written_for_the_group_only(self):
        self.assertEqual(self.fetch(GOOD).returncode, 0)
        self.assertEqual(self.keys.read_text(), GOOD)
        self.assertEqual(self.keys.stat().st_mode & 0o777, 0o640)
        self.assert_nothing_left()

    def test_decrypted_parameter_is_asked_for_by_name(self):
        self.fetch(GOOD)
        arguments = (self.directory / "aws.arguments").read_text()
        self.assertIn("ssm get-parameter --name /a/parameter --with-decryption ", arguments)

    def test_new_keys_replace_the_file_at_once(self):
        self.fetch(GOOD)
        before = self.keys.stat().st_ino
        self.fetch(f"other {HASH}\n")
        self.assertNotEqual(self.keys.stat().st_ino, before)
        self.assertEqual(self.keys.read_text(), f"other {HASH}\n")

    def test_same_keys_leave_the_file_alone(self):
        self.fetch(GOOD)
        before = self.keys.stat()
        self.fetch(GOOD)
        after = self.keys.stat()
        self.assertEqual((after.st_ino, after.st_ctime_ns), (before.st_ino, before.st_ctime_ns))

    def test_last_key_is_revoked_by_a_comment(self):
        self.fetch(GOOD)
        self.assertEqual(self.fetch("# none\n").returncode, 0)
        self.assertEqual(self.keys.read_text(), "# none\n")

    def test_unreachable_store_leaves_the_keys(self):
        self.assert_refused(None, "/a/parameter could not be read")

    def test_empty_parameter_leaves_the_keys(self):
        for empty in ("", "\n", " \n\t\n"):
            with self.subTest(empty=empty):
                self.assert_refused(empty, "API keys refused: /a/parameter: it is empty")

    def test_what_happened_is_said_as_the_application_says_it(self):
        line = json.loads(self.fetch(GOOD).stdout)
        self.assertEqual(set(line), {"time", "level", "logger", "message"})
        self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual((line["level"], line["message"]), ("INFO", f"{self.keys} now holds the keys of /a/parameter"))

    def test_words_of_the_command_line_are_kept_whatever_they_are(self):
        aws = self.directory / "aws"
        aws.write_text('#!/bin/sh\nprintf \'\\n"C:\\\\temp"\\tis \\001 full\\n\' >&2\nexit 255\n')
        line = json.loads(self.fetch(GOOD).stderr)
        self.assertEqual(line["level"], "ERROR")
        self.assertIn('could not be read: "C:\\temp" is full; ', line["message"])

    def test_every_list_is_taken_or_refused_as_by_the_service(self):
        for row in json.loads(TABLE.read_text()):
            with self.subTest(row["name"]):
                text = re.sub(r"\{([a-dA])\}", lambda letter: letter[1] * 64, row["text"]).replace("\0", "\1")
                if not row["usable"]:
                    self.assert_refused(text, "API keys refused: /a/parameter: ")
                    continue
                self.keys.write_text(GOOD)
                done = self.fetch(text)
                self.assertEqual(self.keys.read_bytes(), text.encode())
                self.assertEqual(done.returncode, 1 if row["refused"] else 0)
                self.assert_nothing_left()

    def test_key_that_was_taken_out_is_gone_though_another_line_is_wrong_and_that_is_said(self):
        self.keys.write_text(GOOD)
        bad = f"other {HASH}\nal:ice {HASH}\n"
        for _ in range(2):
            done = self.fetch(bad)
            self.assertEqual(done.returncode, 1)
            self.assertIn("API keys refused: /a/parameter: line 2 is not: ", json.loads(done.stderr)["message"])
            self.assertNotIn(HASH, done.stderr)
            self.assertEqual(self.keys.read_text(), bad)
