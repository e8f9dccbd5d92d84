import json
import re
import shutil
import signal
import stat
import subprocess
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from proving.waiting import wait_until
from rollout import key_format, key_lists, keys
from rollout.errors import RolloutError, Unusable
from rollout.tests import answers
from rollout.tests.workbench import Answer, RolloutTest, SimulatedTest, ended, needs, refused, simulated_aws

PARAMETER = "/saved-string/production/api-keys"
BUCKET = "saved-string-state-123456789012-us-east-1"
LOCK = "/production/api-keys.lock"
ANNA, BERT, CARL = "a" * 64, "b" * 64, "c" * 64
TABLE = Path(__file__).parents[2] / "src/test/resources/key-lists.json"


class KeyTest(unittest.TestCase):
    def test_a_key_has_256_random_bits_behind_its_prefix(self) -> None:
        key = keys.new_key()
        self.assertRegex(key, r"\Asstr_[A-Za-z0-9_-]{43}\Z")
        self.assertNotEqual(key, keys.new_key())

    def test_names_that_would_confuse_a_reader_or_the_list_are_refused(self) -> None:
        for name in ("", "-a", "a b", "a\nb", "#a", "ä", "a" * 65, "a/b"):
            with self.subTest(name=name), self.assertRaisesRegex(Unusable, "NAME: "):
                keys.check_name(name)
        for name in ("a", "Anna", "anna@laptop.example", "ci-2026_06", "7", "a" * 64):
            keys.check_name(name)

    def test_a_name_is_taken_once(self) -> None:
        with self.assertRaisesRegex(Unusable, "There is a key named anna already"):
            keys.with_key(f"anna {ANNA}\n", f"anna {BERT}")

    def test_comments_and_other_keys_survive_a_change(self) -> None:
        before = f"# ours\nanna {ANNA}\n\nbert {BERT}"
        added = keys.with_key(before, f"carl {CARL}")
        self.assertEqual(f"# ours\nanna {ANNA}\n\nbert {BERT}\ncarl {CARL}\n", added)
        self.assertEqual(f"# ours\n\nbert {BERT}\ncarl {CARL}\n", keys.without_key(added, "anna"))

    def test_revoking_what_does_not_exist_says_what_does(self) -> None:
        with self.assertRaisesRegex(Unusable, "There is no key named ann; nothing was changed. There are: anna."):
            keys.without_key(f"anna {ANNA}\n", "ann")

    def test_a_list_is_never_empty_because_a_parameter_may_not_be(self) -> None:
        self.assertEqual(keys.EMPTY, keys.without_key(f"anna {ANNA}\n", "anna"))

    def test_a_damaged_list_is_not_added_to(self) -> None:
        with self.assertRaisesRegex(RolloutError, "nothing was changed: line 2 is not: name sha256"):
            keys.with_key(f"anna {ANNA}\nbert 123\n", f"carl {CARL}")

    def test_a_key_of_a_damaged_list_is_revoked_all_the_same_and_its_lines_are_all_gone(self) -> None:
        damaged = f"anna {ANNA}\nbert 123\nanna {CARL} scope=all\nanna\n"
        self.assertEqual("bert 123\n", keys.without_key(damaged, "anna"))
        self.assertEqual(f"anna {ANNA}\n", keys.without_key(f"anna {ANNA}\nbert 123\n", "bert"))

    def test_every_list_is_read_as_by_the_fetcher_and_the_service(self) -> None:
        for row in json.loads(TABLE.read_text()):
            with self.subTest(row["name"]):
                found, refusals = key_format.parse(filled_in(row["text"]))
                expected = [(filled_in(name), scopes, expires) for name, scopes, expires in row["keys"]]
                self.assertEqual(expected, [(it.name, ",".join(sorted(it.scopes.split(","))), it.expires) for it in found])
                self.assertEqual(row["refused"], [refusal.line for refusal in refusals])
                self.assertNotRegex(" ".join(map(str, refusals)), r"([0-9a-f])\1{30}|sstr_")

    def test_a_thousand_keys_are_the_limit(self) -> None:
        thousand = "".join(f"key{number} {number:064x}\n" for number in range(1000))
        self.assertEqual((1000, []), (len(key_format.parse(thousand)[0]), key_format.parse(thousand)[1]))
        self.assertEqual([1001], [it.line for it in key_format.parse(f"{thousand}more {ANNA}")[1]])

    def test_a_line_says_what_was_asked_for_and_no_more(self) -> None:
        self.assertEqual(f"anna {ANNA}", keys.line("anna", ANNA))
        self.assertEqual(f"anna {ANNA}", keys.line("anna", ANNA, scope="read,write"))
        self.assertEqual(f"anna {ANNA} scope=read", keys.line("anna", ANNA, "read"))
        self.assertEqual(f"anna {ANNA} expires=2999-01-31T00:00:00Z", keys.line("anna", ANNA, expires="2999-01-31"))

    def test_scopes_and_times_that_there_are_not_are_refused(self) -> None:
        for scope in ("all", "write read", "WRITE", "write,write", "read "):
            with self.subTest(scope), self.assertRaisesRegex(Unusable, "SCOPE: "):
                keys.line("anna", ANNA, scope=scope)
        for expires in ("2999-02-29", "tomorrow", "2999-01-31T00:00", "2999-01-31T00:00:00+01:00", "2020-01-01", "31.1.2999"):
            with self.subTest(expires), self.assertRaisesRegex(Unusable, "EXPIRES: "):
                keys.line("anna", ANNA, expires=expires)


