"""From the start of the process to its first answer, with the AOT cache, on all cores."""

import time
from collections.abc import Callable

from benchmark import machine
from benchmark.service import Service
from proving.programs import Programs
from proving.valkey import Valkey


def measure(
    service: Service, programs: Programs, valkey: Valkey, starts: int, say: Callable[[str], None]
) -> dict:
    seconds, cpu_seconds = [], []
    for number in range(starts):
        say(f"start {number + 1} of {starts}")
        begun = time.monotonic()
        instance = service.start(programs, valkey, cores=machine.all_cores())
        instance.wait_until_serving()
        seconds.append(time.monotonic() - begun)
        cpu_seconds.append(machine.cpu_s(instance.program))
        instance.program.stop()
    return {"seconds": seconds, "cpu_seconds": cpu_seconds}
