"""What was cut off at any step is ended by running it again: each call that changes something is the last one once, or one
of those that were under way with it.

The call is made, its answer is lost, and what made it is killed with whatever it had started.
"""

import os
import signal
import sys
import threading
import unittest
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import simulated
from people import BOOTSTRAPPED_BUCKET, PROGRAMS, STATE_BUCKET, Desk, Judge, policies
from workspace import Workspace

from proving.aws import SimulatedAws
from proving.aws_calls import Call
from proving.recorder import Recorder
from proving.waiting import wait_until
from rollout import keys

ENDED_SECONDS = 1200
FIRST_ONES = 12  # how many of the calls go together differs from run to run
LOOKS = ("Get", "List", "Describe", "Head", "Simulate")
KEYS_PARAMETER = "/saved-string/production/api-keys"
LOCK = f"/{STATE_BUCKET}/production/api-keys.lock"
ANNA = "a" * 64


class Interruption:
    """Keeps back the answer to the first call that `is_last`, and every answer after it."""

    def __init__(self, is_last: Callable[[Call], bool]) -> None:
        self.is_last = is_last
        self.lock = threading.Lock()
        self.has_come = threading.Event()
        self.at = ""

    def __call__(self, call: Call) -> bool:
        with self.lock:
            if not self.has_come.is_set() and self.is_last(call):
                self.at = call.action
                self.has_come.set()
            return not self.has_come.is_set()


class Interrupted(unittest.TestCase):
    workspace: Workspace

    def setUp(self) -> None:
        self.simulator = SimulatedAws(PROGRAMS)
        simulated.operator(self.simulator)
        self.interruption: Callable[[Call], bool] = lambda _: True
        heard = lambda call: self.interruption(call)  # noqa: E731
        self.recorder = Recorder(self.simulator.url, Judge(policies()), simulated.ANSWERS, heard)
        self.addCleanup(self.recorder.stop)
        own = {**self.simulator.environment, "AWS_ENDPOINT_URL": self.recorder.url}
        self.desk = Desk(self.workspace.directory.parent, {**self.workspace.environment, **own})

    def cut_off(self, interruption: Interruption, person: str, *command: str, **environment: str) -> str:
        """Returns the call after which the command was killed; nothing if it came to its end."""
        self.interruption = interruption
        surroundings = {**self.desk.environment, **environment, "AWS_ACCESS_KEY_ID": person}
        program = PROGRAMS.start(
            "interrupted", [sys.executable, "-m", "rollout", *command], directory=self.desk.directory, environment=surroundings
        )
        try:
            wait_until(lambda: interruption.has_come.is_set() or not program.is_running(), "the end", ENDED_SECONDS)
            if not interruption.has_come.is_set():
                self.assertEqual(0, program.wait_for_end(ENDED_SECONDS), program.said())
        finally:
            for pid in self.desk.running():
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
            program.stop(grace_seconds=0)
            self.interruption = lambda _: True
        return interruption.at


class InterruptedBootstrap(Interrupted):
    @classmethod
    def setUpClass(cls) -> None:
        cls.workspace = Workspace()
        cls.workspace.override("bootstrap")
        (cls.workspace.directory / "bootstrap" / "terraform.tfvars").write_text('github_repository = "owner/repository"\n')

    def test_is_ended_by_the_next_one_whatever_it_had_made(self) -> None:
        made: Counter[tuple[str, str]] = Counter()
        self.desk.environment |= {"STATE_BUCKET": BOOTSTRAPPED_BUCKET}
        while at := self.cut_off(Interruption(beyond(made)), "bootstrap", "bootstrap"):
            print(f"\n  {made.total()}: cut off after {at}", end="", flush=True)
            # Killed before it noted anything, or another checkout goes on.
            state = self.workspace.directory / "bootstrap" / ".terraform" / BOOTSTRAPPED_BUCKET / "bootstrap.tfstate"
            state.unlink(missing_ok=True)
        self.assertGreater(made.total(), FIRST_ONES)
        self.assertIn("nothing to do", self.desk.type("bootstrap", "bootstrap").stdout)
        self.assertEqual([], sorted(map(str, self.recorder.refused)))


def beyond(made: Counter[tuple[str, str]]) -> Callable[[Call], bool]:
    """The first change that no run before has made, or not so often: it is noted as made."""
    now: Counter[tuple[str, str]] = Counter()

    def is_new(call: Call) -> bool:
        if call.action.split(":")[1].startswith(LOOKS):
            return False
        what = call.action, call.resource
        now[what] += 1
        if now[what] <= made[what]:
            return False
        made[what] += 1
        return True

    return is_new


class InterruptedChangeOfKeys(Interrupted):
    @classmethod
    def setUpClass(cls) -> None:
        cls.workspace = Workspace()

    def setUp(self) -> None:
        super().setUp()
        self.desk.environment |= {"ENV": "production", "STATE_BUCKET": STATE_BUCKET}
        self.simulator.send("s3", "PUT", f"/{STATE_BUCKET}")

    def test_is_made_by_the_next_one_whichever_call_was_its_last(self) -> None:
        for command, before, after in (
            (("api-key", "--name", "bert"), f"anna {ANNA}\n", ["anna", "bert"]),
            (("revoke-key", "--name", "bert"), f"anna {ANNA}\nbert {ANNA}\n", ["anna"]),
        ):
            number, ats = 0, []
            while True:
                number += 1
                self.put(before)
                at = self.cut_off(Interruption(after_calls(number)), "keys", *command)
                if not at:
                    break
                ats.append(at)
                with self.subTest(command=command[0], last=at, number=number):
                    self.again(command)
                    self.assertEqual(after, self.names())
                    self.assertEqual(404, self.simulator.send("s3", "GET", LOCK).status)
            self.assertEqual(["s3:PutObject", "s3:DeleteObject"], [ats[0], ats[-1]])
            self.assertIn("ssm:PutParameter", ats)

    def again(self, command: tuple[str, ...]) -> None:
        """Its lock ends by itself; ten minutes are not waited for here."""
        if self.simulator.send("s3", "GET", LOCK).status == 200:
            self.simulator.send("s3", "PUT", LOCK, b"anna on laptop until 2026-01-01T00:00:00Z")
        done = self.desk.type("keys", *command)
        if done.returncode == 2 and command[0] == "api-key":
            # It was made and never shown. What is said then mends it.
            self.assertIn("Revoke it or take another name", done.stdout)
            self.assertEqual(0, self.desk.type("keys", "revoke-key", *command[1:]).returncode)
            done = self.desk.type("keys", *command)
        elif done.returncode == 2:
            self.assertIn("There is no key named bert", done.stdout)
            return
        self.assertEqual(0, done.returncode, done.stdout)

    def put(self, text: str) -> None:
        value = {"Value": text, "Type": "SecureString", "Overwrite": True}
        self.simulator.call("AmazonSSM.PutParameter", Name=KEYS_PARAMETER, **value)

    def names(self) -> list[str]:
        kept = self.simulator.call("AmazonSSM.GetParameter", Name=KEYS_PARAMETER, WithDecryption=True)
        return keys.names(kept["Parameter"]["Value"])


def after_calls(number: int) -> Callable[[Call], bool]:
    left = [number]

    def is_last(call: Call) -> bool:
        if call.action.startswith("sts:"):
            return False
        left[0] -= 1
        return left[0] == 0

    return is_last
