"""arXiv: the Atom feeds with which its API answers (arXiv API User's Manual, section 3.3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from ...errors import UsageError
from ...records.findings import Finding
from ..dating import dated
from ..files import text_of_file
from ..texts import arxiv_in, authors_in, doi_in, keys_for, plain
from ..works import Place, Work
from .interface import Importer

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_ARXIV: Final = "{http://arxiv.org/schemas/atom}"
_ERRORS: Final = "arxiv.org/api/errors"


def read(path: Path) -> Iterator[Work | Finding]:
    """Yield the works of a feed, and a fault for each entry that is none."""
    text = text_of_file(path)
    if "<!DOCTYPE" in text[:1000]:
        raise UsageError(f"{path} has a document type, which no answer of arXiv has.", "ask arXiv again.")
    try:
        feed = ElementTree.fromstring(text)  # noqa: S314 - without a document type there are no entities
    except ElementTree.ParseError as error:
        line, column = error.position
        raise UsageError(f"{path}:{line}:{column + 1}: not XML: {error}.", "ask arXiv again.") from error
    entries = [feed] if feed.tag == f"{_ATOM}entry" else feed.findall(f"{_ATOM}entry")
    if not entries:
        yield Place(str(path)).fault("arXiv knows no such work: the feed has no entry.", "check the number.")
    at = 0
    for entry in entries:
        iri = _text(entry, "id")
        at = max(text.find(iri, at), at)
        place = Place(str(path), text.count("\n", 0, at) + 1, iri.rpartition("/abs/")[2])
        at += 1
        if _ERRORS in iri:
            yield place.fault(f"arXiv answered: {_text(entry, 'summary')}.", "check the number, as in 2412.14093.")
        else:
            yield _work(place, entry, iri)


def _work(place: Place, entry: ElementTree.Element, iri: str) -> Work | Finding:
    title, arxiv = plain(_text(entry, "title")), arxiv_in(iri)
    if not title or not arxiv:
        return place.fault("The entry has no title, or no number of arXiv.", "ask arXiv again.")
    authors, is_cut = authors_in(plain(_text(one, "name")) for one in entry.findall(f"{_ATOM}author"))
    issued, _ = dated(_text(entry, "published"))
    doi = doi_in(entry.findtext(f"{_ARXIV}doi", ""))
    comment = plain(entry.findtext(f"{_ARXIV}comment", ""))
    left_out = {
        "summary": _text(entry, "summary"),
        "comment": comment,
        "category": " ".join(one.get("term", "") for one in entry.findall(f"{_ATOM}category")),
        "affiliation": " ".join(
            plain(one.text or "") for one in entry.iter(f"{_ARXIV}affiliation") if (one.text or "").strip()
        ),
    }
    return Work(
        place=place,
        title=title,
        kind="preprint",
        authors=authors,
        is_cut_short=is_cut,
        issued=issued,
        doi=doi,
        arxiv=arxiv,
        keys=keys_for(doi, arxiv=arxiv),
        url=f"https://arxiv.org/abs/{arxiv}",
        venue=plain(entry.findtext(f"{_ARXIV}journal_ref", "")),
        is_retracted="this paper has been withdrawn" in comment.lower() or "withdrawn by" in comment.lower(),
        source=f"https://arxiv.org/abs/{arxiv}",
        left_out={name: " ".join(value.split())[:60] for name, value in left_out.items() if value.strip()},
    )


def _text(element: ElementTree.Element, name: str) -> str:
    return " ".join((element.findtext(f"{_ATOM}{name}") or "").split())


ARXIV: Final = Importer(read, suffixes=(".atom",), recognizes=lambda start: "arxiv.org/" in start and "<entry" in start)
