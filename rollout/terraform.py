"""Terraform on one root module and one state."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rollout import programs
from rollout.errors import RolloutError

INIT_TIMEOUT_SECONDS = 300
PLAN_TIMEOUT_SECONDS = 600
APPLY_TIMEOUT_SECONDS = 5400  # a store with its replicas takes most of an hour at worst
OUTPUT_TIMEOUT_SECONDS = 120
# Where terraform leaves a state that it could not save, as when the credentials ended in the middle.
# https://developer.hashicorp.com/terraform/cli/commands/state/push
UNSAVED = "errored.tfstate"


class Terraform:
    def __init__(self, directory: Path, data_directory: Path, backend: Mapping[str, str]):
        self.directory = directory
        self.data_directory = data_directory
        self.backend = backend
        self.is_initialised = (data_directory / "terraform.tfstate").exists()

    def initialise(self) -> None:
        settings = [f"-backend-config={name}={value}" for name, value in self.backend.items()]
        self._run(["init", "-reconfigure", *settings], INIT_TIMEOUT_SECONDS, to=sys.stderr)
        self.is_initialised = True
        self._save_what_was_kept()

    @contextmanager
    def plan(self, arguments: Sequence[str]) -> Iterator["Plan"]:
        """The plan's file holds values of the state: it goes when it has been used."""
        with tempfile.TemporaryDirectory(prefix="saved-string-") as directory:
            file = Path(directory) / "tfplan"
            command = ["plan", f"-out={file}", "-detailed-exitcode", *arguments]
            code = self._run(command, PLAN_TIMEOUT_SECONDS, allowed=(0, 2))
            yield Plan(self, file, has_changes=code == 2)

    def keep_unsaved_state(self) -> None:
        """Beside what belongs to this state alone: another deployment has the same directory."""
        file = self.directory / UNSAVED
        if file.exists():
            file.replace(self._kept)
            print(f"The state could not be saved. It is kept in {self._kept}; the next run saves it.", file=sys.stderr)

    def _save_what_was_kept(self) -> None:
        """Terraform refuses one of another stack, or one that is older than what is there."""
        if self._kept.exists():
            self._capture("state", "push", os.fspath(self._kept.absolute()))
            self._kept.unlink()

    @property
    def _kept(self) -> Path:
        return self.data_directory / UNSAVED

    def outputs(self) -> dict[str, Any]:
        return {name: output["value"] for name, output in json.loads(self._capture("output", "-json")).items()}

    def resources(self) -> list[str]:
        return self._capture("state", "list").splitlines()

    def _capture(self, *arguments: str) -> str:
        command, environment = self._command(arguments), self._environment()
        done = programs.capture(command, timeout_seconds=OUTPUT_TIMEOUT_SECONDS, environment=environment)
        if done.returncode != 0:
            raise RolloutError(f"terraform {arguments[0]} failed:\n{done.stderr.strip()}")
        return done.stdout

    def _run(self, arguments: Sequence[str], timeout_seconds: float, allowed: Sequence[int] = (0,), to=None) -> int:
        verb, *rest = arguments
        color = [] if sys.stdout.isatty() else ["-no-color"]
        command = self._command([verb, *color, *rest])
        code = programs.show(command, timeout_seconds=timeout_seconds, environment=self._environment(), to=to)
        if code not in allowed:
            raise RolloutError(f"terraform {arguments[0]} failed (exit code {code}); its own words are above.")
        return code

    def _command(self, arguments: Sequence[str]) -> list[str]:
        return ["terraform", f"-chdir={self.directory}", *arguments]

    def _environment(self) -> dict[str, str]:
        return {"TF_DATA_DIR": os.fspath(self.data_directory.absolute()), "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}


@dataclass(frozen=True)
class Planned:
    """What a resource will be after the plan, as far as that is known."""

    address: str
    type: str
    values: dict[str, Any]


class Plan:
    def __init__(self, terraform: Terraform, file: Path, has_changes: bool):
        self.terraform = terraform
        self.file = file
        self.has_changes = has_changes

    def resources(self) -> list[Planned]:
        return planned(self.terraform._capture("show", "-json", os.fspath(self.file)))

    def apply(self) -> None:
        try:
            self.terraform._run(["apply", os.fspath(self.file)], APPLY_TIMEOUT_SECONDS)
        finally:
            self.terraform.keep_unsaved_state()


def planned(shown: str) -> list[Planned]:
    """Of what `terraform show -json` says. A resource of which nothing is known yet comes without values."""
    resources = json.loads(shown).get("planned_values", {}).get("root_module", {}).get("resources", [])
    return [Planned(it["address"], it["type"], it.get("values", {})) for it in resources if it["mode"] == "managed"]
