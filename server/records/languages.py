"""Words in other languages than English, in which pages are written and which goes without saying."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ..text.order import order_key


class Text(str):
    """Words in a language other than English: a string that says in which."""

    __slots__ = ("language",)
    language: str
    """A tag (BCP 47)."""

    def __new__(cls, words: str, language: str) -> Text:
        """Make words of a language."""
        made = super().__new__(cls, words)
        made.language = language
        return made

    def __reduce__(self) -> tuple[type[Text], tuple[str, str]]:
        """Return what makes it anew, for pickles."""
        return Text, (str(self), self.language)


class Said(StrEnum):
    """What there may be words for."""

    LABEL = "label"
    DEFINITION = "definition"
    NOTE = "note"
    PHRASE = "phrase"
    """How a predicate is read from its subject to its object."""
    INVERSE_PHRASE = "inverse phrase"


Translate = Callable[[str, Said, str], str]
"""Returns what is said of a thing (its CURIE), in a language of the reader; the last argument is the English."""


class Localizable:
    """Marks a record that has words of its own; those of the records in its fields are theirs."""

    def localized(self, translate: Translate) -> Mapping[str, object]:
        """Return the fields that hold words, each in the language of the reader."""
        raise NotImplementedError


class Wording(NamedTuple):
    """Words for something, in one language."""

    curie: str
    what: str
    """One of Said."""
    tag: str
    words: str


def _no_words(_curie: str, _what: str) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class OtherLanguages:
    """What a base says in other languages than English."""

    tags: tuple[str, ...] = ()
    """The languages that there are, in order."""
    words: Callable[[str, str], Mapping[str, str]] = _no_words
    """The words by language, of the CURIE of a thing and of what is said of it (one of Said)."""

    def said(self, curie: str, what: Said, english: str, wanted: Sequence[str]) -> str:
        """Return words in the first language that is wanted and there is, else in English, else in any language."""
        if english and not wanted:
            return english
        words = self.words(curie, what)
        tags = [*(tag for tag in wanted if tag in words), *([] if english else sorted(words))]
        return Text(words[tags[0]], tags[0]) if tags else english


def words_of(value: object) -> str:
    """Return a value as words, which keep the language that they are in."""
    return value if isinstance(value, Text) else str(value)


def english_first(names: Iterable[str]) -> list[str]:
    """Return names in order, those in other languages after those in English."""
    return sorted(names, key=lambda name: (isinstance(name, Text), order_key(name), name))


def is_english(tag: str) -> bool:
    """Tell whether a language tag is one of English (RFC 4647, section 3.3.1)."""
    return tag == "en" or tag.lower().partition("-")[0] == "en"
