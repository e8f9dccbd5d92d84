"""What one more instance costs: they share one core here, so it shows in the cost of a request, not in the sum."""

from collections.abc import Callable

from benchmark import wrk
from benchmark.contender import Contender
from benchmark.figures import rotated
from benchmark.requests import BROWSER
from benchmark.rounds import figures, usage, warm_up

CONNECTIONS_EACH = 64
INSTANCES = (1, 2, 3)


def measure(contenders: list[Contender], rounds: int, duration_s: int, say: Callable[[str], None]) -> dict:
    for contender in contenders:
        warm_up(contender, say)
    samples: dict = {str(count): [] for count in INSTANCES}
    for number in range(rounds):
        say(f"1, 2 and 3 instances, round {number + 1} of {rounds}")
        for count in rotated(list(INSTANCES), number):
            samples[str(count)].append(_sample(rotated(contenders, number)[:count], duration_s))
    return {"samples": samples}


def _sample(contenders: list[Contender], duration_s: int) -> dict:
    before = usage(contenders)
    load = wrk.run([contender.url for contender in contenders], CONNECTIONS_EACH, duration_s, BROWSER)
    after = usage(contenders)
    wrk.expect_no_errors(load, f"{len(contenders)} instances")
    return figures(load, before, after, contenders[0].commands)
