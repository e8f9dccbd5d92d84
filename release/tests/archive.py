"""The release archive, unpacked as somebody does who downloaded it."""

import hashlib
import os
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
RELEASE = REPOSITORY / "target/release"


def java_home() -> str:
    done = subprocess.run([REPOSITORY / "scripts/find-jdk"], capture_output=True, text=True, check=True, timeout=300)
    return done.stdout.strip()


def path() -> Path:
    (found,) = RELEASE.glob("saved-string-*.tar.gz")
    return found


def version() -> str:
    return path().name.removeprefix("saved-string-").removesuffix(".tar.gz")


def unpack(directory: Path) -> Path:
    subprocess.run(["tar", "--extract", "--file", path(), "--directory", directory], check=True, timeout=60)
    return directory / f"saved-string-{version()}"


def checksums() -> dict[str, str]:
    lines = (RELEASE / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def environment(**settings: str) -> dict[str, str]:
    """What a person's shell has, and no setting of this machine's."""
    return {"PATH": os.environ["PATH"], **settings}
