"""python3 -m benchmark.page: writes the page and the plots from results.json, as bench/run --write does at its end."""

from pathlib import Path

from benchmark import curves, plot, results, tables

BEGIN = "<!-- results: made from results.json -->"
END = "<!-- end of results -->"

_HERE = Path(__file__).parents[1]
PAGE = _HERE / "README.md"
PLOT = _HERE / "throughput.svg"
FLEET_PLOT = _HERE / "fleet.svg"


def write(shown: dict) -> None:
    PAGE.write_text(with_results(PAGE.read_text(encoding="utf-8"), tables.render(shown)), encoding="utf-8")
    PLOT.write_text(plot.throughput(shown.get("throughput", [])), encoding="utf-8")
    FLEET_PLOT.write_text(curves.fleet(shown.get("fleet", [])), encoding="utf-8")


def with_results(text: str, rendered: str) -> str:
    """Changes only what stands between the two markers."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"markers not found (expected: {BEGIN} and then {END})")
    return f"{before}{BEGIN}\n{rendered.strip()}\n{END}{after}"


if __name__ == "__main__":
    write(results.load())
