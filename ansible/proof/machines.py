"""Machines that are booted under systemd-nspawn."""

import os
import signal
from contextlib import contextmanager
from pathlib import Path

from proving.containers import nspawn
from proving.programs import CommandError, run
from proving.waiting import wait_until

BOOT_TIMEOUT_SECONDS = 600
STOP_TIMEOUT_SECONDS = 600


class Machine:
    """A booted machine in a network namespace of its own."""

    def __init__(self, program, leader):
        self._program = program
        self._leader = leader

    def run(self, *command, timeout_seconds=600, check=True):
        return run("nsenter", f"--target={self._leader}", "--mount", "--uts", "--ipc", "--pid", "--net", "--cgroup",
                   *command, timeout_seconds=timeout_seconds, check=check)

    def power_off(self):
        """As the cloud does it: the services are stopped, then the machine is gone."""
        os.kill(self._leader, signal.SIGRTMIN + 4)
        self._program.wait_for_end(STOP_TIMEOUT_SECONDS)

    def kill(self):
        """The end of its first process is the end of all of them."""
        if self._program.is_running():
            os.kill(self._leader, signal.SIGKILL)
            self._program.wait_for_end(STOP_TIMEOUT_SECONDS)


@contextmanager
def booted(layer, name, namespace, cgroups, programs, binds=(), niceness=0):
    """Boots a layer and waits until its system is up."""
    with layer.mounted() as root:
        program = programs.start(
            name,
            [*nspawn(root), "--boot", f"--machine={name}", f"--network-namespace-path={namespace}", "--console=pipe",
             *(f"--bind-ro={outside}:{inside}" for outside, inside in binds)],
            environment={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
            prepare=cgroups.joiner(name, niceness),
        )
        machine = None
        try:
            machine = _await_boot(program)
            yield machine
        finally:
            if machine:
                machine.kill()
            program.stop(grace_seconds=0)


def _await_boot(program):
    try:
        children = Path(f"/proc/{program.pid}/task/{program.pid}/children")
        leader = program.wait_for(lambda: _boots(children), "has a first process", BOOT_TIMEOUT_SECONDS)
        machine = Machine(program, int(leader))
        program.wait_for(lambda: _is_up(machine), "is up", BOOT_TIMEOUT_SECONDS)
        return machine
    except AssertionError as error:
        raise AssertionError(f"{error}\n{program.said()}") from error


def _boots(children):
    """The first process is systemd itself only after nspawn has prepared the root."""
    pids = children.read_text().split()
    return pids[0] if pids and Path(f"/proc/{pids[0]}/comm").read_text().strip() == "systemd" else None


def _is_up(machine):
    state = machine.run("systemctl", "is-system-running", check=False).strip()
    if state == "degraded":
        raise AssertionError(machine.run("systemctl", "--failed", "--no-pager", "--plain"))
    return state == "running"


class Cgroups:
    """A control group for each machine: two systems in one would stop each other's services."""

    NAME = "saved-string-proof"

    def __init__(self):
        self._mounts = control_group_mounts(Path("/proc/self/mounts").read_text())
        if "cgroup2" not in self._mounts:
            raise CommandError("no unified control group hierarchy is mounted")

    def joiner(self, name, niceness):
        directory = self._mounts["cgroup2"][0] / self.NAME / name
        directory.mkdir(parents=True, exist_ok=True)

        def join():
            (directory / "cgroup.procs").write_text(str(os.getpid()))
            os.nice(niceness)

        return join

    def close(self):
        """Waits for the last processes to be gone, because a group that holds one stays."""
        wait_until(self._are_removed, "the control groups are empty", STOP_TIMEOUT_SECONDS)

    def _are_removed(self):
        # nspawn makes the same groups in the older hierarchies, where there are some.
        roots = [mount / self.NAME for mounts in self._mounts.values() for mount in mounts]
        for root in roots:
            for path in sorted(root.glob("**/"), key=lambda path: -len(path.parts)):
                path.rmdir()
        return True


def control_group_mounts(mounts):
    """Where the hierarchies are mounted, by kind."""
    found = {}
    for line in mounts.splitlines():
        _, path, kind = line.split(" ")[:3]
        if kind in ("cgroup", "cgroup2"):
            found.setdefault(kind, []).append(Path(path))
    return found
