"""From a text that anyone may have typed to an expression of FTS5, which is never malformed.

FTS5's own syntax (https://sqlite.org/fts5.html, section 3) is for nobody but us: the pieces of each word are quoted, so
that an operator is a word like any other, and a quote or a bracket nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..text.names import key_of, strict_key_of
from ..text.words import sought, words_of


def terms_of(text: str) -> list[str]:
    """Return what a text asks for: words, and runs of words that nothing but a sign parts.

    So `2412.14093` and `reward-hacking` are one term, of two words that follow each other.
    """
    return [term for term in (" ".join(words_of(part)) for part in text.split()) if term]


def keys_of(name: str) -> tuple[str, str]:
    """Return the key of a whole name, and the strict one where that is another; see `text.names`."""
    key, strict = key_of(name), strict_key_of(name)
    return key, strict if strict != key else ""


def expression(groups: Iterable[Sequence[str]], operator: str) -> str:
    """Return an expression that wants one term of each group, joined by AND or OR; a term may end in `*`."""
    return f" {operator} ".join(f"({' OR '.join(map(phrase, group))})" for group in groups)


def phrase(term: str) -> str:
    """Return an expression for words that follow each other; behind a `*`, the last one may go on."""
    pieces, is_beginning = sought(words_of(term), is_beginning=term.endswith("*"))
    return f'"{" ".join(pieces)}"{" *" if is_beginning else ""}'
