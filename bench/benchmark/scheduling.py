"""How long threads ran and how long they waited for a core, as the kernel counts (/proc/PID/task/*/schedstat)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path


def by_name(pid: int) -> Counter:
    """Milliseconds on a core, by the name of the thread without its number."""
    ran: Counter = Counter()
    for name, ran_ms, _ in _threads(pid):
        ran[name.rstrip("0123456789-# ")] += ran_ms
    return ran


def running_and_waiting(groups: Mapping[str, Iterable[int]]) -> Counter:
    """Milliseconds that the threads of each group of processes were on a core, and that they waited for one."""
    times: Counter = Counter()
    for group, pids in groups.items():
        for name, ran_ms, waited_ms in (thread for pid in pids for thread in _threads(pid)):
            who = f"{group}, compiler" if name.startswith(("C1 ", "C2 ")) else group
            times[f"{who}: on a core"] += ran_ms
            times[f"{who}: waiting for one"] += waited_ms
    return times


def _threads(pid: int) -> Iterable[tuple[str, float, float]]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            ran, waited, _ = (task / "schedstat").read_text(encoding="ascii").split()
            name = (task / "comm").read_text(encoding="utf-8").strip()
        except OSError:
            continue  # it has ended
        yield name, int(ran) / 1e6, int(waited) / 1e6
