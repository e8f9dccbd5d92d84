"""Where a list of API keys lives: in a file on this machine, or in a parameter of a deployment."""

import fcntl
import getpass
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from rollout.aws import Aws
from rollout.errors import AwsError, RolloutError

LOCK_POLL_SECONDS = 2
LOCK_SECONDS = 600  # longer than all requests of a change together may take
LOCK_WAIT_SECONDS = 2 * LOCK_SECONDS  # what nobody gives back has ended long before
NOBODY = "nobody"
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
    """The parameter store can't compare and set. An object beside Terraform's state is the lock around a change."""

    def __init__(self, aws: Aws, parameter: str, bucket: str, lock: str):
        self.aws = aws
        self.parameter = parameter
        self.lock = Lock(aws, bucket, lock)

    def read(self) -> str:
        return self._read()["Value"]

    def change(self, edit: Edit) -> None:
        with self.lock:
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


class Lock:
    """S3 makes an object only where there is none yet, or only in place of the one that was seen, as Terraform's own lock.

    Unlike a parameter's, its name is free at once: DeleteParameter asks for 30 s before the same name is made again.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html
    """

    def __init__(self, aws: Aws, bucket: str, key: str):
        self.aws = aws
        self.object = {"Bucket": bucket, "Key": key}

    def __enter__(self) -> None:
        deadline = time.monotonic() + LOCK_WAIT_SECONDS
        said = NOBODY
        while not self._put("--if-none-match", "*"):
            holder, etag = self._holder()
            # From a run that was killed; of several that try, S3 lets one.
            if etag and is_over(holder) and self._put("--if-match", etag):
                return
            if time.monotonic() > deadline:
                raise RolloutError(f"The list of keys keeps being changed, now by {holder}; nothing was changed here.")
            if holder not in (said, NOBODY):
                said = holder
                print(f"Waiting: the list of keys is being changed by {holder}.", file=sys.stderr)
            time.sleep(LOCK_POLL_SECONDS)

    def __exit__(self, *_: object) -> None:
        self.aws.call("s3api", "delete-object", **self.object)

    def _put(self, *condition: str) -> bool:
        until = written(time.time() + LOCK_SECONDS)
        with tempfile.NamedTemporaryFile("w") as body:
            body.write(f"{getpass.getuser()} on {platform.node()} until {until}")
            body.flush()
            try:
                self.aws.call("s3api", "put-object", "--body", body.name, *condition, **self.object)
            except AwsError as problem:
                # Another came first, or comes at the same moment, or it has gone meanwhile.
                if problem.code not in ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"):
                    raise
                return False
        return True

    def _holder(self) -> tuple[str, str | None]:
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "lock"
            try:
                # Not as one document: beside a file's name the command line wants these as options.
                where = ("--bucket", self.object["Bucket"], "--key", self.object["Key"])
                etag = self.aws.call("s3api", "get-object", *where, os.fspath(file))["ETag"]
            except AwsError as problem:
                if problem.code != "NoSuchKey":
                    raise
                return NOBODY, None
            return file.read_text(), etag


def is_over(holder: str) -> bool:
    until = re.search(r" until (\S+Z)$", holder)
    return not until or until[1] < written(time.time())


def written(moment: float) -> str:
    """In a form whose order is that of time."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
