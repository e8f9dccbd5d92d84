"""What the promises are proved on: images, machines and the parts around them."""

import hashlib
import secrets
import time

from proof.image import Image
from proof.machines import Cgroups, booted
from proof.network import GATEWAY, METADATA_ADDRESS, add_address, add_namespace, leave_host_network
from proof.parameters import PARAMETER, REGION, STORE_PORT, ParameterStore, serving
from proof.services import BALANCER_PORT, SERVICE_PORT, Balancer
from proof.traffic import ask
from proving import valkey
from proving.programs import Programs, run
from proving.rootfs import Layer, cached_root
from proving.waiting import wait_until

SUITE = "trixie"
# What the cloud's base image carries, and Ansible, which the builder gets first.
BASE_PACKAGES = (
    "ansible-core",
    "awscli",
    "ca-certificates",
    "curl",
    "dbus",
    "iproute2",
    "python3",
    "python3-apt",
    "systemd",
    "systemd-sysv",
)
TOOLS_PACKAGES = ("ansible-core", "ansible-lint", "yamllint")
VALKEY_PORT = 6379
VALKEY_ADDRESSES = ("10.203.0.11", "10.203.0.12", "10.203.0.13")
MACHINES = {"one": "10.203.0.21", "two": "10.203.0.22", "next": "10.203.0.23"}
KEYS_FILE = "/run/saved-string/keys"
READY_TIMEOUT_SECONDS = 60


class ApiKey:
    def __init__(self, name):
        self.name = name
        self.secret = "sstr_" + secrets.token_urlsafe(32)

    @property
    def line(self):
        return f"{self.name} {hashlib.sha256(self.secret.encode()).hexdigest()}\n"


class Stage:
    def __init__(self, sources, artifacts, cache, work, stack, workers):
        self.sources = sources
        self.work = work
        self.writer = ApiKey("writer")
        self.leaver = ApiKey("leaver")
        self.parameters = ParameterStore(self.writer.line + self.leaver.line)
        self.machines = {}
        self.artifacts = collect(artifacts, sources / "src/main/jvm.options", work / "artifacts")
        self._cache = cache
        self._stack = stack
        self._workers = workers
        self.cgroups = Cgroups()
        stack.callback(self.cgroups.close)
        self.programs = stack.enter_context(Programs(work / "programs"))

    def prepare_roots(self):
        """Both at once when the cache has none."""
        lists = (BASE_PACKAGES, TOOLS_PACKAGES)
        making = [self._workers.submit(cached_root, self._cache, SUITE, packages) for packages in lists]
        self._base, tools = (each.result() for each in making)
        self.tools = Layer(self.work / "tools", tools)

    def image(self, version):
        return Image(version, self._base, self.sources, self.artifacts, self.work)

    def in_background(self, task):
        return self._workers.submit(task)

    def build_surroundings(self):
        """The network, the store, the parameters and the load balancer."""
        for address in VALKEY_ADDRESSES:
            add_address(address)
        options = ("--protected-mode", "no", "--min-replicas-to-write", 1, "--min-replicas-max-lag", 2)
        valkey.start_cluster(self.programs, VALKEY_ADDRESSES, VALKEY_PORT, *options)
        self._stack.enter_context(serving(self.parameters, GATEWAY, METADATA_ADDRESS))
        self.balancer = Balancer(self.programs, MACHINES)

    @staticmethod
    def leave_host_network():
        leave_host_network()

    def boot(self, name, image, niceness=0):
        """An instance of the image, told by files what user data tells it in the cloud."""
        layer = Layer(self.work / f"machine-{name}", *image.layer.stack)
        layer.write("/etc/hostname", f"{name}\n")
        layer.write("/etc/saved-string/environment", settings(
            SAVED_STRING_STORE="valkey",
            SAVED_STRING_VALKEY_ADDRESS=",".join(f"{address}:{VALKEY_PORT}" for address in VALKEY_ADDRESSES),
            SAVED_STRING_VALKEY_TLS="false",
            SAVED_STRING_KEYS_FILE=KEYS_FILE,
            SAVED_STRING_DRAIN_DELAY="5s",
        ))
        layer.write("/etc/saved-string/keys.environment", settings(
            SAVED_STRING_KEYS_PARAMETER=PARAMETER,
            AWS_REGION=REGION,
            AWS_ENDPOINT_URL_SSM=f"http://{GATEWAY}:{STORE_PORT}",
        ))
        namespace = add_namespace(name, MACHINES[name])
        booting = booted(layer, name, namespace, self.cgroups, self.programs, niceness=niceness)
        self.machines[name] = self._stack.enter_context(booting)

    def seconds_to_answer(self, name):
        """From the start of the service to an answer, at most: what the AOT cache is for."""
        wait_until(lambda: self.directly(name).status == 200, f"{name} answers", READY_TIMEOUT_SECONDS)
        answered_at = time.monotonic()
        unit = ("--property=ExecMainStartTimestampMonotonic", "--value", "saved-string.service")
        return answered_at - int(self.machines[name].run("systemctl", "show", *unit)) / 1e6

    def wait_until_healthy(self, *names):
        try:
            wait_until(lambda: set(names) <= self.balancer.healthy(), f"{names} are healthy", READY_TIMEOUT_SECONDS)
        except AssertionError as error:
            raise AssertionError("\n".join([str(error), *(self.journal(name) for name in names)])) from error

    def journal(self, name):
        units = ("--unit=saved-string.service", "--unit=saved-string-keys.service")
        return self.machines[name].run("journalctl", "--no-pager", "--lines=30", *units, check=False)

    def through_balancer(self, *args, **kwargs):
        return ask(GATEWAY, BALANCER_PORT, *args, **kwargs)

    def directly(self, name, *args, **kwargs):
        return ask(MACHINES[name], SERVICE_PORT, *args, **kwargs)


def collect(artifacts, options, directory):
    """What the builder is given; the AOT cache wants the files' times as they are."""
    directory.mkdir()
    run("cp", "--archive", artifacts / "saved-string.jar", artifacts / "lib", options, directory)
    return directory


def settings(**variables):
    return "".join(f"{name}={value}\n" for name, value in variables.items())