def filled_in(text: str) -> str:
    return re.sub(r"\{([a-dA])\}", lambda letter: letter[1] * 64, text)


class LocalKeysTest(RolloutTest):
    def setUp(self) -> None:
        super().setUp()
        self.file = self.directory / "data" / "api-keys"

    def test_a_local_key_is_printed_once_and_kept_as_its_hash(self) -> None:
        done = self.rollout("api-key", NAME="anna")
        self.assert_code(0, done)
        key = done.out.strip()
        self.assertEqual(f"# name sha256\nanna {keys.digest(key)}\n", self.file.read_text())
        self.assertNotIn(key, done.error)

    def test_sha256_is_what_everybody_calls_sha256(self) -> None:
        key = self.rollout("api-key", NAME="anna").out.strip()
        summed = subprocess.run(["sha256sum"], input=key.encode(), capture_output=True, timeout=10, check=True)
        self.assertIn(summed.stdout.split()[0].decode(), self.file.read_text())

    def test_others_on_the_machine_can_not_read_the_list(self) -> None:
        self.rollout("api-key", NAME="anna")
        self.assertEqual(0o640, stat.S_IMODE(self.file.stat().st_mode))

    def test_keys_are_listed_and_revoked(self) -> None:
        for name in ("anna", "bert"):
            self.assert_code(0, self.rollout("api-key", NAME=name))
        self.assert_code(0, self.rollout("revoke-key", NAME="anna"))
        self.assertEqual("bert  write,read\n", self.rollout("list-keys").out)

    def test_a_key_is_made_for_what_it_is_for_and_until_when(self) -> None:
        self.assert_code(0, self.rollout("api-key", NAME="anna", SCOPE="read", EXPIRES="2999-01-31"))
        self.assertRegex(self.file.read_text(), r"\nanna [0-9a-f]{64} scope=read expires=2999-01-31T00:00:00Z\n$")
        self.assertEqual("anna  read  expires 2999-01-31T00:00:00Z\n", self.rollout("list-keys").out)

    def test_an_expired_key_is_listed_as_one(self) -> None:
        self.file.parent.mkdir()
        self.file.write_text(f"anna {ANNA} expires=2020-01-01T00:00:00Z\n")
        self.assertEqual("anna  write,read  expired 2020-01-01T00:00:00Z\n", self.rollout("list-keys").out)

    def test_what_is_damaged_is_said_after_the_keys_that_are_valid(self) -> None:
        self.file.parent.mkdir()
        self.file.write_text(f"anna {ANNA}\nbert\n")
        done = self.rollout("list-keys")
        self.assert_code(1, done)
        self.assertEqual("anna  write,read\n", done.out)
        self.assertIn("line 2 is not", done.error)

    def test_a_key_of_no_known_kind_is_not_made(self) -> None:
        for variable in ({"SCOPE": "admin"}, {"EXPIRES": "soon"}):
            self.assert_code(2, self.rollout("api-key", NAME="anna", **variable))
        self.assertFalse(self.file.exists())

    def test_keys_made_at_the_same_time_are_all_kept(self) -> None:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda number: self.rollout("api-key", NAME=f"key-{number}"), range(8)))
        self.assertEqual({f"key-{number}" for number in range(8)}, set(keys.names(self.file.read_text())))

    def test_another_file_can_be_named(self) -> None:
        other = self.directory / "other-keys"
        self.assert_code(0, self.rollout("api-key", NAME="anna", KEYS_FILE=str(other)))
        self.assertTrue(other.read_text().count("anna"))
        self.assertFalse(self.file.exists())

    def test_nothing_is_left_beside_the_list(self) -> None:
        self.rollout("api-key", NAME="anna")
        self.assertEqual([self.file], list(Path(self.file.parent).iterdir()))

    def test_a_key_without_a_name_is_refused(self) -> None:
        done = self.rollout("api-key")
        self.assert_code(2, done)
        self.assertEqual("", done.out)


