"""CSL-JSON: the items of the Citation Style Language 1.0.2, as its schema has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ...records.dates import Date
from ...records.findings import Finding
from ..dating import dated, of_parts
from ..files import Json, list_in, mapping_in, text_in, without
from ..kinds_of_works import kind_of
from ..texts import arxiv_in, author, author_of_parts, doi_in, keys_for, plain, venue_beside
from ..works import Author, Place, Work
from .interface import Importer

_USED: Final = frozenset(
    ("id", "type", "title", "author", "issued", "DOI", "URL", "container-title", "number", "status", "citation-key")
)
_ARXIV: Final = ("number", "archive_location", "note", "DOI", "URL")


def read(path: Path) -> Iterator[Work | Finding]:
    """Yield the works of a file, and a fault for each item that is none."""
    file = Json(path)
    for item in file.records("items"):
        record = mapping_in(item)
        name = text_in(record.get("id"))
        place = Place(file.name, file.line_of(record.get("id"), record.get("title")), name)
        if not record:
            yield place.fault("This is no item of CSL.", "write a list of objects, each with type and title.")
        else:
            yield work_of(place, record, f"CSL item {name} of {path.name}")


def work_of(place: Place, record: Mapping[str, Any], source: str) -> Work | Finding:
    """Return the work that an item is."""
    title = plain(text_in(record.get("title")))
    if not title:
        return place.fault("The item has no title.", 'give it one: "title": "...".')
    issued, words = _date(record.get("issued"))
    names = [one for one in map(_author, list_in(record.get("author"))) if one]
    authors = tuple(one for one in names if one.name.lower().rstrip(".") not in {"others", "et al"})
    given = text_in(record.get("DOI"))
    doi = doi_in(given)
    arxiv = next((one for one in (arxiv_in(text_in(record.get(name))) for name in _ARXIV) if one), "")
    url = text_in(record.get("URL"))
    venue = plain(text_in(record.get("container-title")))
    number = text_in(record.get("number"))
    return Work(
        place=place,
        title=title,
        kind=kind_of(text_in(record.get("type"))),
        authors=authors,
        is_cut_short=len(authors) < len(names),
        issued=issued,
        undated=" ".join(part for part in (words, text_in(record.get("status"))) if part),
        doi=doi,
        arxiv=arxiv,
        keys=keys_for(doi, arxiv=arxiv),
        url=url if url.startswith("http") else "",
        venue=venue_beside(arxiv, venue),
        source=source,
        left_out={
            **without(record, _USED),
            **({"number": number} if number and not arxiv_in(number) else {}),
        },
        remarks=(f"DOI: {given[:60]} is no DOI, and was left out",) if given and not doi else (),
    )


def _date(value: object) -> tuple[Date | None, str]:
    if isinstance(value, str | int):
        return dated(str(value))
    found = mapping_in(value)
    for parts in list_in(found.get("date-parts"))[:1]:
        if date := of_parts(list_in(parts)):
            return date, ""
    return dated(text_in(found.get("raw")) or text_in(found.get("literal")))


def _author(value: object) -> Author | None:
    if isinstance(value, str):
        return author(value)
    found = mapping_in(value)
    if literal := text_in(found.get("literal")):
        return author(literal, is_group=True)
    particle = " ".join(text_in(found.get(f"{kind}dropping-particle")) for kind in ("", "non-")).strip()
    return author_of_parts(
        text_in(found.get("given")),
        text_in(found.get("family")),
        text_in(found.get("ORCID")),
        particle,
        text_in(found.get("suffix")),
    )


CSL: Final = Importer(
    read,
    suffixes=(".csljson",),
    recognizes=lambda start: (
        start.lstrip()[:1] in {"[", "{"}
        and any(
            f'"{name}"' in start for name in ("date-parts", "container-title", "article-journal", "paper-conference")
        )
    ),
)
