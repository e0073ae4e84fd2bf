"""Locators: which places of a text they name, and whether a passage is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from ..text.words import words_of
from .passages import Passage
from .records import Section, SourceText

_NUMBERED: Final = re.compile(
    r"(?P<what>\b(?:sub)?sections?|\bsecs?\.?|§+|\bchapters?|\bch\.|\bappendi(?:x|ces)|\bapps?\.|\bpages?|\bpp?\.)\s*"
    r"(?P<numbers>(?:[A-Z](?:\.\d+)*|\d+(?:\.\d+)*)\b(?:(?:\s*(?:,|&|\band\b|[\u2013-]|\bto\b)\s*)(?:[A-Z](?:\.\d+)*|\d+(?:\.\d+)*)\b)*)",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"[A-Z](?:\.\d+)*\b|\d+(?:\.\d+)*")
_RANGE: Final = re.compile(r"(\d+)\s*(?:[\u2013-]|\bto\b)\s*(\d+)")
_PARTS: Final = re.compile(r"[;,:()]|\band\b")
_MOST: Final = 1_000


@dataclass(frozen=True)
class Place:
    """A place that a locator names."""

    kind: Literal["section", "page", "title"]
    name: str
    """The number of a section or page, or the words of a title."""


def places_of(locator: str) -> tuple[Place, ...]:
    """Return the places that a locator names, as far as they are sections, pages or words that may be a title.

    >>> [f"{one.kind} {one.name}" for one in places_of("Abstract; Sections 2 and 3.1, Results, p. 4-5")]
    ['section 2', 'section 3.1', 'page 4', 'page 5', 'title abstract', 'title results']
    """
    found: list[Place] = []
    for match in _NUMBERED.finditer(locator):
        is_page = match["what"].lower().startswith("p")
        found += [Place("page" if is_page else "section", number.upper()) for number in _numbers(match["numbers"])]
    rest = _NUMBERED.sub(";", locator)
    titles = (" ".join(words_of(part)) for part in _PARTS.split(rest))
    return (*found, *(Place("title", words) for words in titles if words))


def _numbers(text: str) -> Iterator[str]:
    for match in _RANGE.finditer(text):
        first, last = int(match[1]), int(match[2])
        yield from map(str, range(first, min(last, first + _MOST) + 1))
    yield from _NUMBER.findall(_RANGE.sub(" ", text))


def misplaced(text: SourceText, locator: str, passage: Passage) -> str:
    """Return where a passage is when its locator says something else; nothing where it is right or cannot be judged.

    A section stands for those in it. A page may be counted from the first or as it is printed.
    """
    places = places_of(locator)
    sections = [one for one in places if one.kind != "page" and _named(text, one)]
    pages = [one.name for one in places if one.kind == "page"]
    here = [section for spot in passage.spots for section in text.above(spot.section)]
    if sections and not any(_is(one, section) for one in sections for section in here):
        return _where(passage)
    numbers = [spot.sentence.page for spot in passage.spots if spot.sentence.page]
    if not (pages and numbers) or not all(_has_page(text, page) for page in pages):
        return ""
    printed = {name for number in numbers for name in (str(number), text.pages[number - 1])}
    return "" if printed & set(pages) else f"page {text.pages[numbers[0] - 1]}"


def unknown_sections(text: SourceText, locator: str) -> tuple[str, ...]:
    """Return the numbers of sections that a locator names and a text has not, where the text numbers its sections."""
    numbers = {section.number for section in text.sections if section.number}
    if not numbers:
        return ()
    named = [one.name for one in places_of(locator) if one.kind == "section"]
    return tuple(name for name in named if not any(_is_within(number, name) for number in numbers))


def _where(passage: Passage) -> str:
    section = passage.spots[0].section
    return section.name if section.name == section.title else f"{section.name}, {section.title}"


def _named(text: SourceText, place: Place) -> bool:
    """Tell whether a place is a section by which a passage can be judged: a number, or the title of one of the text."""
    if place.kind == "section":
        return any(section.number for section in text.sections)
    return any(_is(place, section) for section in text.sections)


def _is(place: Place, section: Section) -> bool:
    if place.kind == "section":
        return _is_within(section.number, place.name)
    return place.name == " ".join(words_of(section.title))


def _is_within(number: str, name: str) -> bool:
    return number.upper() == name or number.upper().startswith(f"{name}.")


def _has_page(text: SourceText, page: str) -> bool:
    return page in text.pages or (page.isdecimal() and 1 <= int(page) <= len(text.pages))
