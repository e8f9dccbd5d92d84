"""The list of the system's packages that goes with an image."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).parents[3] / "packer/scripts/list-packages"
# As rpm says it on Amazon Linux: with an epoch, without one, and a key that is no package.
SAID = "openssl\t3.2.2-1.amzn2023\taarch64\t1\nbash\t5.2.15-1.amzn2023\taarch64\t(none)\ngpg-pubkey\td832c631\t(none)\t(none)\n"


class ListsPackages(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def listed(self):
        file = self.directory / "packages.cdx.json"
        environment = {**os.environ, "PATH": f"{self.directory}:{os.environ['PATH']}"}
        subprocess.run([SCRIPT, file], env=environment, timeout=60, check=True, capture_output=True)
        return json.loads(file.read_text())

    def test_each_package_is_named_by_its_url(self):
        rpm = self.directory / "rpm"
        rpm.write_text(f"#!/bin/sh\nprintf '%s' '{SAID}'\n")
        rpm.chmod(0o755)
        bill = self.listed()
        self.assertEqual(("CycloneDX", "operating-system"), (bill["bomFormat"], bill["metadata"]["component"]["type"]))
        system = bill["metadata"]["component"]["name"]
        self.assertEqual(
            [f"pkg:rpm/{system}/bash@5.2.15-1.amzn2023?arch=aarch64",
             f"pkg:rpm/{system}/openssl@3.2.2-1.amzn2023?arch=aarch64&epoch=1"],
            [it["purl"] for it in bill["components"]],
        )

    def test_of_this_machine_too(self):
        names = {it["name"] for it in self.listed()["components"]}
        self.assertIn("bash", names)


if __name__ == "__main__":
    unittest.main()
