"""The parts of the benchmark. Each starts what it needs and stops it again, so that none disturbs another."""

from collections.abc import Callable
from pathlib import Path

from benchmark import cold, fleet, machine, peers, scaling, start, streams, writes
from benchmark.contender import Contender
from benchmark.failures import Failures
from benchmark.profiles import Profile
from benchmark.rounds import Rounds
from benchmark.service import CONFIRMED, SINGLE, Instance, Service
from benchmark.streams import Peer
from proving import http, valkey
from proving.programs import Programs

# The page that the peers show when the service itself isn't measured.
_PAGE_ALONE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Saved String</title></head>'
    "<body><h1>The saved string is {}</h1></body></html>"
)
_VALUE = "the same for everybody"
_STREAMS = [100, 1_000, 5_000, 10_000, 18_000]
_MOVED = 10_000


class Parts:
    def __init__(
        self,
        directory: Path,
        profile: Profile,
        service: Service | None,
        say: Callable[[str], None],
        failures: Failures,
    ):
        self._directory = directory
        self._profile = profile
        self._service = service
        self._say = say
        self._failures = failures

    def peers(self) -> dict:
        with self._programs("peers") as programs:
            return self._rounds(self._start_peers(programs, http.Answer(200, _PAGE_ALONE.format(_VALUE).encode())))

    def throughput(self) -> dict:
        with self._programs("throughput") as programs:
            contenders = self._start_services(programs)
            answer = contenders[0].answer()
            contenders[1].expect_page(answer.body)
            return self._rounds(self._start_peers(programs, answer) + contenders)

    def start(self) -> dict:
        with self._programs("start") as programs:
            store = valkey.start(programs, wrap=machine.serving)
            return start.measure(self._service, programs, store, self._profile.starts, self._say)

    def writes(self) -> dict:
        with self._programs("writes") as programs:
            # Nothing loads this instance, so there is nothing to be kept apart from.
            store = valkey.start_replicated(programs, machine.serving)
            instance = self._start_confirmed(programs, store, machine.all_cores())
            return writes.measure(instance, self._profile.puts_warm_up, self._profile.puts, self._say)

    def scaling(self) -> dict:
        with self._programs("scaling") as programs:
            store = valkey.start(programs, wrap=machine.serving)
            contenders = [self._start_single(programs, store) for _ in scaling.INSTANCES]
            return scaling.measure(contenders, self._profile.scaling_rounds, self._profile.round_s, self._say)

    def cold(self) -> dict:
        with self._programs("cold") as programs:
            store = valkey.start_replicated(programs, machine.serving)
            return cold.measure(
                lambda: self._start_confirmed(programs, store),
                store,
                programs,
                self._profile.warm_up_requests,
                self._profile.cold_instances,
                self._profile.cold_s,
                self._say,
            )

    def streams(self) -> dict:
        starts: dict[str, Callable[[Programs], Instance | Peer]] = {
            CONFIRMED: self._start_with_replica,
            peers.NCHAN: peers.start_nchan,
            peers.WRITER: peers.start_writer,
        }
        return {"samples": {name: self._streams_of(name, start_one) for name, start_one in starts.items()}}

    def _streams_of(self, name: str, start_one: Callable[[Programs], Instance | Peer]) -> list[dict]:
        with self._programs("streams") as programs, self._failures.of(f"{name}, open streams"):
            puts = self._profile.puts_to_streams
            return streams.measure(name, start_one(programs), _STREAMS, puts, self._say, self._failures)
        return []

    def deploy(self) -> dict:
        with self._programs("deploy") as programs:
            store = valkey.start_replicated(programs, machine.serving)
            old, new = (self._start_confirmed(programs, store) for _ in range(2))
            return streams.measure_move(old, new, _MOVED, self._say)

    def fleet(self) -> list[dict]:
        with self._programs("fleet") as programs:
            return fleet.measure(programs, valkey.start_replicated(programs, machine.serving), self._say, self._failures)

    def _start_with_replica(self, programs: Programs) -> Instance:
        return self._start_confirmed(programs, valkey.start_replicated(programs, machine.serving))

    def _programs(self, part: str) -> Programs:
        return Programs(self._directory / part)

    def _rounds(self, contenders: list[Contender]) -> dict:
        return Rounds(self._profile.rounds, self._profile.round_s, self._say, self._failures).measure(contenders)

    def _start_peers(self, programs: Programs, answer: http.Answer) -> list[Contender]:
        store = valkey.start(programs, "valkey-of-peers", wrap=machine.serving)
        return peers.start_all(programs, store, peers.Page(answer.body, _VALUE), _VALUE, answer.headers, self._failures)

    def _start_services(self, programs: Programs) -> list[Contender]:
        replicated = valkey.start_replicated(programs, machine.serving)
        confirmed = self._start_confirmed(programs, replicated)
        confirmed.put(_VALUE)
        return [
            self._start_single(programs, valkey.start(programs, wrap=machine.serving)),
            confirmed.contender(CONFIRMED, replicated, self._profile.warm_up_requests),
        ]

    def _start_single(self, programs: Programs, store: valkey.Valkey) -> Contender:
        instance = self._service.start(programs, store)
        instance.wait_until_serving()
        instance.put(_VALUE)
        return instance.contender(SINGLE, store, self._profile.warm_up_requests)

    def _start_confirmed(
        self, programs: Programs, store: valkey.Valkey, cores: str = str(machine.SERVER_CORE)
    ) -> Instance:
        instance = self._service.start(programs, store, confirming_replicas=1, cores=cores)
        instance.wait_until_serving()
        return instance
