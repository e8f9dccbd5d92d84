"""What a process of the JVM keeps in memory, by what it is for."""

import re
from collections import Counter
from pathlib import Path

from proving.programs import run


def mapped(pid: int) -> Counter:
    """MiB that are resident (/proc/PID/smaps), by kind."""
    resident: Counter = Counter()
    kind = ""
    for line in Path(f"/proc/{pid}/smaps").read_text(encoding="utf-8", errors="replace").splitlines():
        if area := re.match(r"[0-9a-f]+-[0-9a-f]+ (\S+) \S+ \S+ \S+\s*(.*)", line):
            kind = _kind(*area.groups())
        elif size := re.match(r"Rss:\s+(\d+) kB", line):
            resident[kind] += int(size[1]) / 1024
    return resident


def _kind(rights: str, name: str) -> str:
    if name.endswith(".aot"):
        return "the AOT cache"
    if "io_uring" in name:
        return "the rings of io_uring"
    if name.startswith("/"):
        return "programs and libraries"
    return "compiled code" if "x" in rights else "heap, stacks, and what malloc took"


def tracked(pid: int) -> Counter:
    """MiB that the JVM has asked for, by its own account (jcmd VM.native_memory), and what of the heap is in use."""
    account = run("jcmd", pid, "VM.native_memory", "summary", "scale=KB")
    found = re.findall(r"^-\s+(.+?) \(reserved=\d+KB, committed=(\d+)KB", account, re.MULTILINE)
    asked_for = Counter({name.strip(): int(size) / 1024 for name, size in found})
    heap = run("jcmd", pid, "GC.heap_info")
    for name, size, used in re.findall(r"(eden|from|the)\s+space (\d+)K,\s+(\d+)% used", heap):
        asked_for[f"Java Heap, in use, space {name}"] += int(size) * int(used) / 100 / 1024
    return asked_for
