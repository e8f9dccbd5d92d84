"""Requests per second as bars in an SVG picture, each with the range of its rounds."""

from html import escape

_WIDTH, _LABEL, _VALUE, _TOP, _BAR, _GROUP = 680, 196, 62, 24, 9, 27
_SCALE = _WIDTH - _LABEL - _VALUE
_SHADES = (1.0, 0.55)
_OWN, _OTHERS, _INK, _GREY = "#0F5E75", "#7A8794", "#1B2733", "#5B6B7A"


def throughput(rows: list[dict]) -> str:
    """The rows of the results: one for each contender at each number of connections, with a browser's requests if so measured."""
    shown = "browser" if any(row["requests"] == "browser" for row in rows) else "bare"
    rows = [row for row in rows if row["requests"] == shown]
    loads = list(dict.fromkeys(row["connections"] for row in rows))
    names = list(dict.fromkeys(row["contender"] for row in rows))
    most = max((row["requests_per_s"]["max"] for row in rows), default=1)
    body = _legend(loads)
    for place, name in enumerate(names):
        top = _TOP + place * _GROUP
        weight = ' font-weight="bold"' if _is_own(name) else ""
        body.append(f'<text x="{_LABEL - 10}" y="{top + _BAR + 4}" text-anchor="end"{weight}>{escape(name)}</text>')
    for row in rows:
        line = loads.index(row["connections"])
        top = _TOP + names.index(row["contender"]) * _GROUP + line * (_BAR + 1)
        body.append(_bar(top, row, most, _SHADES[line]))
    return _document(_TOP + _GROUP * len(names), body)


def _is_own(name: str) -> bool:
    return name.startswith("Saved String")


def _legend(loads: list[int]) -> list[str]:
    parts = []
    for place, load in enumerate(loads):
        left = _LABEL + place * 110
        parts.append(f'<rect x="{left}" y="4" width="9" height="9" fill="{_OWN}" fill-opacity="{_SHADES[place]}"/>')
        parts.append(f'<text x="{left + 14}" y="12" fill="{_GREY}" font-size="9">{load} connections</text>')
    said = "requests/s: median and range of the rounds"
    parts.append(f'<text x="{_WIDTH}" y="12" fill="{_GREY}" font-size="9" text-anchor="end">{said}</text>')
    return parts


def _bar(top: float, row: dict, most: float, shade: float) -> str:
    rate = row["requests_per_s"]
    low, middle, high = (_LABEL + rate[key] / most * _SCALE for key in ("min", "median", "max"))
    colour = _OWN if _is_own(row["contender"]) else _OTHERS
    centre = top + _BAR / 2
    return "\n".join([
        f'<rect x="{_LABEL}" y="{top}" width="{middle - _LABEL:.1f}" height="{_BAR}" fill="{colour}" '
        f'fill-opacity="{shade}"/>',
        f'<line x1="{low:.1f}" y1="{centre:g}" x2="{high:.1f}" y2="{centre:g}" stroke="{_INK}" stroke-width="1.2"/>',
        f'<text x="{high + 6:.1f}" y="{top + 8}" font-size="8.6">{rate["median"]:,.0f}</text>',
    ])


def _document(height: int, body: list[str]) -> str:
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}">',
        "<title>Requests per second of each server</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#FFFFFF"/>',
        f'<g font-family="Roboto, sans-serif" font-size="9.6" fill="{_INK}">',
        *body,
        "</g>",
        "</svg>\n",
    ])
