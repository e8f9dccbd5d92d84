"""A temporary copy of the configuration to run terraform in, so that the real one stays as it is."""

import os
import shutil
import subprocess
import tempfile
import threading
import unittest
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import provider

from proving.programs import Programs

SOURCE = Path(__file__).resolve().parent.parent
OVERRIDES = SOURCE / "proof" / "overrides"
INIT_TIMEOUT_SECONDS = 600
SETTINGS_LOCK = threading.Lock()
PROGRAMS = Programs()
ONLY_THE_PROVIDER = 'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n'


class Workspace:
    def __init__(self) -> None:
        if shutil.which("terraform") is None:
            raise unittest.SkipTest("terraform is not on this machine")
        self.directory = copy_source()
        self.environment = settings()

    def run(self, *arguments: str, timeout_seconds: float, within: str = ".") -> subprocess.CompletedProcess[str]:
        return terraform(arguments, self.directory / within, self.environment, timeout_seconds)

    def must(self, *arguments: str, timeout_seconds: float, within: str = ".") -> str:
        done = self.run(*arguments, timeout_seconds=timeout_seconds, within=within)
        if done.returncode != 0:
            raise AssertionError(f"terraform {' '.join(arguments)} failed:\n{done.stdout}")
        return done.stdout

    def initialise(self, *arguments: str, within: str = ".") -> None:
        self.must("init", *arguments, timeout_seconds=INIT_TIMEOUT_SECONDS, within=within)

    def override(self, within: str = ".") -> None:
        for file in (OVERRIDES / within).glob("*.tf"):
            shutil.copy(file, self.directory / within)


def copy_source() -> Path:
    """State, plugins and values of whoever runs this stay out."""
    unwanted = shutil.ignore_patterns(".terraform*", "*.tfstate*", "*.tfvars", "__pycache__", "proof")
    return Path(shutil.copytree(SOURCE, temporary_directory() / "terraform", ignore=unwanted))


def terraform(
    arguments: Sequence[str], directory: Path, environment: Mapping[str, str], timeout_seconds: float
) -> subprocess.CompletedProcess[str]:
    return PROGRAMS.run(
        "terraform", *arguments, directory=directory, environment=environment, timeout_seconds=timeout_seconds
    )


def temporary_directory() -> Path:
    return Path(tempfile.mkdtemp(dir=PROGRAMS.directory))


def settings() -> dict[str, str]:
    with SETTINGS_LOCK:
        return dict(make_settings())


@cache
def make_settings() -> dict[str, str]:
    """The environment of every terraform here: nobody's credentials, and a provider from wherever there is one."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
    own = {name: value for name, value in os.environ.items() if name == "TF_CLI_CONFIG_FILE" and Path(value).is_file()}
    quiet = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "TF_CLI_ARGS": "-no-color"}
    cached = {"TF_PLUGIN_CACHE_DIR": os.fspath(temporary_directory())}
    return with_provider(inherited | own | quiet | cached)


def with_provider(environment: dict[str, str]) -> dict[str, str]:
    named = os.environ.get("TERRAFORM_PLUGIN_MIRROR")
    if not named and has_provider(environment):
        return environment
    mirror = Path(named) if named else provider.find_mirror()
    if mirror is None:
        raise AssertionError("There is no AWS provider here. Name a mirror of it: TERRAFORM_PLUGIN_MIRROR=directory")
    print(f"the AWS provider comes from {mirror} ... ", end="", flush=True)
    file = temporary_directory() / "terraform.rc"
    file.write_text(provider.cli_configuration(mirror))
    return environment | {"TF_CLI_CONFIG_FILE": os.fspath(file)}


def has_provider(environment: Mapping[str, str]) -> bool:
    directory = temporary_directory()
    (directory / "main.tf").write_text(ONLY_THE_PROVIDER)
    return terraform(("init",), directory, environment, INIT_TIMEOUT_SECONDS).returncode == 0
