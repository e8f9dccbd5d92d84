"""One server under load: what is common to the service and its peers."""

from dataclasses import dataclass

from benchmark import http
from benchmark.processes import Process
from benchmark.valkey import Valkey


@dataclass(frozen=True)
class Contender:
    """The commands are those that it sends to Valkey itself; what a script runs inside is left out."""

    name: str
    port: int
    process: Process
    valkey: Valkey | None = None
    path: str = "/"
    commands: tuple[str, ...] = ()
    warm_up_requests: int = 1

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    def expect_page(self, page: bytes) -> None:
        answered = http.page(self.port, self.path)
        if answered != page:
            raise RuntimeError(f"{self.name} answers {answered!r} (expected: {page!r})")
