"""Command line that shows where the time or the memory of one figure goes, by share."""

import argparse
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean, median

from benchmark import machine, memory, peers, replication, requests, sampling, scheduling, starting, wrk
from benchmark.contender import Contender
from benchmark.readers import Readers
from benchmark.rounds import warm_up
from benchmark.service import CONFIRMED, Instance, Service
from benchmark.streams import REQUEST, allow_files
from benchmark.writes import timed_put
from proving import http, valkey
from proving.programs import Programs

_OUTPUT = Path(__file__).parents[2] / "target" / "bench"
_WARM_UP_REQUESTS = 500_000
_READS_S = 10
_TAIL_ROUNDS = 4
_TAIL_CONNECTIONS = 256
_STREAMS = 5_000
_FILES_BESIDES = 200
_PUTS_TO_STREAMS = 100
_PUTS_WARM_UP = 5_000
_PUTS = 1_000
_COLD_S = 10
# TrimNativeHeapInterval in jvm.options.
_TRIMMED_AFTER_S = 11
_COLD_PER_S = 20_000


class Shares:
    """Each figure starts an instance of its own, on the core of the server, beside a Valkey with a replica."""

    def __init__(self, programs: Programs, service: Service):
        self._programs = programs
        self._service = service
        self._store = valkey.start_replicated(programs, machine.serving)

    def reads(self) -> None:
        """A browser's requests over 64 connections, beside nginx with a constant."""
        instance = self._start(*sampling.JVM_OPTIONS)
        contender = self._warmed_up(instance)
        self._sampled(instance, lambda: _load(contender))
        constant = self._constant(contender)
        _load(constant)
        for each in (contender, constant):
            _table(f"{each.name}, without perf", "µs for each request", _user_and_system_us(each), "{:.1f}")

    def tail(self) -> None:
        """A browser's requests over 256 connections: for what the slowest hundredth waits."""
        instance = self._start()
        contender = self._warmed_up(instance)
        constant = self._constant(contender)
        replica = self._store.programs[1].pids()[0]
        print("\n| | requests/s | p50 ms | p99 ms | slowest ms |\n| --- | ---: | ---: | ---: | ---: |")
        for _ in range(_TAIL_ROUNDS):
            for how, at_once in (("as it is", False), ("the replica's link sends at once", True)):
                replication.send_at_once(replica, self._store.port, at_once)
                _latencies(how, contender)
            _latencies(constant.name, constant)
        before = scheduling.by_name(instance.program.pid)
        _load(contender, _TAIL_CONNECTIONS)
        used = scheduling.by_name(instance.program.pid) - before
        _table("on the core", "ms a second", {name: ms / _READS_S for name, ms in used.items()}, "{:.1f}")

    def fan_out(self) -> None:
        """PUTs, each of which is an event to 5,000 open pages; after as many for warmth."""
        instance = self._start(*sampling.JVM_OPTIONS)
        allow_files(_STREAMS + _FILES_BESIDES)
        instance.put("before the streams")
        readers = Readers(instance.port, REQUEST)
        readers.open_up_to(_STREAMS, b"before the streams")
        load = lambda: _change(instance, readers, _PUTS_TO_STREAMS)  # noqa: E731
        load()
        self._sampled(instance, load)
        before = Counter(machine.user_and_system_s(instance.program))
        taken_ms = load()
        used = Counter(machine.user_and_system_s(instance.program)) - before
        events = _PUTS_TO_STREAMS * _STREAMS
        print(f"\nPUT's start to the last event: {median(taken_ms):.0f} ms ({min(taken_ms):.0f}–{max(taken_ms):.0f})")
        _table("without perf", "µs for each event", {name: s * 1e6 / events for name, s in used.items()}, "{:.1f}")
        readers.close()

    def puts(self) -> None:
        """PUTs one after the other, warm, on all cores: for what the slowest hundredth waits."""
        instance = self._start(cores=machine.all_cores())
        taken = []
        with http.Connection(instance.port) as connection:
            for number in range(_PUTS_WARM_UP + _PUTS):
                before = self._times(instance)
                took_ms = timed_put(connection, instance, f"string {number}")
                taken.append((took_ms, self._times(instance) - before))
        ordered = sorted(taken[-_PUTS:], key=lambda put: put[0])
        for name, some in {"all": ordered, "the slowest hundredth": ordered[-_PUTS // 100 :]}.items():
            took_ms = mean(took for took, _ in some)
            parts = {part: mean(times[part] for _, times in some) for part in self._times(instance)}
            _table(f"{name}, {took_ms:.2f} ms each", "ms, threads at the same time counted each", parts, "{:.2f}")

    def start(self) -> None:
        """Until the first 200, on all cores."""
        log = self._programs.directory / "classes.log"
        log.unlink(missing_ok=True)
        instance = self._start(f"-Xlog:class+init:file={log}:uptimenanos", cores=machine.all_cores())
        _table("on a core until the first 200", "ms", scheduling.by_name(instance.program.pid), "{:.0f}")
        _table("until", "ms", starting.phases(log.read_text(encoding="utf-8")), "{:.0f}")
        instance.program.stop()
        data = self._programs.directory / "start.data"
        sampled = self._start(cores=machine.all_cores(), under=sampling.recording(data)).program
        sampling.name_methods(next(pid for pid in sampled.pids() if machine.command(pid) == "java"))
        sampled.stop()
        counts = sampling.start_parts(data)
        _table("of the main thread's time on a core", "%", _shares(counts), "{:.1f}")

    def cold(self) -> None:
        """Seconds of a new instance that is asked by 256 connections: what its threads do with the core."""
        instance = self._start()
        asked = requests.paced(_COLD_PER_S, 256)
        print("\n| second | requests/s | p99 ms | event loops: ms on the core | compiler | the rest |")
        print("| ---: | ---: | ---: | ---: | ---: | ---: |")
        for second in range(_COLD_S):
            before = scheduling.by_name(instance.program.pid)
            load = wrk.run([f"http://127.0.0.1:{instance.port}/"], 256, 1, asked)
            used = scheduling.by_name(instance.program.pid) - before
            loops, compiler = (_sum(used, name) for name in (("default-nio", "store-nio"), ("C1 ", "C2 ")))
            rest = used.total() - loops - compiler
            figures = f"{loops:.0f} | {compiler:.0f} | {rest:.0f}"
            print(f"| {second + 1} | {load.requests_per_s:,.0f} | {load.p99_ms:.1f} | {figures} |")

    def memory(self) -> None:
        """Resident after load."""
        instance = self._start("-XX:NativeMemoryTracking=summary")
        self._warmed_up(instance)
        time.sleep(_TRIMMED_AFTER_S)
        pid = instance.program.pid
        _table("resident", "MiB", memory.mapped(pid), "{:.1f}")
        _table("of it asked for by the JVM", "MiB", memory.tracked(pid), "{:.1f}")

    def _start(
        self, *options: str, cores: str = str(machine.SERVER_CORE), under: Sequence[object] = ()
    ) -> Instance:
        instance = self._service.start(self._programs, self._store, 1, cores, options, under)
        instance.wait_until_serving()
        return instance

    def _warmed_up(self, instance: Instance) -> Contender:
        contender = instance.contender(CONFIRMED, self._store, _WARM_UP_REQUESTS)
        warm_up(contender, _say)
        return contender

    def _constant(self, contender: Contender) -> Contender:
        """nginx with the very same answer."""
        answer = contender.answer()
        return peers.start_constant(self._programs, answer.body, peers.nginx_headers(answer.headers))

    def _times(self, instance: Instance) -> Counter:
        """What all threads did that a PUT may wait for."""
        return scheduling.running_and_waiting(
            {
                "instance": [instance.program.pid],
                "Valkey and replica": [pid for program in self._store.programs for pid in program.pids()],
                "client": [os.getpid()],
            }
        )

    def _sampled(self, instance: Instance, load: Callable[[], object]) -> None:
        counts = sampling.parts(self._programs.directory, instance.program.pid, load)
        _table("of the event loops' time on the core", "%", _shares(counts), "{:.1f}")


def _load(contender: Contender, connections: int = 64) -> wrk.Load:
    return wrk.run([contender.url], connections, _READS_S, requests.BROWSER)


def _latencies(how: str, contender: Contender) -> None:
    load = _load(contender, _TAIL_CONNECTIONS)
    print(f"| {how} | {load.requests_per_s:,.0f} | {load.p50_ms:.1f} | {load.p99_ms:.1f} | {load.max_ms:.0f} |", flush=True)


def _user_and_system_us(contender: Contender) -> dict[str, float]:
    before = Counter(machine.user_and_system_s(contender.program))
    load = _load(contender)
    used = Counter(machine.user_and_system_s(contender.program)) - before
    return {name: seconds * 1e6 / load.requests for name, seconds in used.items()}


def _change(instance: Instance, readers: Readers, times: int) -> list[float]:
    """Milliseconds from the start of each PUT until all readers have it."""
    taken_ms = []
    for number in range(times):
        begun = time.time()
        instance.put(f"to all, number {number}.")
        taken_ms.append((readers.wait_for(f"to all, number {number}.".encode()) - begun) * 1000)
    return taken_ms


def _sum(used: Counter, names: tuple[str, ...]) -> float:
    return sum(ms for name, ms in used.items() if name.startswith(names))


def _shares(counts: Counter) -> dict[str, float]:
    return {part: count / counts.total() * 100 for part, count in counts.items()}


def _table(head: str, unit: str, parts: dict, shape: str) -> None:
    """The largest first; what is too small to be seen is left out."""
    print(f"\n| {head} | {unit} |\n| --- | ---: |")
    for name, amount in sorted(parts.items(), key=lambda part: -part[1]):
        if re.search("[1-9]", shape.format(amount)):
            print(f"| {name} | {shape.format(amount)} |")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    figures = {"reads": Shares.reads, "tail": Shares.tail, "fan-out": Shares.fan_out, "puts": Shares.puts}
    figures |= {"start": Shares.start, "cold": Shares.cold, "memory": Shares.memory}
    parser = argparse.ArgumentParser(prog="bench/shares", description="Where the time or the memory of a figure goes.")
    parser.add_argument("figure", choices=figures)
    figure = figures[parser.parse_args().figure]
    machine.use_load_core()
    service = Service(_OUTPUT)
    _say("training the AOT cache")
    service.prepare()
    with Programs(_OUTPUT / "shares") as programs:
        begun = time.monotonic()
        print(f"{figure.__doc__} ({time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())})")
        figure(Shares(programs, service))
        _say(f"{time.monotonic() - begun:.0f} s")


main()
