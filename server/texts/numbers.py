"""The numbers of a text, in digits or words, and which of them another text lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from .tokens import NUMBER, plain_number

_SMALL: Final = {
    word: number
    for number, word in enumerate(
        re.findall(
            r"[^|]+",
            "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
            "fifteen|sixteen|seventeen|eighteen|nineteen",
        )
    )
} | {
    word: 10 * number
    for number, word in enumerate(
        re.findall(
            r"[^|]+",
            "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety",
        ),
        2,
    )
}
_LARGE: Final = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_TIMES: Final = {"twice": 2, "double": 2, "doubled": 2, "doubles": 2, "doubling": 2, "thrice": 3, "triple": 3}
_TIMES_MORE: Final = {"tripled": 3, "triples": 3, "pair": 2, "both": 2, "dozen": 12}
_FRACTIONS: Final = {"half": Decimal(50), "halved": Decimal(50), "quarter": Decimal(25), "quarters": Decimal(75)}
_ONE_WORD: Final = "|".join(sorted((*_SMALL, *_LARGE), key=len, reverse=True))
_WORDS: Final = re.compile(rf"(?i)\b(?:{_ONE_WORD})(?:(?:[\s-]+(?:and\s+)?)(?:{_ONE_WORD}))*\b")
_PERCENT: Final = re.compile(r"(?i)\s*(?:%|\bper\s?cent\b|\bpercentage\s+points?\b|\bpp\b)")
_PERCENT_WORD: Final = re.compile(r"(?i)\bper\s?cent\b")
_DIGITS: Final = re.compile(rf"(?<![\w.]){NUMBER}(?![^\W_])")
_MAGNITUDE: Final = re.compile(rf"(?i)[\s-]*\b({'|'.join(_LARGE)})s?\b")
_ATTACHED: Final = re.compile(rf"(?<![\w.-])({NUMBER})(k|x|-?fold)\b")
_OTHER_WORDS: Final = re.compile(
    rf"(?i)\b(?:({'|'.join((*_TIMES, *_TIMES_MORE))})|({'|'.join(_FRACTIONS)})|({_ONE_WORD})-?fold)\b"
)
_NAME_BEFORE: Final = re.compile(r"(?:[^\W\d_](?P<hyphen>-)|\b[A-Z][\w-]*\s)\Z")
_YEARS: Final = range(1900, 2101)
_LEAST_ROUNDED: Final = 10
"""From which value on a whole number may stand for one with decimals."""


@dataclass(frozen=True)
class Quantity:
    """A number in a text."""

    value: Decimal
    is_percent: bool
    shown: str
    """As it is written."""
    is_name: bool = False
    """Whether it is part of a name, such as GPT-4, or a year."""


def quantities_of(text: str) -> list[Quantity]:
    """Return the numbers of a text.

    >>> [(str(one.value), one.is_percent) for one in quantities_of("Twenty-five of 1,200 models; 3.5 per cent")]
    [('25', False), ('1200', False), ('3.5', True)]
    """
    return [one for _, one in sorted(_quantities(text), key=lambda one: one[0])]


def _quantities(text: str) -> Iterator[tuple[int, Quantity]]:
    for match in _DIGITS.finditer(text):
        end, value = match.end(), Decimal(plain_number(match[0]))
        if magnitude := _MAGNITUDE.match(text, end):
            value, end = value * _LARGE[magnitude[1].lower()], magnitude.end()
        percent = _PERCENT.match(text, end)
        is_year = match[0].isdecimal() and int(match[0]) in _YEARS
        is_name = not percent and (is_year or _is_in_name(text, match.start(), match.end()))
        end = percent.end() if percent else end
        yield match.start(), Quantity(value, percent is not None, text[match.start() : end], is_name)
    for match in _ATTACHED.finditer(text):
        times = 1000 if match[2] == "k" else 1
        yield match.start(), Quantity(Decimal(plain_number(match[1])) * times, is_percent=False, shown=match[0])
    for match in _WORDS.finditer(text):
        if re.search(rf"(?:{NUMBER})[\s-]*\Z", text[max(0, match.start() - 24) : match.start()]):
            continue  # "1.5 million" was read with its digits
        percent = _PERCENT.match(text, match.end())
        end = percent.end() if percent else match.end()
        value = Decimal(_value(match[0]))
        yield match.start(), Quantity(value, percent is not None, text[match.start() : end])
    for match in _OTHER_WORDS.finditer(text):
        if match[2]:
            yield match.start(), Quantity(_FRACTIONS[match[2].lower()], is_percent=True, shown=match[0])
        else:
            times = (_TIMES | _TIMES_MORE | _SMALL | _LARGE)[(match[1] or match[3]).lower()]
            yield match.start(), Quantity(Decimal(times), is_percent=False, shown=match[0])


def _is_in_name(text: str, start: int, end: int) -> bool:
    """Tell whether a number is part of a name: `GPT-4`, `Claude 3 Opus`, `see Table 2`; not `In 3 runs`."""
    before = _NAME_BEFORE.search(text[max(0, start - 40) : start])
    if before is None:
        return False
    if before["hyphen"]:
        return True
    is_first = not text[: start - len(before[0])].rstrip() or text[: start - len(before[0])].rstrip()[-1] in ".!?:"
    return not is_first or re.match(r"[A-Z]?\s[A-Z]", text[end : end + 3]) is not None


def lacking(said: str, passages: Iterable[str]) -> list[Quantity]:
    """Return the numbers of what is said that no passage has, neither so nor with more decimals.

    Years and the numbers in names do not count, and neither do "one" and words such as "both" and "half".

    >>> [one.shown for one in lacking("12% of 3 models, not 40", ["Of three models, 0.12 did."])]
    ['40']
    """
    wanted = [one for one in quantities_of(said) if not one.is_name and not _is_loose(one)]
    if not wanted:
        return []
    there = [one for passage in passages for one in quantities_of(passage)]
    return [one for one in wanted if not any(_agrees(one, other) for other in there)]


def spelled_out(text: str) -> str:
    """Return a text of the same length with digits for numbers in words, and a sign for "per cent".

    >>> spelled_out("fourteen percent of us")
    '14       %       of us'
    """

    def digits(match: re.Match[str]) -> str:
        written = str(_value(match[0]))
        return written.ljust(len(match[0])) if len(written) <= len(match[0]) else match[0]

    return _PERCENT_WORD.sub(lambda match: "%".ljust(len(match[0])), _WORDS.sub(digits, text))


def _value(words: str) -> int:
    """Return the value of a number in words.

    >>> _value("two hundred and five thousand"), _value("twenty-five")
    (205000, 25)
    """
    total = part = 0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word in _SMALL:
            part += _SMALL[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in _LARGE:
            total, part = total + max(part, 1) * _LARGE[word], 0
    return total + part


def _is_loose(one: Quantity) -> bool:
    """Tell whether a word is no count that a source must have in the same way."""
    word = one.shown.lower()
    return word in {"zero", "one"} or word in _TIMES | _TIMES_MORE or word in _FRACTIONS


def _agrees(wanted: Quantity, there: Quantity) -> bool:
    if wanted.is_percent:
        values = [there.value] if there.is_percent else [there.value, there.value * 100]
    elif there.is_percent:
        values = [there.value / 100]
    else:
        values = [there.value]
    return any(value == wanted.value or _rounds(value, wanted) for value in values)


def _rounds(value: Decimal, wanted: Quantity) -> bool:
    """Tell whether a number with more decimals is the one that is wanted when it is rounded."""
    exponent = wanted.value.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    if not (wanted.is_percent or decimals or wanted.value >= _LEAST_ROUNDED):
        return False
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) == wanted.value.quantize(
        Decimal(1).scaleb(-decimals)
    )
