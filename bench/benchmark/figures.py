"""What is made of the raw samples: medians, ranges, percentiles and ratios."""

import math
from statistics import median


def percentile(values: list[float], percent: float) -> float:
    """The nearest-rank percentile: always a value that was measured."""
    if not values or not 0 < percent <= 100:
        raise ValueError(f"percentile: {percent} of {len(values)} values (expected: above 0 to 100, of 1 or more)")
    return sorted(values)[math.ceil(percent / 100 * len(values)) - 1]


def ratio(of: list[float], to: list[float]) -> float:
    """The median of the ratios taken within the same round, so that a slow moment of the machine hits both sides."""
    return median(ratios(of, to))


def ratios(of: list[float], to: list[float]) -> list[float]:
    return [ours / theirs for ours, theirs in zip(of, to, strict=True)]


def rotated(items: list, by: int) -> list:
    """The items in the same order, beginning with another one each round, so that nobody always goes first."""
    start = by % len(items)
    return items[start:] + items[:start]
