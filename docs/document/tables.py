"""Reads the tables of Markdown pages."""

from collections.abc import Iterator

Row = dict[str, str]


def tables(markdown: str) -> Iterator[tuple[list[str], list[Row]]]:
    """The head and the rows of each table, the cells by the names in its head."""
    block: list[list[str]] = []
    for line in [*markdown.splitlines(), ""]:
        if line.startswith("|"):
            block.append([cell.strip() for cell in line.strip().strip("|").split("|")])
        elif block:
            head, _, *rows = block
            yield head, [dict(zip(head, row, strict=True)) for row in rows]
            block = []


def table(markdown: str, first_column: str) -> list[Row]:
    """The rows of the table that begins with this column; none if there is no such table."""
    return next((rows for head, rows in tables(markdown) if head[0] == first_column), [])


def number(cell: str) -> float:
    return float(cell.replace(",", "").split()[0])
