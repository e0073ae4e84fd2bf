"""The matches with other bases that wait for a decision: `akb link decide` makes it, for this server writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response

from ...formats.writing import write_csv, write_json
from ...knowledge.reconciliation.matching import named_entities
from ...knowledge.reconciliation.records import Named
from ...review.matches import Proposal
from ...serialization import CSV, HTML, JSON
from ..current import current_release
from ..documents.documents import Document, document
from ..given.curation import MatchesPage
from ..http.languages import page as render
from ..http.paging import Pages
from ..http.parameters import number
from ..open_release import OpenRelease

blueprint = Blueprint("matches", __name__)

COLUMNS: Final = ("match", "id", "iri", "label", "item", "name", "description", "score", "proposed", "service")
_SIZE: Final = 50
Row = tuple[Proposal, Named]


@blueprint.get("/review/matches")
@blueprint.get("/review/matches.<extension>")
def matches(extension: str | None = None) -> Response:
    """Return a page of the matches that wait, the likeliest first."""
    release = current_release()
    pages = Pages("/review/matches", number("page", 1, 10**6), _SIZE, _SIZE).of(len(release.proposals))
    rows = likeliest(release, _SIZE, pages.skipped)
    whole = Document(
        pages.path,
        {
            HTML: lambda: render(
                MatchesPage(
                    rows=rows,
                    total=len(release.proposals),
                    pages=pages,
                    steps=pages.steps(HTML),
                    formats=pages.formats((CSV, JSON)),
                )
            ),
            JSON: lambda: write_json(
                {
                    "total": len(release.proposals),
                    "page": pages.page,
                    "pages": pages.last,
                    **pages.json_steps(),
                    "items": records(rows),
                }
            ),
            CSV: lambda: write_csv(COLUMNS, _table(rows)),
        },
        query=pages.query(),
        links=pages.links,
    )
    return document(whole, extension, release)


def likeliest(release: OpenRelease, size: int, skipped: int = 0) -> list[Row]:
    """Return the matches that wait, each with the entity that it is for, the likeliest first."""
    ranked = sorted(release.proposals, key=lambda one: (-one.score, one.id))[skipped : skipped + size]
    known = named_entities(release.store, {one.entity for one in ranked})
    return [(one, known[one.entity]) for one in ranked if one.entity in known]


def records(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Return matches as plain records, with the columns of the table for keys."""
    return [dict(zip(COLUMNS, row, strict=True)) for row in _table(rows)]


def _table(rows: Sequence[Row]) -> list[tuple[object, ...]]:
    return [
        (
            one.id,
            entity.curie,
            entity.iri,
            entity.label,
            one.item,
            one.name,
            one.description,
            one.score,
            one.decision,
            one.service,
        )
        for one, entity in rows
    ]
