"""Puts the results into a text between two markers."""

BEGIN = "<!-- results: written by bench/run --write -->"
END = "<!-- end of results -->"


def with_results(text: str, results: str) -> str:
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"markers not found (expected: {BEGIN} and then {END})")
    return f"{before}{BEGIN}\n{results.strip()}\n{END}{after}"
