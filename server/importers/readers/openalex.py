"""OpenAlex: works as its API answers with them, one by one or in a list."""

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
    """id doi title display_name publication_year publication_date authorships primary_location best_oa_location
    locations locations_count ids referenced_works referenced_works_count related_works is_retracted type type_crossref
    cited_by_count cited_by_api_url updated_date created_date counts_by_year authors_count countries_distinct_count
    institutions_distinct_count corresponding_author_ids corresponding_institution_ids indexed_in open_access
    relevance_score cited_by_percentile_year citation_normalized_percentile fwci has_fulltext is_paratext
    ngrams_url""".split()  # noqa: SIM905 - as a list it takes thirty lines
)
_SPACE: Final = "https://openalex.org/"


def read(path: Path) -> Iterator[Work | Finding]:
    """Yield the works of an answer, and a fault for each that is none."""
    file = Json(path)
    for item in file.records("results"):
        record = mapping_in(item)
        iri = iri_of_work(text_in(record.get("id")))
        place = Place(file.name, file.line_of(record.get("id")), iri.removeprefix(_SPACE))
        title = plain(text_in(record.get("title")) or text_in(record.get("display_name")))
        if not iri or not title:
            yield place.fault("This is no work of OpenAlex: it has no id, or no title.", "ask OpenAlex again.")
        else:
            yield _work(place, record, iri, title)


def iri_of_work(text: str) -> str:
    """Return the IRI of a work, of what names it; empty for anything else."""
    name = text.rstrip("/").rpartition("/")[2].upper()
    return f"{_SPACE}{name}" if name[:1] == "W" and name[1:].isdigit() else ""


def _work(place: Place, record: Mapping[str, Any], iri: str, title: str) -> Work:
    given = text_in(record.get("doi"))
    doi = doi_in(given)
    places = [mapping_in(one) for one in (record.get("primary_location"), *list_in(record.get("locations")))]
    pages = [text_in(one.get("landing_page_url")) for one in places]
    arxiv = next((one for one in map(arxiv_in, (doi, *pages)) if one), "")
    venues = (text_in(mapping_in(one.get("source")).get("display_name")) for one in places)
    venue = next((plain(one) for one in venues if one and "arxiv" not in one.lower()), "")
    people = [mapping_in(one) for one in list_in(record.get("authorships"))]
    affiliations = sum(1 for one in people if one.get("institutions") or one.get("raw_affiliation_strings"))
    date, year = (dated(text_in(record.get(name)))[0] for name in ("publication_date", "publication_year"))
    return Work(
        place=place,
        title=title,
        kind=kind_of(text_in(record.get("type_crossref")) or text_in(record.get("type"))),
        authors=tuple(one for one in map(_author, people) if one),
        # It names the first hundred.
        is_cut_short=bool(record.get("is_authors_truncated")) or len(people) == 100,
        issued=refined(date, year),
        doi=doi,
        arxiv=arxiv,
        matches=(iri,),
        keys=keys_for(doi, arxiv=arxiv) | {iri},
        url=f"https://arxiv.org/abs/{arxiv}" if arxiv else f"https://doi.org/{doi}" if doi else "",
        venue=venue,
        is_retracted=record.get("is_retracted") is True,
        references=tuple(
            Mention(frozenset((found,)))
            for one in list_in(record.get("referenced_works"))
            if (found := iri_of_work(text_in(one)))
        ),
        source=iri,
        left_out={
            **without(record, _USED),
            **({"institutions": f"of {affiliations} authors"} if affiliations else {}),
        },
        remarks=(f"doi: {given[:60]} is no DOI, and was left out",) if given and not doi else (),
    )


def _author(authorship: Mapping[str, Any]) -> Author | None:
    person = mapping_in(authorship.get("author"))
    # What the work prints comes before what the catalogue calls them.
    name = text_in(authorship.get("raw_author_name")) or text_in(person.get("display_name"))
    return author(name, text_in(person.get("orcid")))


OPENALEX: Final = Importer(read, recognizes=lambda start: "openalex.org/" in start and '"id"' in start)
