"""Reads PDF by pypdf: the lines of its pages, put together to paragraphs and headings."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ..errors import AkbError, UnreadableError, UsageError
from .files import Files
from .headings import heading_of
from .making import text_of
from .records import Block, Kind, SourceText

_MOST_PAGES: Final = 2_000
_MOST_LETTERS: Final = 20 << 20
_EDGE: Final = 2
"""Lines at the top and the bottom of a page among which its running head and its number are."""
_ACCENTS: Final = {
    "\u00a8": "\u0308",
    "\u00b4": "\u0301",
    "`": "\u0300",
    "\u02c6": "\u0302",
    "\u02dc": "\u0303",
    "\u02c7": "\u030c",
}
_SPACING_ACCENT: Final = re.compile(r"([\u00a8\u00b4\u02c6\u02dc\u02c7]) ?([^\W\d_])")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_CAPTION: Final = re.compile(r"(?:Figure|Fig\.|Table|Algorithm)\s+[A-Z]?\d+(?:\.\d+)?\s*[.:|]\s*\S")
_ENDS: Final = re.compile(r"[.!?:][\"'\u201d\u2019)\]]*\Z")
_HYPHEN: Final = re.compile(r"(?<=[^\W\d_])[-\u2010]\Z")


def read_pdf(files: Files) -> SourceText:
    """Return the text of a PDF. Raises UnreadableError for one that is damaged or asks for a password."""
    name = files.main
    # What it makes of faults it writes down; a reader of ours sees the text.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages, labels, title = _read(files.contents[name], name)
    except AkbError:
        raise
    except Exception as error:  # it raises what it likes where a PDF is not as it should be
        raise UnreadableError(
            f"{name} cannot be read as a PDF: {type(error).__name__}: {error}.",
            "fetch it again, or take another format of it.",
        ) from error
    blocks = list(_Paragraphs(_without_edges(pages)).blocks())
    if not title:
        title = next((line for page in pages for line in page if line.strip()), "")
    return text_of(_SURROGATE.sub("", title), blocks, labels)


def _read(data: bytes, name: str) -> tuple[list[list[str]], tuple[str, ...], str]:
    """Return the lines of each page, the labels of the pages, and the title."""
    from pypdf import PdfReader  # noqa: PLC0415 - it takes long to import

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableError(f"{name} asks for a password.", "save it without one, or take another format of it.")
    count = len(reader.pages)
    if count > _MOST_PAGES:
        raise UsageError(f"{name} has {count:,} pages, and {_MOST_PAGES:,} are read.", "give the work alone.")
    pages, size = [], 0
    for page in reader.pages:
        text = page.extract_text()
        size += len(text)
        if size > _MOST_LETTERS:
            raise UsageError(f"{name} has more text than is read.", "give the work alone.")
        pages.append(_lines(text))
    title = str(reader.metadata.title or "") if reader.metadata else ""
    return pages, tuple(reader.page_labels), title


def _lines(text: str) -> list[str]:
    text = _SURROGATE.sub("", _CONTROL.sub("", text))
    text = _SPACING_ACCENT.sub(lambda match: match[2] + _ACCENTS[match[1]], text)
    return [" ".join(line.split()) for line in text.split("\n")]


def _without_edges(pages: list[list[str]]) -> list[list[str]]:
    """Return pages without their running heads and their numbers: lines at the edges that come again and again."""

    def key(line: str) -> str:
        return re.sub(r"\d+", "#", line.strip())

    seen: Counter[str] = Counter()
    edges: list[list[int]] = []
    for page in pages:
        full = [number for number, line in enumerate(page) if line]
        edge = sorted({*full[:_EDGE], *full[-_EDGE:]})
        edges.append(edge)
        seen.update({key(page[number]) for number in edge})
    least = max(2, len(pages) // 3)
    kept = []
    for page, edge in zip(pages, edges, strict=True):
        running = {n for n in edge if seen[key(page[n])] >= least or re.fullmatch(r"[\divxl]{1,5}", page[n])}
        kept.append([line for number, line in enumerate(page) if number not in running])
    return kept


@dataclass
class _Paragraphs:
    """Lines put together: where a line ends a paragraph is seen by its length and its last sign."""

    pages: list[list[str]]
    _text: str = ""
    _page: int = 0
    _last: str = ""
    _joins: list[tuple[int, int]] = field(default_factory=list)
    _kind: Kind = "prose"

    def blocks(self) -> Iterator[Block]:
        """Yield the headings and paragraphs."""
        widths = sorted(len(line) for page in self.pages for line in page if line)
        usual = widths[int(len(widths) * 0.8)] if widths else 0
        for number, lines in enumerate(self.pages, 1):
            for line in lines:
                if not line:
                    if self._kind != "prose" or _ENDS.search(self._last):
                        yield from self._end()
                    continue
                heading = heading_of(line)
                if heading is not None and not self._goes_on(line):
                    yield from self._end()
                    yield heading
                    continue
                if _CAPTION.match(line):
                    yield from self._end()
                    self._kind = "caption"
                elif self._text and _ENDS.search(self._last) and len(self._last) < 0.75 * usual:
                    yield from self._end()
                self._add(line, number)
        yield from self._end()

    def _goes_on(self, line: str) -> bool:
        """Tell whether a line that looks like a heading is in the middle of a sentence."""
        return (
            bool(self._text) and not _ENDS.search(self._last) and (self._last[-1:] in ",-\u2010" or line[0].islower())
        )

    def _add(self, line: str, page: int) -> None:
        if not self._text:
            self._text, self._page, self._joins = line, page, [(0, page)]
        else:
            if page != self._joins[-1][1]:
                self._joins.append((len(self._text), page))
            if _HYPHEN.search(self._text) and line[:1].islower():
                self._text = self._text[:-1] + line
            else:
                self._text += f" {line}"
        self._last = line

    def _end(self) -> Iterator[Block]:
        if self._text:
            yield Block(self._text, kind=self._kind, page=self._page, joins=tuple(self._joins))
        self._text, self._last, self._kind = "", "", "prose"
