"""Where terraform gets the AWS provider from: as it is set up here, or a directory on this machine where that fails."""

import os
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

# Below a host's name: a mirror is laid out as HOST/hashicorp/aws/VERSION.
PROVIDER = "hashicorp/aws"
USUAL_MIRRORS = (
    Path.home() / ".terraform.d/plugins",
    Path.home() / ".terraform.d/plugin-cache",
    Path("/usr/share/terraform/plugins"),
    Path("/usr/local/share/terraform/plugins"),
)
SEARCH_DEPTH = 6
SEARCH_TIMEOUT_SECONDS = 20


def find_mirror() -> Path | None:
    return first_mirror(USUAL_MIRRORS) or first_mirror(search(Path("/")))


def first_mirror(directories: Iterable[Path]) -> Path | None:
    return next((directory for directory in directories if is_mirror(directory)), None)


def is_mirror(directory: Path) -> bool:
    return any(directory.glob(f"*.*/{PROVIDER}/*"))


def search(root: Path, scratch: str = tempfile.gettempdir()) -> list[Path]:
    command = ["find", os.fspath(root), "-xdev", "-maxdepth", str(SEARCH_DEPTH), "-type", "d"]
    # Not what terraform put into some working directory, nor the cache of another run, which may be gone in a moment.
    unwanted = ["-not", "-path", "*/.terraform/*", "-not", "-path", f"{scratch}/*"]
    pattern = ["-path", f"*/*.*/{PROVIDER}", *unwanted, "-print"]
    try:
        done = subprocess.run(command + pattern, capture_output=True, text=True, timeout=SEARCH_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        return []
    return [Path(line).parents[2] for line in done.stdout.splitlines()]


def cli_configuration(mirror: Path) -> str:
    return f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
