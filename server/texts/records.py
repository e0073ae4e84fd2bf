"""The text of a work as sections, paragraphs and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

Kind = Literal["prose", "caption", "table", "note", "reference"]
PROSE: Final[Kind] = "prose"


@dataclass(frozen=True)
class Block:
    """What a reader of a format yields: a heading (with a level of 1 or more), or a paragraph (level 0)."""

    text: str
    level: int = 0
    number: str = ""
    """Of a heading: as it is printed, such as `2.1` or `A`; empty where it has none."""
    kind: Kind = PROSE
    page: int = 0
    """From 1; 0 where the format has no pages."""
    joins: tuple[tuple[int, int], ...] = ()
    """Where in the text another page begins: the offset, and the page."""


@dataclass(frozen=True)
class Sentence:
    """A sentence. Its anchor is made from its words, so that it stays when others change."""

    anchor: str
    text: str
    page: int = 0


@dataclass(frozen=True)
class Paragraph:
    """Sentences that belong together."""

    anchor: str
    kind: Kind
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """The paragraph as a line."""
        return " ".join(one.text for one in self.sentences)


@dataclass(frozen=True)
class Section:
    """A section: what is under a heading until the next one, of whatever level."""

    anchor: str
    number: str
    title: str
    level: int
    paragraphs: tuple[Paragraph, ...]

    @property
    def name(self) -> str:
        """How a locator names it."""
        if self.number and not self.number[0].isdigit():
            return f"Appendix {self.number}"
        return f"Section {self.number}" if self.number else self.title


@dataclass(frozen=True)
class SourceText:
    """The text of a work."""

    title: str
    sections: tuple[Section, ...]
    pages: tuple[str, ...] = ()
    """The labels of the pages, as they are printed, where the format has pages."""
    notes: tuple[str, ...] = field(default=(), compare=False)
    """Sentences on how it was read that a user should know."""

    @cached_property
    def places(self) -> tuple[Spot, ...]:
        """All sentences with where they are: first the prose in its order, then what floats beside it."""
        found = list(self._places())
        return tuple(sorted(found, key=lambda one: one.paragraph.kind != PROSE))

    def _places(self) -> Iterator[Spot]:
        for section in self.sections:
            for paragraph in section.paragraphs:
                for sentence in paragraph.sentences:
                    yield Spot(section, paragraph, sentence)

    def above(self, section: Section) -> tuple[Section, ...]:
        """Return a section and those that contain it, the nearest first."""
        found = [section]
        index = next(at for at, one in enumerate(self.sections) if one.anchor == section.anchor)
        for one in reversed(self.sections[:index]):
            if one.level < found[-1].level:
                found.append(one)
        return tuple(found)


@dataclass(frozen=True)
class Spot:
    """A sentence with what it belongs to."""

    section: Section
    paragraph: Paragraph
    sentence: Sentence
