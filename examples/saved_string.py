#!/usr/bin/env python3
"""The saved string from Python, with nothing but the standard library.

usage: saved_string.py read | change ETAG TEXT | follow
"""

import os
import sys
import time
from collections.abc import Iterator
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

URL = os.environ.get("URL", "http://localhost:8080/")
ANSWER_MAX_S = 10
SILENCE_MAX_S = 60
PAUSE_S = 1


def read() -> tuple[str, str]:
    """The ETag and the string."""
    with urlopen(Request(URL, headers={"Accept": "text/plain"}), timeout=ANSWER_MAX_S) as answer:
        return answer.headers["ETag"], answer.read().decode()


def change(etag: str, text: str) -> str:
    """Saves the text and returns the new state as JSON.

    Raises HTTPError 412 if somebody else has changed the string since it had that ETag.
    """
    headers = {"X-API-Key": os.environ["KEY"], "If-Match": etag, "Content-Type": "text/plain"}
    with urlopen(Request(URL, text.encode(), headers, method="PUT"), timeout=ANSWER_MAX_S) as answer:
        return answer.read().decode()


def follow() -> Iterator[str]:
    """Each state as JSON, as it comes; after a lost connection it resumes where it was."""
    last_id = None
    while True:
        try:
            headers = {"Last-Event-ID": last_id} if last_id else {}
            with urlopen(Request(f"{URL}events", headers=headers), timeout=SILENCE_MAX_S) as stream:
                for event in _events(stream):
                    last_id = event.get("id", last_id)
                    if "data" in event and "event" not in event:  # other events are signs of life
                        yield event["data"]
        except (OSError, HTTPException) as error:
            print(f"lost: {error}", file=sys.stderr)
        time.sleep(PAUSE_S)


def _events(stream) -> Iterator[dict[str, str]]:
    """The fields of each event."""
    event = {}
    for line in stream:
        name, _, value = line.decode().rstrip("\r\n").partition(": ")
        if name:
            event[name] = value
        else:
            yield event
            event = {}


def main(arguments: list[str]) -> None:
    match arguments:
        case ["read"]:
            print(*read(), sep="\n")
        case ["change", etag, text]:
            print(change(etag, text))
        case ["follow"]:
            for state in follow():
                print(state, flush=True)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except HTTPError as error:
        sys.exit(error.read().decode())
