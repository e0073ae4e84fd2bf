"""References in the formats of programs that keep them, and as a line for people.

BibTeX as in its own manual (btxdoc, sections 3 and 4); RIS as in the format's specification of 2011; CSL-JSON as in
the schema of the Citation Style Language 1.0.2.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from ..records.citations import Author, Citation
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
_NAMED_AT_MOST: Final = 8
"""Authors in a line of text; of more, only the first are named."""
_NAMED_OF_MANY: Final = 3
_MORE: Final = "There may be more authors than are named here."


def bibtex(citation: Citation) -> str:
    """Return a reference as an entry of BibTeX, in UTF-8."""
    year, month, _ = _date(citation)
    names = [_bibtex_name(author) for author in citation.authors]
    fields = {
        "title": f"{{{_latex(citation.title)}}}",
        "author": " and ".join([*names, *(["others"] if names and citation.may_lack_authors else [])]),
        "year": str(year or ""),
        "month": _MONTHS[month - 1] if month else "",
        "howpublished": _latex(citation.container),
        "doi": citation.doi,
        "eprint": citation.arxiv,
        "archiveprefix": "arXiv" if citation.arxiv else "",
        # A brace in an address would end the field.
        "url": (citation.url or citation.iri).replace("{", "%7B").replace("}", "%7D"),
    }
    lines = [
        # The months are macros of BibTeX, which every style words in its own way.
        f"  {name} = {value},\n" if name == "month" else f"  {name} = {{{value}}},\n"
        for name, value in fields.items()
        if value
    ]
    return f"@{_bibtex_type(citation)}{{{_key(citation)},\n{''.join(lines)}}}\n"


def ris(citation: Citation) -> str:
    """Return a reference in RIS."""
    year, month, day = _date(citation)
    date = f"{year:04}/{month:02}/{day:02}" if day else f"{year:04}/{month:02}/" if month else ""
    tags = [
        ("TY", "ELEC" if citation.container else "UNPB" if citation.arxiv else "GEN"),
        ("TI", citation.title),
        *(("AU", _comma_name(author)) for author in citation.authors),
        ("PY", f"{year:04}" if year else ""),
        ("DA", date),
        ("T2", citation.container),
        ("DO", citation.doi),
        ("AN", f"arXiv:{citation.arxiv}" if citation.arxiv else ""),
        ("UR", citation.url or citation.iri),
        ("N1", _MORE if citation.may_lack_authors else ""),
        ("ID", _key(citation)),
    ]
    # A line end in a value would start a tag of its own.
    lines = [f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in tags if value]
    return "".join([*lines, "ER  - \r\n"])


def csl_json(citation: Citation) -> str:
    """Return a reference as CSL-JSON: a list of one item."""
    parts = [part for part in _date(citation) if part]
    number = f"arXiv:{citation.arxiv}" if citation.arxiv else ""
    item: dict[str, Any] = {
        "id": _key(citation),
        "type": "webpage" if citation.container else "article",
        "title": citation.title,
        "author": [_csl_name(author) for author in citation.authors],
        "issued": {"date-parts": [parts]} if parts else None,
        "container-title": citation.container,
        "DOI": citation.doi,
        "number": number,
        "URL": citation.url or citation.iri,
        "note": _MORE if citation.may_lack_authors else "",
    }
    return json.dumps([{name: value for name, value in item.items() if value}], indent=2, ensure_ascii=False) + "\n"


def reference_line(citation: Citation) -> str:
    """Return a reference as a line of text."""
    names = [author.name for author in citation.authors]
    if citation.may_lack_authors or len(names) > _NAMED_AT_MOST:
        shown = names if len(names) <= _NAMED_AT_MOST else names[:_NAMED_OF_MANY]
        authors = f"{', '.join(shown)} and others"
    else:
        authors = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
    title = citation.title if citation.title.endswith(("?", "!", ".")) else f"{citation.title}."
    container = f"In: {citation.container}." if citation.container else ""
    date = f"{human_date(citation.issued)}." if citation.issued else ""
    return " ".join(part for part in (authors and f"{authors}.", title, container, date, citation.address) if part)


def _key(citation: Citation) -> str:
    return citation.iri.rpartition("/")[2]


def _date(citation: Citation) -> tuple[int, int, int]:
    """Return year, month and day; 0 for what is not known."""
    found = re.match(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", citation.issued)
    year, month, day = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return year, month if month <= 12 else 0, day


def _latex(text: str) -> str:
    return " ".join(text.translate(_LATEX).split())


def _bibtex_type(citation: Citation) -> str:
    return "article" if citation.doi and not citation.arxiv and not citation.container else "misc"


def _parts(name: str) -> tuple[str, str]:
    """Return the given names and the family name with what is before it in small letters: `van der Weij`.

    That is the rule of BibTeX for names without a comma (btxdoc, section 4).
    """
    words = name.split()
    start = next((place for place, word in enumerate(words[:-1]) if place and word[0].islower()), len(words) - 1)
    return " ".join(words[:start]), " ".join(words[start:])


def _comma_name(author: Author) -> str:
    given, family = _parts(author.name) if author.is_person else ("", author.name)
    return f"{family}, {given}" if given else family


def _bibtex_name(author: Author) -> str:
    # Braces keep a name of several words from being split.
    return _latex(_comma_name(author)) if author.is_person else f"{{{_latex(author.name)}}}"


def _csl_name(author: Author) -> dict[str, str]:
    given, family = _parts(author.name) if author.is_person else ("", "")
    return {"family": family, "given": given} if given else {"literal": author.name}
