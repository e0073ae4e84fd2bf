"""What is written of works and authors until a person writes something better: plain facts of their records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .works import Author, Work

_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_CARDINALS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NAMED: Final = 2
_LONGEST: Final = 160


def definition_of(work: Work, class_label: str) -> str:
    """Return a sentence on a work, of what its record says: its kind, date, authors, place and number.

    That it is all that is known is why such a work is a draft.
    """
    what = class_label[:1].upper() + class_label[1:]
    when = f" of {work.issued.words}" if work.issued else ""
    who = f" by {_names(work.authors, more=work.is_cut_short)}" if work.authors else ", of an author who is not named"
    where = f", in {_short(work.venue)}" if work.venue else ""
    number = f"arXiv {work.arxiv}" if work.arxiv else f"DOI {work.doi}" if work.doi else ""
    return f"{what}{when}{who}{where}{f' ({number})' if number else ''}."


def position(place: int, count: int, *, is_cut_short: bool = False) -> str:
    """Return where in a list of authors one is, counted from 0.

    >>> position(1, 4), position(19, 20), position(0, 1)
    ('Second of four authors.', 'Last of 20 authors.', 'The only author in its list of authors.')
    """
    if is_cut_short:
        return f"{ordinal(place + 1).capitalize()} of the authors that the record names."
    if count == 1:
        return "The only author in its list of authors."
    which = "last" if place == count - 1 and count > 2 else ordinal(place + 1)
    return f"{which.capitalize()} of {cardinal(count)} authors."


def definition_of_person(parts: Sequence[tuple[int, int, str, int]], more: int) -> str:
    """Return a sentence on a person, of the works that they wrote: place, number of authors, title, year.

    Two people may have written the same works, but have not the same places in the lists.
    """
    said = [
        f"{ordinal(place + 1)} of {cardinal(count)} authors of “{_short(title)}”{f' ({year})' if year else ''}"
        if count > 1
        else f"the only author of “{_short(title)}”{f' ({year})' if year else ''}"
        for place, count, title, year in parts
    ]
    listed = ", ".join(said[:-1]) + f" and {said[-1]}" if len(said) > 1 else "".join(said)
    others = f", and an author of {cardinal(more)} more work{'s' if more > 1 else ''} of this base" if more else ""
    return f"Researcher: {listed}{others}."


def ordinal(number: int) -> str:
    """Return a place as people write it."""
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def cardinal(number: int) -> str:
    """Return a number as people write it."""
    return _CARDINALS[number - 1] if 1 <= number <= len(_CARDINALS) else str(number)


def _names(authors: Sequence[Author], *, more: bool) -> str:
    names = [one.name for one in authors[: _NAMED if len(authors) > _NAMED + 1 or more else _NAMED + 1]]
    if more:
        return f"{', '.join(names)} and others"
    if rest := len(authors) - len(names):
        return f"{', '.join(names)} and {cardinal(rest)} others"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _short(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST].rpartition(' ')[0] or text[:_LONGEST]} …"
