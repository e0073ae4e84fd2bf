"""Semantic Scholar: papers as its Academic Graph API answers with them, one by one or in a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ...records.findings import Finding
from ..dating import dated, refined
from ..files import Json, list_in, mapping_in, text_in, without
from ..kinds_of_works import kind_of
from ..texts import arxiv_in, author, doi_in, keys_for, plain
from ..works import Author, Mention, Place, Work
from .interface import Importer

_USED: Final = frozenset(
    """paperId corpusId externalIds url title venue publicationVenue year publicationDate publicationTypes journal
    authors references referenceCount citationCount influentialCitationCount isOpenAccess openAccessPdf""".split()  # noqa: SIM905 - a list takes twenty lines
)
_PAGE: Final = "https://www.semanticscholar.org/paper/"


def read(path: Path) -> Iterator[Work | Finding]:
    """Yield the papers of an answer, and a fault for each that is none."""
    file = Json(path)
    for item in file.records("data"):
        record = mapping_in(item)
        record = mapping_in(record.get("paper")) or record
        number = text_in(record.get("paperId"))
        place = Place(file.name, file.line_of(record.get("paperId")), number)
        title = plain(text_in(record.get("title")))
        if not number or not title:
            yield place.fault(
                "This is no paper of Semantic Scholar: it has no paperId, or no title.",
                "ask for it again; a number that it does not know is null in its answer.",
            )
        else:
            yield _work(place, record, number, title)


def _work(place: Place, record: Mapping[str, Any], number: str, title: str) -> Work:
    doi, arxiv, keys = _identifiers(record)
    date, year = (dated(text_in(record.get(name)))[0] for name in ("publicationDate", "year"))
    types = [text_in(one) for one in list_in(record.get("publicationTypes"))]
    kinds = [kind for kind in map(_kind, types) if kind != "work"]
    venue = mapping_in(record.get("publicationVenue")).get("name") or record.get("venue")
    where = plain(text_in(venue) or text_in(mapping_in(record.get("journal")).get("name")))
    page = f"{_PAGE}{number}"
    return Work(
        place=place,
        title=title,
        kind=kinds[0] if kinds else "preprint" if arxiv and not doi else "article",
        authors=tuple(one for one in map(_author, list_in(record.get("authors"))) if one),
        issued=refined(date, year),
        doi=doi,
        arxiv=arxiv,
        keys=keys | {f"of semantic scholar:{number}"},
        url=f"https://arxiv.org/abs/{arxiv}" if arxiv else f"https://doi.org/{doi}" if doi else page,
        venue="" if "arxiv" in where.lower() else where,
        references=tuple(_references(record)),
        source=page,
        left_out=without(record, _USED),
    )


def _identifiers(record: Mapping[str, Any]) -> tuple[str, str, frozenset[str]]:
    found = mapping_in(record.get("externalIds"))
    doi = doi_in(text_in(found.get("DOI")))
    number = text_in(found.get("ArXiv"))
    arxiv = arxiv_in(number) or arxiv_in(doi)
    return doi, arxiv, keys_for(doi, arxiv=arxiv)


def _kind(type_: str) -> str:
    return {"Conference": "conference paper", "BookSection": "chapter"}.get(type_, kind_of(type_))


def _author(value: object) -> Author | None:
    found = mapping_in(value)
    return author(text_in(found.get("name")), text_in(mapping_in(found.get("externalIds")).get("ORCID")))


def _references(record: Mapping[str, Any]) -> Iterator[Mention]:
    for one in map(mapping_in, list_in(record.get("references"))):
        cited = mapping_in(one.get("citedPaper")) or one
        _, _, keys = _identifiers(cited)
        number = text_in(cited.get("paperId"))
        year = dated(text_in(cited.get("year")))[0]
        yield Mention(
            keys | ({f"of semantic scholar:{number}"} if number else set()),
            plain(text_in(cited.get("title"))),
            year.year if year else 0,
        )


SEMANTIC_SCHOLAR: Final = Importer(read, recognizes=lambda start: '"paperId"' in start)
