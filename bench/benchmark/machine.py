"""The machine: its cores, how busy it is, and what a process uses, as /proc tells."""

import os
import platform
import re
import resource
from collections.abc import Sequence
from pathlib import Path

from proving.programs import Program

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_ALL_CORES = sorted(os.sched_getaffinity(0))

SERVER_CORE = _ALL_CORES[0]
LOAD_CORE = _ALL_CORES[-1]


def all_cores() -> str:
    return ",".join(map(str, _ALL_CORES))


def use_load_core() -> None:
    """Keeps this program itself off the core that is measured."""
    if SERVER_CORE == LOAD_CORE:
        raise RuntimeError("cores: 1 (expected: 2 or more, one for the server and one for the load)")
    os.sched_setaffinity(0, {LOAD_CORE})


def load_average() -> float:
    return os.getloadavg()[0]


def busy_s() -> float:
    """The time that all cores together spent at work since the start of the machine."""
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, _stat_line().split()[1:9])
    return (user + nice + system + irq + softirq + steal) * _TICK_S


def _stat_line() -> str:
    return Path("/proc/stat").read_text(encoding="ascii").splitlines()[0]


def own_cpu_s() -> float:
    """What the benchmark and the load generators that have ended used."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def pinned(cores: str, command: Sequence[object]) -> list[object]:
    """Keeps to these cores; with the benchmark itself killed, the kernel stops it."""
    return ["taskset", "-c", cores, "setpriv", "--pdeathsig", "TERM", *command]


def serving(command: Sequence[object]) -> list[object]:
    return pinned(str(SERVER_CORE), command)


def cpu_s(*programs: Program) -> float:
    """User and system time of all threads, ended ones included."""
    return sum(sum(user_and_system_s(program).values()) for program in programs)


def user_and_system_s(program: Program) -> dict[str, float]:
    pids = program.pids()
    return {
        name: sum(_field(pid, index) or 0 for pid in pids) * _TICK_S for name, index in (("user", 11), ("system", 12))
    }


def _field(pid: int, index: int) -> int | None:
    """A field of /proc/PID/stat, counted from 0 behind the name; None if the process is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(text.rpartition(")")[2].split()[index])


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()


def resident_bytes(program: Program) -> int:
    return sum(_resident_bytes(pid) for pid in program.pids())


def _resident_bytes(pid: int) -> int:
    text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    match = re.search(r"^VmRSS:\s+(\d+) kB", text, re.MULTILINE)
    return int(match.group(1)) * 1024 if match else 0


def describe() -> dict:
    cpu_info = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    model = re.search(r"^model name\s*:\s*(.+)$", cpu_info, re.MULTILINE)
    return {
        "cpu": model.group(1) if model else platform.machine(),
        "cores": len(_ALL_CORES),
        "kernel": platform.release(),
        "load_average_before": load_average(),
    }
