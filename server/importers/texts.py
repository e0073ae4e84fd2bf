"""Texts, names and identifiers as records have them, made what a base has."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Final

from ..records.identifiers import arxiv_of, doi_of, keys_of
from ..records.names import looks_like_a_person, parts_of
from ..text.forms import composed
from .works import Author

# What publishers have in titles (HTML, JATS, MathML); "a < b > c" is none of it.
_MARKUP: Final = re.compile(
    r"</?(?:(?:jats|mml):[A-Za-z]+|i|b|u|em|strong|sub|sup|scp|sc|tt|br|p|span|italic|bold|title|inf|math|mi|mo|mn|mrow"
    r"|msub|msup|mtext)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_ORCID: Final = re.compile(
    r"(?:https?://)?(?:www\.)?(?:orcid\.org/|orcid:\s*)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])/?", re.IGNORECASE
)
_ARXIV_IN_TEXT: Final = re.compile(
    r"(?:arxiv(?:\.org/(?:abs|pdf|html)/|:\s*|\s+)|10\.48550/arxiv\.)(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})",
    re.IGNORECASE,
)
_DOI_IN_TEXT: Final = re.compile(r"\b(10\.\d{4,9}(?:\.\d+)*/[^\s\"<>{}]+)")
_ARXIV: Final = re.compile(r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}", re.IGNORECASE)
_VERSION: Final = re.compile(r"v\d+$", re.IGNORECASE)
_ET_AL: Final = re.compile(r"(?:\bet\.? al\.?|\bu\. ?a\.|\band others|^others)\s*$", re.IGNORECASE)


def plain(text: str) -> str:
    """Return a text on one line, without the markup of publishers and what nobody sees, in NFC.

    >>> plain("The <i>Escherichia</i> &amp; a &lt; b")
    'The Escherichia & a < b'
    """
    found = html.unescape(_MARKUP.sub("", text)) if "<" in text or "&" in text else text
    return " ".join(composed(_CONTROL.sub(" ", _MARKUP.sub("", found))).split())


def author(name: str, orcid: str = "", *, is_group: bool = False) -> Author | None:
    """Return an author whose name is written as it may be: `Lind, Ada` or `Ada Lind`; None for an empty name."""
    name = plain(name).strip(" ;,")
    if not name:
        return None
    if not is_group and "," in name:
        name = in_order(*_parts(name))
    return Author(name.replace(";", ","), orcid_of(orcid), is_group)


def author_of_parts(given: str, family: str, orcid: str = "", particle: str = "", suffix: str = "") -> Author | None:
    """Return an author whose names are apart; None where there are none."""
    name = in_order(plain(given), plain(particle), plain(family), plain(suffix)).replace(";", ",")
    return Author(name, orcid_of(orcid)) if name else None


def in_order(given: str, particle: str, family: str, suffix: str) -> str:
    """Return the parts of a name as it is said."""
    return " ".join(part for part in (given, particle, family, suffix) if part)


def _parts(name: str) -> tuple[str, str, str, str]:
    found = parts_of(name)
    return found.given, found.particle, found.family, found.suffix


def authors_in(names: Iterable[str]) -> tuple[tuple[Author, ...], bool]:
    """Return the authors of a list of names, and whether it says that there are more."""
    found: list[Author] = []
    is_cut = False
    for name in names:
        whole = _ET_AL.sub("", name).strip(" ,;")
        is_cut = is_cut or whole != name.strip(" ,;")
        if one := author(whole):
            found.append(one)
    return tuple(found), is_cut


def listed(authors: Iterable[Author]) -> str:
    """Return a list of authors as a base has it (docs/curation.md): a name that could be misread is in braces."""
    return "; ".join(_listed(one) for one in authors)


def _listed(one: Author) -> str:
    name = " ".join(one.name.replace("{", "(").replace("}", ")").split())
    is_plain = looks_like_a_person(name) != one.is_group or (not one.is_group and " " not in name)
    if is_plain:
        return name
    if one.is_group:
        return f"{{{name}}}"
    given, particle, family, suffix = _parts(name)
    written = ", ".join(part for part in (f"{particle} {family}".strip(), given, suffix) if part)
    return written if given else name


def doi_in(text: str) -> str:
    """Return the DOI that a text is or has, in the form of the base; empty for none."""
    text = text.strip()
    found = doi_of(text)
    if found == text and not re.fullmatch(r"10\.\d{4,9}(?:\.\d+)*/\S+", text):
        inner = _DOI_IN_TEXT.search(text)
        found = inner[1] if inner else ""
    found = found.rstrip(".,;")
    # A bracket that was not opened belongs to the text around.
    while found.endswith(")") and found.count(")") > found.count("("):
        found = found[:-1].rstrip(".,;")
    return found


def arxiv_in(text: str) -> str:
    """Return the number on arXiv that a text is or has, without its version; empty for none."""
    inner = _ARXIV_IN_TEXT.search(text)
    return whole_arxiv(text) or (inner["id"] if inner else "")


def whole_arxiv(text: str) -> str:
    """Return the number on arXiv that a text is, however it is written, without its version; empty for none."""
    found = _VERSION.sub("", arxiv_of(text.strip()))
    return found if _ARXIV.fullmatch(found) else ""


def orcid_of(text: str) -> str:
    """Return the ORCID iD that a text is, where its last digit agrees with the others (ISO 7064, MOD 11-2)."""
    found = _ORCID.fullmatch(text.strip())
    if not found:
        return ""
    digits = found[1].replace("-", "").upper()
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return found[1].upper() if digits[-1] == ("X" if check == 10 else str(check)) else ""


def keys_for(*identifiers: str, arxiv: str = "") -> frozenset[str]:
    """Return the keys of identifiers by which works are known to be one: those of DOIs and of numbers on arXiv.

    A number on arXiv may also be given by itself; an empty text is no identifier.
    """
    found: set[str] = set()
    for text in (*identifiers, f"arXiv:{arxiv}" if arxiv else ""):
        if text:
            found.update(key for key in keys_of(text) if key.startswith(("doi:", "arxiv:")))
    # A DOI that arXiv gave is its number.
    return frozenset(key for key in found if not key.startswith("doi:10.48550/arxiv."))


def venue_beside(arxiv: str, venue: str) -> str:
    """Return the venue of a work; arXiv is left out where the number there is known, which already says so."""
    return "" if arxiv and "arxiv" in venue.lower() else venue


def split_cell(text: str) -> list[str]:
    """Return the values of a cell that may hold several."""
    return [part for part in text.split(" | ") if part]
