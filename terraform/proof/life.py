"""The whole life of a stack in a simulated AWS: made, planned again, changed from outside, removed."""

import re
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from workspace import PROGRAMS, Workspace

from proving.aws import REGION, SimulatedAws

TIMEOUT_SECONDS = 300
STATE_BUCKET = "saved-string-state-simulated"
BOOTSTRAPPED_BUCKET = "saved-string-state-bootstrapped"
STATE = "simulated/terraform.tfstate"
DOMAIN = "example.org"
ZONE = f"<CreateHostedZoneRequest><Name>{DOMAIN}</Name><CallerReference>1</CallerReference></CreateHostedZoneRequest>"
KEYS_PARAMETER = "/saved-string/simulated/api-keys"
HASH = "5e884898da28047151d0e56f8dc6292773603d0d6aabbd62a11ef721d1542d8b"
HOLDER = "somebody else"
LOCK = (
    '{"ID":"1","Operation":"OperationTypeApply","Info":"","Version":"1.11.0","Created":"2026-01-01T00:00:00Z",'
    f'"Who":"{HOLDER}","Path":"{STATE}"}}'
)

Done = subprocess.CompletedProcess[str]


@cache
def begun() -> "Future[Life]":
    """It is mostly waiting, so the other tests may run meanwhile."""
    return ThreadPoolExecutor(max_workers=1).submit(Life)


class Life:
    def __init__(self) -> None:
        # First, because it skips all this where there is no terraform.
        self.bucket = Workspace()
        self.stack = Workspace()
        self.simulator = SimulatedAws(PROGRAMS)
        for workspace in (self.bucket, self.stack):
            workspace.environment |= self.simulator.environment
        with ThreadPoolExecutor(max_workers=1) as executor:
            bootstrap = executor.submit(self.bootstrap)
            self.make()
            self.change_from_outside()
            self.remove()
            bootstrap.result()

    def bootstrap(self) -> None:
        variable = f"-var=bucket={BOOTSTRAPPED_BUCKET}"
        within = "bootstrap"
        self.bucket.initialise(within=within)
        self.bucket.must("apply", "-auto-approve", variable, timeout_seconds=TIMEOUT_SECONDS, within=within)
        again = ("plan", "-detailed-exitcode", variable)
        self.bucket_planned_again = self.bucket.run(*again, timeout_seconds=TIMEOUT_SECONDS, within=within)
        destroy = ("destroy", "-auto-approve", variable)
        self.bucket_destroyed = self.bucket.run(*destroy, timeout_seconds=TIMEOUT_SECONDS, within=within)

    def make(self) -> None:
        self.stack.override()
        self.variables = [
            "-var=environment=simulated",
            "-var=image_id=ami-12c6146b",
            "-var=deletion_protection=false",
            f"-var=domain_name=string.{DOMAIN}",
            f"-var=hosted_zone_id={self.make_zone()}",
        ]
        # Not the bucket that the bootstrap makes: its policy demands TLS, which the simulator doesn't speak.
        self.simulator.send("s3", "PUT", f"/{STATE_BUCKET}")
        backend = {"bucket": STATE_BUCKET, "key": STATE, "region": REGION, "use_path_style": "true"}
        self.stack.initialise(*(f"-backend-config={name}={value}" for name, value in backend.items()))
        self.applied = self.run("apply", "-auto-approve")
        self.planned_again = self.run("plan", "-detailed-exitcode")

    def make_zone(self) -> str:
        answer = self.simulator.send("route53", "POST", "/2013-04-01/hostedzone", ZONE.encode()).text
        return re.search("<Id>/hostedzone/([A-Z0-9]+)</Id>", answer)[1]

    def change_from_outside(self) -> None:
        key = {"Value": f"writer {HASH}", "Type": "SecureString", "Overwrite": True}
        self.simulator.call("AmazonSSM.PutParameter", Name=KEYS_PARAMETER, **key)
        self.applied_with_key = self.run("apply", "-auto-approve")
        self.key = self.simulator.call("AmazonSSM.GetParameter", Name=KEYS_PARAMETER, WithDecryption=True)
        self.state = self.stack.must("state", "pull", timeout_seconds=TIMEOUT_SECONDS)
        lock = f"/{STATE_BUCKET}/{STATE}.tflock"
        self.simulator.send("s3", "PUT", lock, LOCK.encode())
        self.planned_while_locked = self.run("plan")
        self.simulator.send("s3", "DELETE", lock)

    def remove(self) -> None:
        self.destroyed = self.run("destroy", "-auto-approve")
        self.left = self.stack.must("state", "list", timeout_seconds=TIMEOUT_SECONDS)

    def run(self, *arguments: str) -> Done:
        return self.stack.run(*arguments, *self.variables, timeout_seconds=TIMEOUT_SECONDS)
