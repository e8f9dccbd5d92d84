"""Where the threads of an instance are: perf samples Java's methods, not those inlined in others, and the kernel's."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from proving.programs import Programs, run

# Lets perf follow Java's stacks.
JVM_OPTIONS = ("-XX:+PreserveFramePointer",)
_SAMPLES_PER_S = 997
_PERF_END_MAX_S = 60
# The first rule that any frame of a stack matches counts.
_KERNEL = (
    ("kernel: packets handed to the other side, over loopback", r"net_rx_action|process_backlog|do_softirq"),
    ("kernel: sending", r"tcp_sendmsg|sock_write|tcp_write_xmit"),
    ("kernel: receiving", r"tcp_recvmsg|sock_recvmsg|sock_read"),
    ("kernel: waiting, and waking others", r"^schedule|io_cqring_wait|futex"),
    ("kernel: io_uring's own work", r"^io_|tctx_task_work"),
    ("kernel: the rest", r"entry_SYSCALL|do_syscall|asm_|ret_from_fork"),
)
# The innermost frame that matches a rule counts, so what the JDK does counts for whoever asked for it.
_JAVA = (
    (
        "HTTP read and written: Netty's codec, with the service's limits",
        r"\S*(io\.netty\.handler\.codec|savedstring\.connection\.(RequestCodec|BoundedHeaders))",
    ),
    ("Netty: io_uring", r"\S*io\.netty\.channel\.(uring|SingleThreadIo)"),
    ("Netty: buffers", r"\S*io\.netty\.(buffer|util)"),
    ("Netty: pipelines and queues", r"\S*io\.netty"),
    ("the Valkey client", r"\S*(io\.lettuce|reactor)\."),
    ("the service: open pages", r"\S*org\.savedstring\.live"),
    ("the service: one read for many requests", r"\S*org\.savedstring\.store"),
    ("the service: checks, order, answers", r"\S*org\.savedstring"),
    ("Micronaut", r"\S*io\.micronaut"),
    ("not compiled yet", r"Interpreter"),
)
# The first rule that any frame matches counts.
_START = (
    ("the classes of the AOT cache are made known to the JVM", r"^AOTLinkedClassBulkLoader"),
    ("the JVM's own start", r"^Threads::create_vm"),
    ("the main class is initialised, and with it the log", r"^jni_GetStaticMethodID"),
    ("classes are initialised for the first time, and what that runs", r"^InstanceKlass::initialize_impl"),
    ("classes are linked, names resolved", r"^(LinkResolver|InterpreterRuntime::resolve|SystemDictionary)"),
    ("Java code that is interpreted, or compiled meanwhile", r"^Interpreter"),
)


def parts(directory: Path, pid: int, during: Callable[[], object]) -> Counter:
    """How many samples each part of what the event loops do got."""
    data = directory / "perf.data"
    with Programs(directory) as programs:
        perf = programs.start("perf", [*recording(data), "-p", pid])
        during()
        os.kill(perf.pid, signal.SIGINT)
        perf.wait_for_end(_PERF_END_MAX_S)
    name_methods(pid)
    return count(_script(data), "default-nio", event_loop_part)


def recording(data: Path) -> list[object]:
    return ["perf", "record", "-q", "-F", _SAMPLES_PER_S, "-e", "cpu-clock", "-g", "-o", data]


def name_methods(pid: int) -> None:
    """Tells perf where the JVM has put which method."""
    run("jcmd", pid, "Compiler.perfmap")


def start_parts(data: Path) -> Counter:
    """How many samples each part of what the main thread does got."""
    return count(_script(data), "java", start_part)


def _script(data: Path) -> str:
    return run("perf", "script", "-i", data, "-F", "comm,tid,ip,sym")


def count(script: str, thread: str, part: Callable[[list[str]], str]) -> Counter:
    """Samples of the threads whose name begins so."""
    counts: Counter = Counter()
    for stack in script.split("\n\n"):
        head, *frames = stack.strip("\n").split("\n")
        if head.strip().startswith(thread):
            counts[part([frame.strip().partition(" ")[2] for frame in frames])] += 1
    return counts


def event_loop_part(frames: list[str]) -> str:
    outer = _first_of_any(_KERNEL, frames)
    if outer:
        return outer
    for frame in frames:
        for name, rule in _JAVA:
            if re.search(rf"(^|\s){rule}", frame):
                return name
    return "the rest"


def start_part(frames: list[str]) -> str:
    return _first_of_any(_START, frames) or "the rest"


def _first_of_any(rules: tuple[tuple[str, str], ...], frames: list[str]) -> str:
    return next((name for name, rule in rules if any(re.search(rule, frame) for frame in frames)), "")
