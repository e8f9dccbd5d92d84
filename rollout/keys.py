"""API keys: a key is shown once; what is kept is its name and its SHA-256, what it is for and until when."""

import hashlib
import re
import secrets
from datetime import datetime, timezone

from rollout.errors import RolloutError, Unusable
from rollout.key_format import ALL_SCOPES, LINE, NAME, Key, is_time, parse

EMPTY = "# name sha256\n"
NAME_FORM = "1 to 64 letters, digits, '.', '_', '@' or '-', the first a letter or a digit"
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def new_key() -> str:
    return "sstr_" + secrets.token_urlsafe(32)


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def line(name: str, sha256: str, scope: str = "", expires: str = "") -> str:
    """The line of the list. What isn't said is not in it: versions before there were scopes can read it then."""
    check_name(name)
    parts = [name, sha256]
    if scope and set(check_scope(scope).split(",")) != set(ALL_SCOPES.split(",")):
        parts.append(f"scope={scope}")
    if expires:
        parts.append(f"expires={check_expiry(expires)}")
    return " ".join(parts)


def check_name(name: str) -> None:
    if not re.fullmatch(NAME, name):
        raise Unusable(f"NAME: {name!r} (expected: {NAME_FORM})")


def check_scope(scope: str) -> str:
    if not LINE.fullmatch(f"a {'0' * 64} scope={scope}"):
        raise Unusable(f"SCOPE: {scope!r} (expected: write, read or write,read)")
    return scope


def check_expiry(expires: str) -> str:
    """A day stands for its beginning."""
    moment = f"{expires}T00:00:00Z" if DAY.fullmatch(expires) else expires
    if not LINE.fullmatch(f"a {'0' * 64} expires={moment}") or not is_time(moment):
        raise Unusable(f"EXPIRES: {expires!r} (expected: a day such as 2027-01-31, or a time such as 2027-01-31T18:00:00Z)")
    if moment <= now():
        raise Unusable(f"EXPIRES: {expires!r} (expected: a time that is not over; it is {now()})")
    return moment


def now() -> str:
    """In a form whose order is that of time."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def names(text: str) -> list[str]:
    return [key.name for key in parse(text)[0]]


def with_key(text: str, new: str) -> str:
    """A list with a line that nobody understands is left alone rather than added to."""
    if text and parse(text)[1]:
        raise RolloutError(f"The list of keys is damaged, nothing was changed: {complaint(text)}.")
    name = new.split()[0]
    if name in names(text):
        raise Unusable(f"There is a key named {name} already; nothing was changed. Revoke it or take another name.")
    changed = "".join(f"{line}\n" for line in [*(text or EMPTY).rstrip("\n").split("\n"), new])
    if parse(changed)[1]:
        raise RolloutError(f"The list would not be valid, nothing was changed: {complaint(changed)}.")
    return changed


def without_key(text: str, name: str) -> str:
    """Whatever else is wrong with the list, and with the lines of this key."""
    lines = text.rstrip("\n").split("\n")
    kept = [line for line in lines if line.split()[:1] != [name]]
    if kept == lines:
        raise Unusable(f"There is no key named {name}; nothing was changed. {listed(text)}")
    return "".join(f"{line}\n" for line in kept) or EMPTY


def complaint(text: str) -> str:
    return "; ".join(str(refusal) for refusal in parse(text)[1][:3])


def listed(text: str) -> str:
    return f"There are: {', '.join(names(text))}." if names(text) else "There are none."


def described(key: Key) -> str:
    """A line for people."""
    if not key.expires:
        return f"{key.name}  {key.scopes}"
    return f"{key.name}  {key.scopes}  {'expired' if key.expires <= now() else 'expires'} {key.expires}"
