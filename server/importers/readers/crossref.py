"""Crossref: works as its REST API answers with them, one by one or in a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ...records.dates import Date
from ...records.findings import Finding
from ..dating import of_parts, refined
from ..files import Json, list_in, mapping_in, text_in, without
from ..kinds_of_works import kind_of
from ..texts import arxiv_in, author, author_of_parts, doi_in, keys_for, plain
from ..works import Author, Mention, Place, Work
from .interface import Importer

_USED: Final = frozenset(
    """DOI title subtitle author issued published published-print published-online posted created deposited indexed
    container-title type reference reference-count references-count is-referenced-by-count update-to updated-by relation
    URL publisher institution source prefix member score resource content-domain""".split()  # noqa: SIM905 - as a list it takes thirty lines
)
_DATES: Final = ("issued", "published", "published-online", "published-print", "posted")
_PREPRINTS: Final = ("is-preprint-of", "has-preprint", "is-version-of", "has-version", "is-same-as")
_RETRACTED: Final = ("RETRACTED", "WITHDRAWN", "Retracted:", "Withdrawn:")


def read(path: Path) -> Iterator[Work | Finding]:
    """Yield the works of an answer, and a fault for each that is none."""
    file = Json(path)
    for item in file.records("message.items", "message", "items"):
        record = mapping_in(item)
        doi = doi_in(text_in(record.get("DOI")))
        place = Place(file.name, file.line_of(record.get("DOI")), doi)
        title = plain(text_in(record.get("title")))
        if not doi or not title:
            yield place.fault("This is no work of Crossref: it has no DOI, or no title.", "ask Crossref again.")
        else:
            yield _work(place, record, doi, title)


def _work(place: Place, record: Mapping[str, Any], doi: str, title: str) -> Work:
    issued: Date | None = None
    for name in _DATES:
        for parts in list_in(mapping_in(record.get(name)).get("date-parts"))[:1]:
            issued = refined(issued, of_parts(list_in(parts)))
    subtitle = plain(text_in(record.get("subtitle")))
    others = [
        text_in(mapping_in(one).get("id"))
        for name in _PREPRINTS
        for one in list_in(mapping_in(record.get("relation")).get(name))
    ]
    arxiv = next((one for one in map(arxiv_in, (doi, *others)) if one), "")
    updates = [mapping_in(one) for one in list_in(record.get("updated-by"))]
    people = [mapping_in(one) for one in list_in(record.get("author"))]
    is_retracted = title.startswith(_RETRACTED) or any(
        text_in(one.get("type")) in {"retraction", "withdrawal", "removal"} for one in updates
    )
    institution = list_in(record.get("institution"))
    venue = text_in(record.get("container-title")) or text_in(mapping_in(next(iter(institution), {})).get("name"))
    affiliations = sum(1 for one in people if one.get("affiliation"))
    return Work(
        place=place,
        title=title if not subtitle or subtitle.lower() in title.lower() else f"{title}: {subtitle}",
        kind=kind_of(text_in(record.get("type"))),
        authors=tuple(one for one in map(_author, people) if one),
        issued=issued,
        doi=doi,
        arxiv=arxiv,
        keys=keys_for(doi, *others, arxiv=arxiv),
        url=f"https://doi.org/{doi}",
        venue=plain(venue or text_in(record.get("publisher"))),
        is_retracted=is_retracted,
        references=tuple(_references(record)),
        source=f"https://api.crossref.org/works/{doi}",
        left_out={
            **without(record, _USED),
            **({"affiliation": f"of {affiliations} authors"} if affiliations else {}),
        },
    )


def _author(person: Mapping[str, Any]) -> Author | None:
    if whole := text_in(person.get("name")):
        return author(whole, is_group=True)
    return author_of_parts(
        text_in(person.get("given")),
        text_in(person.get("family")),
        text_in(person.get("ORCID")),
        suffix=text_in(person.get("suffix")),
    )


def _references(record: Mapping[str, Any]) -> Iterator[Mention]:
    for one in map(mapping_in, list_in(record.get("reference"))):
        words = text_in(one.get("unstructured"))
        doi = doi_in(text_in(one.get("DOI"))) or doi_in(words)
        arxiv = arxiv_in(words)
        year = text_in(one.get("year"))[:4]
        yield Mention(
            keys_for(doi, arxiv=arxiv),
            plain(text_in(one.get("article-title")) or text_in(one.get("volume-title"))),
            int(year) if year.isascii() and year.isdigit() else 0,
        )


CROSSREF: Final = Importer(
    read,
    recognizes=lambda start: '"message-type"' in start or ('"DOI"' in start and '"is-referenced-by-count"' in start),
)
