"""What could not be measured, and why: one row that fails keeps nobody else from being measured."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_EXPECTED = (RuntimeError, AssertionError, OSError, ValueError, LookupError)


class Failures:
    def __init__(self, say: Callable[[str], None]):
        self.rows: list[dict[str, str]] = []
        self._say = say

    @contextmanager
    def of(self, row: str) -> Iterator[None]:
        """Whatever fails inside is this row's failure, and no more than that."""
        try:
            yield
        except _EXPECTED as failure:
            lines = str(failure).strip().splitlines() or [type(failure).__name__]
            self.rows.append({"row": row, "why": lines[0]})
            self._say(f"FAILED {row}: {failure}")
