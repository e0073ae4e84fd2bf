"""DataCite: DOIs as its REST API answers with them (JSON:API), with the properties of its metadata schema 4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ...records.dates import Date
from ...records.findings import Finding
from ..dating import dated, refined
from ..files import Json, list_in, mapping_in, text_in, without
from ..kinds_of_works import kind_of
from ..texts import arxiv_in, author, author_of_parts, doi_in, keys_for, plain, venue_beside
from ..works import Author, Mention, Place, Work
from .interface import Importer

_USED: Final = frozenset(
    """doi prefix suffix identifiers alternateIdentifiers creators titles publisher container publicationYear types
    dates relatedIdentifiers url state created registered updated published isActive schemaVersion metadataVersion
    source viewCount downloadCount citationCount referenceCount partCount partOfCount versionCount versionOfCount xml
    contentUrl reason""".split()  # noqa: SIM905 - a list takes thirty lines
)
_CITES: Final = frozenset(("References", "Cites", "Requires"))
_SAME: Final = frozenset(("IsVersionOf", "IsIdenticalTo", "IsVariantFormOf", "IsPreprintOf"))


def read(path: Path) -> Iterator[Work | Finding]:
    """Yield the works of an answer, and a fault for each that is none."""
    file = Json(path)
    for item in file.records("data"):
        record = mapping_in(mapping_in(item).get("attributes")) or mapping_in(item)
        doi = doi_in(text_in(record.get("doi")) or text_in(mapping_in(item).get("id")))
        place = Place(file.name, file.line_of(record.get("doi"), mapping_in(item).get("id")), doi)
        titles = [mapping_in(one) for one in list_in(record.get("titles"))]
        title = next((plain(text_in(one.get("title"))) for one in titles if not one.get("titleType")), "")
        if not doi or not title:
            yield place.fault("This is no DOI of DataCite: it has no doi, or no title.", "ask DataCite again.")
        else:
            yield _work(place, record, doi, title)


def _work(place: Place, record: Mapping[str, Any], doi: str, title: str) -> Work:
    issued: Date | None = None
    for one in map(mapping_in, list_in(record.get("dates"))):
        if text_in(one.get("dateType")) in {"Issued", "Available", "Submitted"}:
            issued = refined(issued, dated(text_in(one.get("date")))[0])
    year = dated(text_in(record.get("publicationYear")))[0]
    related = [mapping_in(one) for one in list_in(record.get("relatedIdentifiers"))]
    same = [text_in(one.get("relatedIdentifier")) for one in related if one.get("relationType") in _SAME]
    arxiv = next((one for one in map(arxiv_in, (doi, *same)) if one), "")
    types = mapping_in(record.get("types"))
    container = mapping_in(record.get("container"))
    publisher = record.get("publisher")
    name = text_in(mapping_in(publisher).get("name")) if isinstance(publisher, Mapping) else text_in(publisher)
    kind = kind_of(text_in(types.get("resourceTypeGeneral")))
    if kind == "work":
        kind = kind_of(text_in(types.get("citeproc")))
    kinds_of_names = [mapping_in(one) for one in list_in(record.get("creators"))]
    affiliations = sum(1 for one in kinds_of_names if one.get("affiliation"))
    url = text_in(record.get("url"))
    venue = plain(text_in(container.get("title")) or name)
    return Work(
        place=place,
        title=title,
        kind=kind,
        authors=tuple(one for one in map(_author, kinds_of_names) if one),
        issued=issued or year,
        doi=doi,
        arxiv=arxiv,
        keys=keys_for(doi, *same, arxiv=arxiv),
        url=f"https://arxiv.org/abs/{arxiv}" if arxiv else url if url.startswith("http") else f"https://doi.org/{doi}",
        venue=venue_beside(arxiv, venue),
        references=tuple(_references(related)),
        source=f"https://api.datacite.org/dois/{doi}",
        left_out={
            **without(record, _USED),
            **({"affiliation": f"of {affiliations} authors"} if affiliations else {}),
        },
    )


def _author(creator: Mapping[str, Any]) -> Author | None:
    orcids = (
        text_in(one.get("nameIdentifier"))
        for one in map(mapping_in, list_in(creator.get("nameIdentifiers")))
        if text_in(one.get("nameIdentifierScheme")).upper() == "ORCID"
    )
    orcid = next(orcids, "")
    if text_in(creator.get("familyName")):
        return author_of_parts(text_in(creator.get("givenName")), text_in(creator.get("familyName")), orcid)
    return author(text_in(creator.get("name")), orcid, is_group=creator.get("nameType") == "Organizational")


def _references(related: list[Mapping[str, Any]]) -> Iterator[Mention]:
    for one in related:
        if one.get("relationType") in _CITES:
            text = text_in(one.get("relatedIdentifier"))
            arxiv = (
                arxiv_in(f"arXiv:{text.removeprefix('arXiv:')}") if one.get("relatedIdentifierType") == "arXiv" else ""
            )
            yield Mention(keys_for(doi_in(text), arxiv=arxiv))


DATACITE: Final = Importer(
    read, recognizes=lambda start: '"creators"' in start and ('"publicationYear"' in start or '"titles"' in start)
)
