"""Words in other languages than English, in which pages are written and which goes without saying."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


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


@dataclass(frozen=True)
class OtherLanguages:
    """What a base says in other languages than English: words by language, by what is said, by the CURIE of a thing."""

    words: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """The languages that there are, in order."""
        return tuple(sorted({tag for said in self.words.values() for words in said.values() for tag in words}))

    def said(self, curie: str, what: Said, english: str, wanted: Sequence[str]) -> str:
        """Return words in the first language that is wanted and there is, else in English, else in any language."""
        words = self.words.get(curie, {}).get(what, {})
        tags = [*(tag for tag in wanted if tag in words), *([] if english else sorted(words))]
        return Text(words[tags[0]], tags[0]) if tags else english


def words_of(value: object) -> str:
    """Return a value as words, which keep the language that they are in."""
    return value if isinstance(value, Text) else str(value)


def english_first(names: Iterable[str]) -> list[str]:
    """Return names in order, those in other languages after those in English."""
    return sorted(names, key=lambda name: (isinstance(name, Text), name))


def is_english(tag: str) -> bool:
    """Tell whether a language tag is one of English (RFC 4647, section 3.3.1)."""
    return tag == "en" or tag.lower().partition("-")[0] == "en"
