"""Answers to agents: short lines of text, bounded, that say what was cut and how to get the rest.

Texts of the data are on one line each, so that nothing in them can look like a line of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..formats.texts import one_line
from ..records.pages import EntityRef, Link

MOST: Final = 6_000
"""Characters of an answer: some 1,500 tokens."""
_TEXT: Final = 400
"""Characters of a text of the data."""


@dataclass(frozen=True)
class Answer:
    """What a tool answers."""

    text: str
    is_cut: bool = False
    """Whether there is more than is shown."""


class Lines:
    """The lines of an answer, up to a number of characters."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lines: list[str] = []
        self._size = 0
        self._cut = False

    def add(self, *lines: str) -> Lines:
        """Add lines, whatever their length; empty ones are left out."""
        for line in filter(None, lines):
            self._lines.append(line)
            self._size += len(line) + 1
        return self

    def items(self, items: Iterable[str], total: int, rest: str = "", skipped: int = 0) -> int:
        """Add as many items as there is space for, and where others are left out say so; return how many were added.

        `total` is how many there are, of which `skipped` came before these; `rest` says how to get the others, where
        `{next}` is the number of those that were shown.
        """
        shown = 0
        for item in items:
            if self._size + len(item) > self._most and shown:
                break
            self.add(item)
            shown += 1
        end = skipped + shown
        if end < total:
            self._cut = True
            self.add(f"({total - end} more are not shown{'; ' if rest else ''}{rest.replace('{next}', str(end))})")
        return shown

    def answer(self, *last: str) -> Answer:
        """Return the answer, with lines at its end that are always there."""
        text = "\n".join([*self._lines, *filter(None, last)])
        return Answer(text, self._cut)


def short(text: str, most: int = _TEXT) -> str:
    """Return a text of the data on one line, and its beginning where it is longer than `most`."""
    line = one_line(text)
    if len(line) <= most:
        return line
    start = line[:most].rsplit(" ", 1)[0]
    return f"{start} …"


def named(ref: EntityRef) -> str:
    """Return an entity by its id and its name."""
    return f'{ref.curie} "{short(ref.label, 120)}"'


def counted(number: int, one: str, many: str) -> str:
    """Return a number of things."""
    return f"{number:,} {one if number == 1 else many}"


def listed(names: Iterable[str], most: int = 8) -> str:
    """Return some names, and how many others there are."""
    every = list(names)
    more = f", and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


class Mentions:
    """What an answer has said of entities: each is named once, and goes by its id from then on."""

    def __init__(self, *known: EntityRef) -> None:
        self._known = {one.iri for one in known}

    def named(self, ref: EntityRef) -> str:
        """Return an entity by its id, and the first time by its name too."""
        if ref.iri in self._known:
            return ref.curie
        self._known.add(ref.iri)
        return named(ref)

    def source(self, link: Link, but: str = "") -> str:
        """Return where an edge is asserted and how sure it is; `but` is a source that goes without saying."""
        parts = [f"{one.name}: {one.value}" for one in link.facts]
        if link.source is None:
            parts.append("no source")
        else:
            parts.append("source itself" if link.source.curie == but else f"source {self.named(link.source)}")
        parts += [one_line(link.version)] if link.version else []
        parts += [one_line(link.locator)] if link.locator else []
        parts += [f"confidence {link.confidence}"] if link.confidence else []
        parts += [link.status] if link.status != "active" else []
        return f" ({'; '.join(parts)})"

    def edge(self, ref: EntityRef, link: Link, quote: str = "", of: EntityRef | None = None) -> str:
        """Return what an edge says of the entity that is asked about: phrase, other end, note and source."""
        other = self.named(ref)
        work = f" [{self.named(of)}]" if of else ""
        said = f" “{short(quote)}”" if quote else ""
        note = f": {short(link.note, 300)}" if link.note else ""
        return f"- {link.label} {other}{work}{said}{note}{self.source(link, ref.curie)}"
