"""When names are the same, and when they are equal but for what is easily left out."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from .forms import composed, folded
from .letters import LOOKALIKES, Properties, is_ignorable

_SEPARATORS: Final = re.compile(r"[^a-z0-9#%&*@+<=>|~$^]+")
"""What stands between words in ASCII. The rest are signs, and part of a name: C++, C#, F*, AT&T."""
_LOOKALIKES: Final = str.maketrans(LOOKALIKES)


def _is_separator(letter: str) -> bool:
    if letter.isascii():
        return _SEPARATORS.match(letter) is not None
    return unicodedata.category(letter)[0] in "PZC"


_IS_SEPARATOR: Final = Properties(_is_separator)


def same_name(text: str) -> str:
    """Return a name without what is no difference to anybody: two names with equal results are the same name.

    That is case, width, blanks, what has no width, and the shapes of quotation marks and dashes (Unicode Standard,
    section 3.13, NFKC_Casefold). Punctuation and accents count.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    text = composed(text).translate(_LOOKALIKES)
    for _ in range(2):  # to fold case can undo a normal form
        text = unicodedata.normalize("NFKC", "".join(one for one in text if not is_ignorable(one))).casefold()
    return " ".join(unicodedata.normalize("NFKC", text.translate(_LOOKALIKES)).split())


@lru_cache(maxsize=1 << 14)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name, folded, with the signs in them.

    >>> name_words("C++"), name_words("Reward-hacking: a review")
    (('c++',), ('reward', 'hacking', 'a', 'review'))
    """
    if name.isascii():
        return tuple(filter(None, _SEPARATORS.split(name.lower())))
    return tuple("".join(" " if _IS_SEPARATOR[one] else one for one in folded(name)).split())


def key_of(name: str) -> str:
    """Return the form in which a whole name is compared with a whole text: the order of their words does not matter."""
    return " ".join(sorted(name_words(name))) or same_name(name)


def strict_key_of(name: str) -> str:
    """Return the same form with all punctuation in it, for whoever is led to what has the name without being asked."""
    return " ".join(sorted(folded(name).split()))