@needs("aws", "moto_server")
class ParameterKeysTest(SimulatedTest):
    def setUp(self) -> None:
        super().setUp()
        self.environment["ENV"] = "production"
        self.s3("PUT", "")

    def s3(self, method: str, key: str, body: str = "") -> str:
        return simulated_aws().send("s3", method, f"/{BUCKET}{key}", body.encode()).text

    def put_list(self, text: str = "# name sha256\n", **more: str) -> None:
        self.put_parameter(PARAMETER, text, Type="SecureString", **more)

    def test_a_key_of_a_deployment_is_printed_once_and_its_hash_kept(self) -> None:
        self.put_list(f"anna {ANNA}\n")
        done = self.rollout("api-key", NAME="bert")
        self.assert_code(0, done)
        self.assertEqual(f"anna {ANNA}\nbert {keys.digest(done.out.strip())}\n", self.parameter(PARAMETER))
        self.assertNotIn(done.out.strip(), "\n".join(self.calls()))

    def test_what_a_key_of_a_deployment_is_for_is_in_its_list(self) -> None:
        self.put_list()
        self.assert_code(0, self.rollout("api-key", NAME="bert", SCOPE="write", EXPIRES="2999-01-31T18:00:00Z"))
        self.assertRegex(self.parameter(PARAMETER), r"\nbert [0-9a-f]{64} scope=write expires=2999-01-31T18:00:00Z\n$")
        self.assertEqual("bert  write  expires 2999-01-31T18:00:00Z\n", self.rollout("list-keys").out)

    def test_a_revoked_key_is_gone_from_the_parameter(self) -> None:
        self.put_list(f"anna {ANNA}\nbert {BERT}\n")
        self.assert_code(0, self.rollout("revoke-key", NAME="anna"))
        self.assertEqual("bert  write,read\n", self.rollout("list-keys").out)

    def test_a_name_that_is_taken_changes_nothing_and_leaves_no_lock(self) -> None:
        self.put_list(f"anna {ANNA}\n")
        self.assert_code(2, self.rollout("api-key", NAME="anna"))
        self.assertEqual(f"anna {ANNA}\n", self.parameter(PARAMETER))
        self.assertEqual([PARAMETER], self.parameter_names())

    def test_keys_made_at_the_same_time_are_all_kept(self) -> None:
        self.put_list()
        with ThreadPoolExecutor(3) as pool:
            done = list(pool.map(lambda number: self.rollout("api-key", NAME=f"key-{number}"), range(3)))
        self.assertEqual([0, 0, 0], [it.code for it in done])
        self.assertEqual(["key-0", "key-1", "key-2"], sorted(keys.names(self.parameter(PARAMETER))))

    def test_the_parameter_keeps_its_type_and_its_encryption_key(self) -> None:
        self.put_list(KeyId="alias/saved-string")
        self.assert_code(0, self.rollout("api-key", NAME="anna"))
        described = self.simulated("AmazonSSM.DescribeParameters")["Parameters"][0]
        self.assertEqual(("SecureString", "alias/saved-string"), (described["Type"], described["KeyId"]))

    def test_a_list_that_would_not_fit_is_not_written(self) -> None:
        full = "".join(f"key-{number:02} {number:064}\n" for number in range(56))
        self.put_list(full)
        done = self.rollout("api-key", NAME="one-more")
        self.assert_code(1, done)
        self.assertIn("longer than 4096 bytes", done.error)
        self.assertEqual(full, self.parameter(PARAMETER))

    def test_before_the_first_deploy_there_is_no_list_and_no_lock_stays(self) -> None:
        done = self.rollout("api-key", NAME="anna")
        self.assert_code(1, done)
        self.assertIn(f"There is no parameter {PARAMETER} in us-east-1: deploy first.", done.error)
        self.assertEqual([], self.parameter_names())

    def test_the_lock_of_a_run_that_was_killed_ends_by_itself(self) -> None:
        self.put_list()
        self.s3("PUT", LOCK, "anna on laptop until 2026-06-01T09:00:00Z")
        self.assert_code(0, self.rollout("api-key", NAME="bert"))
        self.assertEqual(["bert"], keys.names(self.parameter(PARAMETER)))
        self.assertNotIn("api-keys.lock", self.s3("GET", ""))

    def parameter_names(self) -> list[str]:
        return [it["Name"] for it in self.simulated("AmazonSSM.DescribeParameters")["Parameters"]]


