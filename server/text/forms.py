"""The forms of a text: as it is shown, and as one looks for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from .letters import Properties, fold, is_joined

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class _Folds(dict[str, str]):
    """Characters with their marks, to what is looked for; texts have few different ones."""

    def __missing__(self, cluster: str) -> str:
        folded = fold(cluster)
        if len(cluster) <= 4 and len(self) < 1 << 16:
            self[cluster] = folded
        return folded


FOLDS: Final = _Folds()
_JOINED: Final = Properties(is_joined)


def composed(text: str) -> str:
    """Return a text in the normal form in which all texts are shown and kept: NFC (UAX #15).

    What is no Unicode, a lone surrogate, becomes a replacement character.
    """
    return text if text.isascii() else unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", text))


def folded(text: str) -> str:
    """Return a text as it is looked for: see `letters.fold`. Its punctuation and blanks stay."""
    return text.lower() if text.isascii() else "".join(map(FOLDS.__getitem__, clusters(composed(text))))


def clusters(text: str) -> Iterator[str]:
    """Yield the characters of a composed text, each with the marks behind it and with what nobody sees."""
    start = 0
    for place, letter in enumerate(text):
        if place > start and not _JOINED[letter]:
            yield text[start:place]
            start = place
    if text:
        yield text[start:]
