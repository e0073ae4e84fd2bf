"""The width of words in a picture, and how they are broken into lines, in every script."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from ...formats.texts import readable

_PIECE: Final = re.compile(r"\S+")
_SHARES: Final = (("fijlrtI.,:;'`|!()[]/-· ", 0.46), ("mwMWOQ@%&—…+<>=~#", 1.02), ("abcdeghknopqsuvxyz", 0.64))
"""The width of letters relative to the font size."""
_SHARE: Final = {letter: share for letters, share in _SHARES for letter in letters}
_CAPITAL: Final = 0.8
_OTHER: Final = 1.1
"""For what is not of the basic Latin alphabet: many scripts have wide letters."""
BOLD: Final = 1.14
"""The width of bold letters relative to regular ones."""


def extent(text: str, size: float) -> float:
    """Return an upper bound for the width of a text in a font size.

    The browser chooses the font, so this is the width in one of the widest that are used for text (DejaVu Sans).
    """
    return size * sum(map(_share, text))


def fitted(text: str, space: float, size: float, most: int) -> tuple[str, ...]:
    """Return a text in at most so many lines, none of which is wider than `space`; what does not fit is cut."""
    letters = int(space / (0.45 * size))
    while letters > 1:
        lines = lines_of(text, letters, most)
        widest = max((extent(line, size) for line in lines), default=0.0)
        if widest <= space:
            return lines
        letters = min(letters - 1, int(letters * space / widest) + 2)
    return ()


def _share(letter: str) -> float:
    width = _width(letter)
    if width != 1:
        return _OTHER * width / 2
    plain = unicodedata.normalize("NFD", letter)[0]
    return _SHARE.get(plain, _CAPITAL if plain.isascii() else _OTHER)


def lines_of(text: str, width: int, most: int) -> tuple[str, ...]:
    """Return a text in at most so many lines of so many letters, of which one of Chinese or Japanese counts for two.

    What does not fit is cut. Where there are no blanks between words, a line ends anywhere.

    >>> lines_of("Goal misgeneralization", 10, 3), lines_of("篡改行為", 4, 9)
    (('Goal', 'misgeneral', 'ization'), ('篡改', '行為'))
    """
    lines, line = [], ""
    for word in _PIECE.findall(readable(text)):
        for piece in _pieces(word, width):
            joined = f"{line} {piece.text}" if line and piece.is_first else line + piece.text
            if width_of(joined) <= width:
                line = joined
                continue
            lines.append(line)
            line = piece.text
            if len(lines) > most:
                break
    lines = [one for one in (*lines, line) if one]
    if len(lines) <= most:
        return tuple(lines)
    if not most:
        return ()
    last = lines[most - 1]
    while last and width_of(last) > width - 2:
        last = last[:-1]
    return (*lines[: most - 1], f"{last.rstrip(' ,;:.')} …")


@dataclass(frozen=True)
class _Piece:
    text: str
    is_first: bool
    """Whether a blank is before it."""


def _pieces(word: str, width: int) -> list[_Piece]:
    """Return a word in pieces that are not divided: itself, single wide letters, what fits of one that is too long."""
    pieces: list[str] = []
    for letter in word:
        last = pieces[-1] if pieces else ""
        is_mark = unicodedata.combining(letter) or unicodedata.category(letter) in {"Mn", "Me", "Mc", "Cf"}
        if last and (is_mark or (_width(letter) < 2 and _width(last[-1]) < 2 and width_of(last + letter) <= width)):
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return [_Piece(piece, place == 0) for place, piece in enumerate(pieces)]


def width_of(text: str) -> int:
    """Return for how many letters a text counts."""
    return sum(map(_width, text))


def _width(letter: str) -> int:
    """Return for how many letters one counts (Unicode Standard Annex 11)."""
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1