class ContestedParameterTest(RolloutTest):
    """What the simulator can't be brought to do: somebody writing past the lock."""

    def setUp(self) -> None:
        super().setUp()
        self.stand_in_for("aws")
        self.environment["STATE_BUCKET"] = "state"
        self.record("aws", "s3api.put-object", {"ETag": "1"})
        self.record_list()

    def record_list(self) -> None:
        self.record("aws", "ssm.put-parameter", {"Version": 9})
        self.record("aws", "s3api.delete-object", {})
        self.record("aws", "ssm.get-parameter", answers.parameter("# name sha256\n"))
        self.record("aws", "ssm.describe-parameters", {"Parameters": [{"Name": PARAMETER, "Type": "SecureString"}]})

    def test_a_lock_that_is_held_is_waited_for(self) -> None:
        held = refused("PreconditionFailed")
        self.record("aws", "s3api.put-object", held, held, {"ETag": "1"})
        self.record("aws", "s3api.get-object", refused("NoSuchKey"))
        self.record("aws", "ssm.put-parameter", {"Version": 2})
        self.assert_code(0, self.rollout("api-key", NAME="anna", ENV="production"))
        self.assertEqual(3, len(self.calls("aws --region us-east-1 s3api put-object")))

    def test_who_holds_the_lock_and_until_when_is_what_tells_its_end(self) -> None:
        now = key_lists.written(time.time())
        for holder, over in (("anna on laptop until 2026-06-01T09:00:00Z", True), (f"anna until {now[:3]}9{now[4:]}", False)):
            with self.subTest(holder=holder):
                self.assertEqual(over, key_lists.is_over(holder))
        self.assertTrue(key_lists.is_over("written by hand"))

    def test_interrupted_at_any_step_it_gives_the_lock_back(self) -> None:
        for number, request in enumerate(("ssm.get-parameter", "ssm.describe-parameters", "ssm.put-parameter"), 1):
            with self.subTest(request=request):
                self.record_list()
                self.record("aws", request, Answer(hangs=True))
                with self.start("api-key", NAME="anna", ENV="production") as process:
                    wait_until(lambda: request in self.requests("aws")[-1:], f"it asks for {request}")
                    process.send_signal(signal.SIGINT)
                    self.assert_code(130, ended(process))
                self.assertEqual(number, len(self.calls("aws --region us-east-1 s3api delete-object")))

    def test_a_write_past_the_lock_is_noticed(self) -> None:
        done = self.rollout("api-key", NAME="anna", ENV="production")
        self.assert_code(1, done)
        self.assertIn("this change is version 9, made from version 1", done.error)
        self.assertEqual("", done.out)
        self.assertEqual(1, len(self.calls("aws --region us-east-1 s3api delete-object")))


if __name__ == "__main__":
    unittest.main()
