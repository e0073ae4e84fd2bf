"""Reads Markdown and plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .decoding import decoded
from .files import Files
from .headings import heading_of, numbered
from .making import text_of
from .records import Block, SourceText

_FRONT_MATTER: Final = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_FENCE: Final = re.compile(r"^(```+|~~~+).*?^\1`*~*[ ]*$", re.DOTALL | re.MULTILINE)
_HEADING: Final = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_UNDERLINE: Final = re.compile(r"(=+|-{2,})")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK: Final = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_MARKS: Final = re.compile(r"(?<![\w*_])(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w*_])|`([^`]+)`")
_BULLET: Final = re.compile(r"(?:[-*+]|\d+[.)])\s+")
_HYPHENATED: Final = re.compile(r"(?<=[^\W\d_])-\n\s*(?=[a-z])")


def read_plain(files: Files, *, is_markdown: bool) -> SourceText:
    """Return the text of Markdown, or of plain text with headings on lines of their own."""
    text, note = decoded(files.contents[files.main], files.main)
    if is_markdown:
        text = _COMMENT.sub("", _FENCE.sub("", _FRONT_MATTER.sub("", text, count=1)))
    blocks = list(_blocks(text, is_markdown=is_markdown))
    title = next((one.text for one in blocks if one.level == 1), "") if is_markdown else _first_line(text)
    return text_of(title, blocks, (), [note] if note else [])


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.split("\n") if line.strip()), "")


def _blocks(text: str, *, is_markdown: bool) -> Iterator[Block]:
    for paragraph in re.split(r"\n[ \t]*(?:\n[ \t]*)+", text):
        lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
        while lines:
            heading = _heading(lines, is_markdown=is_markdown)
            if heading is None:
                break
            yield heading[0]
            lines = lines[heading[1] :]
        if not lines:
            continue
        items: list[list[str]] = [[]]
        for line in lines:
            if is_markdown and (heading := _heading([line], is_markdown=True)) is not None:
                yield from _paragraphs(items, is_markdown=True)
                yield heading[0]
                items = [[]]
            elif is_markdown and (_BULLET.match(line) or line.startswith("|")):
                items.append([_BULLET.sub("", line, count=1)])
            else:
                items[-1].append(line)
        yield from _paragraphs(items, is_markdown=is_markdown)


def _paragraphs(items: list[list[str]], *, is_markdown: bool) -> Iterator[Block]:
    for lines in items:
        joined = " ".join(_joined("\n".join(lines)).split())
        if is_markdown:
            joined = _MARKS.sub(lambda match: match[2] or match[3], _LINK.sub(r"\1", joined)).lstrip("> ")
        if joined.startswith("|"):
            yield Block(joined.strip("|").replace("|", " "), kind="table")
        elif joined:
            yield Block(joined)


def _joined(text: str) -> str:
    """Return lines with the words that were divided at their ends in one piece."""
    return _HYPHENATED.sub("", text)


def _heading(lines: list[str], *, is_markdown: bool) -> tuple[Block, int] | None:
    """Return a heading at the beginning of a paragraph, and how many lines it has."""
    if not is_markdown:
        if len(lines) > 1 and not heading_of(lines[0]):
            return None
        found = heading_of(lines[0])
        return (found, 1) if found else None
    if match := _HEADING.fullmatch(lines[0]):
        return numbered(match[2], len(match[1])), 1
    if len(lines) > 1 and (under := _UNDERLINE.fullmatch(lines[1])):
        return numbered(lines[0], 1 if under[1][0] == "=" else 2), 2
    return None
