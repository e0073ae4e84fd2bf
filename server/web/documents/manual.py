"""The manual of the engine: the files of docs/ (in an installed wheel those of `server/manual/`) as pages.

They are written in Markdown (CommonMark 0.31, with tables), and rendered by markdown-it-py, which takes no HTML and no
address that a browser would run; Pygments marks the parts of code. No script has to run on these pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from ...engine import manual_folder
from ...records.manual import ManualEntry, Section
from ...text.order import order_key

PATH: Final = "/docs"
_ELSEWHERE: Final[Mapping[str, str]] = {"ontology": "/ontology"}
"""Files that a page of the site has in their place, since they are of one base and not of the engine."""
_HERE: Final = "http://127.0.0.1:8000/"
"""The address of the server in the examples; pages have in its place that of the site that shows them."""
_MARK: Final = "http://this-site.invalid/"
"""What stands for it in a page that is kept: a name that is nobody's (RFC 2606, section 2)."""
_OF_CLIENTS: Final = frozenset({"console", "python", "r", "javascript"})
"""The languages of examples that ask a server; in those of others the address is that of a proxy or of a setting."""
_COMMENT: Final = re.compile(r"\A<!--.*?-->\s*", re.DOTALL)
_NOT_IN_ID: Final = re.compile(r"[^\w\- ]")
_LINK: Final = re.compile(r"(?<!!)\[((?:[^\[\]\\]|\\.)*)\]\(([^)\s]+)\)")
"""A link in Markdown, but not an image."""
_SUMMARY: Final = 200
"""Characters of the first paragraph that the contents show."""


@dataclass(frozen=True)
class ManualText:
    """A page of the manual, rendered."""

    entry: ManualEntry
    source: str
    """Its Markdown, with links to what the manual has, or to other sites."""
    html: str

    def shown(self, site: str) -> tuple[Markup, Markup]:
        """Return its heading, and all below, as a site shows it that has this address, with a slash at its end."""
        heading, end, rest = self.html.replace(_MARK, str(escape(site))).partition("</h1>\n")
        # The renderer and Pygments escape all text.
        return Markup(heading + end), Markup(rest)  # noqa: S704 - see above


@cache
def manual() -> Mapping[str, ManualEntry]:
    """Return the entries of all pages, by name, in the order of their titles; nothing where there is no manual."""
    entries = [_entry(name, _parsed(_source(name))) for name in _names()]
    return {entry.name: entry for entry in sorted(entries, key=lambda entry: order_key(entry.title))}


# A few dozen pages, and no others, since a name that is not there is not looked for.
@lru_cache(maxsize=128)
def manual_text(name: str) -> ManualText | None:
    """Return a page by its name; None where there is none."""
    if name not in _names():
        return None
    source = _source(name)
    tokens = _parsed(source)
    return ManualText(
        _entry(name, tokens), _LINK.sub(_kept, source), _parser().renderer.render(tokens, _parser().options, {})
    )


def _source(name: str) -> str:
    folder = manual_folder()
    assert folder is not None, "a name comes from a folder"
    return _COMMENT.sub("", (folder / f"{name}.md").read_text(encoding="utf-8"))


def _parsed(source: str) -> list[Token]:
    """Return a page as tokens, with headings that have ids, and links that lead to pages of the site."""
    tokens = _parser().parse(source)
    taken: list[str] = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", heading_id(_plain(inline), taken))
            taken.append(str(opening.attrGet("id")))
    _lead(tokens)
    return tokens


def _entry(name: str, tokens: Sequence[Token]) -> ManualEntry:
    sections = [
        Section(str(opening.attrGet("id")), _plain(inline), int(opening.tag[1:]))
        for opening, inline in pairwise(tokens)
        if opening.type == "heading_open"
    ]
    title = next((section.title for section in sections if section.level == 1), name)
    return ManualEntry(name, title, _summary(tokens), tuple(one for one in sections if one.level > 1))


def manual_image(name: str) -> bytes | None:
    """Return a picture of the manual (PNG) by the name of its file; None where there is none."""
    return _images().get(name)


@cache
def _images() -> Mapping[str, bytes]:
    folder = manual_folder()
    return {} if folder is None else {path.name: path.read_bytes() for path in (folder / "images").glob("*.png")}


@cache
def _names() -> frozenset[str]:
    folder = manual_folder()
    return frozenset() if folder is None else frozenset({path.stem for path in folder.glob("*.md")} - _ELSEWHERE.keys())


