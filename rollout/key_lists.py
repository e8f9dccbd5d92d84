"""Where a list of API keys lives: in a file on this machine, or in a parameter of a deployment."""

import fcntl
import getpass
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from rollout.aws import Aws
from rollout.errors import AwsError, RolloutError

LOCK_WAIT_SECONDS = 120
LOCK_POLL_SECONDS = 2
PARAMETER_BYTES_MAX = {"Standard": 4096, "Advanced": 8192}

Edit = Callable[[str], str]


class KeyList(Protocol):
    def read(self) -> str: ...

    def change(self, edit: Edit) -> None: ...


class KeyFile:
    def __init__(self, file: Path):
        self.file = file

    def read(self) -> str:
        return self.file.read_text() if self.file.exists() else ""

    def change(self, edit: Edit) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with locked(self.file.parent):
            self._replace(edit(self.read()))

    def _replace(self, text: str) -> None:
        """In one step: the running application reads this file at any time."""
        with tempfile.NamedTemporaryFile("w", dir=self.file.parent, delete=False) as temporary:
            temporary.write(text)
            os.fchmod(temporary.fileno(), 0o640)
        os.replace(temporary.name, self.file)


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class KeyParameter:
    """The parameter store can't compare and set, but it can create: a second parameter is the lock around a change."""

    def __init__(self, aws: Aws, parameter: str):
        self.aws = aws
        self.parameter = parameter
        self.lock = f"{parameter}-lock"

    def read(self) -> str:
        return self._read()["Value"]

    def change(self, edit: Edit) -> None:
        with self._locked():
            before = self._read()
            kept = self._description()
            text = edit(before["Value"])
            self._check_size(text, kept)
            self._write(text, before["Version"], kept)

    def _read(self) -> dict:
        try:
            return self.aws.call("ssm", "get-parameter", Name=self.parameter, WithDecryption=True)["Parameter"]
        except AwsError as problem:
            if problem.code != "ParameterNotFound":
                raise
            raise RolloutError(f"There is no parameter {self.parameter} in {self.aws.region}: deploy first.") from None

    def _description(self) -> dict:
        described = self.aws.call(
            "ssm", "describe-parameters", ParameterFilters=[{"Key": "Name", "Values": [self.parameter]}]
        )["Parameters"][0]
        # A write that names no key of its own would move the parameter to the account's default key.
        return {name: described[name] for name in ("Type", "KeyId", "Tier") if name in described}

    def _check_size(self, text: str, kept: dict) -> None:
        bytes_max = PARAMETER_BYTES_MAX.get(kept.get("Tier", "Standard"), 4096)
        if len(text.encode()) > bytes_max:
            problem = f"The list would be longer than {bytes_max} bytes; nothing was changed."
            raise RolloutError(f"{problem} Revoke a key first.")

    def _write(self, text: str, version_before: int, kept: dict) -> None:
        written = self.aws.call("ssm", "put-parameter", Name=self.parameter, Value=text, Overwrite=True, **kept)
        if written["Version"] != version_before + 1:
            raise RolloutError(
                f"Somebody else wrote {self.parameter} at the same moment, past the lock: this change is version"
                f" {written['Version']}, made from version {version_before}; what lies between was overwritten.\n"
                "A key that was being made is in the list but was not shown: revoke it and make it again.\n"
                f"Compare: aws ssm get-parameter-history --with-decryption --name {self.parameter}"
            )

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._take_lock()
        try:
            yield
        finally:
            self.aws.call("ssm", "delete-parameter", Name=self.lock)

    def _take_lock(self) -> None:
        deadline = time.monotonic() + LOCK_WAIT_SECONDS
        holder = f"{getpass.getuser()} on {platform.node()} since {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}"
        while True:
            try:
                self.aws.call("ssm", "put-parameter", Name=self.lock, Value=holder, Type="String")
                return
            except AwsError as problem:
                if problem.code != "ParameterAlreadyExists":
                    raise
            if time.monotonic() > deadline:
                raise RolloutError(self._lock_is_taken())
            time.sleep(LOCK_POLL_SECONDS)

    def _lock_is_taken(self) -> str:
        holder = self.aws.call("ssm", "get-parameter", Name=self.lock)["Parameter"]["Value"]
        return (
            f"The list of keys is being changed by {holder}; nothing was changed here.\n"
            f"If that was cut off: aws ssm delete-parameter --region {self.aws.region} --name {self.lock}"
        )
