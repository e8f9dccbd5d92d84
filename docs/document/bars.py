"""Requests per second as bars, in the document's own type and colours."""

from html import escape

from document import benchmark
from document.tables import number

_WIDTH, _LABEL, _VALUE, _TOP, _BAR, _GROUP = 680, 196, 62, 24, 9, 27
_SCALE = _WIDTH - _LABEL - _VALUE
_SHADES = {"64": 1.0, "256": 0.55}


def svg() -> str:
    rates = {load: {row[f"{load} connections"]: number(row["requests/s"]) for row in benchmark.rows(load)}
             for load in benchmark.LOADS}
    most = max((rate for by_name in rates.values() for rate in by_name.values()), default=1)
    body = _legend()
    for place, name in enumerate(benchmark.CONTENDERS):
        top = _TOP + place * _GROUP
        weight = ' font-weight="bold"' if name.startswith("Saved") else ""
        body.append(f'<text x="{_LABEL - 10}" y="{top + _BAR + 4}" text-anchor="end"{weight}>{escape(name)}</text>')
        for line, load in enumerate(benchmark.LOADS):
            body.append(_bar(top + line * (_BAR + 1), rates[load].get(name), most, name, load))
    height = _TOP + _GROUP * len(benchmark.CONTENDERS)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}">',
        "<title>Requests per second of each server, at 64 and at 256 connections</title>",
        '<g font-family="Roboto" font-size="9.6" fill="#1B2733">',
        *body,
        "</g>",
        "</svg>\n",
    ])


def _legend() -> list[str]:
    parts = []
    for place, load in enumerate(benchmark.LOADS):
        left = _LABEL + place * 110
        parts.append(f'<rect x="{left}" y="4" width="9" height="9" fill="#0F5E75" fill-opacity="{_SHADES[load]}"/>')
        parts.append(f'<text x="{left + 14}" y="12" fill="#5B6B7A" font-size="9">{load} connections</text>')
    return parts


def _bar(top: float, rate: float | None, most: float, name: str, load: str) -> str:
    if rate is None:
        return f'<text x="{_LABEL}" y="{top + 8}" font-size="8.6">not measured</text>'
    colour = "#0F5E75" if name.startswith("Saved") else "#7A8794"
    width = rate / most * _SCALE
    return (
        f'<rect x="{_LABEL}" y="{top}" width="{width:.1f}" height="{_BAR}" fill="{colour}" '
        f'fill-opacity="{_SHADES[load]}"/>\n'
        f'<text x="{_LABEL + width + 6:.1f}" y="{top + 8}" font-size="8.6">{rate:,.0f}</text>'
    )
