"""Makes sections, paragraphs and sentences from what a reader of a format found."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from ..text.forms import composed
from ..text.words import words_of
from .records import Block, Paragraph, Section, Sentence, SourceText
from .sentences import spans_of
from .tokens import stream_of

FRONT: Final = "Front matter"
"""The title of what stands before the first heading."""
_REFERENCES: Final = re.compile(
    r"(?:references|bibliography|works cited|literature cited|literature)(?: and notes)?", re.IGNORECASE
)
_LONGEST_NAME: Final = 40


def text_of(title: str, blocks: Iterable[Block], pages: tuple[str, ...] = (), notes: Iterable[str] = ()) -> SourceText:
    """Return the text of a work from its blocks."""
    maker = _Maker()
    for block in blocks:
        if block.level:
            maker.begin(block)
        elif block.text.strip():
            maker.add(block)
    return SourceText(" ".join(title.split()), maker.sections(), pages, tuple(notes))


@dataclass
class _Open:
    anchor: str
    heading: Block
    paragraphs: list[Paragraph] = field(default_factory=list)


class _Maker:
    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._names: Counter[str] = Counter()

    def begin(self, heading: Block) -> None:
        title = composed(" ".join(heading.text.split()))
        name = "-".join(words_of(title))[:_LONGEST_NAME].strip("-") or "section"
        anchor = f"{heading.number.lower()}-{name}" if heading.number else name
        self._open.append(_Open(self._once(anchor), Block(title, heading.level, heading.number)))

    def add(self, block: Block) -> None:
        if not self._open:
            self.begin(Block(FRONT, 1))
        here = self._open[-1]
        kind = "reference" if _REFERENCES.fullmatch(here.heading.text) and block.kind == "prose" else block.kind
        sentences = []
        for start, end in spans_of(block.text):
            text = composed(" ".join(block.text[start:end].split()))
            page = next((page for offset, page in reversed(block.joins) if offset <= start), block.page)
            sentences.append(Sentence(self._once(f"{here.anchor}.{_hash(text)}"), text, page))
        if sentences:
            here.paragraphs.append(Paragraph(sentences[0].anchor, kind, tuple(sentences)))

    def sections(self) -> tuple[Section, ...]:
        return tuple(
            Section(one.anchor, one.heading.number, one.heading.text, one.heading.level, tuple(one.paragraphs))
            for one in self._open
        )

    def _once(self, name: str) -> str:
        self._names[name] += 1
        return name if self._names[name] == 1 else f"{name}-{self._names[name]}"


def _hash(text: str) -> str:
    return hashlib.sha256(stream_of(text).encode()).hexdigest()[:6]
