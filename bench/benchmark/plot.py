"""Requests per second as bars in an SVG picture, each with the range of its rounds."""

from html import escape
from statistics import median

_WIDTH, _LABEL_WIDTH, _VALUE_WIDTH = 860, 260, 130
_BAR, _GAP, _TOP, _BOTTOM = 15, 14, 44, 16
_COLOURS = {"64": "#1f6feb", "256": "#8250df"}
_SCALE = _WIDTH - _LABEL_WIDTH - _VALUE_WIDTH


def throughput(samples: dict) -> str:
    """The samples by connections, then by contender."""
    names = list(next(iter(samples.values())))
    most = max(sample["requests_per_s"] for by_name in samples.values() for each in by_name.values() for sample in each)
    group = _BAR * len(samples) + _GAP
    height = _TOP + group * len(names) + _BOTTOM
    body = [_legend(list(samples))]
    for row, name in enumerate(names):
        top = _TOP + row * group
        middle = top + _BAR * len(samples) / 2 + 4
        body.append(f'<text x="{_LABEL_WIDTH - 10}" y="{middle:g}" text-anchor="end">{escape(name)}</text>')
        for line, (connections, by_name) in enumerate(samples.items()):
            rates = [sample["requests_per_s"] for sample in by_name[name]]
            body.append(_bar(top + line * _BAR, rates, most, _COLOURS.get(connections, "#57606a")))
    return _document(height, body)


def _legend(connections: list[str]) -> str:
    parts = [f'<text x="{_LABEL_WIDTH}" y="24" font-weight="bold">requests/s, median and range of the rounds</text>']
    for place, count in enumerate(connections):
        left = 10 + place * 125
        colour = _COLOURS.get(count, "#57606a")
        parts.append(f'<rect x="{left}" y="13" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{left + 17}" y="24">{count} connections</text>')
    return "\n".join(parts)


def _bar(top: float, rates: list[float], most: float, colour: str) -> str:
    low, middle, high = (_LABEL_WIDTH + rate / most * _SCALE for rate in (min(rates), median(rates), max(rates)))
    centre = top + (_BAR - 2) / 2
    width = middle - _LABEL_WIDTH
    return "\n".join(
        [
            f'<rect x="{_LABEL_WIDTH}" y="{top:g}" width="{width:.1f}" height="{_BAR - 2}" fill="{colour}"/>',
            f'<line x1="{low:.1f}" y1="{centre:g}" x2="{high:.1f}" y2="{centre:g}" stroke="#24292f" stroke-width="2"/>',
            f'<text x="{high + 8:.1f}" y="{top + 11:g}">{median(rates):,.0f}</text>',
        ]
    )


def _document(height: int, body: list[str]) -> str:
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" role="img" '
            'font-family="sans-serif" font-size="12" fill="#24292f">',
            "<title>Requests per second of each server</title>",
            f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
            *body,
            "</svg>\n",
        ]
    )
