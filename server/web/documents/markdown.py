"""Documents in Markdown, by the templates of `templates/plain/`: what language models and other readers of text get."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import render_template

from ...records.candidates import Related
from ...records.dataset import DatasetSummary
from ...records.gaps import Gap, GapPage
from ...records.history import Change
from ...records.lists import ClassSummary, ListedEntity
from ...records.overviews import Dated, Debate, OpenQuestion
from ...records.pages import EntityPage, EntityRef, Neighbourhood, Portrait, Selection
from ...records.paths import Paths
from ...schema.schema import Schema
from ...search.records import Found
from ...serialization import MARKDOWN

if TYPE_CHECKING:
    from ..http.paging import Pages


def dataset_markdown(summary: DatasetSummary) -> str:
    """Return what a dataset holds as Markdown."""
    return render_template("plain/dataset.md", summary=summary)


def entity_markdown(page: EntityPage, portrait: Portrait, related: Related) -> str:
    """Return an entity as Markdown: what it is, its facts, its edges with notes and sources, and what is near.

    First come the sections that pages show with notes and sources, such as what speaks for and against a claim.
    """
    aspects = [one for one in (*portrait.sides, *portrait.aspects) if one.in_full]
    above = {one.link.edge for aspect in aspects for one in aspect.statements}
    return render_template(
        "plain/entity.md", page=page, entity=page.entity, aspects=aspects, above=above, related=related
    )


def listing_markdown(summary: ClassSummary, listed: Sequence[ListedEntity]) -> str:
    """Return a class and its entities as Markdown."""
    return render_template("plain/class.md", summary=summary, listed=listed)


def vocabulary_markdown(schema: Schema) -> str:
    """Return the classes and properties as Markdown."""
    return render_template("plain/ontology.md", schema=schema)


def debates_markdown(found: Sequence[Debate]) -> str:
    """Return claims in debate as Markdown."""
    return render_template("plain/debates.md", found=found)


def timeline_markdown(found: Sequence[Dated]) -> str:
    """Return works by date as Markdown."""
    return render_template("plain/timeline.md", found=found)


def questions_markdown(found: Sequence[OpenQuestion]) -> str:
    """Return open questions as Markdown."""
    return render_template("plain/open-questions.md", found=found)


def search_markdown(text: str, found: Found, close: Sequence[EntityRef], pages: Pages) -> str:
    """Return a page of what was found as Markdown; `close` are entities whose names begin like the text."""
    return render_template("plain/search.md", text=text, found=found, close=close, rest=_rest(pages))


def neighbourhood_markdown(found: Neighbourhood, pages: Pages) -> str:
    """Return a page of a neighbourhood as Markdown."""
    return render_template(
        "plain/neighbourhood.md",
        found=found,
        counts=dict(found.counts),
        is_filtered=found.selection != Selection(),
        rest=_rest(pages),
    )


def history_markdown(curie: str, label: str, changes: Sequence[Change], total: int, pages: Pages) -> str:
    """Return a page of the history of an entity as Markdown."""
    return render_template(
        "plain/history.md", curie=curie, label=label, changes=changes, total=total, rest=_rest(pages)
    )


def changes_markdown(changes: Sequence[Change], total: int, pages: Pages) -> str:
    """Return a page of the changes of the base as Markdown."""
    return render_template("plain/changes.md", changes=changes, total=total, rest=_rest(pages))


def paths_markdown(found: Paths, most: int) -> str:
    """Return the paths between two entities as Markdown; `most` steps are looked at."""
    return render_template("plain/path.md", found=found, most=most)


def gaps_markdown(counts: Sequence[tuple[Gap, int]]) -> str:
    """Return what is missing in a base as Markdown."""
    return render_template("plain/gaps.md", counts=counts)


def gap_markdown(found: GapPage, pages: Pages) -> str:
    """Return a page of what lacks something as Markdown."""
    return render_template("plain/gap.md", found=found, rest=_rest(pages))


def _rest(pages: Pages) -> str:
    """Return the address of the next page in Markdown; empty at the end."""
    return pages.address(pages.page + 1, MARKDOWN) if pages.page < pages.last else ""
