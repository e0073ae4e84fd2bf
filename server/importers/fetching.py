"""What catalogues of works know of an identifier, as files that the importers read; asked only where that is wanted."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from ..errors import NotFoundError, UsageError
from ..federation.catalogues import CATALOGUES, Catalogues
from ..turtle.writer import write_atomically
from .files import Json, mapping_in, text_in
from .readers.openalex import iri_of_work
from .texts import doi_in, keys_for, plain, whole_arxiv
from .works import Mention, Work

DOI: Final = "doi"
"""The kind that stands for whichever of Crossref and DataCite knows a DOI."""
FETCHED: Final = (DOI, "arxiv", "crossref", "datacite", "openalex", "semantic-scholar")
"""The kinds that can be asked for by an identifier."""
_FIELDS: Final = (
    "externalIds,url,title,venue,publicationVenue,year,publicationDate,publicationTypes,journal,authors.name,"
    "authors.externalIds,references.externalIds,references.title,references.year"
)
_AT_ONCE: Final = 50
KEPT_DAYS: Final = 30
"""For how long an answer is kept."""
_NUMBER: Final = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)


@dataclass(frozen=True)
class Fetcher:
    """Fetches answers of catalogues into a folder of files, where they are kept for a while."""

    catalogues: Catalogues
    folder: Path

    def file(self, name: str, path: str, query: str = "") -> Path:
        """Return the file with the answer of a catalogue at a path below its address, kept or asked for now.

        Raises as `Catalogues.ask` does.
        """
        address = self.catalogues.address(name, path, query)
        kept = self.folder / name / f"{hashlib.sha256(address.encode()).hexdigest()[:20]}{CATALOGUES[name].ending}"
        if not (kept.is_file() and 0 <= time.time() - kept.stat().st_mtime < KEPT_DAYS * 86_400):
            answer = self.catalogues.ask(name, address)
            kept.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(kept, answer)
        return kept


@dataclass(frozen=True)
class Wanted:
    """An identifier, and which catalogue to ask about it."""

    kind: str
    arxiv: str = ""
    doi: str = ""
    own: str = ""
    """What OpenAlex or Semantic Scholar calls it."""


def wanted(kind: str, text: str) -> Wanted | None:
    """Return what a text identifies, for a kind or for any (""); None where it is no identifier."""
    arxiv = whole_arxiv(text)
    doi = "" if arxiv else doi_in(text)
    number = iri_of_work(text).rpartition("/")[2]
    if kind == "semantic-scholar" and _NUMBER.fullmatch(text):
        return Wanted(kind, own=text)
    if number and kind in {"", "openalex"}:
        return Wanted("openalex", own=number)
    if not arxiv and not doi:
        return None
    if kind == "arxiv" and not arxiv:
        return None
    return Wanted(kind or ("arxiv" if arxiv else DOI), arxiv, doi)


def fetched(fetcher: Fetcher, ones: Sequence[Wanted]) -> Iterator[tuple[str, Path]]:
    """Yield the kind and the file of each answer about identifiers; those of arXiv are asked for together.

    Raises NotFoundError, RemoteError and UsageError as `Fetcher.file` does.
    """
    numbers = [one.arxiv for one in ones if one.kind == "arxiv"]
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        query = urlencode({"id_list": ",".join(some), "max_results": len(some)}, safe=",/")
        yield "arxiv", fetcher.file("arxiv", "", query)
    for one in ones:
        # A DOI of arXiv's own is registered with DataCite.
        doi = one.doi or f"10.48550/arXiv.{one.arxiv}"
        if one.kind == "openalex":
            yield one.kind, fetcher.file(one.kind, f"/{one.own or f'doi:{_quoted(doi)}'}")
        elif one.kind == "semantic-scholar":
            name = one.own or (f"ARXIV:{one.arxiv}" if one.arxiv else f"DOI:{_quoted(one.doi)}")
            yield one.kind, fetcher.file(one.kind, f"/{name}", urlencode({"fields": _FIELDS}, safe=",."))
        elif one.kind in {"crossref", "datacite"}:
            yield one.kind, fetcher.file(one.kind, f"/{_quoted(doi)}")
        elif one.kind == DOI:
            yield _registered(fetcher, doi, is_of_arxiv=bool(one.arxiv))


def resolved(fetcher: Fetcher, works: Iterable[Work]) -> list[Work]:
    """Return works whose references are known by DOI and title too, where they were only numbers of OpenAlex."""
    works = list(works)
    own = {iri for work in works for iri in work.matches}
    numbers = sorted(
        {
            key.rpartition("/")[2]
            for work in works
            for mention in work.references
            for key in mention.keys
            if iri_of_work(key) == key and len(mention.keys) == 1 and key not in own
        }
    )
    known: dict[str, Mention] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        query = {
            "filter": f"openalex:{'|'.join(some)}",
            "select": "id,doi,title,publication_year",
            "per-page": len(some),
        }
        answer = Json(fetcher.file("openalex", "", urlencode(query, safe=":|,")))
        for record in map(mapping_in, answer.records("results")):
            iri = iri_of_work(text_in(record.get("id")))
            year = text_in(record.get("publication_year"))
            known[iri] = Mention(
                keys_for(doi_in(text_in(record.get("doi")))) | {iri},
                plain(text_in(record.get("title"))),
                int(year) if year.isascii() and year.isdigit() else 0,
            )
    return [
        replace(
            work,
            references=tuple(known.get(next(iter(one.keys), ""), one) for one in work.references),
        )
        for work in works
    ]


def _registered(fetcher: Fetcher, doi: str, *, is_of_arxiv: bool) -> tuple[str, Path]:
    """Return the answer of the agency with which a DOI is registered."""
    first, second = ("datacite", "crossref") if is_of_arxiv else ("crossref", "datacite")
    try:
        return first, fetcher.file(first, f"/{_quoted(doi)}")
    except NotFoundError:
        return second, fetcher.file(second, f"/{_quoted(doi)}")


def _quoted(doi: str) -> str:
    return quote(doi, safe="/:;()@!$*',")


def refuse_without_leave(text: str) -> UsageError:
    """Return the error for an identifier where nobody asked for the network."""
    return UsageError(
        f"{text} is no file, and what it identifies is asked of a catalogue only with --fetch.",
        "add --fetch, or name a file with its record.",
    )
