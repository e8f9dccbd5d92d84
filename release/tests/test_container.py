"""Somebody who has Docker and no Java can use it: one container, or two with compose. release/prove brings an engine."""

import os
import re
import shutil
import unittest

from proving.http import Connection, request
from proving.programs import Programs, run
from proving.waiting import free_port, wait_until
from release.tests import archive

IMAGE = "saved-string"
BASE = os.environ.get("SAVED_STRING_BASE", "")
COMPOSE = archive.REPOSITORY / "release/compose.yml"


@unittest.skipUnless(BASE and shutil.which("docker"), "no engine with a base: release/prove brings both")
class ContainerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        run("docker", "build", "--quiet", "--build-arg", f"BASE={BASE}", "--build-arg", f"VERSION={archive.version()}",
            "--tag", IMAGE, "--file", archive.REPOSITORY / "release/Dockerfile", archive.RELEASE, timeout_seconds=600)

    def setUp(self):
        self.programs = self.enterContext(Programs())
        self.port = free_port()

    def put(self, value, key):
        answer = Connection(self.port).exchange(request("PUT", headers={"X-API-Key": key}, body=value))
        self.assertEqual(answer.status, 200, answer.text)

    def page(self):
        return Connection(self.port).exchange(request()).text

    def await_page(self, value):
        wait_until(lambda: f"The saved string is {value}" in self.page(), f"the page shows {value}")

    def start(self, *options):
        name = run("docker", "run", "--detach", "--publish", f"127.0.0.1:{self.port}:8080", *options, IMAGE).strip()
        self.addCleanup(run, "docker", "rm", "--force", name)
        return name

    def test_docker_run_serves_the_page_and_prints_a_key_that_works(self):
        name = self.start()
        logs = wait_until(lambda: re.search(r"sstr_[\w-]{43}", run("docker", "logs", name)), "a key is printed")
        self.put(b"in a container", logs[0])
        self.await_page("in a container")
        inspected = ("docker", "inspect", "--format", "{{.State.Health.Status}}", name)
        wait_until(lambda: run(*inspected).strip() == "healthy", "the container is healthy")

    def test_it_is_not_root_and_needs_no_right_and_no_file_of_its_own(self):
        strict = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
        name = self.start(*strict)
        self.await_page("dynamic string")
        self.assertEqual(run("docker", "exec", name, "id", "--user").strip(), "10001")

    def test_it_stops_when_it_is_told_to_and_the_string_stays_in_the_volume(self):
        volume = f"saved-string-{self.port}"
        self.addCleanup(run, "docker", "volume", "rm", "--force", volume, check=False)
        mounted = ("--volume", f"{volume}:/var/lib/saved-string/data")
        key = run("docker", "run", "--rm", *mounted, IMAGE, "new-key", "alice").strip()
        first = self.start(*mounted)
        self.await_page("dynamic string")
        self.put(b"kept", key)
        run("docker", "stop", "--time", "30", first)
        status = run("docker", "inspect", "--format", "{{.State.ExitCode}}", first).strip()
        self.assertIn(status, ("0", "143"), "it was killed")
        self.start(*mounted)
        self.await_page("kept")

    @unittest.skipUnless(shutil.which("docker-compose"), "no docker-compose")
    def test_compose_brings_a_valkey_that_keeps_the_string(self):
        project = f"saved-string-{self.port}"
        environment = {**os.environ, "SAVED_STRING_PORT": str(self.port)}

        def compose(*words):
            command = ("docker-compose", "--project-name", project, "--file", COMPOSE, *words)
            return run(*command, environment=environment, timeout_seconds=300)

        self.addCleanup(compose, "down", "--volumes", "--timeout", "5")
        key = re.search(r"sstr_[\w-]{43}", compose("run", "--rm", "saved-string", "new-key", "alice"))[0]
        compose("up", "--detach")
        self.await_page("dynamic string")
        self.put(b"in valkey", key)
        compose("restart")
        self.await_page("in valkey")


if __name__ == "__main__":
    unittest.main()
