"""The text of a query as it comes: byte order marks, and characters that nobody sees or that look like others.

They come along when a query is copied from a document, a page or a chat, and SPARQL has no place for them outside of
strings, IRIs and comments. In names and IRIs some of them are allowed (SPARQL 1.1 Query, section 19.8), and then the
name is another one than its author sees.
"""

from __future__ import annotations

import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from .lexer import Token

_BOM: Final = "\ufeff"
_JOINERS: Final = "\u200c\u200d"
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Co", "Cn", "Zs", "Zl", "Zp"})
"""The general categories of what nobody sees, but for the plain space and the ends of lines."""
_QUOTES: Final = "\u201a\u201e\u2032\u2033"
"""Quotation marks that are neither initial nor final punctuation, and primes."""
_NAMES: Final = frozenset({"var", "pname", "bnode", "word", "iri"})


class Odd(NamedTuple):
    """A character at an offset of a text, in a token of some kind."""

    kind: str
    offset: int
    character: str

    @property
    def name(self) -> str:
        """What the character is called, by its number."""
        words = unicodedata.name(self.character, "control character").lower()
        return f"U+{ord(self.character):04X} ({words})"

    @property
    def mend(self) -> str:
        """What to do about it."""
        plain = _plain(self.character)
        if unicodedata.category(self.character) in _INVISIBLE:
            return "delete it, or put a plain space there: nobody sees it, and it came along with a copied text."
        if plain:
            return f"write {plain} in its place: it came along with a copied text."
        return "delete it: outside of strings, IRIs and comments SPARQL has no such character."


def decoded(data: bytes) -> str:
    """Return the text of a query from the bytes of a file: UTF-8, or UTF-16 that begins with its mark.

    Raises UnicodeDecodeError.
    """
    wide = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    return data.decode("utf-16") if wide else data.removeprefix(BOM_UTF8).decode("utf-8")


def without_mark(text: str) -> str:
    """Return a text without the byte order mark at its beginning, which is no part of it (RFC 3629, section 6)."""
    return text.removeprefix(_BOM)


def odd_characters(cut: Iterable[Token]) -> Iterator[Odd]:
    """Yield what the author of a query hardly meant to write, in the order of the text."""
    for token in cut:
        if token.kind == "mark":
            if not token.text.isascii() or not token.text.isprintable() or token.text == "`":
                yield Odd("mark", token.start, token.text)
        elif token.kind in _NAMES and not token.text.isascii():
            yield from (
                Odd(token.kind, token.start + at, character)
                for at, character in enumerate(token.text)
                if not character.isascii() and _is_odd(character, token.text)
            )


def _is_odd(character: str, name: str) -> bool:
    if character in _JOINERS:
        # Words of some languages need them.
        return name.translate(dict.fromkeys(map(ord, _JOINERS))).isascii()
    return unicodedata.category(character) in _INVISIBLE or not (_plain(character) or "a").isalnum()


def _plain(character: str) -> str:
    """Return the character of ASCII that one looks like, or an empty string."""
    compatible = unicodedata.normalize("NFKC", character)
    if compatible.isascii():
        return compatible.strip()
    category = unicodedata.category(character)
    if category in {"Pi", "Pf"} or character in _QUOTES:
        return '"'
    return "-" if category == "Pd" or character == "\N{MINUS SIGN}" else ""
