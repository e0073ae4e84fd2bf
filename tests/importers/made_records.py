"""Thirty invented works, and their records in the shapes of six formats, with what each format says and leaves out.

Nobody wrote these works. The shapes are those of the public documentation of each format and service.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

PEOPLE: Final = (
    "Ada Lind",
    "Ben Oak",
    "Sören Äng",
    "Teun van der Berg",
    "Kamilė Žuka",
    "Jo Ash Jr.",
    "Chen Wei Lin",
    "Maria del Mar Rowan",
    "Noor Elm",
    "Otto Birch",
)
ORCIDS: Final = {"Ada Lind": "0000-0002-1825-0097", "Noor Elm": "0000-0001-5109-3700"}
_TOPICS: Final = (
    "Watched objectives",
    "Quiet reward models",
    "Latent goals of tall networks",
    "Audits of small agents",
    "Boats that steer by feedback",
    "Lighthouses for learned optimizers",
)
_ASPECTS: Final = (
    "a first survey",
    "measured in the field",
    "with and without supervision",
    "a negative result",
    "théorie et pratique",
)
_DOI_EVERY: Final = 3


@dataclass(frozen=True)
class Made:
    """One invented work."""

    number: int
    title: str
    authors: tuple[str, ...]
    year: int
    month: int
    doi: str
    arxiv: str
    cites: tuple[int, ...]
    """The numbers of other works."""

    @property
    def openalex(self) -> str:
        """What OpenAlex would call it."""
        return f"https://openalex.org/W99000000{self.number:02}"


def made_works(count: int = 30) -> tuple[Made, ...]:
    """Return the works; each cites the two before it."""
    found = []
    for number in range(count):
        title = f"{_TOPICS[number % len(_TOPICS)]}: {_ASPECTS[number // len(_TOPICS) % len(_ASPECTS)]}"
        if number >= len(_TOPICS) * len(_ASPECTS):
            title += f", part {number}"
        authors = tuple(dict.fromkeys(PEOPLE[(number * step + step) % len(PEOPLE)] for step in (1, 2, 3)))
        has_doi = number % _DOI_EVERY != 1
        found.append(
            Made(
                number,
                title,
                authors,
                1991 + number % 9,
                1 + number % 12,
                f"10.5555/made.{number:03}" if has_doi else "",
                f"99{1 + number % 12:02}.{10000 + number}" if number % _DOI_EVERY != 2 else "",
                tuple(other for other in (number - 1, number - 2) if other >= 0),
            )
        )
    return tuple(found)


def write_records(folder: Path, works: tuple[Made, ...]) -> list[Path]:
    """Write the records of the works in six formats: each work in one of them, every second in another one too."""
    folder.mkdir(parents=True, exist_ok=True)
    writers = (
        ("library.bib", bibtex, lambda _: True),
        ("export.ris", ris, lambda _: True),
        ("items.json", csl, lambda _: True),
        ("zotero.json", zotero, lambda _: True),
        ("openalex.json", openalex, lambda _: True),
        ("answer.atom", arxiv, lambda work: bool(work.arxiv)),
    )
    chosen: list[list[Made]] = [[] for _ in writers]
    for work in works:
        places = [(work.number + step) % len(writers) for step in ((0, 1, 4) if work.number % 2 else (0, 4))]
        for place in {place if writers[place][2](work) else 4 for place in places}:
            chosen[place].append(work)
    paths = []
    for (name, write, _), some in zip(writers, chosen, strict=True):
        path = folder / name
        path.write_text(write(some, works), encoding="utf-8")
        paths.append(path)
    return paths


def _latex(text: str) -> str:
    accents = {"ö": r"{\"o}", "Ä": r"{\"A}", "ė": r"{\.e}", "Ž": r"{\v{Z}}", "é": r"{\'e}", "&": r"\&"}
    return "".join(accents.get(letter, letter) for letter in text)


def _family_first(name: str) -> tuple[str, str, str]:
    """Return family, given name and suffix of an invented person."""
    words, suffix = name.split(), ""
    if words[-1] == "Jr.":
        suffix = words.pop()
    start = next((at for at, word in enumerate(words) if at and word[0].islower()), len(words) - 1)
    return " ".join(words[start:]), " ".join(words[:start]), suffix


def bibtex(works: list[Made], every: tuple[Made, ...]) -> str:
    """Return an export in BibTeX, with accents in LaTeX, families first, and keys of what is cited."""
    entries = ['@string{jmr = "Journal of Made Results"}\n']
    for work in works:
        names = [", ".join(p for p in (f, s, g) if p) for f, g, s in map(_family_first, work.authors)]
        fields = {
            "title": f"{{{{{_latex(work.title)}}}}}",
            "author": f"{{{' and '.join(map(_latex, names))}}}",
            "journal": "jmr",
            "year": str(work.year),
            "month": ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")[
                work.month - 1
            ],
            "keywords": "{made, up}",
            "references": f"{{{', '.join(every[one].doi or f'made{one}' for one in work.cites)}}}",
        }
        fields |= {"doi": f"{{https://doi.org/{work.doi}}}"} if work.doi else {}
        fields |= {"eprint": f"{{{work.arxiv}v2}}", "archiveprefix": "{arXiv}"} if work.arxiv else {}
        body = ",\n".join(f"  {name} = {value}" for name, value in fields.items())
        entries.append(f"@article{{made{work.number},\n{body}\n}}\n")
    return "\n".join(entries)


def ris(works: list[Made], every: tuple[Made, ...]) -> str:
    """Return an export in RIS."""
    records = []
    for work in works:
        lines = ["TY  - JOUR", f"TI  - {work.title}"]
        lines += [f"AU  - {', '.join(p for p in (f, g, s) if p)}" for f, g, s in map(_family_first, work.authors)]
        lines += [f"PY  - {work.year}", f"DA  - {work.year}/{work.month:02}//", "JO  - Journal of Made Results"]
        lines += [f"DO  - {work.doi}"] if work.doi else []
        lines += [f"UR  - http://arxiv.org/abs/{work.arxiv}v1"] if work.arxiv else []
        lines += ["N2  - An abstract that nobody keeps.", "ER  - ", ""]
        records.append("\n".join(lines))
    return "\n".join(records)


def csl(works: list[Made], every: tuple[Made, ...]) -> str:
    """Return an export in CSL-JSON; a name has its particle apart."""
    items = []
    for work in works:
        names = []
        for family, given, suffix in map(_family_first, work.authors):
            *particle, last = family.split()
            names.append(
                {"family": last, "given": given}
                | ({"non-dropping-particle": " ".join(particle)} if particle else {})
                | ({"suffix": suffix} if suffix else {})
            )
        item: dict[str, Any] = {
            "id": f"made{work.number}",
            "type": "article-journal",
            "title": work.title,
            "author": names,
            "issued": {"date-parts": [[work.year, work.month]]},
            "container-title": "Journal of Made Results",
            "volume": "1",
        }
        items.append(item | ({"DOI": work.doi} if work.doi else {"number": f"arXiv:{work.arxiv}"}))
    return json.dumps(items, indent=1, ensure_ascii=False)


def zotero(works: list[Made], every: tuple[Made, ...]) -> str:
    """Return items as the web API of Zotero answers with them; the names are without accents, as some type them."""
    plain = str.maketrans("öÄėŽ", "oAeZ")
    items: list[dict[str, Any]] = []
    for work in works:
        creators = [
            {"creatorType": "author", "firstName": f"{given} {suffix}".strip(), "lastName": family}
            if not suffix
            else {"creatorType": "author", "firstName": given, "lastName": f"{family} {suffix}"}
            for family, given, suffix in map(_family_first, (name.translate(plain) for name in work.authors))
        ]
        data = {
            "key": f"MADE{work.number:04}",
            "version": 3,
            "itemType": "preprint" if work.arxiv and not work.doi else "journalArticle",
            "title": work.title,
            "creators": creators,
            "date": f"{work.year}-{work.month:02}",
            "DOI": work.doi,
            "url": f"https://arxiv.org/abs/{work.arxiv}" if work.arxiv else "",
            "extra": f"arXiv:{work.arxiv} [cs.AI]" if work.arxiv else "",
            "abstractNote": "An abstract that nobody keeps.",
            "tags": [{"tag": "made"}],
        }
        items.append({"key": data["key"], "version": 3, "library": {"type": "user", "id": 1}, "data": data})
        items.append({"key": f"NOTE{work.number:04}", "data": {"itemType": "note", "note": "<p>read it</p>"}})
    return json.dumps(items, indent=1, ensure_ascii=False)


def openalex(works: list[Made], every: tuple[Made, ...]) -> str:
    """Return a page of works as OpenAlex answers with it."""
    return json.dumps(
        {"meta": {"count": len(works)}, "results": [openalex_work(one, every) for one in works]}, indent=1
    )


def openalex_work(work: Made, every: tuple[Made, ...]) -> dict[str, Any]:
    """Return a work as OpenAlex has it."""
    doi = work.doi or f"10.48550/arXiv.{work.arxiv}"
    return {
        "id": work.openalex,
        "doi": f"https://doi.org/{doi.lower()}",
        "title": work.title,
        "display_name": work.title,
        "publication_year": work.year,
        "publication_date": f"{work.year}-{work.month:02}-01",
        "type": "article",
        "authorships": [
            {
                "author_position": "middle",
                "author": {
                    "id": f"https://openalex.org/A990000{PEOPLE.index(name):04}",
                    "display_name": name,
                    "orcid": f"https://orcid.org/{ORCIDS[name]}" if name in ORCIDS else None,
                },
                "institutions": [],
                "raw_author_name": name,
            }
            for name in work.authors
        ],
        "primary_location": {
            "landing_page_url": f"https://doi.org/{doi}",
            "source": {"display_name": "Journal of Made Results", "type": "journal"},
        },
        "locations": [{"landing_page_url": f"https://arxiv.org/abs/{work.arxiv}"}] if work.arxiv else [],
        "is_retracted": False,
        "referenced_works": [every[one].openalex for one in work.cites],
        "abstract_inverted_index": {"Nobody": [0], "keeps": [1], "it": [2]},
    }


def arxiv(works: list[Made], every: tuple[Made, ...]) -> str:
    """Return a feed as the API of arXiv answers with it."""
    entries = "".join(map(_atom_entry, works))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        '  <title type="html">ArXiv Query</title>\n  <id>http://arxiv.org/api/made</id>\n'
        f"{entries}</feed>\n"
    )


def _atom_entry(work: Made) -> str:
    space = 'xmlns:arxiv="http://arxiv.org/schemas/atom"'
    doi = f"    <arxiv:doi {space}>{work.doi}</arxiv:doi>" if work.doi else ""
    authors = "\n".join(f"    <author><name>{escape(name)}</name></author>" for name in work.authors)
    title = escape(work.title.replace(": ", ":\n  "))
    return f"""  <entry>
    <id>http://arxiv.org/abs/{work.arxiv}v1</id>
    <updated>{work.year}-{work.month:02}-20T17:59:59Z</updated>
    <published>{work.year}-{work.month:02}-12T17:59:59Z</published>
    <title>{title}</title>
    <summary>  An abstract that nobody keeps.
</summary>
{authors}
    <link href="http://arxiv.org/abs/{work.arxiv}v1" rel="alternate" type="text/html"/>
{doi}
    <arxiv:primary_category {space} term="cs.AI" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.AI" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
"""
