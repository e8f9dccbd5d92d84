"""The whole life of a stack in a simulated AWS: bootstrapped, deployed, changed, rolled back and removed, by the commands
that people type, each with the permissions of its task alone."""

import html
import json
import re
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from urllib.parse import unquote

import simulated
from people import BOOTSTRAPPED_BUCKET, REPOSITORY, STATE_BUCKET, Desk, Judge, policies
from workspace import PROGRAMS, Workspace

from proving import iam
from proving.aws import REGION, SimulatedAws
from proving.recorder import Recorder
from rollout.tests.workbench import Site

STATE = "simulated/terraform.tfstate"
DOMAIN = "example.org"
KEYS_PARAMETER = "/saved-string/simulated/api-keys"
HASH = "5e884898da28047151d0e56f8dc6292773603d0d6aabbd62a11ef721d1542d8b"
HOLDER = "somebody else"
LOCK = (
    '{"ID":"1","Operation":"OperationTypeApply","Info":"","Version":"1.11.0","Created":"2026-01-01T00:00:00Z",'
    f'"Who":"{HOLDER}","Path":"{STATE}"}}'
)
# Of a run that was killed long ago.
KEY_LOCK = f"/{STATE_BUCKET}/simulated/api-keys.lock"
OVER = "anna on laptop until 2026-01-01T00:00:00Z"