def heading_id(title: str, taken: Sequence[str] = ()) -> str:
    """Return the id of a heading, as code hosts make it, so that links lead to the same place here and there.

    >>> heading_id("What a page shows, first"), heading_id("`--data`"), heading_id("Tables", ["tables"])
    ('what-a-page-shows-first', '--data', 'tables-1')
    """
    plain = _NOT_IN_ID.sub("", title.lower()).replace(" ", "-")
    repeated = sum(1 for one in taken if re.fullmatch(rf"{re.escape(plain)}(-\d+)?", one))
    return f"{plain}-{repeated}" if plain in taken else plain


def _lead(tokens: Sequence[Token]) -> None:
    """Let links and pictures lead to pages of the site; links to what it does not have become plain text."""
    for inline in tokens:
        closed = []
        for token in inline.children or ():
            if token.type == "image":
                token.attrSet("src", f"{PATH}/{token.attrGet('src')}")
            elif token.type == "link_open":
                target = _address(str(token.attrGet("href")))
                closed.append(target is None)
                if target is None:
                    token.tag, token.attrs = "span", {}
                else:
                    token.attrSet("href", target)
            elif token.type == "link_close" and closed.pop():
                token.tag = "span"


def _address(link: str) -> str | None:
    """Return where a link of a page leads on the site; None for a file that the site does not have."""
    parts = urlsplit(link)
    if parts.scheme or not parts.path:
        return link
    name = parts.path.removesuffix(".md")
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    if name in _ELSEWHERE:
        return _ELSEWHERE[name] + fragment
    return f"{PATH}/{name}{fragment}" if name in _names() else None


def _kept(link: re.Match[str]) -> str:
    """Return a Markdown link unchanged, or only its text if the manual does not have the file to which it leads."""
    parts = urlsplit(link[2])
    is_there = parts.scheme or not parts.path or parts.path.removesuffix(".md") in _names()
    return link[0] if is_there else link[1]


def _summary(tokens: Sequence[Token]) -> str:
    """Return the sentences with which a page begins."""
    first = next((inline for opening, inline in pairwise(tokens) if opening.type == "paragraph_open"), None)
    text = "" if first is None else _plain(first)
    if len(text) <= _SUMMARY:
        return text
    cut = text[:_SUMMARY]
    whole = re.match(r".*[.?!](?=\s)", text[: _SUMMARY + 1], re.DOTALL)
    return whole[0] if whole else cut[: cut.rfind(" ")] + " …"


def _plain(inline: Token) -> str:
    """Return the text of an inline token, without its markup."""
    return "".join(" " if one.type in {"softbreak", "hardbreak"} else one.content for one in inline.children or ())


def _table_open(
    _renderer: object, tokens: Sequence[Token], place: int, _options: object, env: MutableMapping[str, Any]
) -> str:
    """Return the beginning of a table; a wide one can be scrolled by keyboard (WCAG 2.2, 2.1.1).

    It goes by the heading above it, and by a number where there are several: no two regions are called alike.
    """
    above = next((inline for inline, one in _backward(tokens[:place]) if one.type == "heading_close"), None)
    name = "Table" if above is None else _plain(above)
    counts: dict[str, int] = env.setdefault("tables", {})
    counts[name] = counts.get(name, 0) + 1
    label = name if counts[name] == 1 else f"{name}, table {counts[name]}"
    return str(Markup('<div class="scroll" tabindex="0" role="region" aria-label="{}">\n<table>\n').format(label))


def _backward(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Yield each token with the one after it, from the end."""
    return ((tokens[place - 1], tokens[place]) for place in range(len(tokens) - 1, 0, -1))


def _table_close(*_rest: object) -> str:
    return "</table>\n</div>\n"


@cache
def _parser() -> MarkdownIt:
    """Return the parser and renderer: CommonMark with tables, and no HTML (which is shown as text)."""
    parser = MarkdownIt("commonmark", {"html": False, "highlight": _coded}).enable("table")
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    return parser


def _coded(code: str, language: str, _attributes: str) -> str:
    if language in _OF_CLIENTS:
        code = code.replace(_HERE, _MARK)
    return str(coded(code, language))


def coded(code: str, language: str) -> Markup:
    """Return code as HTML, with its parts marked by classes; as it is, where the language is not known."""
    try:
        lexer = get_lexer_by_name(language or "text", stripnl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", stripnl=False)
    marked = highlight(code, lexer, HtmlFormatter(nowrap=True))
    # What is wider than the window is scrolled by keyboard too (WCAG 2.2, 2.1.1).
    return Markup('<pre class="code" tabindex="0"><code>{}</code></pre>\n').format(
        Markup(marked)  # noqa: S704 - Pygments escapes all text
    )
