"""From a text that anyone may have typed to an expression of FTS5, which is never malformed.

FTS5's own syntax (https://sqlite.org/fts5.html, section 3) is for nobody but us: each word is quoted, so that an
operator is a word like any other, and a quote or a bracket nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[^\W_][^\W_]*(?:[\u0300-\u0331]+[^\W_]*)*")
"""What FTS5's tokenizer unicode61 takes for a word: letters and digits. It takes marks off them, and folds case."""


@lru_cache(maxsize=1 << 16)  # the words of a base come again and again while its index is written
def plain(word: str) -> str:
    """Return a word in lower case, without the marks on its letters."""
    apart = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


def words_of(text: str) -> list[str]:
    """Return the words of a text, as they are written there."""
    # What is no Unicode (a lone surrogate) could not be handed to SQLite.
    return _WORD.findall(unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8")))


def terms_of(text: str) -> list[str]:
    """Return what a text asks for: words, and runs of words that nothing but a sign parts.

    So `2412.14093` and `reward-hacking` are one term, of two words that follow each other.
    """
    return [term for term in (" ".join(words_of(part)) for part in text.split()) if term]


def key_of(name: str) -> str:
    """Return the form in which a whole name is compared with a whole text: the order of their words does not matter."""
    return " ".join(sorted(map(plain, words_of(name))))


def expression(groups: Iterable[Sequence[str]], operator: str) -> str:
    """Return an expression that wants one term of each group, joined by AND or OR; a term may end in `*`."""
    return f" {operator} ".join(f"({' OR '.join(map(_quoted, group))})" for group in groups)


def _quoted(term: str) -> str:
    prefix = "*" if term.endswith("*") else ""
    return f'"{term.removesuffix("*")}"{prefix}'
