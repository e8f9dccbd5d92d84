"""Root file systems: made once by mmdebstrap, kept, and never changed: what is written lies in a layer above."""

import hashlib
import os
from contextlib import contextmanager
from pathlib import Path

from proving.programs import run


def root_name(suite, packages):
    """Another list of packages is another root."""
    key = hashlib.sha256("\n".join([suite, *sorted(packages)]).encode()).hexdigest()[:16]
    return f"{suite}-{key}"


def mirror():
    """This machine's own Debian mirror, unless the environment names one."""
    override = os.environ.get("SAVED_STRING_PROOF_MIRROR")
    return override or first_debian_mirror(run("apt-get", "indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)"))


def first_debian_mirror(index_targets):
    for line in index_targets.splitlines():
        origin, label, uri = (line.split(" ", 2) + ["", ""])[:3]
        if origin == label == "Debian":
            return uri
    raise AssertionError("apt-get knows no Debian mirror; name one in SAVED_STRING_PROOF_MIRROR")


def cached_root(cache, suite, packages):
    """The root with these packages, made if the cache has none."""
    path = cache / root_name(suite, packages)
    if not path.exists():
        partial = path.with_suffix(".partial")
        remove(partial)
        options = ("--quiet", "--format=directory", "--variant=minbase", f"--include={','.join(packages)}")
        run("mmdebstrap", *options, suite, partial, mirror(), timeout_seconds=600)
        partial.rename(path)
    return path


def remove(directory):
    run("rm", "--recursive", "--force", "--one-file-system", directory, timeout_seconds=120)


class Layer:
    """A directory of changes above other roots."""

    def __init__(self, directory, *below):
        self.changes = directory / "changes"
        self._scratch = directory / "scratch"
        self._root = directory / "root"
        self._below = below
        for path in (self.changes, self._scratch, self._root):
            path.mkdir(parents=True)

    @property
    def stack(self):
        """What the next layer lies on, topmost first."""
        return (self.changes, *self._below)

    @contextmanager
    def mounted(self):
        below = ":".join(map(str, self._below))
        options = f"lowerdir={below},upperdir={self.changes},workdir={self._scratch}"
        run("mount", "-t", "overlay", "saved-string", "-o", options, self._root)
        try:
            yield self._root
        finally:
            run("umount", "--lazy", self._root, check=False)

    def write(self, path, text, mode=0o644):
        """Adds a file before the layer is mounted."""
        target = self.changes / Path(path).relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(mode)
