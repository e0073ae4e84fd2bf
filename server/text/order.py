"""The order of names: that of the Unicode Collation Algorithm (UTS #10), with its default table.

Letters are compared first, then accents, then case; punctuation comes before digits, and digits before letters. Of
the languages of our pages, Spanish and Arabic have an order of their own (CLDR, collation), which `_TAILORINGS` has.
What any other language does otherwise, such as the ä of Swedish after its z, is left out. Chinese names are in the
order of their characters, by radical and stroke, since that of pinyin needs a table that only ICU has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from struct import pack
from typing import TYPE_CHECKING, Final

from .forms import composed

if TYPE_CHECKING:
    from pyuca.collator import BaseCollator

_PART: Final = re.compile(r" +|[^ ]{1,64}")
"""Nothing in the table joins a blank with what is beside it. The time of pyuca grows with the square of a length."""
_OF_ASCII: Final = re.compile(r"^(00[0-7][0-9A-F]) *;([^#\n]*)", re.MULTILINE)
"""A line of the table about one letter of ASCII (UTS #10, section 9)."""
_LONGEST: Final = 400
"""Letters of a name that count."""
_DEFAULTS: Final = (0x20, 0x02)
"""The least weights of accents and of case, which most letters have."""


def order_key(name: str, tag: str = "") -> bytes:
    """Return the sort key of a name (UTS #10, section 7): names are in the order of their keys.

    `tag` is the language by whose rules names are sorted; without it, and for a language without rules of its own,
    the order is the default one. Keys by the rules of different languages can be compared with each other.
    """
    tailored = _TAILORINGS.get(tag.partition("-")[0].lower(), _default)
    return tailored(name[:_LONGEST])


@lru_cache(maxsize=1 << 17)
def _default(name: str) -> bytes:
    """Return the sort key in the default order.

    The defaults at the end of a level are left out (section 9.1), so that a key is little longer than its name.
    """
    return _of_ascii(name) if name.isascii() else _of_any(name)


def _spanish(name: str) -> bytes:
    """Return the sort key in Spanish, where ñ is a letter of its own, between n and o."""
    if name.isascii():
        return _default(name)
    # The last character of Unicode comes after every letter.
    return _default(composed(name).replace("ñ", "n\U0010fffd").replace("Ñ", "N\U0010fffd"))


def _arabic(name: str) -> bytes:
    """Return the sort key in Arabic, where names in Arabic letters come before all others."""
    key = _default(name)
    # The key of a name with letters never begins with a zero byte: the lowest weight is 0x0201.
    return b"\0" + key if "\u0600" <= name[:1] <= "\u06ff" else key


_TAILORINGS: Final[Mapping[str, Callable[[str], bytes]]] = {"ar": _arabic, "es": _spanish}
"""How languages sort that do not keep to the default order."""


def _of_any(name: str) -> bytes:
    parts = _PART.findall(unicodedata.normalize("NFD", composed(name)))
    elements = [element for part in parts for element in _elements(part)]
    letters = [element[0] for element in elements if element[0]]
    key = pack(f">{len(letters)}H", *letters)
    for level, default in enumerate(_DEFAULTS, 1):
        weights = [element[level] for element in elements if element[level]]
        while weights and weights[-1] == default:
            weights.pop()
        key += pack(f">{len(weights) + 1}H", 0, *weights)
    return key


def _of_ascii(name: str) -> bytes:
    """Return the key of a name in ASCII, where letters stand for themselves, and only their case has other weights."""
    letters, cases = _ascii_weights()
    return b"".join(
        (*map(letters.__getitem__, name), b"\0\0\0\0", b"".join(map(cases.__getitem__, name)).rstrip(b"\0\2"))
    )


@cache
def _ascii_weights() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the weights of letters and of case, as `_elements` has them, and without reading all of the table."""
    from pyuca.collator import COLL_ELEMENT_PATTERN, Collator_10_0_0  # noqa: PLC0415 - as below

    table = files("pyuca").joinpath(f"allkeys-{Collator_10_0_0.UCA_VERSION}.txt").read_text(encoding="utf-8")
    elements = {
        chr(int(line[1], 16)): [one for one in _read(COLL_ELEMENT_PATTERN.findall(line[2])) if one[0]]
        for line in _OF_ASCII.finditer(table)
    }
    return (
        {letter: b"".join(pack(">H", one[0]) for one in own) for letter, own in elements.items()},
        {letter: b"".join(pack(">H", one[2]) for one in own) for letter, own in elements.items()},
    )


def _read(found: Iterable[Sequence[str]]) -> Iterator[tuple[int, ...]]:
    return (tuple(int(weight, 16) for weight in weights) for weights in found)


@lru_cache(maxsize=1 << 15)
def _elements(part: str) -> tuple[tuple[int, ...], ...]:
    return tuple(map(tuple, _collator().collation_elements(part)))


@cache
def _collator() -> BaseCollator:
    # It takes a third of a second to read the table.
    from pyuca.collator import Collator_10_0_0  # noqa: PLC0415

    return Collator_10_0_0()
