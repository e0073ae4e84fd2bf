"""In which format each kind of answer to a query is written, by what the client takes (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Final

from werkzeug.exceptions import NotAcceptable

from ...errors import NotAcceptableError
from ...serialization import BOOLEAN_FORMATS, HTML, SHEET_FORMATS, Format, rows_formats, triples_formats
from ...store.answers import PAGE as EXCERPT
from ..http.negotiation import by_parameter, choose_for

Chosen = tuple[tuple[str, Format], ...]
"""The format for each kind of answer of which the client takes one."""

_LONGEST_NAME: Final = 100
"""Characters: no format has a longer name."""


@cache
def formats_of_answers() -> Mapping[str, tuple[Format, ...]]:
    """Return the formats for each kind of answer; the first is what a client without a wish gets."""
    rows = (*rows_formats(), *SHEET_FORMATS)
    return {"solutions": rows, "boolean": BOOLEAN_FORMATS, "triples": triples_formats()}


@cache
def _offered() -> Mapping[str, tuple[Format, ...]]:
    # HTML comes last: a program without a wish gets data.
    return {kind: (*formats, HTML) for kind, formats in formats_of_answers().items()}


def formats_for(name: str, accept: str) -> Chosen:
    """Return the format for each kind of answer, leaving out kinds for which the client takes none of ours.

    It is the one that `format=` names, else the one that Accept wants most. Raises NotAcceptable when none is left.
    """
    if len(name) <= _LONGEST_NAME and (found := _chosen(name, accept)):
        return found
    every = [one for formats in _offered().values() for one in formats]
    types, names = (sorted({getattr(one, part) for one in every}) for part in ("media_type", "name"))
    raise NotAcceptable(_available("None of the formats asked for is available.", types, names))


def other_formats(formats: Chosen, accept: str, error: NotAcceptableError) -> Chosen:
    """Return the formats for another try, without the one in which just this answer cannot be written.

    Raises NotAcceptable, with what there is, when the client takes no other.
    """
    left = tuple(one for one in _offered()[error.kind] if one.name != error.format_name)
    if error.format_name and accept and (other := choose_for(accept, left)):
        return tuple((kind, other if kind == error.kind else one) for kind, one in formats)
    types, names = ([getattr(one, part) for one in left] for part in ("media_type", "name"))
    raise NotAcceptable(_available(error.message, dict.fromkeys(types), names)) from error


def _available(fault: str, types: Iterable[str], names: Iterable[str]) -> str:
    return f"{fault} There are {', '.join(types)}; as format= {', '.join(names)}."


@lru_cache(maxsize=256)
def _chosen(name: str, accept: str) -> Chosen:
    chosen = {
        kind: by_parameter(name, formats) if name else choose_for(accept, formats)
        for kind, formats in _offered().items()
    }
    return tuple((kind, one) for kind, one in chosen.items() if one is not None)


@lru_cache(maxsize=256)
def names_of(formats: Chosen) -> Mapping[str, str]:
    """Return the name of the format for each kind of answer, as workers know them."""
    return {kind: EXCERPT if chosen is HTML else chosen.name for kind, chosen in formats}
