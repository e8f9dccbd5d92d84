"""Looks at the pages as pictures."""

import subprocess

EMPTY_MAX = 1 / 7
# In points, without the running heads and the page's number.
_TOP, _BOTTOM = 50, 792
_PAPER = 200


def report(pdf: bytes) -> list[str]:
    """What to look at: pages that end far too early."""
    return [
        f"page {number} is {empty:.0%} empty at its end: move a figure or a paragraph"
        for number, empty in enumerate(map(empty_part, pictures(pdf)), 1)
        if empty > EMPTY_MAX
    ]


def pictures(pdf: bytes) -> list[list[bytes]]:
    """The rows of each page, in grey, a point each."""
    command = ["pdftoppm", "-r", "72", "-gray", "-"]
    rest = subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=120).stdout
    pages = []
    while rest:
        _, size, _, rest = rest.split(b"\n", 3)
        width, height = map(int, size.split())
        pages.append([rest[row * width : (row + 1) * width] for row in range(height)])
        rest = rest[width * height :]
    return pages


def empty_part(rows: list[bytes]) -> float:
    printed = [number for number in range(_TOP, _BOTTOM) if min(rows[number]) < _PAPER]
    return (_BOTTOM - max(printed, default=_TOP)) / (_BOTTOM - _TOP)
