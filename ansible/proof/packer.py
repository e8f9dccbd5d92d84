"""Validates the image's description with the Packer that is there."""

import re
import shutil

from proving.programs import run
from proving.report import Unprovable

FIRST_WITH_DATA_SOURCES = (1, 7)
TOO_NEW_FILES = ("plugins.pkr.hcl", "base_image.pkr.hcl")
TOO_NEW_SETTINGS = re.compile(
    r"^ *(metadata_options \{.*?^ *\}|(?:imds_support|enable_unlimited_credits)[^\n]*)\n", re.MULTILINE | re.DOTALL
)


def version(text):
    major, minor = re.search(r"(\d+)\.(\d+)", text).groups()
    return int(major), int(minor)


def without_new_settings(source):
    return TOO_NEW_SETTINGS.sub("", source)


def validate(sources, work):
    """Returns what an old Packer could not be shown."""
    if not shutil.which("packer"):
        raise Unprovable("Packer is not installed and not packaged for this system")
    directory = work / "packer"
    shutil.copytree(sources / "packer", directory / "packer")
    shutil.copytree(sources / "ansible", directory / "ansible", ignore=shutil.ignore_patterns("proof"))
    for placeholder in ("target/saved-string.jar", "target/lib/one.jar", "target/bom.json", "src/main/jvm.options"):
        path = directory / placeholder
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = version(run("packer", "--version"))
    old = found < FIRST_WITH_DATA_SOURCES
    if old:
        _set_aside(directory / "packer")
    else:
        run("packer", "init", directory / "packer", timeout_seconds=120)
    for architecture in ("arm64", "x86_64"):
        _validate(directory, architecture)
    too_new = ", ".join((*TOO_NEW_FILES, "metadata_options", "imds_support", "enable_unlimited_credits"))
    return f"without what is too new for this Packer: {too_new}" if old else ""


def _set_aside(directory):
    for name in TOO_NEW_FILES:
        (directory / name).unlink()
    (directory / "base_image.pkr.hcl").write_text('locals {\n  base_image_id = "ami-0123456789abcdef0"\n}\n')
    source = directory / "source.pkr.hcl"
    source.write_text(without_new_settings(source.read_text()))


def _validate(directory, architecture):
    variables = f"-var version=1 -var commit=1 -var architecture={architecture}"
    run("sh", "-c", f"cd {directory} && exec packer validate {variables} packer")
