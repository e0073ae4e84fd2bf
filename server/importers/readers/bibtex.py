"""BibTeX, and what BibLaTeX adds to it, as their manuals have them (btxdoc; the manual of biblatex, chapter 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ...records.findings import Finding
from ...records.names import parts_of
from ..dating import dated, of_fields
from ..files import text_of_file
from ..kinds_of_works import kind_of
from ..texts import arxiv_in, author, doi_in, keys_for, plain, venue_beside
from ..works import Author, Mention, Place, Work
from .interface import Importer
from .latex import text_of_latex

_USED: Final = frozenset(
    """title subtitle author date year month day doi eprint eprinttype archiveprefix primaryclass eprintclass url
    journal journaltitle booktitle howpublished publisher school institution note crossref xdata cited-references
    references cites pubstate""".split()  # noqa: SIM905 - a list takes thirty lines
)
_VENUES: Final = ("journal", "journaltitle", "booktitle", "howpublished", "school", "institution", "publisher")
_AND: Final = re.compile(r"\s+and\s+", re.IGNORECASE)
_CITED_BY_KEY: Final = re.compile(r"[^\s,;]+")
_ADDRESS: Final = re.compile(r"https?://[^\s{}]+")
_LISTS: Final = ("cited-references", "references", "cites")
_INHERITED: Final = {"title": "booktitle"}
"""What the field of a proceedings is to a paper in it (btxdoc, section 3.1, crossref)."""


def read(path: Path) -> Iterator[Work | Finding]:
    """Yield the works of a file, and a fault for each entry that is none."""
    text = text_of_file(path)
    entries: dict[str, tuple[Place, str, dict[str, str]]] = {}
    again = []
    for found in _entries(text, str(path)):
        if isinstance(found, Finding):
            yield found
            continue
        place, type_, fields = found
        if place.name.lower() in entries:
            first = entries[place.name.lower()][0]
            if entries[place.name.lower()][1:] == (type_, fields):
                again.append(found)
                continue
            yield place.fault(
                f"Another entry has the key {place.name}: that of line {first.line}.",
                "give each entry a key of its own, or delete one.",
            )
            continue
        entries[place.name.lower()] = found
    # A crossref needs what it leads to, which comes later (btxdoc, section 3.1).
    parents = {
        fields["crossref"].strip().lower() for _, _, fields in entries.values() if fields.get("crossref", "").strip()
    }
    by_key = {name: fields for name, (_, _, fields) in entries.items()}
    for place, type_, fields in (*entries.values(), *again):
        if place.name.lower() not in parents or type_ not in {"proceedings", "collection", "mvproceedings"}:
            yield _work(place, type_, fields, by_key)


def _entries(text: str, file: str) -> Iterator[tuple[Place, str, dict[str, str]] | Finding]:
    """Yield the entries of a text; one that is not well-formed is a fault, and reading goes on at the next."""
    # It is not needed to import anything else.
    from pybtex.database.input.bibtex import LowLevelParser, month_names  # noqa: PLC0415
    from pybtex.scanner import PybtexSyntaxError  # noqa: PLC0415

    faults: list[PybtexSyntaxError] = []
    parser = LowLevelParser(text, macros=dict(month_names), handle_error=faults.append)
    lines = _Lines(text)
    seen = 0
    for command, body in parser:
        place = Place(file, lines.at(parser.command_start), str(body[0] or "") if command.lower() not in _NOT else "")
        wrong, faults[:] = [_why(fault) for fault in faults], []
        seen += command.lower() not in _NOT
        if wrong:
            yield place.fault(
                f"The entry is not well-formed: {'; '.join(wrong)}.",
                "close each brace and quote, put a comma between fields, and define macros with @string.",
            )
        elif command.lower() not in _NOT:
            fields: dict[str, str] = {}
            twice = [name for name, _ in body[1] if [one.lower() for one, _ in body[1]].count(name.lower()) > 1]
            if twice:
                yield place.fault(f"The field {twice[0]} is there twice.", "keep one.")
                continue
            for name, parts in body[1]:
                fields[name.lower()] = "".join(parts)
            yield place, command.lower(), fields
    for fault in faults:
        yield Place(file, fault.lineno or 1).fault(f"The entry is not well-formed: {_why(fault)}.", "close it.")
    if not seen and not faults and text.strip():
        yield Place(file).fault(
            "There is no entry in the file.", "name a file with entries such as @article{key, ...}."
        )


_NOT: Final = frozenset(("string", "preamble", "comment"))


class _Lines:
    """The lines of growing places in a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line, self._at = 1, 0

    def at(self, place: int) -> int:
        """Return the line of a place."""
        self._line += self._text.count("\n", self._at, place)
        self._at = place
        return self._line


def _why(fault: Any) -> str:
    text = str(fault).removeprefix("syntax error in ")
    return " ".join(text.split())[:200]


