"""The parts of the benchmark. Each starts what it needs and stops it again, so that none disturbs another."""

from collections.abc import Callable
from pathlib import Path

from benchmark import http, machine, peers, rounds, scaling, start, streams, valkey, writes
from benchmark.contender import Contender
from benchmark.processes import Processes
from benchmark.profiles import Profile
from benchmark.service import CONFIRMED, SINGLE, Instance, Service

# The page that the peers show when the service itself isn't measured.
_PAGE_ALONE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Saved String</title></head>'
    "<body><h1>The saved string is {}</h1></body></html>"
)
_VALUE = "the same for everybody"
_STREAMS = [100, 1_000, 5_000]


class Parts:
    def __init__(self, directory: Path, profile: Profile, service: Service | None, say: Callable[[str], None]):
        self._directory = directory
        self._profile = profile
        self._service = service
        self._say = say

    def peers(self) -> dict:
        with self._processes("peers") as processes:
            return self._rounds(self._start_peers(processes, http.Answer(200, _PAGE_ALONE.format(_VALUE).encode())))

    def throughput(self) -> dict:
        with self._processes("throughput") as processes:
            contenders = self._start_services(processes)
            answer = http.answer(contenders[0].port)
            contenders[1].expect_page(answer.body)
            return self._rounds(self._start_peers(processes, answer) + contenders)

    def start(self) -> dict:
        with self._processes("start") as processes:
            store = valkey.start_single(processes)
            return start.measure(self._service, processes, store, self._profile.starts, self._say)

    def writes(self) -> dict:
        with self._processes("writes") as processes:
            # Nothing loads this instance, so there is nothing to be kept apart from.
            instance = self._start_confirmed(processes, valkey.start_replicated(processes), machine.all_cores())
            return writes.measure(instance, self._profile.puts_warm_up, self._profile.puts, self._say)

    def scaling(self) -> dict:
        with self._processes("scaling") as processes:
            store = valkey.start_single(processes)
            contenders = [self._start_single(processes, store) for _ in scaling.INSTANCES]
            return scaling.measure(contenders, self._profile.scaling_rounds, self._profile.round_s, self._say)

    def streams(self) -> list[dict]:
        with self._processes("streams") as processes:
            instance = self._start_confirmed(processes, valkey.start_replicated(processes))
            return streams.measure(instance, _STREAMS, self._profile.puts_to_streams, self._say)

    def _processes(self, part: str) -> Processes:
        return Processes(self._directory / part)

    def _rounds(self, contenders: list[Contender]) -> dict:
        return rounds.measure(contenders, self._profile.rounds, self._profile.round_s, self._say)

    def _start_peers(self, processes: Processes, answer: http.Answer) -> list[Contender]:
        store = valkey.start_single(processes, "valkey-of-peers")
        return peers.start_all(processes, store, peers.Page(answer.body, _VALUE), _VALUE, answer.headers)

    def _start_services(self, processes: Processes) -> list[Contender]:
        replicated = valkey.start_replicated(processes)
        confirmed = self._start_confirmed(processes, replicated)
        confirmed.put(_VALUE)
        return [
            self._start_single(processes, valkey.start_single(processes)),
            confirmed.contender(CONFIRMED, replicated, self._profile.warm_up_requests),
        ]

    def _start_single(self, processes: Processes, store: valkey.Valkey) -> Contender:
        instance = self._service.start(processes, store)
        instance.wait_until_serving()
        instance.put(_VALUE)
        return instance.contender(SINGLE, store, self._profile.warm_up_requests)

    def _start_confirmed(
        self, processes: Processes, store: valkey.Valkey, cores: str = str(machine.SERVER_CORE)
    ) -> Instance:
        instance = self._service.start(processes, store, confirming_replicas=1, cores=cores)
        instance.wait_until_serving()
        return instance
