"""Reads the parameters of addresses: choices, whole numbers and texts. What cannot be read is answered with 400."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from flask import abort, request

from ...records.sentences import sentence

_DIGITS: Final = re.compile("-?[0-9]{1,10}")
_SHOWN: Final = 80
"""Characters of a wrong value that an error repeats."""


def number(name: str, default: int, most: int, least: int = 1) -> int:
    """Return the whole number that a parameter names, from `least` to `most`."""
    given = request.args.get(name, str(default))
    if not _DIGITS.fullmatch(given) or not least <= int(given) <= most:
        abort(
            400,
            sentence(
                "%(name)s is %(given)s, and not a whole number from %(least)s to %(most)s.",
                name=name,
                given=f"{given[:_SHOWN]!r}",
                least=least,
                most=most,
            ),
        )
    return int(given)


def text(name: str, most: int) -> str:
    """Return the text of a parameter, of at most so many characters; it is empty where there is none."""
    given = request.args.get(name, "")
    if len(given) > most:
        abort(
            400,
            sentence(
                "%(name)s has %(given)s characters; there may be %(most)s.",
                name=name,
                given=f"{len(given):,}",
                most=f"{most:,}",
            ),
        )
    return given


def texts(name: str, most: int, longest: int) -> tuple[str, ...]:
    """Return the different texts of a parameter that may be repeated, in the order given, stripped of blanks.

    There may be `most`, each of `longest` characters. Empty ones count as none.
    """
    given = tuple(dict.fromkeys(filter(None, map(str.strip, request.args.getlist(name)))))
    if len(given) > most:
        abort(
            400,
            sentence(
                "%(name)s is given %(given)s times; it may be given %(most)s times.",
                name=name,
                given=f"{len(given):,}",
                most=f"{most:,}",
            ),
        )
    if long := next((one for one in given if len(one) > longest), ""):
        abort(
            400,
            sentence(
                "%(name)s has %(long)s characters; there may be %(longest)s.",
                name=name,
                long=f"{len(long):,}",
                longest=f"{longest:,}",
            ),
        )
    return given


def values_of(name: str, known: Collection[str], shown: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the values of a parameter that may be repeated, in the order given; empty ones count as none.

    Each must be one of `known`; an error lists `shown`, where that is given.
    """
    given = tuple(filter(None, request.args.getlist(name)))
    if unknown := [value for value in given if value not in known]:
        names = ", ".join(shown or known)
        abort(
            400,
            sentence(
                "There is no %(name)s %(value)s; there are %(names)s.",
                name=name,
                value=repr(unknown[0][:_SHOWN]),
                names=names,
            )
            if names
            else sentence(
                "There is no %(name)s %(value)s; there is none here.", name=name, value=repr(unknown[0][:_SHOWN])
            ),
        )
    return given


def one_of(name: str, known: Collection[str]) -> str:
    """Return the last of the values of a parameter, which must be one of `known`; it is empty where there is none."""
    return (values_of(name, known) or ("",))[-1]


def any_of(name: str, known: Collection[str], shown: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the different values of a parameter as `values_of` does, sorted."""
    return tuple(sorted(set(values_of(name, known, shown))))
