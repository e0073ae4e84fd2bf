"""RIS, as its specification of 2011 has it, and as EndNote, Zotero and publishers write it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ...records.findings import Finding
from ..dating import dated, refined
from ..files import text_of_file
from ..kinds_of_works import kind_of
from ..texts import arxiv_in, authors_in, doi_in, keys_for, plain, venue_beside
from ..works import Place, Work
from .interface import Importer

_TAG: Final = re.compile(r"^([A-Z][A-Z0-9])  ?-(?: (.*))?$")
_USED: Final = frozenset(
    """type_of_reference title primary_title authors first_authors year publication_year date doi urls accession_number
    journal_name alternate_title1 alternate_title2 alternate_title3 secondary_title publisher id end_of_reference
    unknown_tag custom7 number_of_authors""".split()  # noqa: SIM905 - a list of them would take twenty lines
)
_VENUES: Final = ("alternate_title3", "journal_name", "secondary_title", "alternate_title2", "publisher")
_LONGEST: Final = 60


def read(path: Path) -> Iterator[Work | Finding]:
    """Yield the works of a file, and a fault for each record that is none, and for lines outside of records."""
    lines = text_of_file(path).split("\n")
    starts = [number for number, line in enumerate(lines) if line.lstrip("\ufeff ").startswith("TY  -")]
    if not starts:
        yield Place(str(path)).fault(
            "There is no record in the file.", "name a file whose records begin with a line such as TY  - JOUR."
        )
        return
    before = [number for number in range(starts[0]) if _TAG.match(lines[number])]
    for number in before[:1]:
        yield Place(str(path), number + 1).fault("The line is in no record.", "put a line TY  - JOUR before it.")
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield _record(Place(str(path), start + 1), [line.strip("\ufeff") for line in lines[start:end]])


def _record(place: Place, lines: Sequence[str]) -> Work | Finding:
    import rispy  # noqa: PLC0415 - it is not needed to import anything else

    ends = [number for number, line in enumerate(lines) if line.startswith("ER  -")]
    if ends and (rest := [number for number in range(ends[0] + 1, len(lines)) if lines[number].strip()]):
        return Place(place.file, place.line + rest[0]).fault(
            "The line is behind the end of a record.", "delete it, or put a line TY  - JOUR before it."
        )
    remarks = [] if ends else ["the record has no ER at its end, and may be cut short"]
    text = "\n".join(lines[: ends[0]] if ends else lines) + "\nER  - \n"
    try:
        found = rispy.loads(text)
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        return place.fault(f"The record is not RIS: {error}.", "write each field as two letters, two blanks, -, blank.")
    if len(found) != 1:
        return place.fault("The record is not RIS.", "write each field as two letters, two blanks, -, blank.")
    return _work(place, found[0], remarks)


def _work(place: Place, record: Mapping[str, Any], remarks: list[str]) -> Work | Finding:
    def text(*names: str) -> str:
        return next((found for name in names if (found := plain(_one(record.get(name))))), "")

    title = text("title", "primary_title")
    if not title:
        return place.fault("The record has no title.", "give it one: TI  - ...")
    dates = [dated(text(name)) for name in ("date", "year", "publication_year")]
    issued = None
    for date, _ in dates:
        issued = refined(issued, date)
    words = "" if issued else next((rest for _, rest in dates if rest), "")
    names = [str(name) for key in ("authors", "first_authors") for name in record.get(key, ())]
    authors, is_cut = authors_in(names)
    # What some say of the number of names.
    is_cut = is_cut or "There may be more authors than are named here." in text("notes")
    addresses = [str(one).strip() for one in record.get("urls", ()) if str(one).strip()]
    doi = doi_in(text("doi")) or next((doi_in(one) for one in addresses if "doi.org" in one), "")
    if text("doi") and not doi:
        remarks.append(f"DO: {text('doi')[:_LONGEST]} is no DOI, and was left out")
    arxiv = next((one for one in map(arxiv_in, (text("accession_number"), doi, *addresses)) if one), "")
    venue = text(*_VENUES)
    if not arxiv and "arxiv" in venue.lower():
        arxiv = arxiv_in(venue)
    unknown = {tag: " ".join(map(str, values))[:_LONGEST] for tag, values in record.get("unknown_tag", {}).items()}
    name = text("id") or title[:_LONGEST]
    return Work(
        place=Place(place.file, place.line, name),
        title=title,
        kind=kind_of(text("type_of_reference")),
        authors=authors,
        is_cut_short=is_cut,
        issued=issued,
        undated=words,
        doi=doi,
        arxiv=arxiv,
        keys=keys_for(doi, arxiv=arxiv),
        url=next((one for one in addresses if one.startswith("http")), ""),
        venue=venue_beside(arxiv, venue),
        source=f"RIS record {name} of {Path(place.file).name}",
        left_out={
            **{
                key: plain(_one(value))[:_LONGEST]
                for key, value in record.items()
                if key not in _USED and plain(_one(value))
            },
            **unknown,
        },
        remarks=tuple(remarks),
    )


def _one(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value) if value is not None else ""


RIS: Final = Importer(
    read,
    suffixes=(".ris",),
    recognizes=lambda start: re.search(r"^\s*TY  - ", start, re.MULTILINE) is not None,
)
