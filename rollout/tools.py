"""The programs that the rollout calls, and which versions of them will do."""

import re
import shutil
from collections.abc import Iterator

from rollout import programs
from rollout.errors import RolloutError
from rollout.findings import Finding, missing, ok

TIMEOUT_SECONDS = 30

# With the first version that has what is used here. The aws command line has two lines of versions; conditional writes
# to S3, by which the list of keys is locked, came to both.
VERSIONS = {
    "aws": (("--version",), {1: (1, 36, 10), 2: (2, 22, 5)}),
    "git": (("--version",), {}),
    "openssl": (("version",), {}),
    "packer": (("version",), {1: (1, 10)}),
    "session-manager-plugin": (("--version",), {}),
    "terraform": (("version",), {1: (1, 11)}),
}


def tools(*names: str) -> Iterator[Finding]:
    for name in names:
        yield tool(name)


def tool(name: str) -> Finding:
    if not shutil.which(name):
        return missing(name, "not on the PATH", programs.HINTS.get(name, ""))
    arguments, least = VERSIONS[name]
    version = version_of(name, *arguments)
    # A later major version is believed to have what the last one had that is known here.
    wanted = least.get(version[0], least.get(max(least), ())) if version and least else ()
    if wanted and version < wanted:
        return missing(name, f"{dotted(version)} (expected: {dotted(wanted)} or newer)", programs.HINTS.get(name, ""))
    return ok(name, dotted(version) or "there")


def version_of(name: str, *arguments: str) -> tuple[int, ...]:
    try:
        done = programs.capture([name, *arguments], timeout_seconds=TIMEOUT_SECONDS)
    except RolloutError:
        return ()
    found = re.search(r"(\d+(?:\.\d+)+)", done.stdout + done.stderr)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