# What an operator changes now and then.
CHANGES = """
log_retention_days  = 60
allowed_cidr_blocks = ["203.0.113.0/24"]
alarm_emails        = ["somebody@example.org"]
instance_count_max  = 6
"""
EXISTING = [
    "bucket", "role", "instance-profile", "github", "workflow-image", "workflow-deploy",
    "boundary", "image", "deploy-compute", "deploy-store", "deploy-services", "keys",
]  # fmt: skip
# Of machines, by their role and the policy within it.
ROLES = {
    "instance": ("saved-string-simulated-instance-us-east-1", "instance"),
    "flow-logs": ("saved-string-simulated-flow-logs-us-east-1", "flow-logs"),
}

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
        self.judge = Judge(policies())
        self.recorder = Recorder(self.simulator.url, self.judge, simulated.ANSWERS)
        simulated.operator(self.simulator)
        own = {**self.simulator.environment, "AWS_ENDPOINT_URL": self.recorder.url}
        self.administration = Desk(self.bucket.directory.parent, {**self.bucket.environment, **own})
        self.desk = Desk(self.stack.directory.parent, {**self.stack.environment, **own, "ENV": "simulated"})
        self.desk.environment |= {"STATE_BUCKET": STATE_BUCKET}
        with ThreadPoolExecutor(max_workers=1) as executor:
            bootstrap = executor.submit(self.bootstrap)
            self.make()
            self.use()
            self.change()
            self.remove()
            bootstrap.result()

    # What is there first

    def bootstrap(self) -> None:
        self.bucket.override("bootstrap")
        desk = self.administration
        desk.environment |= {"STATE_BUCKET": BOOTSTRAPPED_BUCKET}
        (self.bucket.directory / "bootstrap" / "terraform.tfvars").write_text('github_repository = "owner/repository"\n')
        self.bootstrapped = desk.type("bootstrap", "bootstrap")
        self.bootstrapped_again = desk.type("bootstrap", "bootstrap")
        data = self.bucket.directory / "bootstrap" / ".terraform" / BOOTSTRAPPED_BUCKET
        terraform = ("terraform", f"-chdir={self.bucket.directory / 'bootstrap'}")
        destroy = (*terraform, "destroy", "-auto-approve", f"-var=bucket={BOOTSTRAPPED_BUCKET}")
        self.bucket_destroyed = desk.run("bootstrap", *destroy, TF_DATA_DIR=str(data))
        # Somebody else's checkout, or a run that was killed before it noted what it had made.
        (data / "bootstrap.tfstate").unlink()
        self.taken_over = desk.type("bootstrap", "bootstrap")
        # Of a policy that is made anew in another checkout, whose words differ.
        keys = self.bucket.directory / "bootstrap" / "policies" / "keys.json"
        keys.write_text(keys.read_text().replace("LockTheList", "LockTheListOfKeys"))
        self.policy_changed = desk.type("bootstrap", "bootstrap")
        self.bootstrapped_after = desk.type("bootstrap", "bootstrap")
        self.built = desk.type("image", "image")
        self.retired = desk.type("image", "retire-images")

    # A deployment

    def make(self) -> None:
        self.stack.override()
        self.site = Site()
        (self.stack.directory / "site_override.tf").write_text(simulated.site(self.site.url))
        self.images = [simulated.image(self.simulator, name) for name in ("first", "second")]
        self.settings = f'domain_name = "string.{DOMAIN}"\nhosted_zone_id = "{simulated.zone(self.simulator, DOMAIN)}"\n'
        # Not the bucket that the bootstrap makes: its policy demands TLS, which the simulator doesn't speak.
        self.simulator.send("s3", "PUT", f"/{STATE_BUCKET}")
        self.desk.environment |= {"SSL_CERT_FILE": str(self.site.certificate), "HTTP_PORT": str(self.site.http_port)}
        self.deployed = self.deploy(self.images[0])
        self.judge.known |= {name: self.role_policy(*role) for name, role in ROLES.items()}
        self.deployed_again = self.deploy(self.images[0])

    def deploy(self, image: str, more: str = "") -> Done:
        (self.stack.directory / "simulated.tfvars").write_text(self.settings + more)
        return self.desk.type("deploy", "deploy", IMAGE=image)

    def role_policy(self, role: str, name: str) -> iam.Policy:
        """As it was really made, not as it is written."""
        answer = simulated.form(self.simulator, "iam", Action="GetRolePolicy", RoleName=role, PolicyName=name)
        document = unquote(re.search("<PolicyDocument>(.*?)</PolicyDocument>", answer, re.S)[1])
        return iam.of(json.loads(html.unescape(document)))

    def use(self) -> None:
        """What else people do with it, and an instance by itself."""
        self.simulator.send("s3", "PUT", KEY_LOCK, OVER.encode())
        self.used = {
            name: self.desk.type(person, *name.split(), **more)
            for name, person, more in (
                ("status", "deploy", {}),
                ("shell", "deploy", {}),
                ("certificate", "deploy", {}),
                ("api-key --name anna", "keys", {}),
                ("list-keys", "keys", {}),
                ("revoke-key --name anna", "keys", {}),
            )
        }
        # Of a page without a name of its own: what deploy looks at then.
        balancer = re.search("<DNSName>(.*?)<", simulated.form(self.simulator, "elbv2", Action="DescribeLoadBalancers"))[1]
        look = "import sys; from rollout.aws import Aws; from rollout.trust import demonstration_certificate as look;"
        look += "print(look(Aws('us-east-1'), 'https://' + sys.argv[1], sys.argv[1]))"
        self.used["look at the certificate"] = self.desk.run("deploy", "python3", "-c", look, balancer)
        # Somebody who lacks one permission of their task.
        lacking = tuple(it.without("ssm:GetParameter") for it in self.judge.known["keys"].statements)
        self.judge.known["keys-but-one"] = iam.Policy(lacking)
        self.refused = self.desk.type("keys-but-one", "list-keys")
        fetch = REPOSITORY / "ansible/roles/saved_string/files/fetch-keys"
        where = {"SAVED_STRING_KEYS_PARAMETER": KEYS_PARAMETER, "SAVED_STRING_KEYS_FILE": str(self.desk.directory / "keys")}
        where["AWS_DEFAULT_REGION"] = REGION  # the image's command line, of version 2, reads AWS_REGION, too
        self.used["fetch-keys"] = self.desk.run("instance", fetch, **where)

    def change(self) -> None:
        key = {"Value": f"writer {HASH}", "Type": "SecureString", "Overwrite": True}
        self.simulator.call("AmazonSSM.PutParameter", Name=KEYS_PARAMETER, **key)
        self.changed = self.deploy(self.images[1], CHANGES)
        self.rolled_back = self.desk.type("deploy", "rollback")
        self.key = self.simulator.call("AmazonSSM.GetParameter", Name=KEYS_PARAMETER, WithDecryption=True)
        self.state = self.terraform("state", "pull").stdout
        lock = f"/{STATE_BUCKET}/{STATE}.tflock"
        self.simulator.send("s3", "PUT", lock, LOCK.encode())
        self.deployed_while_locked = self.deploy(self.images[1])
        self.simulator.send("s3", "DELETE", lock)
        self.changed_back = self.deploy(self.images[0])

    def remove(self) -> None:
        self.destroyed = self.desk.type("deploy", "destroy", CONFIRM="simulated")
        self.left = self.terraform("state", "list").stdout

    def terraform(self, *arguments: str) -> Done:
        data = self.stack.directory / ".terraform" / STATE_BUCKET / "simulated"
        command = ("terraform", f"-chdir={self.stack.directory}", *arguments)
        return self.desk.run("deploy", *command, TF_DATA_DIR=str(data))
