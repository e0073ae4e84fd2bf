"""The list of a class in plain formats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from ..records.evidence import AGAINST, FOR, QUALIFYING
from ..records.lists import ClassSummary, Facet, ListedRow
from .writing import ref_record, weight_record, write_csv, write_json

ALWAYS: Final = ("id", "iri", "label")
OF_EVIDENCE: Final = {"for": FOR, "against": AGAINST, "qualifying": QUALIFYING}
"""Columns that count what speaks for an entity and against it, and the side of each."""
COLUMNS: Final = (*ALWAYS, "definition", "status", "issued", "edges", *OF_EVIDENCE, "contested")
"""The columns of a table for which no others are chosen."""
FURTHER: Final = ("kind", "topics", "organizations", "evidence")
"""More columns that may be chosen of any list."""
OF_WORKS: Final = ("authors", "venue", "doi", "arxiv")
"""Columns that lists of works have beside these."""
_FACETS: Final = {
    "topics": Facet.TOPIC,
    "organizations": Facet.ORGANIZATION,
    "evidence": Facet.EVIDENCE,
}


def listing_json(summary: ClassSummary, listed: Iterable[ListedRow]) -> str:
    """Return a class and its entities in use as plain JSON."""
    return write_json(
        {
            "class": summary.name,
            "label": summary.label,
            "plural": summary.plural,
            "definition": summary.definition,
            "count": summary.count,
            "entities": list(map(row_record, listed)),
        }
    )


def row_record(row: ListedRow) -> dict[str, Any]:
    """Return an entity of a list as plain JSON; works have their references too."""
    one, citation = row.listed, row.citation
    of_work = {
        "authors": [author.name for author in citation.authors],
        "venue": citation.venue.name if citation.venue else None,
        "doi": citation.doi or None,
        "arxiv": citation.arxiv or None,
    } if citation else {}  # fmt: skip
    return {
        **ref_record(one.entity),
        "definition": one.entity.definition,
        "status": one.status,
        "issued": one.issued or None,
        "edges": one.edge_count,
        "evidence": weight_record(row.weight),
        **of_work,
    }


def listing_csv(listed: Iterable[ListedRow], columns: Sequence[str] = COLUMNS) -> str:
    """Return the entities of a class as CSV, with the id, the IRI and the name, and these columns."""
    names = list(dict.fromkeys((*ALWAYS, *columns)))
    return write_csv(names, ([cell_of(row, name) for name in names] for row in listed))


def cell_of(row: ListedRow, column: str) -> str | int:
    """Return what an entity has in a column: several values are divided by semicolons."""
    one, citation = row.listed, row.citation
    if column in _FACETS:
        return "; ".join(value.label for value in row.tags.get(_FACETS[column], ()))
    if column in OF_EVIDENCE:
        return row.weight.counts[OF_EVIDENCE[column]] if row.weight else ""
    if column == "contested":
        return ("true" if row.weight.is_contested else "false") if row.weight else ""
    if column in OF_WORKS:
        if citation is None:
            return ""
        return {
            "authors": "; ".join(author.name for author in citation.authors),
            "venue": citation.venue.name if citation.venue else "",
            "doi": citation.doi,
            "arxiv": citation.arxiv,
        }[column]
    own: dict[str, str | int] = {
        "id": one.entity.curie,
        "iri": one.entity.iri,
        "label": one.entity.label,
        "definition": one.entity.definition,
        "status": one.status,
        "issued": one.issued,
        "edges": one.edge_count,
        "kind": one.kind_label,
    }
    return own[column]
