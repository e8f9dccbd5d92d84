"""Somebody who has a JRE and the archive can use it."""

import hashlib
import json
import re
import tarfile
import tempfile
import unittest
from pathlib import Path

from proving.http import Connection, request
from proving.programs import Programs
from proving.waiting import free_port
from release.tests import archive


class ArchiveTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.work = Path(directory.name)
        cls.home = archive.unpack(cls.work)
        cls.java_home = archive.java_home()

    def setUp(self):
        self.programs = self.enterContext(Programs())
        self.directory = self.programs.directory
        self.port = free_port()

    def run_it(self, *arguments, **settings):
        environment = archive.environment(**{"JAVA_HOME": self.java_home, **settings})
        return self.programs.run(self.home / "bin/saved-string", *arguments, directory=self.directory,
                                 environment=environment, timeout_seconds=60)

    def serve(self):
        environment = archive.environment(JAVA_HOME=self.java_home, SAVED_STRING_HTTP_PORT=str(self.port))
        service = self.programs.start("service", [self.home / "bin/saved-string"], directory=self.directory,
                                      environment=environment)
        service.wait_for_port(self.port)
        return service

    def put(self, value, key):
        with_key = {"X-API-Key": key, "Content-Type": "text/plain"}
        return Connection(self.port).exchange(request("PUT", headers=with_key, body=value)).status

    def test_checksums_and_bill_of_materials_belong_to_it(self):
        said = archive.checksums()
        self.assertEqual(said, {name: archive.digest(archive.RELEASE / name) for name in said})
        self.assertIn(archive.path().name, said)
        bill = json.loads((self.home / "bom.json").read_text())
        inside = {jar.name for jar in (self.home / "lib").glob("*.jar")}
        self.assertEqual(len(inside), len(bill["components"]), "each jar has its line and each line its jar")

    def test_nothing_of_the_machine_that_built_it_is_in_it(self):
        with tarfile.open(archive.path()) as opened:
            members = opened.getmembers()
        self.assertEqual({(each.uid, each.gid, each.uname, each.gname) for each in members}, {(0, 0, "", "")})
        self.assertEqual(len({each.mtime for each in members}), 1)
        self.assertEqual([each.name for each in members], sorted(each.name for each in members))

    def test_help_says_how_it_is_used_and_version_what_it_is(self):
        said = self.run_it("--help").stdout
        for word in ("usage:", "JAVA_HOME", "SAVED_STRING_HTTP_PORT", "settings.properties", "new-key"):
            self.assertIn(word, said)
        self.assertRegex(self.run_it("--version").stdout, rf"^Saved String {archive.version()} \([0-9a-f]{{40}}\)\n$")

    def test_wrong_word_is_refused_with_one_sentence(self):
        done = self.run_it("sing")
        self.assertEqual((done.returncode, done.stdout), (2, "Unknown: sing. See saved-string --help.\n"))

    def test_missing_or_old_java_is_said_in_one_sentence(self):
        fake = self.directory / "old/bin/java"
        fake.parent.mkdir(parents=True)
        fake.write_text("#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n")
        fake.chmod(0o755)
        done = self.run_it(JAVA_HOME=str(self.directory / "old"))
        self.assertEqual(done.returncode, 3)
        self.assertEqual(done.stdout, f"Saved String needs Java 25 or newer; {fake} is 17.\n")

    def test_it_serves_the_page_and_takes_the_key_that_it_printed(self):
        service = self.serve()
        service.wait_for(lambda: "X-API-Key: sstr_" in service.said(), "prints a key")
        key = re.search(r"sstr_[\w-]{43}", service.said())[0]
        self.assertEqual(self.put(b"from the archive", key), 200)
        self.assertIn("The saved string is from the archive", Connection(self.port).exchange(request()).text)
        self.assertEqual(self.run_it("healthy", SAVED_STRING_HTTP_PORT=str(self.port)).returncode, 0)
        service.stop()
        self.assertNotEqual(self.run_it("healthy", SAVED_STRING_HTTP_PORT=str(self.port)).returncode, 0)

    def test_key_that_was_made_works_and_only_its_hash_is_kept(self):
        key = self.run_it("new-key", "alice").stdout.strip()
        self.assertRegex(key, r"^sstr_[\w-]{43}$")
        kept = (self.directory / "data/api-keys").read_text()
        self.assertEqual(kept, f"alice {hashlib.sha256(key.encode()).hexdigest()}\n")
        self.assertIn("already", self.run_it("new-key", "alice").stdout)
        self.assertEqual(self.run_it("new-key", "two words").returncode, 2)
        # A line without its end spoils no other, and a dot in a name is a dot.
        (self.directory / "data/api-keys").write_text(f"{kept}a.b {'0' * 64}")
        for name in ("anna@example.org", "axb"):
            self.assertEqual(self.run_it("new-key", name).returncode, 0)
        self.assertEqual((self.directory / "data/api-keys").read_text().count("\n"), 4)
        self.serve()
        self.assertEqual(self.put(b"by alice", key), 200)


if __name__ == "__main__":
    unittest.main()
