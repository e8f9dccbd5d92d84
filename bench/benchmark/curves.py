"""What grows with the number of instances, as curves in an SVG picture, on axes that grow tenfold."""

import math
from collections.abc import Iterator
from html import escape

PANELS = {"batches_per_s": "batches/s", "write_p50_ms": "write, p50 ms", "read_p50_ms": "read, p50 ms"}
_WIDTH, _HEIGHT, _LEFT, _TOP, _PANEL, _GAP, _BOTTOM = 680, 232, 34, 36, 180, 38, 28
_COLOURS = {0: "#7A8794", 20: "#0F5E75"}
_INK, _GREY = "#1B2733", "#5B6B7A"


def fleet(rows: list[dict]) -> str:
    """The rows of the results: one for each number of instances, with and without reads that gather longer."""
    body = []
    for place, (key, name) in enumerate(PANELS.items() if rows else ()):
        body += _panel(_LEFT + place * (_PANEL + _GAP), key, name, rows)
    return _document(body)


def _panel(left: int, key: str, name: str, rows: list[dict]) -> Iterator[str]:
    across = _Scale([row["instances"] for row in rows], left, left + _PANEL)
    up = _Scale([row[key] for row in rows], _HEIGHT - _BOTTOM, _TOP)
    yield f'<text x="{left}" y="{_TOP - 10}" font-weight="bold">{escape(name)}</text>'
    for value in up.decades():
        at = up(value)
        yield f'<line x1="{left}" y1="{at:.1f}" x2="{left + _PANEL}" y2="{at:.1f}" stroke="#E3E8EC"/>'
        yield f'<text x="{left - 4}" y="{at + 3:.1f}" text-anchor="end" font-size="8" fill="{_GREY}">{_short(value)}</text>'
    for value in sorted({row["instances"] for row in rows}):
        at = across(value)
        label = _HEIGHT - _BOTTOM + 13
        yield f'<text x="{at:.1f}" y="{label}" text-anchor="middle" font-size="8" fill="{_GREY}">{value}</text>'
    for gathering_ms, colour in _COLOURS.items():
        own = [row for row in rows if row["gathering_ms"] == gathering_ms]
        points = " ".join(f"{across(row['instances']):.1f},{up(row[key]):.1f}" for row in own)
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.8"/>'


def _short(value: float) -> str:
    return f"{value / 1000:g}k" if value >= 1000 else f"{value:g}"


class _Scale:
    def __init__(self, values: list[float], begin: float, end: float):
        logs = [math.log10(value) for value in values if value > 0] or [0.0]
        self._low, self._high = math.floor(min(logs)), max(math.ceil(max(logs)), math.floor(min(logs)) + 1)
        self._begin, self._end = begin, end

    def __call__(self, value: float) -> float:
        share = (math.log10(max(value, 10**self._low)) - self._low) / (self._high - self._low)
        return self._begin + share * (self._end - self._begin)

    def decades(self) -> list[float]:
        return [10.0**power for power in range(self._low, self._high + 1)]


def _document(body: list[str]) -> str:
    legend = {0: "each batch at once", 20: "reads gather while answers are slow"}
    entries = []
    for place, (gathering_ms, text) in enumerate(legend.items()):
        left = _LEFT + place * 150
        entries.append(f'<rect x="{left}" y="4" width="9" height="9" fill="{_COLOURS[gathering_ms]}"/>')
        entries.append(f'<text x="{left + 14}" y="12" fill="{_GREY}" font-size="9">{text}</text>')
    across = f'<text x="{_WIDTH / 2:g}" y="{_HEIGHT - 3}" text-anchor="middle" fill="{_GREY}" font-size="9">instances</text>'
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}">',
        "<title>What one primary bears, by the number of instances</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#FFFFFF"/>',
        f'<g font-family="Roboto, sans-serif" font-size="9.6" fill="{_INK}">',
        *entries,
        *body,
        across,
        "</g>",
        "</svg>\n",
    ])
