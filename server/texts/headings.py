"""What a heading is in a text that does not mark it, and its number."""

from __future__ import annotations

import re
from typing import Final

from .records import Block

_NUMBERED: Final = re.compile(
    r"(?:(?:section|chapter)\s+)?(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})[.:)]?\s+(?P<title>[^\W\d_].*)", re.IGNORECASE
)
_LETTERED: Final = re.compile(
    r"(?:appendix\s+(?P<one>[A-Z])(?:[.:)]|\s*[\u2013\u2014-])?(?:\s+(?P<rest>\S.*))?"
    r"|(?P<number>[A-Z](?:\.\d{1,2})+|[A-Z])[.:)]?\s+(?P<title>[A-Z].*))"
)
_APPENDIX: Final = re.compile(r"appendix ", re.IGNORECASE)
_KNOWN: Final = frozenset(
    re.findall(
        r"[^|]+",
        "abstract|introduction|background|related work|preliminaries|methods|method|methodology|"
        "experiments|experimental setup|setup|results|findings|evaluation|analysis|discussion|"
        "limitations|conclusion|conclusions|discussion and conclusion|conclusion and future work|"
        "future work|acknowledgements|acknowledgments|references|bibliography|appendix|appendices|"
        "supplementary material|broader impact|impact statement|ethics statement|ethical considerations|"
        "reproducibility statement|author contributions|summary",
    )
)
_LONGEST: Final = 90
_MOST_WORDS: Final = 12


def numbered(title: str, level: int) -> Block:
    """Return a heading that is known to be one; a number at its beginning is its number."""
    if (match := _NUMBERED.fullmatch(title)) and match["number"]:
        return Block(match["title"], level, match["number"])
    if match := _LETTERED.fullmatch(_APPENDIX.sub("Appendix ", title)):
        number = match["one"] or match["number"]
        is_article = number in {"A", "I"} and not match["one"]
        if not is_article or re.fullmatch(r"[A-Z][.:)]\s.*", title):
            return Block(match["rest"] or match["title"] or title, level, number)
    return Block(title, level)


def heading_of(line: str) -> Block | None:
    """Return a line as a heading, where it looks like one: a number and a few words, or words that many papers use."""
    line = " ".join(line.split())
    if not line or len(line) > _LONGEST:
        return None
    if line.strip(" .:").lower() in _KNOWN:
        return Block(line.strip(" .:"), 1)
    if line[-1] in ".,;:!" or len(line.split()) > _MOST_WORDS:
        return None
    found = numbered(line, 1)
    if not found.number or not _is_title(found.text):
        return None
    return Block(found.text, found.number.count(".") + 1, found.number)


def _is_title(text: str) -> bool:
    """Tell whether words look like those of a title: they begin with a capital, and are words."""
    words = text.split()
    letters = sum(1 for one in text if one.isalpha())
    return (
        text[0].isupper() and letters >= 3 and letters >= 0.6 * len(text.replace(" ", "")) and len(words) <= _MOST_WORDS
    )
