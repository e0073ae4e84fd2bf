"""Content negotiation: one chooser among the formats of the table (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from flask import Request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable
from werkzeug.http import parse_accept_header, parse_options_header

from ...serialization import HTML, Format
from .links import Link

_MEDIA_RANGE: Final = re.compile(r"\*/\*|[\w!#$&^.+-]+/(?:\*|[\w!#$&^.+-]+)", re.ASCII)


class NothingAcceptable(NotAcceptable):
    """The client accepts nothing of what there is (RFC 9110, section 15.5.7).

    `links` lead to what there is; `depends_on` names the headers by which the client refused it, beside Accept.
    """

    def __init__(self, description: str, links: Iterable[Link] = (), depends_on: Iterable[str] = ()) -> None:
        super().__init__(description)
        self.links = tuple(links)
        self.depends_on = tuple(depends_on)


def choose(
    request: Request,
    formats: tuple[Format, ...],
    links: Iterable[Link] = (),
    depends_on: Iterable[str] = (),
    less: tuple[Format, ...] = (),
) -> Format:
    """Return the format that the client wants most; ties go to the earlier one in `formats`.

    Those of `less` count half as much as the client says: they are worse representations of the same thing.

    Raises NothingAcceptable, with the list of what there is, when the client wants none of them.
    """
    best = choose_for(request.headers.get("Accept", ""), formats, less)
    if best is None:
        raise NothingAcceptable(
            "None of the media types in the Accept header is available. Available are: "
            + ", ".join(dict.fromkeys(candidate.media_type for candidate in formats))
            + ".",
            links,
            depends_on,
        )
    return best


def version_for(accept: str, chosen: Format) -> str:
    """Return the version of RDF that an Accept header wants of a format, or nothing (RDF 1.2 Concepts, section 2.1).

    Of several ranges that name the format, the one with the most weight counts, and of equals one with a version.
    """
    best: tuple[float, str] = (0.0, "")
    for value, weight in parse_accept_header(accept, MIMEAccept):
        media_type, parameters = parse_options_header(value)
        if media_type.lower() in chosen.media_types:
            best = max(best, (weight, parameters.get("version", "")))
    return best[1]


def choose_or_none(request: Request, formats: tuple[Format, ...]) -> Format | None:
    """Return the format that the client wants most, or None when it wants none of `formats`.

    What is malformed in an Accept header is passed over; one of which nothing can be read counts as none.
    """
    return choose_for(request.headers.get("Accept", ""), formats)


def asks_for_page(request: Request, extension: str | None, formats: tuple[Format, ...]) -> bool:
    """Return whether a request wants HTML: by the extension of its path, or without one, of `formats` most of all."""
    return extension == HTML.name or (extension is None and choose_or_none(request, formats) is HTML)


def by_parameter(value: str, formats: Sequence[Format]) -> Format | None:
    """Return the format that the value of `format=` means, or None.

    That is a name, an alias, a media type or its second half, or what the format is called; neither case nor
    punctuation counts, since people write `JSON-LD`, `n3`, `rdf/xml`, and a plus that nobody escaped is a space.
    """
    wanted = _letters(value.partition(";")[0])
    by_name = next((one for one in formats if wanted in {_letters(one.name), _letters(one.media_type)}), None)
    return by_name or next((one for one in formats if wanted in _all_names(one)), None)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


@cache
def _all_names(one: Format) -> frozenset[str]:
    kinds = (kind.partition("/")[2].removeprefix("x-") for kind in one.media_types)
    return frozenset(map(_letters, (one.label, *one.aliases, *one.media_types, *kinds)))


def named(name: str, formats: Sequence[Format]) -> Format | None:
    """Return the format whose URLs end with `.name`, or None."""
    return next((candidate for candidate in formats if candidate.name == name), None)


def addresses_of(formats: Sequence[Format], path: str) -> list[tuple[Format, str]]:
    """Return each format with the address of a path in it, whatever a request prefers."""
    return [(one, f"{path}.{one.name}") for one in formats]


# Clients send few different headers, and reading one takes longer than a small query.
@lru_cache(maxsize=256)
def choose_for(accept: str, formats: tuple[Format, ...], less: tuple[Format, ...] = ()) -> Format | None:
    """Return the format that an Accept header wants most, as `choose_or_none` does; those of `less` count half."""
    ranges = _ranges(accept)
    if not ranges:
        return formats[0]
    own = {candidate.media_type for candidate in formats}
    best, best_rank = None, (0.0, -1)
    for candidate in formats:
        weight, specificity = _rank(candidate, ranges, own)
        rank = (weight / 2 if candidate in less else weight, specificity)
        # Between equal weights, what was named goes before what only a wildcard covers.
        if rank[0] > 0 and rank > best_rank:
            best, best_rank = candidate, rank
    return best


@dataclass(frozen=True)
class _Range:
    """A media range of an Accept header, with its weight; the empty one covers nothing that we have."""

    media_type: str
    weight: float

    def specificity(self, media_type: str) -> int:
        """Return how exactly the range covers a media type: from 0 for `*/*` to 2 for itself, -1 when it does not."""
        kinds = ("*/*", f"{media_type.partition('/')[0]}/*", media_type)
        return kinds.index(self.media_type) if self.media_type in kinds else -1


def _rank(candidate: Format, ranges: Sequence[_Range], own: set[str]) -> tuple[float, int]:
    """Return the weight of a format for a client, and how exactly it was named."""
    # The most specific range that covers a media type sets its weight, whatever wider ones say.
    specificity, weight = max((one.specificity(candidate.media_type), one.weight) for one in ranges)
    rank = (weight, specificity) if specificity >= 0 else (0.0, -1)
    if specificity == 2 and weight == 0:
        # Whoever excludes a format by its name does not want it under another.
        return rank
    for name in candidate.media_types[1:]:
        # Other names count when they are called, not when a wildcard covers them: the answer will not bear them.
        if name not in own:
            rank = max([rank, *((one.weight, 2) for one in ranges if one.media_type == name)])
    return rank


def _ranges(accept: str) -> list[_Range]:
    """Return the media ranges of an Accept header that could be served, if with another weight (RFC 9110, 12.5.1).

    Weights that are none are passed over with their ranges. A charset other than UTF-8, or a parameter that none of
    our media types has, asks for what we do not have; a profile is a hint that need not be heeded (RFC 6906, 3.1), and
    so is a version of RDF or SPARQL results: what we write in 1.2 is what a reader of 1.2 takes for that, and the rest
    is 1.1 (RDF 1.2 Turtle, section 7.1).
    """
    found = []
    for value, weight in parse_accept_header(accept, MIMEAccept):
        media_type, parameters = parse_options_header(value)
        # Old Java clients write * for */*.
        media_type = "*/*" if media_type == "*" else media_type.lower()
        if not _MEDIA_RANGE.fullmatch(media_type):
            continue
        for passed_over in ("profile", "version"):
            parameters.pop(passed_over, None)
        if parameters.get("charset", "").lower() in {"utf-8", "utf8"}:
            parameters.pop("charset")
        found.append(_Range("" if parameters else media_type, weight))
    return found
