"""When two texts say the same, and are only spelled in another way."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Final

from .names import name_words, same_name

_ALIKE: Final = 0.85
"""How alike two words are that are one word, misspelt or of the other side of the Atlantic."""


def is_same_but_for_spelling(one: str, other: str) -> bool:
    """Tell whether two texts have the same words, each perhaps in another spelling.

    Case, punctuation and accents do not count, nor how words are divided. A word has another spelling when it begins
    with the same letter and nearly all letters are the same; numbers are the same or not.

    >>> is_same_but_for_spelling("Reward-hacking generalises.", "reward hacking generalizes")
    True
    >>> is_same_but_for_spelling("It is likely in 12 % of cases", "It is unlikely in 12 % of cases")
    False
    """
    ones, others = name_words(one), name_words(other)
    if not (ones and others):
        return same_name(one) == same_name(other)
    if "".join(ones) == "".join(others):
        return True
    steps = SequenceMatcher(None, ones, others, autojunk=False).get_opcodes()
    return all(
        kind == "equal" or (kind == "replace" and _are_one_word("".join(ones[a:b]), "".join(others[c:d])))
        for kind, a, b, c, d in steps
    )


def _are_one_word(one: str, other: str) -> bool:
    digits = ["".join(filter(str.isdigit, word)) for word in (one, other)]
    return (
        one[0] == other[0]
        and digits[0] == digits[1]
        and SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE
    )
