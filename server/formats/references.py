"""References in the formats of programs that keep them, and as a line for people.

BibTeX as in its own manual (btxdoc, sections 3 and 4); RIS as in the format's specification of 2011; CSL-JSON as in
the schema of the Citation Style Language 1.0.2. Line ends and control characters, which no reference has, are blanks,
but in CSL-JSON, which can say them.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from ..records.citations import Author, Citation
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
    date = citation.date
    fields = {
        "title": f"{{{_latex(citation.title)}}}",
        "author": " and ".join([*names, *(["others"] if names and citation.may_lack_authors else [])]),
        "year": _latex(citation.year or citation.issued),
        "month": _MONTHS[date.month - 1] if date and date.month else "",
        "howpublished": _latex(citation.container),
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
    return f"@{_bibtex_type(citation)}{{{key or key_of(citation)},\n{''.join(lines)}}}\n"


def ris(citation: Citation, key: str = "") -> str:
    """Return a reference in RIS, by this key or its own."""
    date = citation.date
    # The divisions of a date are there even where it has no day.
    in_full = f"{date.written('/')}{'' if date.day else '/' if date.month else '//'}" if date else citation.issued
    tags = [
        ("TY", "ELEC" if citation.container else "UNPB" if citation.arxiv else "GEN"),
        ("TI", citation.title),
        *(("AU", _ris_name(author)) for author in citation.authors),
        ("PY", Date(date.year).iso if date else ""),
        ("DA", in_full),
        ("T2", citation.container),
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
        "type": "webpage" if citation.container else "article",
        "title": citation.title,
        "author": [_csl_name(author) for author in citation.authors],
        "issued": {"date-parts": [parts]}
        if citation.date
        else {"literal": citation.issued}
        if citation.issued
        else None,
        "container-title": citation.container,
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
    container = f"In: {isolated(one_line(citation.container))}." if citation.container else ""
    date = f"{isolated(one_line(human_date(citation.issued)))}." if citation.issued else ""
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


def _bibtex_type(citation: Citation) -> str:
    return "article" if citation.doi and not citation.arxiv and not citation.container else "misc"


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
