"""Reads the parameters of addresses: choices, whole numbers and texts. What cannot be read is answered with 400."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from flask import abort, request

_DIGITS: Final = re.compile("-?[0-9]{1,10}")
_SHOWN: Final = 80
"""Characters of a wrong value that an error repeats."""


def number(name: str, default: int, most: int, least: int = 1) -> int:
    """Return the whole number that a parameter names, from `least` to `most`."""
    given = request.args.get(name, str(default))
    if not _DIGITS.fullmatch(given) or not least <= int(given) <= most:
        abort(400, f"{name} is {given[:_SHOWN]!r}, and not a whole number from {least} to {most}.")
    return int(given)


def text(name: str, most: int) -> str:
    """Return the text of a parameter, of at most so many characters; it is empty where there is none."""
    given = request.args.get(name, "")
    if len(given) > most:
        abort(400, f"{name} has {len(given):,} characters; there may be {most:,}.")
    return given


def texts(name: str, most: int, longest: int) -> tuple[str, ...]:
    """Return the different texts of a parameter that may be repeated, in the order given, stripped of blanks.

    There may be `most`, each of `longest` characters. Empty ones count as none.
    """
    given = tuple(dict.fromkeys(filter(None, map(str.strip, request.args.getlist(name)))))
    if len(given) > most:
        abort(400, f"{name} is given {len(given):,} times; it may be given {most:,} times.")
    if long := next((one for one in given if len(one) > longest), ""):
        abort(400, f"{name} has {len(long):,} characters; there may be {longest:,}.")
    return given


def values_of(name: str, known: Collection[str], shown: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the values of a parameter that may be repeated, in the order given; empty ones count as none.

    Each must be one of `known`; an error lists `shown`, where that is given.
    """
    given = tuple(filter(None, request.args.getlist(name)))
    if unknown := [value for value in given if value not in known]:
        names = ", ".join(shown or known)
        abort(400, f"There is no {name} {unknown[0][:_SHOWN]!r}; there {f'are {names}' if names else 'is none here'}.")
    return given


def one_of(name: str, known: Collection[str]) -> str:
    """Return the last of the values of a parameter, which must be one of `known`; it is empty where there is none."""
    return (values_of(name, known) or ("",))[-1]


def any_of(name: str, known: Collection[str], shown: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the different values of a parameter as `values_of` does, sorted."""
    return tuple(sorted(set(values_of(name, known, shown))))
