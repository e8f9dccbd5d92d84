"""What the promises are proved on: images, machines and the parts around them."""

import hashlib
import json
import secrets
import time
from pathlib import Path

from proof import agent
from proof.image import Image
from proof.machines import Cgroups, booted
from proof.metadata import Metadata
from proof.network import GATEWAY, METADATA_ADDRESS, add_address, add_namespace, leave_host_network
from proof.parameters import PARAMETER, REGION, STORE_PORT, ParameterStore, serving
from proof.services import BALANCER_PORT, SERVICE_PORT, Balancer
from proof.systems import NEWEST, TOOLS, like_amazon_linux
from proof.traffic import ask
from proving import valkey
from proving.programs import Programs, run
from proving.rootfs import Layer, cached_root
from proving.waiting import wait_until

VALKEY_PORT = 6379
VALKEY_ADDRESSES = ("10.203.0.11", "10.203.0.12", "10.203.0.13")
MACHINES = {"one": "10.203.0.21", "two": "10.203.0.22", "next": "10.203.0.23"}
KEYS_FILE = "/run/saved-string/keys"
LOG_DIRECTORY = "/var/log/saved-string"
READY_TIMEOUT_SECONDS = 600


def settings(**variables):
    return "".join(f"{name}={value}\n" for name, value in variables.items())


# What terraform/compute.tf puts into user data.
INSTANCE_FILES = {
    "/etc/saved-string/environment": settings(
        SAVED_STRING_STORE="valkey",
        SAVED_STRING_VALKEY_ADDRESS=",".join(f"{address}:{VALKEY_PORT}" for address in VALKEY_ADDRESSES),
        SAVED_STRING_VALKEY_TLS="false",
        SAVED_STRING_KEYS_FILE=KEYS_FILE,
        SAVED_STRING_DRAIN_DELAY="5s",
        # The proof writes more than a person does.
        SAVED_STRING_KEYS_WRITES_PER_MINUTE="0",
    ),
    "/etc/saved-string/keys.environment": settings(
        SAVED_STRING_KEYS_PARAMETER=PARAMETER,
        AWS_REGION=REGION,
        AWS_ENDPOINT_URL_SSM=f"http://{GATEWAY}:{STORE_PORT}",
    ),
}
# As terraform/compute.tf has it; JSON is YAML.
USER_DATA = "#cloud-config\n" + json.dumps({
    "write_files": [{"path": path, "permissions": "0644", "content": text} for path, text in INSTANCE_FILES.items()],
})
# An instance knows by its firmware that it is one, and asks the metadata service; a container has no firmware.
ON_EVERY_MACHINE = {
    "/etc/cloud/ds-identify.cfg": "policy: enabled\ndatasource: NoCloud\n",
    "/etc/cloud/cloud.cfg.d/99-proof.cfg": "datasource_list: [NoCloud]\nlocale: false\nnetwork: {config: disabled}\n",
    "/var/lib/cloud/seed/nocloud/user-data": USER_DATA,
}
# As where the kernel has kernel.io_uring_disabled=2: the call fails with EPERM.
WITHOUT_IO_URING = {
    "/etc/systemd/system/saved-string.service.d/proof.conf": "[Service]\nSystemCallFilter=~io_uring_setup\n",
}
# Before 2.13 the command line took no endpoint from the environment.
WITH_AN_OLD_COMMAND_LINE = {
    "/usr/local/bin/aws": f'#!/bin/sh\nexec /usr/bin/aws --endpoint-url http://{GATEWAY}:{STORE_PORT} "$@"\n',
}


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
        self.peculiarities = {"two": WITHOUT_IO_URING | WITH_AN_OLD_COMMAND_LINE}
        self.artifacts = collect(artifacts, sources / "src/main/jvm.options", work / "artifacts")
        self._cache = cache
        self._stack = stack
        self._workers = workers
        self.cgroups = Cgroups()
        stack.callback(self.cgroups.close)
        self.programs = stack.enter_context(Programs(work / "programs"))

    def prepare_roots(self):
        """Two at a time when the cache has none."""
        self.like_amazon_linux = like_amazon_linux(Path(run(self.sources / "scripts/find-jdk").strip()).resolve())
        systems = (TOOLS, NEWEST, self.like_amazon_linux)
        making = [self._workers.submit(cached_root, self._cache, each.suite, each.packages) for each in systems]
        self._roots = dict(zip(systems, (each.result() for each in making)))
        self.tools = Layer(self.work / "tools", self._roots[TOOLS])

    def image(self, version, system=NEWEST):
        return Image(version, self._roots[system], system, self.sources, self.artifacts, self.work)

    def in_background(self, task):
        return self._workers.submit(task)

    def build_surroundings(self):
        """The network, the store, the parameters and the load balancer."""
        for address in VALKEY_ADDRESSES:
            add_address(address)
        options = ("--protected-mode", "no", "--min-replicas-to-write", 1, "--min-replicas-max-lag", 2)
        valkey.start_cluster(self.programs, VALKEY_ADDRESSES, VALKEY_PORT, *options)
        metadata = Metadata(self.parameters.credentials)
        self._stack.enter_context(serving(self.parameters, GATEWAY, metadata, METADATA_ADDRESS))
        self.balancer = Balancer(self.programs, MACHINES)

    @staticmethod
    def leave_host_network():
        leave_host_network()

    def boot(self, name, image, niceness=0):
        """An instance of the image, which cloud-init tells by user data what it is."""
        layer = Layer(self.work / f"machine-{name}", *image.layer.stack)
        layer.write("/var/lib/cloud/seed/nocloud/meta-data", f"instance-id: {name}\nlocal-hostname: {name}\n")
        for path, text in (ON_EVERY_MACHINE | self.peculiarities.get(name, {})).items():
            layer.write(path, text, mode=0o755 if "/bin/" in path else 0o644)
        namespace = add_namespace(name, MACHINES[name])
        booting = booted(layer, name, namespace, self.cgroups, self.programs, image.binds, niceness)
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

    def connections_to_store(self, name):
        """The ports of this machine's ends."""
        sockets = self.machines[name].run("ss", "--no-header", "--numeric", "--tcp", "state", "established",
                                          f"dport = :{VALKEY_PORT}")
        return {int(line.split()[2].rpartition(":")[2]) for line in sockets.splitlines()}

    def logged(self, name):
        """What the units have said, as the agent sends it."""
        collected = agent.configuration()["logs"]["logs_collected"]["files"]["collect_list"]
        return [event for each in collected
                for event in agent.events(each, self.machines[name].run("cat", each["file_path"]), name)]

    def journal(self, name):
        """What systemd says of the units, and they themselves."""
        machine = self.machines[name]
        units = ("--unit=saved-string.service", "--unit=saved-string-keys.service")
        return machine.run("journalctl", "--no-pager", "--lines=30", *units, check=False) + \
            machine.run("sh", "-c", f"tail -n 30 {LOG_DIRECTORY}/*.log", check=False)

    def through_balancer(self, *args, **kwargs):
        return ask(GATEWAY, BALANCER_PORT, *args, **kwargs)

    def directly(self, name, *args, **kwargs):
        return ask(MACHINES[name], SERVICE_PORT, *args, **kwargs)


def collect(artifacts, options, directory):
    """What the builder is given; the AOT cache wants the files' times as they are."""
    directory.mkdir()
    parts = [artifacts / name for name in ("saved-string.jar", "lib", "bom.json")]
    run("cp", "--archive", *parts, options, directory)
    return directory
