"""Reads HTML by lxml: headings, paragraphs, captions and tables, and formulas as they were written in TeX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree
from lxml import html as parser

from ..errors import UnreadableError
from .decoding import decoded
from .files import Files
from .headings import numbered
from .inline import inline_text
from .making import text_of
from .records import Block, Kind, SourceText

_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_PASSED_OVER: Final = frozenset(
    re.findall(
        r"[^|]+",
        "script|style|noscript|template|nav|header|footer|form|button|select|textarea|svg|canvas|"
        "iframe|object|audio|video|head|annotation|annotation-xml",
    )
)
_BLOCKS: Final = frozenset(
    re.findall(
        r"[^|]+",
        "p|div|section|article|main|body|li|ul|ol|dl|dt|dd|blockquote|figure|figcaption|"
        "caption|table|thead|tbody|tfoot|tr|pre|address|aside|details|summary|hr|h1|h2|h3|h4|"
        "h5|h6",
    )
)
_CITE: Final = re.compile(r"\bltx_(?:cite|note_mark|bibitem_tag|ERROR)\b|\bfootnote-ref\b")
_NOTE: Final = re.compile(r"\bltx_(?:note_outer|note_content)\b|\bfootnotes?\b")
_FIRST_LEVEL: Final = 1


def read_html(files: Files) -> SourceText:
    """Return the text of a page."""
    data = files.contents[files.main]
    root, note = _parsed(data, files.main)
    title = " ".join(_said(root, ".//h1").split()) or " ".join(_said(root, ".//title").split())
    return text_of(title, _Walk().blocks(root), (), [note] if note else [])


def _parsed(data: bytes, name: str) -> tuple[Any, str]:
    note, encoding = "", None
    if _is_utf8(data) or not re.search(rb"<meta[^>]{0,200}charset", data[:4096], re.IGNORECASE):
        # What such a page says of its encoding is about other bytes.
        text, note = decoded(data, name)
        data, encoding = text.encode(), "utf-8"
    try:
        root = parser.document_fromstring(data, parser=parser.HTMLParser(encoding=encoding, remove_comments=True))
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadableError(f"{name} cannot be read as HTML: {error}.", "save the page again.") from error
    return root, note


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _said(root: Any, path: str) -> str:
    found = root.find(path)
    return "" if found is None else str(found.text_content())


class _Walk:
    """Goes through a page without recursion: each element is begun, and ended after what is in it."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._heading = 0
        self._kind: list[Kind] = ["prose"]

    def blocks(self, root: Any) -> Iterator[Block]:
        stack: list[tuple[Any, bool]] = [(root, False)]
        while stack:
            node, is_end = stack.pop()
            if is_end:
                yield from self._end(node)
                self._words.append(node.tail or "")
                continue
            if not isinstance(node.tag, str) or self._is_passed_over(node):
                self._words.append(node.tail or "")
                continue
            if node.tag == "math":
                self._words += [_formula(node), node.tail or ""]
                continue
            yield from self._begin(node)
            self._words.append(node.text or "")
            stack.append((node, True))
            stack += [(child, False) for child in reversed(node)]
        yield from self._flush()

    @staticmethod
    def _is_passed_over(node: Any) -> bool:
        return node.tag in _PASSED_OVER or node.get("hidden") is not None or bool(_CITE.search(node.get("class") or ""))

    def _begin(self, node: Any) -> Iterator[Block]:
        if node.tag == "br":
            self._words.append(" ")
        if node.tag not in _BLOCKS and not _NOTE.search(node.get("class") or ""):
            return
        yield from self._flush()
        self._heading = _HEADINGS.get(node.tag, self._heading)
        self._kind.append(self._kind_of(node))

    def _kind_of(self, node: Any) -> Kind:
        if node.tag in {"figcaption", "caption"}:
            return "caption"
        if node.tag == "table":
            # Pages use tables for equations and for their layout too.
            return "table" if node.find(".//tr") is not None else self._kind[-1]
        if _NOTE.search(node.get("class") or ""):
            return "note"
        return self._kind[-1]

    def _end(self, node: Any) -> Iterator[Block]:
        if node.tag in {"td", "th"}:
            self._words.append("  ")
        if node.tag in _BLOCKS or _NOTE.search(node.get("class") or ""):
            yield from self._flush()
            self._kind.pop()

    def _flush(self) -> Iterator[Block]:
        text = " ".join("".join(self._words).split())
        self._words.clear()
        level, self._heading = self._heading, 0
        if not text:
            self._heading = level
            return
        if level:
            # The first level of a page is its title.
            yield numbered(text, level)
        else:
            yield Block(text, kind=self._kind[-1])


def _formula(node: Any) -> str:
    said = node.get("alttext") or _said(node, ".//{*}annotation") or _said(node, ".//annotation")
    return f" {inline_text(f'${said}$')} " if said and said.strip("$ ") else str(node.text_content())
