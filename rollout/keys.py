"""API keys: a key is shown once; what is kept is its name and its SHA-256."""

import hashlib
import re
import secrets

from rollout.errors import RolloutError, Unusable

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
DIGEST = re.compile(r"[0-9a-f]{64}")
EMPTY = "# name sha256\n"


def new_key() -> str:
    return "sstr_" + secrets.token_urlsafe(32)


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise Unusable(
            f"NAME: {name!r} (expected: 1 to 64 letters, digits, '.', '_', '@' or '-', the first a letter or a digit)"
        )


def names(text: str) -> list[str]:
    return [name for name, _ in entries(text)]


def entries(text: str) -> list[tuple[str, str]]:
    """A list with a line that nobody understands is left alone rather than written back."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) != 2 or not DIGEST.fullmatch(words[1]):
            raise RolloutError(f"The list of keys is damaged, nothing was changed: line {number} is not `name sha256`.")
        found.append((words[0], words[1]))
    return found


def with_key(text: str, name: str, sha256: str) -> str:
    if name in names(text):
        raise Unusable(f"There is a key named {name} already; nothing was changed. Revoke it or take another name.")
    return "".join(f"{line}\n" for line in [*(text or EMPTY).splitlines(), f"{name} {sha256}"])


def without_key(text: str, name: str) -> str:
    if name not in names(text):
        raise Unusable(f"There is no key named {name}; nothing was changed. {listed(text)}")
    kept = [line for line in text.splitlines() if line.split()[:1] != [name]]
    return "".join(f"{line}\n" for line in kept) or EMPTY


def listed(text: str) -> str:
    return f"There are: {', '.join(names(text))}." if names(text) else "There are none."
