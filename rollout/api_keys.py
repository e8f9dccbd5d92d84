"""api-key, list-keys and revoke-key: without ENV on this machine, with ENV for a deployment."""

import argparse
import sys
from pathlib import Path

from rollout import keys, programs
from rollout.errors import RolloutError
from rollout.findings import insist
from rollout.key_format import parse
from rollout.key_lists import KeyFile, KeyList
from rollout.stack import Stack
from rollout.tools import tools

DEFAULT_FILE = "data/api-keys"


def api_key(options: argparse.Namespace) -> None:
    key = keys.new_key()
    line = keys.line(options.name, keys.digest(key), options.scope, options.expires)
    key_list_of(options).change(lambda text: keys.with_key(text, line))
    print(f"Key {options.name} is valid {when(options)}. It is shown this once:", file=sys.stderr)
    print(key)


def revoke_key(options: argparse.Namespace) -> None:
    keys.check_name(options.name)
    key_list_of(options).change(lambda text: keys.without_key(text, options.name))
    print(f"Key {options.name} stops working {when(options)}.")


def list_keys(options: argparse.Namespace) -> None:
    text = key_list_of(options).read()
    found, refusals = parse(text)
    for key in found:
        print(keys.described(key))
    if text and refusals:
        raise RolloutError(f"The list is damaged: {keys.complaint(text)}.")


def key_list_of(options: argparse.Namespace) -> KeyList:
    if not options.environment:
        return KeyFile(Path(options.keys_file))
    programs.require("aws")
    insist(tools("aws"))
    return Stack.of(options).keys


def when(options: argparse.Namespace) -> str:
    return "on every instance within two minutes" if options.environment else "at once"
