"""Scales: from values to places in a drawing, with ticks at round values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_LEAST_SPAN: Final = 1e-9
"""What part of its largest value a scale spans at least: numbers have some sixteen digits."""
_LEAST: Final = 1e-290
"""What it spans at least, whatever its values: smaller numbers have fewer digits."""


@dataclass(frozen=True)
class Scale:
    """A linear scale from the values `low` to `high` to the places `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the place of a value."""
        return round(self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start), 1)


@dataclass(frozen=True)
class Tick:
    """A mark on a scale: its place and its text."""

    place: float
    text: str


def steps(low: float, high: float, about: int) -> list[float]:
    """Return about so many round values from `low` to `high`, whose distance is 1, 2 or 5 times a power of ten.

    >>> steps(0, 10, 5), steps(0.1, 0.9, 4)
    ([0.0, 2.0, 4.0, 6.0, 8.0, 10.0], [0.2, 0.4, 0.6, 0.8])
    """
    if high <= low:
        return [low]
    raw = (high - low) / max(about, 1)
    power = math.floor(math.log10(raw))
    times = next(one for one in (1, 2, 5, 10) if one * 10.0**power >= raw * (1 - 1e-9))
    step = times * 10.0**power
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    digits = max(0, -power + 1)
    return [round(one * step, digits) + 0.0 for one in range(first, last + 1)]


def scale_of(values: list[float], start: float, end: float, *, from_zero: bool = False) -> Scale:
    """Return a scale that holds all values, with zero if it should."""
    low, high = min(values), max(values)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    size = max(abs(low), abs(high))
    if high - low <= max(size * _LEAST_SPAN, _LEAST):
        # Values that a drawing cannot tell apart; around a large one, a whole number more is the same number.
        space = max(0.5, size * _LEAST_SPAN)
        low, high = (min(low, 0.0), high + 2 * space) if from_zero else (low - space, high + space)
    return Scale(low, high, start, end)


def padded(scale: Scale, part: float = 0.04) -> Scale:
    """Return a scale with some space at both ends."""
    space = (scale.high - scale.low) * part
    return Scale(scale.low - space, scale.high + space, scale.start, scale.end)


def number_ticks(scale: Scale, about: int = 6) -> list[Tick]:
    """Return the ticks of a scale of numbers."""
    return [Tick(scale.at(one), written(one)) for one in steps(scale.low, scale.high, about)]


def year_ticks(scale: Scale, about: int = 8) -> list[Tick]:
    """Return the ticks of a scale of moments, in years: at years, or at months where there are few."""
    span = scale.high - scale.low
    if span >= about / 3:
        years = [one for one in steps(scale.low, scale.high, about) if one == int(one)]
        return [Tick(scale.at(one), str(int(one))) for one in years]
    step = next((one for one in (1, 2, 3, 6) if span * 12 / one <= about), 6)
    first, last = math.ceil(scale.low * 12 / step), math.floor(scale.high * 12 / step)
    months = [one * step for one in range(first, last + 1)]
    return [Tick(scale.at(one / 12), f"{MONTHS[one % 12]} {one // 12}") for one in months]


def written(number: float) -> str:
    """Return a number as people write it.

    >>> written(1200.0), written(0.25), written(-3.0)
    ('1,200', '0.25', '-3')
    """
    return f"{number:,.0f}" if number == int(number) and abs(number) < 1e15 else f"{number:,.4g}"
