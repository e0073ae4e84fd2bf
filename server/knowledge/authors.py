"""The order of the authors of a work, as far as the notes of the edges to them tell it: "Second of four authors."."""

from __future__ import annotations

import re
from typing import Final

UNKNOWN: Final = 1000
"""The place of an author of whom it is only known that they are one."""
_END: Final = 2000

_UNITS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS: Final = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"),
    *("sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
_NUMBERS: Final = (
    {word: number for number, word in enumerate([*_UNITS, *_TEENS], 1)}
    | _TENS
    | {f"{tens}-{unit}": number + place for tens, number in _TENS.items() for place, unit in enumerate(_UNITS, 1)}
)
_IRREGULAR: Final = dict(
    zip(
        ("one", "two", "three", "five", "eight", "nine", "twelve"),
        ("first", "second", "third", "fifth", "eighth", "ninth", "twelfth"),
        strict=True,
    )
)


def _ordinal(word: str) -> str:
    front, hyphen, last = word.rpartition("-")
    return front + hyphen + (_IRREGULAR.get(last) or re.sub("y$", "ie", last) + "th")


_ORDINALS: Final = {_ordinal(word): number for word, number in _NUMBERS.items()}
# The longest first, so that `twenty-first` is not read as `first`.
_ORDINAL: Final = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_NUMBER: Final = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_PLACE: Final = re.compile(
    rf"(?<![-\w])(?:(?P<ordinal>{_ORDINAL})(?P<end> from the end)?|(?P<last>last))"
    r"(?:[- ]named)?(?: author)?(?= of | author|$)",
    re.IGNORECASE,
)
_FIRST: Final = re.compile(r"^(?:sole|single|only|leads)\b|\bthe only author\b", re.IGNORECASE)
_COUNT: Final = re.compile(
    rf"(?P<one>^sole|^single|\bthe only)\b|\b(?P<number>\d+|{_NUMBER})(?: named)? authors\b",
    re.IGNORECASE,
)


def place(note: str) -> int:
    """Return the place in the line of authors that a note tells, from 1; UNKNOWN where it tells none."""
    if _FIRST.search(note):
        return 1
    found = _PLACE.search(note)
    if found is None:
        return UNKNOWN
    if found["last"]:
        return _END
    number = _ORDINALS[found["ordinal"].lower()]
    return _END - number + 1 if found["end"] else number


def how_many(note: str) -> int:
    """Return how many authors a note says that there are; 0 where it does not say."""
    found = _COUNT.search(note)
    if found is None:
        return 0
    if found["one"]:
        return 1
    word = found["number"].lower()
    return int(word) if word.isdigit() else _NUMBERS[word]
