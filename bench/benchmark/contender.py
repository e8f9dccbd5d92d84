"""One server under load: what is common to the service and its peers."""

from collections.abc import Mapping
from dataclasses import dataclass

from proving import http
from proving.programs import Program
from proving.valkey import Valkey


@dataclass(frozen=True)
class Contender:
    """The commands are those that it sends to Valkey itself; what a script runs inside is left out."""

    name: str
    port: int
    program: Program
    valkey: Valkey | None = None
    path: str = "/"
    commands: tuple[str, ...] = ()
    warm_up_requests: int = 1
    answers_head: bool = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    def answer(self, headers: Mapping[str, str] | None = None) -> http.Answer:
        answered = http.ask(self.port, http.request(path=self.path, headers=headers))
        if answered.status != 200:
            raise RuntimeError(f"{self.name} answers {answered.status} (expected: 200)")
        return answered

    def expect_page(self, page: bytes) -> None:
        answered = self.answer().body
        if answered != page:
            raise RuntimeError(f"{self.name} answers {answered!r} (expected: {page!r})")