def _work(
    place: Place, type_: str, fields: Mapping[str, str], entries: Mapping[str, Mapping[str, str]]
) -> Work | Finding:
    fields, remarks = _with_inherited(place, fields, entries)

    def text(name: str) -> str:
        found, unknown = text_of_latex(fields.get(name, ""))
        if unknown:
            remarks.append(f"{name}: {', '.join(unknown)} is no known command of LaTeX; its argument was kept")
        return plain(found)

    title = ": ".join(part for part in (text("title"), text("subtitle")) if part)
    if not title:
        return place.fault("The entry has no title.", "give it one: title = {...}.")
    issued, words = dated(text("date")) if fields.get("date") else of_fields(text("year"), text("month"), text("day"))
    words = " ".join(part for part in (words, text("pubstate")) if part)
    authors, is_cut = _authors(fields.get("author", ""), remarks)
    doi = doi_in(fields.get("doi", "").replace("\\", ""))
    if fields.get("doi", "").strip() and not doi:
        remarks.append(f"doi: {fields['doi'].strip()[:60]} is no DOI, and was left out")
    is_arxiv = "arxiv" in f"{fields.get('archiveprefix', '')} {fields.get('eprinttype', '')}".lower()
    arxiv = arxiv_in(fields.get("eprint", "")) if is_arxiv or not fields.get("eprinttype") else ""
    addresses = _ADDRESS.findall(" ".join(fields.get(name, "") for name in ("url", "howpublished", "note")))
    venue = next((found for name in _VENUES if (found := text(name)) and not _ADDRESS.search(fields[name])), "")
    loose = " ".join((venue, fields.get("note", ""), *addresses))
    arxiv = arxiv or arxiv_in(doi) or arxiv_in(loose)
    return Work(
        place=place,
        title=title,
        kind=kind_of(type_),
        authors=authors,
        is_cut_short=is_cut,
        issued=issued,
        undated=words,
        doi=doi,
        arxiv=arxiv,
        keys=keys_for(doi, arxiv=arxiv) | {f"of {place.file}:{place.name.lower()}"},
        url=addresses[0].replace("\\", "") if addresses else "",
        venue=venue_beside(arxiv, venue),
        references=tuple(_references(fields, place.file)),
        source=f"BibTeX entry {place.name} of {Path(place.file).name}",
        left_out={
            **{name: " ".join(value.split())[:60] for name, value in fields.items() if name not in _USED},
            **({"note": text("note")[:60]} if fields.get("note") and not addresses and not arxiv_in(loose) else {}),
        },
        remarks=tuple(remarks),
    )


def _with_inherited(
    place: Place, fields: Mapping[str, str], entries: Mapping[str, Mapping[str, str]]
) -> tuple[Mapping[str, str], list[str]]:
    key = fields.get("crossref", "").strip().lower()
    if not key:
        return fields, []
    parent = entries.get(key)
    if parent is None or key == place.name.lower():
        return fields, [f"crossref: there is no other entry {key}"]
    inherited = {_INHERITED.get(name, name): value for name, value in parent.items() if name not in _NO_HEIRS}
    return {**inherited, **fields}, []


_NO_HEIRS: Final = frozenset(("author", "doi", "url", "crossref", "eprint", "note", "booktitle"))


def _authors(source: str, remarks: list[str]) -> tuple[tuple[Author, ...], bool]:
    found: list[Author] = []
    is_cut = False
    for name in _names(source):
        written, unknown = text_of_latex(name)
        if unknown:
            remarks.append(f"author: {', '.join(unknown)} is no known command of LaTeX; its argument was kept")
        if written.lower().rstrip(".") in {"others", "et al"}:
            is_cut = True
            continue
        is_group = name.startswith("{") and name.endswith("}") and _is_one_group(name) and " " in written
        if one := _author(written, is_group=is_group):
            found.append(one)
    return tuple(found), is_cut


def _author(written: str, *, is_group: bool) -> Author | None:
    if is_group or "," not in written:
        return author(written, is_group=is_group)
    # BibTeX has the suffix in the middle, and BibLaTeX may have the parts by name.
    found = parts_of(written)
    return author(" ".join(part for part in (found.given, found.particle, found.family, found.suffix) if part))


def _names(source: str) -> Sequence[str]:
    """Return the names of a list, which an `and` outside of braces divides (btxdoc, section 4)."""
    names, start, depth = [], 0, 0
    for match in re.finditer(r"[{}]|\sand\s", source, re.IGNORECASE):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
        elif depth <= 0 and match.start() >= start - 1:
            names.append(source[start : match.start()])
            start = match.end()
    names.append(source[start:])
    return [" ".join(name.split()) for name in names if name.strip()]


def _is_one_group(name: str) -> bool:
    """Tell whether the brace with which a name begins is closed at its end."""
    depth = 0
    for at, sign in enumerate(name):
        depth += (sign == "{") - (sign == "}")
        if depth == 0 and at < len(name) - 1:
            return False
    return True


def _references(fields: Mapping[str, str], file: str) -> Iterator[Mention]:
    """Yield the works in the lists of references that some programs export: DOIs in words, or keys of the file."""
    for name in _LISTS:
        source = fields.get(name, "")
        dois = re.findall(r"\b10\.\d{4,9}(?:\.\d+)*/[^\s,;{}\]]+", source.replace("\\", ""))
        yield from (Mention(keys_for(doi_in(doi))) for doi in dict.fromkeys(dois))
        if not dois and name != "cited-references":
            keys = _CITED_BY_KEY.findall(source)
            yield from (Mention(frozenset((f"of {file}:{key.lower()}",))) for key in dict.fromkeys(keys))


BIBTEX: Final = Importer(
    read,
    suffixes=(".bib", ".bibtex"),
    recognizes=lambda start: re.search(r"^\s*@\s*\w+\s*[{(]", start, re.MULTILINE) is not None,
)
