"""The whole life of a stack in a simulated AWS: made, planned again, changed from outside, removed."""

import html
import json
import re
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from urllib.parse import unquote

import needs
from workspace import PROGRAMS, SOURCE, Workspace

from proving import iam
from proving.aws import REGION, SimulatedAws
from proving.aws_calls import ACCOUNT, Call
from proving.recorder import Recorder

TIMEOUT_SECONDS = 900
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

# What an operator changes now and then, but for what starts a refresh.
CHANGES = (
    "-var=log_retention_days=60",
    '-var=allowed_cidr_blocks=["203.0.113.0/24"]',
    '-var=alarm_emails=["somebody@example.org"]',
    "-var=instance_count_max=6",
)
EXISTING = [
    "bucket", "role", "instance-profile", "github", "workflow-image", "workflow-deploy",
    "boundary", "image", "deploy-compute", "deploy-store", "deploy-services", "keys",
]  # fmt: skip

Done = subprocess.CompletedProcess[str]
POLICIES = SOURCE / "bootstrap" / "policies"


def policy(bucket: str, *names: str) -> iam.Policy:
    words = {"PARTITION": "aws", "ACCOUNT": ACCOUNT, "REGION": REGION, "BUCKET": bucket}
    return iam.read([POLICIES / f"{name}.json" for name in names], words)


# Of machines, by their role and the policy within it.
ROLES = {
    "instance": ("saved-string-simulated-instance-us-east-1", "instance"),
    "flow-logs": ("saved-string-simulated-flow-logs-us-east-1", "flow-logs"),
}
# By the access key that each comes with.
PEOPLE = {
    "bootstrap": policy(BOOTSTRAPPED_BUCKET, "bootstrap"),
    "deploy": policy(STATE_BUCKET, "deploy-compute", "deploy-store", "deploy-services"),
}


def allows(call: Call) -> bool:
    return call.action in needs.ALWAYS_ALLOWED | needs.ONLY_SIMULATED or PEOPLE[call.principal].allows(call)


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
        self.recorder = Recorder(self.simulator.url, allows)
        for workspace, person in ((self.bucket, "bootstrap"), (self.stack, "deploy")):
            own = {"AWS_ENDPOINT_URL": self.recorder.url, "AWS_ACCESS_KEY_ID": person}
            workspace.environment |= self.simulator.environment | own
        with ThreadPoolExecutor(max_workers=1) as executor:
            bootstrap = executor.submit(self.bootstrap)
            self.make()
            self.change_from_outside()
            self.remove()
            bootstrap.result()

    def bootstrap(self) -> None:
        self.bucket.override("bootstrap")
        self.bucket.initialise(within="bootstrap")
        self.bootstrapped = self.run_bootstrap("apply", "-auto-approve")
        self.bucket_planned_again = self.run_bootstrap("plan", "-detailed-exitcode")
        self.bucket_destroyed = self.run_bootstrap("destroy", "-auto-approve")
        # Somebody else's checkout, or a run that was killed before it noted what it had made.
        (self.bucket.directory / "bootstrap" / "terraform.tfstate").unlink()
        self.taken_over = self.run_bootstrap("apply", "-auto-approve", f"-var=existing={json.dumps(EXISTING)}")
        self.bucket_planned_after = self.run_bootstrap("plan", "-detailed-exitcode")

    def run_bootstrap(self, *arguments: str) -> Done:
        variables = (f"-var=bucket={BOOTSTRAPPED_BUCKET}", "-var=github_repository=owner/repository")
        return self.bucket.run(*arguments, *variables, timeout_seconds=TIMEOUT_SECONDS, within="bootstrap")

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
        self.machines = {name: self.role_policy(*role) for name, role in ROLES.items()}
        self.planned_again = self.run("plan", "-detailed-exitcode")
        self.changed = self.run("apply", "-auto-approve", *CHANGES)

    def role_policy(self, role: str, name: str) -> iam.Policy:
        """As it was really made, not as it is written."""
        form = f"Action=GetRolePolicy&Version=2010-05-08&RoleName={role}&PolicyName={name}"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self.simulator.send("iam", "POST", "/", form.encode(), headers).text
        document = unquote(re.search("<PolicyDocument>(.*?)</PolicyDocument>", answer, re.S)[1])
        return iam.of(json.loads(html.unescape(document)))

    def make_zone(self) -> str:
        answer = self.simulator.send("route53", "POST", "/2013-04-01/hostedzone", ZONE.encode()).text
        return re.search("<Id>/hostedzone/([A-Z0-9]+)</Id>", answer)[1]

    def change_from_outside(self) -> None:
        key = {"Value": f"writer {HASH}", "Type": "SecureString", "Overwrite": True}
        self.simulator.call("AmazonSSM.PutParameter", Name=KEYS_PARAMETER, **key)
        self.changed_back = self.run("apply", "-auto-approve")
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
