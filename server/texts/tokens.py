"""The words, numbers and signs of a text, as quotes are compared by them.

Case, accents, blanks, hyphens, quotation marks, ligatures and line ends do not count. Numbers do, by their value, and
so do the signs that change what a sentence says: a per cent sign, a minus, a comparison.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ..text.forms import folded

_SPACES: Final = "\u00a0\u2009\u202f\u2007"
"""Blanks that stand in a number between groups of three digits."""
NUMBER: Final = rf"(?:\d{{1,3}}(?:[,{_SPACES}'\u2019]\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_TOKEN: Final = re.compile(
    rf"(?P<minus>(?<![\w)\]])[-\u2212\u2013](?=\.?\d))"
    rf"|(?P<number>(?<![\w.]){NUMBER}(?![^\W_]))"
    r"|(?P<word>[^\W_]+(?:\u00ad[^\W_]+)*)"
    r"|(?P<sign>[%\u2030$\u20ac\u00a3=<>\u2264\u2265\u2260\u00b1\u00d7+~\u2248&@])"
)
_SIGNS: Final = {"\u2248": "~", "\u2030": "%o", "\u00d7": "x"}
_GROUPING: Final = re.compile(rf"[,{_SPACES}'\u2019]")
_SOFT: Final = re.compile("\u00ad")
_CITATION: Final = re.compile(
    r"\[\d{1,3}(?:\s*[,;\u2013-]\s*\d{1,3})*\]"
    r"|\([^()]{0,200}?\b(?:1[89]|20)\d\d[a-z]?\b[^()]{0,120}?\)"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign: as it is compared, and where it is."""

    key: str
    start: int
    end: int
    is_number: bool = False


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a text.

    >>> [token.key for token in tokens_of("It's 1,250.0 of GPT-4's, -3 %")]
    ['it', 's', '#1250;', 'of', 'gpt', '#4;', 's', '-', '#3;', '%']
    """
    found = []
    for match in _TOKEN.finditer(text):
        kind, value = match.lastgroup, match[0]
        if kind == "number":
            key = f"#{plain_number(value)};"
        elif kind == "word":
            key = folded(_SOFT.sub("", value)).replace(" ", "")
        elif kind == "minus":
            key = "-"
        else:
            key = _SIGNS.get(value, value)
        if key:
            found.append(Token(key, match.start(), match.end(), is_number=kind == "number"))
    return found


def stream_of(text: str) -> str:
    """Return the tokens of a text as one word."""
    return "".join(token.key for token in tokens_of(text))


def plain_number(written: str) -> str:
    """Return a number without the grouping of its digits, and without zeros that say nothing.

    >>> plain_number("1,250.50"), plain_number(".5"), plain_number("007")
    ('1250.5', '0.5', '7')
    """
    whole, _, rest = _GROUPING.sub("", written).partition(".")
    rest = rest.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{rest}" if rest else "")


def without_citations(text: str) -> str:
    """Return a text with blanks where it names works: `[3, 5]`, `(Lee et al., 2020)`; all else stays at its place."""
    return _CITATION.sub(lambda match: " " * len(match[0]), text)
