"""Figures of docs/faults.md: what each fault did."""

from document import sources
from document.tables import Row, number, table

PAGE = "docs/faults.md"
NONE = "none"
ROLLOUT = "all three instances replaced"


def is_measured() -> bool:
    return bool(rows())


def rows() -> list[Row]:
    """What isn't a fault comes first, to compare with."""
    page = sources.REPOSITORY / PAGE
    found = table(page.read_text(encoding="utf-8"), "fault") if page.exists() else []
    order = {NONE: 0, ROLLOUT: 1}
    return sorted(found, key=lambda row: order.get(row["fault"], 2))


def figures() -> dict[str, str | None]:
    measured = rows()
    faults = [row for row in measured if row["fault"] not in (NONE, ROLLOUT)]
    rollout = next((row for row in measured if row["fault"] == ROLLOUT), None)
    return {
        "faults-count": f"{len(faults)}" if faults else None,
        "faults-operations": _total(faults, "requests"),
        "faults-lost": _total(measured, "lost without a word"),
        "faults-violations": _total(measured, "wrong answers"),
        "rollout-operations": rollout and rollout["requests"],
    }


def _total(measured: list[Row], column: str) -> str | None:
    return f"{sum(number(row[column]) for row in measured):,.0f}" if measured else None
