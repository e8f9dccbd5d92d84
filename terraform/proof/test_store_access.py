"""The access string of the store's user is written as the store itself writes it down, so that no plan changes it."""

import re
import shutil
import unittest

from workspace import PROGRAMS, SOURCE

from proving import valkey


class StoreAccess(unittest.TestCase):
    def test_is_what_the_store_gives_back(self) -> None:
        if shutil.which("valkey-server") is None:
            raise unittest.SkipTest("valkey-server is not on this machine")
        users = PROGRAMS.directory / "users.acl"
        users.touch()
        node = valkey.start(PROGRAMS, "valkey", "--aclfile", users)
        written = access_string()
        node.call("ACL", "SETUSER", "application", *written.split())
        node.call("ACL", "SAVE")
        saved = re.search(r"^user application (.*)$", users.read_text(), re.M)[1]
        # AWS has no word for how a payload is checked, and says elsewhere how somebody signs in.
        self.assertEqual(" ".join(word for word in saved.split() if word != "sanitize-payload"), written)


def access_string() -> str:
    """As terraform joins it: the rules, then each command."""
    text = (SOURCE / "store.tf").read_text()
    rules = re.search(r"store_access = join\(\" \", concat\(\s*\[(.*?)\]", text, re.S)[1]
    commands = re.search(r'formatlist\("\+%s", \[(.*?)\]', text, re.S)[1]
    words = re.findall(r'"(.*?)"', rules)
    return " ".join([*words, *(f"+{command}" for command in re.findall(r'"(.*?)"', commands))])
