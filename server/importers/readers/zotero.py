"""Zotero: the items of its web API (version 3) and of the JSON exports of Better BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ...records.findings import Finding
from ..dating import dated
from ..files import Json, list_in, mapping_in, text_in, without
from ..kinds_of_works import kind_of
from ..texts import arxiv_in, author, author_of_parts, doi_in, keys_for, plain, venue_beside
from ..works import Author, Place, Work
from .interface import Importer

_USED: Final = frozenset(
    """key version itemType title creators date DOI url archiveID extra repository publicationTitle proceedingsTitle
    conferenceName bookTitle blogTitle forumTitle websiteTitle institution university publisher itemID itemKey uri
    citationKey citekey libraryID dateAdded dateModified relations collections select""".split()  # noqa: SIM905 - as a list it takes thirty lines
)
_VENUES: Final = (
    *("publicationTitle", "proceedingsTitle", "conferenceName", "bookTitle", "blogTitle", "forumTitle"),
    *("websiteTitle", "institution", "university", "publisher"),
)
_APART: Final = frozenset(("attachment", "note", "annotation"))
"""What Zotero has beside works."""
_EXTRA: Final = re.compile(r"^\s*(DOI|arXiv|Citation Key|tex\.[\w.]+)\s*:\s*(.*?)\s*$", re.IGNORECASE)


def read(path: Path) -> Iterator[Work | Finding]:
    """Yield the works of a file, and a fault for each item that is none; notes and attachments belong to works."""
    file = Json(path)
    for item in file.records("items"):
        record = mapping_in(item)
        record = mapping_in(record.get("data")) or record
        type_ = text_in(record.get("itemType"))
        name = text_in(record.get("key")) or text_in(record.get("itemKey")) or text_in(record.get("citationKey"))
        place = Place(file.name, file.line_of(name, record.get("title")), name)
        if not type_:
            yield place.fault("This is no item of Zotero: it has no itemType.", "export the items again, as JSON.")
        elif type_ not in _APART:
            yield _work(place, record, type_, f"Zotero item {name} of {path.name}")


def _work(place: Place, record: Mapping[str, Any], type_: str, source: str) -> Work | Finding:
    title = plain(text_in(record.get("title")) or text_in(record.get("caseName")) or text_in(record.get("subject")))
    if not title:
        return place.fault("The item has no title.", "give it one in Zotero, and export it again.")
    issued, words = dated(text_in(record.get("date")))
    extra, rest = _extra(str(record.get("extra") or ""))
    given = text_in(record.get("DOI")) or extra.get("doi", "")
    doi, url = doi_in(given), text_in(record.get("url"))
    in_archive = (text_in(record.get("archiveID")), extra.get("arxiv", ""), doi, url)
    arxiv = next((one for one in map(arxiv_in, in_archive) if one), "")
    creators = [mapping_in(one) for one in list_in(record.get("creators"))]
    authors = [one for one in creators if text_in(one.get("creatorType")) in _WRITERS]
    others = [one for one in creators if one not in authors]
    names = tuple(one for one in map(_author, authors) if one)
    venue = next((found for name in _VENUES if (found := plain(text_in(record.get(name))))), "")
    return Work(
        place=place,
        title=title,
        kind=kind_of(type_),
        authors=tuple(one for one in names if one.name.lower().rstrip(".") not in {"others", "et al"}),
        is_cut_short=any(one.name.lower().rstrip(".") in {"others", "et al"} for one in names),
        issued=issued,
        undated=words,
        doi=doi,
        arxiv=arxiv,
        keys=keys_for(doi, arxiv=arxiv),
        url=url if url.startswith("http") else "",
        venue=venue_beside(arxiv, venue),
        is_retracted="retracted" in rest.lower(),
        source=source,
        left_out={
            **without(record, _USED),
            **({"extra": rest[:60]} if rest else {}),
            **({"creators": f"{len(others)} who are no authors"} if others else {}),
        },
        remarks=(f"DOI: {given[:60]} is no DOI, and was left out",) if given and not doi else (),
    )


_WRITERS: Final = frozenset(("author", "programmer", "presenter", "podcaster", "contributor", ""))


def _extra(text: str) -> tuple[dict[str, str], str]:
    """Return the fields in the lines of `extra`, and the other lines."""
    found: dict[str, str] = {}
    rest = []
    for line in text.splitlines():
        if match := _EXTRA.match(line):
            # "arXiv: 2412.14093 [cs]" names the class too.
            found[match[1].lower()] = match[2]
        elif line.strip():
            rest.append(line.strip())
    return {**found, **({"arxiv": f"arXiv:{found['arxiv']}"} if "arxiv" in found else {})}, " ".join(rest)


def _author(creator: Mapping[str, Any]) -> Author | None:
    if whole := text_in(creator.get("name")):
        return author(whole, is_group=True)
    return author_of_parts(text_in(creator.get("firstName")), text_in(creator.get("lastName")))


ZOTERO: Final = Importer(read, recognizes=lambda start: start.lstrip()[:1] in {"[", "{"} and '"itemType"' in start)
