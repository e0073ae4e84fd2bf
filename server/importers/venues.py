"""The edges from works to the venues in which they appeared, where those have a page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cached_property
from typing import Final

from ..text.names import name_words
from .sheet import Sheet, cell, many
from .works import Work

_APPEARED: Final = frozenset(("article", "conference paper", "chapter", "report", "post"))
"""Kinds of works whose record has the date at which they appeared in the venue; a preprint is often older."""
_OF_ONE_YEAR: Final = re.compile(
    r"proceedings|proc|annual|meeting|in|of|on|the|for|and|[0-9]+(st|nd|rd|th)?|"
    r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|[a-z]+teenth|[a-z]+tieth|"
    r"(twen|thir|for|fif|six|seven|eigh|nine)ty"
)
"""Words by which the volumes of one venue differ, and those that are left out at will."""
_SHOWN: Final = 10


class Venues:
    """Joins works to venues, and takes note of names that no venue of the base has."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._unknown: Counter[str] = Counter()

    @cached_property
    def _by_name(self) -> dict[tuple[str, ...], str]:
        """The venues of the base by the words of each of their names; a name that several have is none's."""
        sheet = self._sheet
        known = sheet.known
        published_in = sheet.terms.published_in
        found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for iri, kind in known.types.items():
            if iri in known.ids and published_in and sheet.terms.schema.is_under(kind, published_in.range):
                for name in known.names.get(iri, ()):
                    found[venue_words(name)].add(known.current(iri))
        return {words: next(iter(iris)) for words, iris in found.items() if words and len(iris) == 1}

    def join(self, iri: str, work: Work) -> None:
        """Make the edge of a work to the venue that its record names, if that has a page."""
        sheet, published_in = self._sheet, self._sheet.terms.published_in
        if not work.venue or sheet.terms.venue:
            return
        if published_in is None:
            sheet.leave_out(work, "venue")
            return
        venue = self._found(work.venue)
        if venue is None:
            self._unknown[work.venue] += 1
        elif sheet.is_new_edge(iri, published_in.iri, venue):
            sheet.found.counts["venues"] += 1
            issued = work.issued.iso if work.issued and work.kind in _APPEARED else ""
            sheet.edge(
                iri,
                published_in.notation,
                venue,
                work.place,
                note=f"Its record names {cell(work.venue)}.",
                sources=many(work.sources or [work.source]),
                confidence=0.9,
                is_said_there=False,
                issued=issued,
            )

    def _found(self, name: str) -> str | None:
        """Return the venue with a name; without its parentheses, up to its first comma, or within its parentheses."""
        within = re.findall(r"\(([^()]+)\)", name)
        outside = re.sub(r"\([^()]*\)", " ", name)
        candidates = (name, outside, outside.partition(",")[0], *within)
        return next((iri for one in candidates if (iri := self._by_name.get(venue_words(one)))), None)

    def say(self) -> None:
        """Tell whoever imports which venues have no page."""
        if not self._unknown:
            return
        listed = ", ".join(f"{name[:80]!r} ({count})" for name, count in self._unknown.most_common(_SHOWN))
        more = f" and {len(self._unknown) - _SHOWN} more" if len(self._unknown) > _SHOWN else ""
        self._sheet.found.notes.append(
            f"no venue of the base is called {listed}{more} (in brackets: in how many records): "
            "add a page for it, or this name to one, and import the same again."
        )


def venue_words(name: str) -> tuple[str, ...]:
    """Return the words of a venue's name that are the same each year.

    >>> venue_words("Proceedings of the 41st International Conference on Machine Learning")
    ('international', 'conference', 'machine', 'learning')
    >>> venue_words("ICML 2024")
    ('icml',)
    """
    return tuple(word for word in name_words(name) if not _OF_ONE_YEAR.fullmatch(word))
