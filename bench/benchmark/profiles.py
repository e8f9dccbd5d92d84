"""How long and how often each part is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    name: str
    rounds: int
    round_s: int
    warm_up_requests: int
    starts: int
    puts_warm_up: int
    puts: int
    scaling_rounds: int
    puts_to_streams: int
    cold_instances: int
    cold_s: int


QUICK = Profile(
    name="quick",
    rounds=2,
    round_s=1,
    warm_up_requests=100_000,
    starts=3,
    puts_warm_up=300,
    puts=300,
    scaling_rounds=1,
    puts_to_streams=3,
    cold_instances=1,
    cold_s=3,
)

DEFAULT = Profile(
    name="default",
    rounds=5,
    round_s=3,
    warm_up_requests=500_000,
    starts=9,
    puts_warm_up=5_000,
    puts=1_000,
    scaling_rounds=3,
    puts_to_streams=9,
    cold_instances=3,
    cold_s=10,
)
