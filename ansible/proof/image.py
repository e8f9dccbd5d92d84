"""From a bare root to an image, with the role and the scripts that the builder in the cloud uses."""

import json
import re

from proof.machines import booted
from proof.network import add_namespace
from proving.containers import run_inside
from proving.programs import CommandError, run
from proving.rootfs import Layer

PLAYBOOK_DIRECTORY = "/tmp/ansible"
ARTIFACTS_DIRECTORY = "/tmp/saved-string"
SCRIPTS_DIRECTORY = "/mnt"
PACKAGES_FILE = "/opt/saved-string/packages.cdx.json"
FIRST_EPHEMERAL_PORT = 32768
# Only a hang reaches it.
TIMEOUT_SECONDS = 1800


class Image:
    """A version of the image while it is made."""

    def __init__(self, version, base, system, sources, artifacts, work):
        self.version = version
        self.binds = system.binds
        self.layer = Layer(work / f"image-{version}", base)
        self._sources = sources
        self._artifacts = artifacts
        self._work = work
        self._variables = {"saved_string_version": version, **system.variables}

    def converge(self, *options):
        """Runs the role and returns Ansible's counts."""
        binds = [(self._sources / "ansible", PLAYBOOK_DIRECTORY), (self._artifacts, ARTIFACTS_DIRECTORY), *self.binds]
        with self.layer.mounted() as root:
            output = run_inside(
                root, "ansible-playbook", "--inventory=localhost,", "--connection=local", "image.yml",
                f"--extra-vars={json.dumps(self._variables)}", *options,
                binds=binds,
                directory=PLAYBOOK_DIRECTORY,
                timeout_seconds=TIMEOUT_SECONDS,
            )
        return recap(output)

    def finish(self, cgroups, programs, before=lambda machine: None):
        """Boots the builder, cleans it up, validates it there and shuts it down; returns what validation said."""
        name = f"builder-{self.version}"
        binds = [(self._sources / "packer/scripts", SCRIPTS_DIRECTORY), *self.binds]
        with booted(self.layer, name, add_namespace(name), cgroups, programs, binds) as machine:
            before(machine)
            for script in ("remove-ansible", f"list-packages {PACKAGES_FILE}", "cleanup"):
                machine.run(*f"{SCRIPTS_DIRECTORY}/{script}".split(), timeout_seconds=TIMEOUT_SECONDS)
            said = validate(machine)
            machine.power_off()
        return said.strip().splitlines()[-1]


def validate(machine):
    return machine.run(f"{SCRIPTS_DIRECTORY}/validate", timeout_seconds=TIMEOUT_SECONDS)


def refusal(machine):
    """What validation says of a machine that isn't fit."""
    try:
        said = validate(machine)
    except CommandError as error:
        return str(error)
    raise AssertionError(f"validation took a machine that isn't fit: {said}")


def recap(output):
    """Ansible's last line as numbers."""
    lines = re.findall(r"^\S+\s+: (ok=\d+ .*)$", output, re.MULTILINE)
    if len(lines) != 1:
        raise CommandError(f"Ansible counted nothing:\n{output}")
    return {name: int(count) for name, count in (pair.split("=") for pair in lines[0].split())}


def exposure(report):
    """The number at the end of what systemd-analyze security says."""
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", report)
    if not found:
        raise CommandError(f"no exposure level in:\n{report}")
    return float(found.group(1))


def listeners(table):
    """The addresses in the output of ss, whatever family the socket has."""
    addresses = set()
    for line in table.splitlines():
        protocol, _, _, _, local = line.split()[:5]
        host, _, port = local.rpartition(":")
        if protocol == "udp" and int(port) >= FIRST_EPHEMERAL_PORT:
            continue  # A client that waits for an answer, such as a resolver of names.
        host = host.strip("[]").removeprefix("::ffff:").split("%")[0]
        addresses.add(("any" if host in ("*", "0.0.0.0", "::") else host, int(port)))
    return addresses


def metric_names(exposition):
    """The names of the samples in the Prometheus text format."""
    return set(re.findall(r"^([a-zA-Z_:][\w:]*)", exposition, re.MULTILINE))


def metric_selectors(sources):
    """What the role tells the agent to keep."""
    defaults = (sources / "ansible/roles/saved_string/defaults/main.yml").read_text()
    return re.findall(r"^  - (\^.*)$", defaults, re.MULTILINE)


def lint(tools, sources):
    binds = [(sources / "ansible", "/ansible")]
    commands = (
        ("ansible-lint", "--offline", "--nocolor", "--profile=production", "image.yml", "roles/saved_string"),
        ("yamllint", "--strict", "."),
        ("ansible-playbook", "--syntax-check", "--inventory=localhost,", "image.yml"),
    )
    with tools.mounted() as root:
        said = [run_inside(root, *command, binds=binds, directory="/ansible", timeout_seconds=TIMEOUT_SECONDS)
                for command in commands]
    return re.search(r"Passed.*?files", said[0])[0]


def shellcheck(sources):
    scripts = ["ansible/prove", "ansible/roles/saved_string/files/fetch-keys", "packer/scripts/cleanup",
               "packer/scripts/remove-ansible", "packer/scripts/validate"]
    run("shellcheck", *(sources / script for script in scripts))
