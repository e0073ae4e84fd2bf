"""References in the formats of programs that keep them, and as a line for people.

BibTeX as in its own manual (btxdoc, sections 3 and 4); RIS as in the format's specification of 2011; CSL-JSON as in
the schema of the Citation Style Language 1.0.2. Line ends and control characters, which no reference has, are blanks,
but in CSL-JSON, which can say them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from ..records.citations import Author, Citation, VenueKind, WorkKind
from ..records.dates import Date
from ..records.names import parts_of
from .texts import isolated, one_line
from .wording import human_date

_LATEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        # BibTeX counts braces even where LaTeX would not.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        **{character: f"\\{character}" for character in "$&#%_"},
    }
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NOT_IN_KEYS: Final = re.compile(r"[^\w.:+-]+")
_NAMED_AT_MOST: Final = 8
"""Authors in a line of text; of more, only the first are named."""
_NAMED_OF_MANY: Final = 3
_MORE: Final = "There may be more authors than are named here."


def bibtex(citation: Citation, key: str = "") -> str:
    """Return a reference as an entry of BibTeX, in UTF-8, by this key or its own."""
    names = [_bibtex_name(author) for author in citation.authors]
    date, venue, type_ = citation.date, citation.venue, _bibtex_type(citation)
    fields = {
        "title": f"{{{_latex(citation.title)}}}",
        "author": " and ".join([*names, *(["others"] if names and citation.may_lack_authors else [])]),
        "journal": _latex(citation.name_of(VenueKind.JOURNAL)) if type_ == "article" else "",
        "booktitle": _latex(citation.name_of(VenueKind.CONFERENCE)) if type_ == "inproceedings" else "",
        "institution": _latex(citation.name_of(VenueKind.SERIES)) if type_ == "techreport" else "",
        "year": _latex(citation.year or citation.appeared),
        "month": _MONTHS[date.month - 1] if date and date.month else "",
        "howpublished": _latex(citation.container or (venue.name if venue else "")) if type_ == "misc" else "",
        "doi": _verbatim(citation.doi),
        "eprint": _verbatim(citation.arxiv),
        "archiveprefix": "arXiv" if citation.arxiv else "",
        # A brace in an address would end the field.
        "url": "".join(one_line(citation.url or citation.iri).split()).replace("{", "%7B").replace("}", "%7D"),
        "note": "" if _is_balanced(citation.doi) else f"DOI {_latex(citation.doi)}",
    }
    lines = [
        # The months are macros of BibTeX, which every style words in its own way.
        f"  {name} = {value},\n" if name == "month" else f"  {name} = {{{value}}},\n"
        for name, value in fields.items()
        if value
    ]
    return f"@{type_}{{{key or key_of(citation)},\n{''.join(lines)}}}\n"


def ris(citation: Citation, key: str = "") -> str:
    """Return a reference in RIS, by this key or its own."""
    date = citation.date
    # The divisions of a date are there even where it has no day.
    in_full = f"{date.written('/')}{'' if date.day else '/' if date.month else '//'}" if date else citation.appeared
    is_report = _is_report(citation)
    tags = [
        ("TY", _ris_type(citation)),
        ("TI", citation.title),
        *(("AU", _ris_name(author)) for author in citation.authors),
        ("PY", Date(date.year).iso if date else ""),
        ("DA", in_full),
        ("T2", citation.container or ("" if is_report else _venue(citation))),
        ("PB", _venue(citation) if is_report else ""),
        ("DO", citation.doi),
        ("AN", f"arXiv:{citation.arxiv}" if citation.arxiv else ""),
        ("UR", citation.url or citation.iri),
        ("N1", _MORE if citation.may_lack_authors else ""),
        ("ID", key or key_of(citation)),
    ]
    # A line end in a value would start a tag of its own.
    lines = [f"{tag}  - {one_line(value)}\r\n" for tag, value in tags if value]
    return "".join([*lines, "ER  - \r\n"])


def csl_json(citation: Citation) -> str:
    """Return a reference as CSL-JSON: a list of one item."""
    return json.dumps([csl_item(citation)], indent=2, ensure_ascii=False) + "\n"


def csl_item(citation: Citation, key: str = "") -> dict[str, Any]:
    """Return a reference as an item of CSL-JSON, by this key or its own."""
    date = citation.date
    parts = [date.year, *(part for part in (date.month, date.day) if part)] if date else []
    number = f"arXiv:{citation.arxiv}" if citation.arxiv else ""
    item: dict[str, Any] = {
        "id": key or key_of(citation),
        "type": _csl_type(citation),
        "title": citation.title,
        "author": [_csl_name(author) for author in citation.authors],
        "issued": {"date-parts": [parts]}
        if citation.date
        else {"literal": citation.appeared}
        if citation.appeared
        else None,
        "container-title": citation.container or ("" if _is_report(citation) else _venue(citation)),
        "publisher": _venue(citation) if _is_report(citation) else "",
        "event-title": citation.name_of(VenueKind.CONFERENCE),
        "DOI": citation.doi,
        "number": number,
        "URL": citation.url or citation.iri,
        "note": _MORE if citation.may_lack_authors else "",
    }
    return {name: value for name, value in item.items() if value}


def reference_line(citation: Citation) -> str:
    """Return a reference as a line of text, in which texts from right to left move nothing around them."""
    names = [isolated(one_line(author.name)) for author in citation.authors]
    # Between names that have commas of their own, another would divide nothing.
    divider = "; " if any("," in name for name in names) else ", "
    if citation.may_lack_authors or len(names) > _NAMED_AT_MOST:
        shown = names if len(names) <= _NAMED_AT_MOST else names[:_NAMED_OF_MANY]
        authors = f"{divider.join(shown)} and others"
    else:
        authors = " and ".join([divider.join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
    title = one_line(citation.title)
    title = isolated(title) + ("" if title.endswith(("?", "!", ".")) else ".")
    container = isolated(one_line(citation.container or _venue(citation)))
    if container:
        is_within = citation.container or citation.name_of(VenueKind.CONFERENCE)
        container = f"{'In: ' if is_within else ''}{container}."
    date = f"{isolated(one_line(human_date(citation.appeared)))}." if citation.appeared else ""
    authors += "." if authors and not authors.endswith(".") else ""
    return " ".join(part for part in (authors, title, container, date, citation.address) if part)


def key_of(citation: Citation) -> str:
    """Return a name for the reference, of characters that no format takes for its own (btxdoc, section 3)."""
    return _NOT_IN_KEYS.sub("-", re.split("[/#]", citation.iri.rstrip("/#"))[-1]).strip("-") or "work"


def _latex(text: str) -> str:
    return one_line(text).translate(_LATEX)


def _verbatim(text: str) -> str:
    """Return a text that programs read as it is written; empty for one that would end the field in which it is."""
    return one_line(text) if _is_balanced(text) else ""


def _is_balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


def _venue(citation: Citation) -> str:
    return citation.venue.name if citation.venue else ""


def _is_report(citation: Citation) -> bool:
    """Tell whether the venue of a work is who put it out."""
    return citation.kind is WorkKind.REPORT or bool(citation.name_of(VenueKind.SERIES))


def _by_kind(citation: Citation, kinds: Mapping[StrEnum, str]) -> str:
    """Return what a format calls a work of this kind, or one that appeared in a venue of this kind; else nothing."""
    if citation.kind is not WorkKind.ARTICLE:
        return kinds.get(citation.kind, "")
    return kinds.get(citation.venue.kind, "") if citation.venue else ""


def _bibtex_type(citation: Citation) -> str:
    kinds = {
        WorkKind.BOOK: "book",
        WorkKind.REPORT: "techreport",
        VenueKind.SERIES: "techreport",
        VenueKind.CONFERENCE: "inproceedings",
        VenueKind.JOURNAL: "article",
    }
    if citation.venue or citation.kind is not WorkKind.ARTICLE:
        return _by_kind(citation, kinds) or "misc"
    return "article" if citation.doi and not citation.arxiv and not citation.container else "misc"


def _ris_type(citation: Citation) -> str:
    kinds = {
        WorkKind.BOOK: "BOOK",
        WorkKind.REPORT: "RPRT",
        WorkKind.POST: "BLOG",
        WorkKind.THESIS: "THES",
        VenueKind.SERIES: "RPRT",
        VenueKind.CONFERENCE: "CPAPER",
        VenueKind.JOURNAL: "JOUR",
        VenueKind.SITE: "ELEC",
    }
    return _by_kind(citation, kinds) or ("ELEC" if citation.container else "UNPB" if citation.arxiv else "GEN")


def _csl_type(citation: Citation) -> str:
    kinds = {
        WorkKind.BOOK: "book",
        WorkKind.REPORT: "report",
        WorkKind.POST: "post-weblog",
        WorkKind.THESIS: "thesis",
        VenueKind.SERIES: "report",
        VenueKind.CONFERENCE: "paper-conference",
        VenueKind.JOURNAL: "article-journal",
        VenueKind.SITE: "webpage",
    }
    return _by_kind(citation, kinds) or ("webpage" if citation.container else "article")


def _bibtex_name(author: Author) -> str:
    # Braces keep a name of several words from being split.
    if not author.is_person:
        return f"{{{_latex(author.name)}}}"
    name = parts_of(author.name)
    return ", ".join(_bibtex_part(part) for part in (name.whole_family, name.suffix, name.given) if part)


def _bibtex_part(part: str) -> str:
    written = _latex(part)
    # Between names there is an "and", and "others" stands for more of them.
    return f"{{{written}}}" if "," in part or {"and", "others"} & {*part.lower().split()} else written


def _ris_name(author: Author) -> str:
    if not author.is_person:
        return author.name
    name = parts_of(author.name)
    return f"{name.whole_family}, {name.given}, {name.suffix}".rstrip(", ")


def _csl_name(author: Author) -> dict[str, str]:
    name = parts_of(author.name)
    if not author.is_person or not name.given:
        return {"literal": author.name}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: value for part, value in parts.items() if value}
