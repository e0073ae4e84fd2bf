"""Sentences of ours that pages can show in other languages: strings in English that know how they were made.

Everything but pages (data, commands, logs) uses them as the strings that they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Sentence(str):
    """A sentence in English, with the message that catalogues have translations of, and the values put into it."""

    __slots__ = ("message", "number", "plural", "values")
    message: str
    """The sentence, with `%(name)s` for each value."""
    values: dict[str, Any]
    plural: str
    """The message for other numbers than one; empty for a sentence that depends on no number."""
    number: int

    def __new__(cls, message: str, values: dict[str, Any], plural: str = "", number: int = 1) -> Sentence:
        """Make a sentence."""
        chosen = plural if plural and number != 1 else message
        made = super().__new__(cls, chosen % values if values or "%" in chosen else chosen)
        made.message, made.values, made.plural, made.number = message, values, plural, number
        return made

    def __reduce__(self) -> tuple[type[Sentence], tuple[str, dict[str, Any], str, int]]:
        """Return what makes it anew, for pickles."""
        return Sentence, (self.message, self.values, self.plural, self.number)


class Series(str):
    """Sentences with something between each two of them."""

    __slots__ = ("joiner", "parts")
    parts: tuple[str, ...]
    joiner: str

    def __new__(cls, parts: Iterable[str], joiner: str = ", ") -> Series:
        """Join sentences."""
        of_it = tuple(parts)
        made = super().__new__(cls, joiner.join(of_it))
        made.parts, made.joiner = of_it, joiner
        return made

    def __reduce__(self) -> tuple[type[Series], tuple[tuple[str, ...], str]]:
        """Return what makes it anew, for pickles."""
        return Series, (self.parts, self.joiner)


def sentence(message: str, /, **values: Any) -> Sentence:
    """Return a sentence that pages translate; `message` is a literal, so that `make messages` finds it."""
    return Sentence(message, values)


def sentence_of(message: str, plural: str, number: int, /, **values: Any) -> Sentence:
    """Return a sentence that depends on a number; `%(num)s` is that number, with its thousands set apart."""
    return Sentence(message, {"num": f"{number:,}", **values}, plural, number)
