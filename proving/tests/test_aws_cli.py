import subprocess
import unittest

from proving.aws import SimulatedAws
from proving.aws_cli import quick_aws
from proving.programs import Programs


class QuickAwsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.programs = Programs()
        cls.addClassCleanup(cls.programs.stop)
        cls.simulator = SimulatedAws(cls.programs)
        cls.aws = quick_aws(cls.programs)
        if cls.aws is None:
            raise unittest.SkipTest("aws is not on this machine")

    def call(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        surroundings = {"PATH": "/usr/bin:/bin", **self.simulator.environment, **environment}
        command = [self.aws, "--region", "us-east-1", *arguments]
        return subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=120)

    def test_answers_what_aws_answers(self) -> None:
        done = self.call("sts", "get-caller-identity", "--query", "Account")
        self.assertEqual((0, '"123456789012"\n', ""), (done.returncode, done.stdout, done.stderr))

    def test_fails_as_aws_fails(self) -> None:
        done = self.call("ssm", "get-parameter", "--name", "/nothing")
        self.assertNotEqual(0, done.returncode)
        self.assertEqual("", done.stdout)
        self.assertIn("(ParameterNotFound)", done.stderr)

    def test_has_the_callers_own_surroundings(self) -> None:
        done = self.call("sts", "get-caller-identity", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
        self.assertNotEqual(0, done.returncode)
        self.assertIn("credentials", done.stderr)


if __name__ == "__main__":
    unittest.main()
