"""The plan with the longest names that the inputs allow keeps AWS's limits."""

import unittest

from people import TIMEOUT_SECONDS
from workspace import PROGRAMS, Workspace

from proving.aws import SimulatedAws
from rollout.limits import CONTRADICTIONS, LIMITS, RANGES, refusals
from rollout.terraform import Planned, planned

LONGEST = (
    "-var=environment=sixteen-letters1",
    "-var=image_id=ami-0123456789abcdef0",
    "-var=certificate_arn=arn:aws:acm:us-east-1:123456789012:certificate/given",
    "-var=store_engine_version=9.0",
)


class Limits(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        workspace = Workspace()
        workspace.environment |= SimulatedAws(PROGRAMS).environment
        workspace.override("bootstrap")  # how to reach the simulator; nothing is left out
        override = 'terraform {\n  backend "local" {}\n}\n'
        (workspace.directory / "backend_override.tf").write_text(override)
        (workspace.directory / "bootstrap" / "provider_override.tf").rename(workspace.directory / "provider_override.tf")
        workspace.initialise()
        workspace.must("plan", "-out=tfplan", *LONGEST, timeout_seconds=TIMEOUT_SECONDS)
        cls.planned = planned(workspace.must("show", "-json", "tfplan", timeout_seconds=TIMEOUT_SECONDS))

    def test_are_kept_at_the_longest_environment(self) -> None:
        self.assertEqual([], [str(it) for it in refusals(self.planned)])

    def test_are_about_what_is_there(self) -> None:
        types = {it.type for it in self.planned}
        self.assertEqual(set(), {limit.type for limit in (*LIMITS, *RANGES)} - types)
        self.assertEqual(set(), set(CONTRADICTIONS) - types)

    def test_would_have_found_the_user_of_41_characters(self) -> None:
        user = next(it for it in self.planned if it.type == "aws_elasticache_user")
        longer = Planned(user.address, user.type, {"user_id": user.values["user_id"].replace("-app", "-application")})
        self.assertIn("of 41 characters", "\n".join(str(it) for it in refusals([longer])))
