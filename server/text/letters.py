"""What a character is to a reader: how it is folded when one looks for it, and what it does in a word.

Everything follows from the properties that Python's `unicodedata` has of a character (Unicode Standard, chapter 4): its
category, its combining class, its decomposition and its name, which begins with its script. The few letters of which
these say nothing are listed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from enum import Enum, auto
from typing import Final, TypeVar

T = TypeVar("T")

_BASE: Final = re.compile(r"LATIN SMALL (?:LETTER|LIGATURE) (?:DOTLESS )?(?P<letters>[A-Z]{1,2})(?: WITH .*)?")
_WITH: Final = re.compile(r"(?P<script>(?:GREEK|CYRILLIC) SMALL LETTER )(?P<base>.*?) WITH .*")
_FINAL: Final = re.compile(r"(?P<script>HEBREW LETTER )FINAL (?P<base>.*)")
LOOKALIKES: Final = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u00b4\u02bc\u02bb", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u301d\u301e\u301f", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u02d7\u2043\ufe58\ufe63\uff0d", "-"),
    "\u2044": "/",
}
"""Quotation marks, dashes and the slash of fractions, as typewriters have them."""
_OTHERS: Final = {
    **LOOKALIKES,
    # Icelandic and Sami.
    "ð": "d",
    "þ": "th",
    "ŋ": "n",
    # Arabic as it is written in Persian, Urdu and Kurdish, or carelessly: alef wasla; forms of yeh, of kaf and of heh;
    # and the stretch of a line (tatweel).
    "\u0671": "\u0627",
    **dict.fromkeys("\u0649\u06cc", "\u064a"),
    "\u06a9": "\u0643",
    **dict.fromkeys("\u0629\u06be\u06c1\u06d5", "\u0647"),
    "\u0640": "",
}
"""Characters of which the names and decompositions of Unicode do not tell what a reader takes them for."""

_JAMO: Final = {unicodedata.normalize("NFKD", chr(code)): chr(code) for code in range(0x3131, 0x318F)}
"""Letters of Korean by themselves. Side by side they are no syllable, as which NFC would take them."""

_OTHER_IGNORABLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
"""Default-ignorable code points (Unicode Standard, section 5.21) that are not of the category Cf."""

_UNSPACED: Final = frozenset(
    [
        *("BOPOMOFO", "CJK", "HIRAGANA", "IDEOGRAPHIC", "KATAKANA", "KATAKANA-HIRAGANA", "VERTICAL", "YI"),
        *("BALINESE", "JAVANESE", "KHMER", "LAO", "MYANMAR", "NEW", "TAI", "THAI", "TIBETAN"),
        *("CUNEIFORM", "EGYPTIAN", "KHITAN", "NUSHU", "TANGUT"),
        # Korean has blanks, but particles are written as one with a word, and compounds as one people like.
        "HANGUL",
    ]
)
"""How the names of letters begin whose scripts have no blanks between words; some are of two words."""
_GLUED: Final = frozenset(["ARABIC", "HEBREW", "SYRIAC", "THAANA"])
"""Likewise of scripts that write articles, prepositions and pronouns as one with a word, in few letters."""


class Kind(Enum):
    """What a character does in a word."""

    SEPARATOR = auto()
    """It stands between words."""
    SIGN = auto()
    """It is a word by itself: a pictograph, an arrow, a currency."""
    MARK = auto()
    """It belongs to what is before it."""
    LETTER = auto()
    """It is part of a word that blanks set off, which is found by its beginning."""
    OF_PAIRS = auto()
    """It is part of a run that is found by any of its parts, however short; two letters tell much."""
    OF_TRIPLES = auto()
    """Likewise; three letters tell enough."""


class Properties(dict[str, T]):
    """A property of characters, worked out once for each: to look it up here is quicker than to call a function."""

    def __init__(self, work_out: Callable[[str], T]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, letter: str) -> T:
        """Work it out for a character that is new."""
        self[letter] = found = self._work_out(letter)
        return found


def fold(cluster: str) -> str:
    """Return a character with its marks as it is looked for.

    Without case (Unicode Standard, section 3.13), width and other differences of compatibility (UAX #15, NFKD); without
    marks that qualify a letter, and with those that are letters: vowels of Indic and Thai, the voicing of kana. Letters
    with a stroke are those without, the two kana are one, digits are those of ASCII.
    """
    apart = unicodedata.normalize("NFKD", cluster)
    folded = unicodedata.normalize("NFC", "".join(map(_FOLDS.__getitem__, apart)))
    return "".join(_JAMO.get(one, one) for one in folded)


def is_ignorable(letter: str) -> bool:
    """Tell whether a character is nothing that a reader sees: of zero width, a mark of direction, a variation."""
    return unicodedata.category(letter) == "Cf" or _OTHER_IGNORABLE.match(letter) is not None


def is_joined(letter: str) -> bool:
    """Tell whether a character is one with what is before it: a mark, or what a reader does not see."""
    return unicodedata.category(letter)[0] == "M" or letter in "\uff9e\uff9f" or is_ignorable(letter)


def _folded(letter: str) -> str:
    """Return what becomes of a character that has no decomposition."""
    # A mark goes before case is folded, which makes letters of some (U+0345).
    if _is_dropped(letter):
        return ""
    apart = unicodedata.normalize("NFKD", letter.casefold())
    return "".join(_base(one) for one in apart if not _is_dropped(one))


def _is_dropped(letter: str) -> bool:
    # A combining class says where a mark is: those above and below letters, across them (1), and the points of
    # Hebrew, Arabic and Syriac only qualify them. The others are letters by another name.
    place = unicodedata.combining(letter)
    is_qualifying = place >= 200 or place == 1 or 10 <= place <= 36
    is_skin = "\U0001f3fb" <= letter <= "\U0001f3ff"
    return is_qualifying or is_skin or unicodedata.category(letter) == "Me" or is_ignorable(letter)


def _base(letter: str) -> str:
    if letter in _OTHERS or letter.isascii():
        return _OTHERS.get(letter, letter)
    if (digit := unicodedata.decimal(letter, None)) is not None:
        return str(digit)
    if "\u30a1" <= letter <= "\u30f6" or letter in "\u30fd\u30fe":
        return chr(ord(letter) - 0x60)
    name = unicodedata.name(letter, "")
    if match := _BASE.fullmatch(name):
        return match["letters"].lower()
    match = _WITH.fullmatch(name) or _FINAL.fullmatch(name)
    return fold(unicodedata.lookup(match["script"] + match["base"])) if match else letter


def _kind(letter: str) -> Kind:
    category, script = unicodedata.category(letter), unicodedata.name(letter, "").partition(" ")[0]
    if category[0] == "M":
        return Kind.MARK
    if category[0] in "LN":
        if script in _UNSPACED:
            return Kind.OF_PAIRS
        return Kind.OF_TRIPLES if script in _GLUED else Kind.LETTER
    if category == "Cn":
        # It came with a later version of Unicode than Python's. Two planes are for ideographs.
        return Kind.OF_PAIRS if 0x20000 <= ord(letter) < 0x40000 else Kind.SIGN
    is_sign = category == "Co" or (category[0] == "S" and not letter.isascii())
    return Kind.SIGN if is_sign else Kind.SEPARATOR


KINDS: Final = Properties(_kind)
"""The kind of each folded character."""
_FOLDS: Final = Properties(_folded)
