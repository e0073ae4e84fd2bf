"""Documents in Markdown, by the templates of `templates/plain/`: what language models and other readers of text get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import render_template

from ...records.candidates import Related
from ...records.dataset import DatasetSummary
from ...records.gaps import Gap, GapPage
from ...records.history import Change
from ...records.kept import KeptQuery
from ...records.lists import ClassSummary, ListedEntity
from ...records.overviews import Dated, Debate, OpenQuestion
from ...records.pages import EntityPage, EntityRef, Neighbourhood, Portrait, Selection
from ...records.paths import Paths
from ...records.side_by_side import SideBySide
from ...schema.schema import Schema
from ...search.records import Found
from ...serialization import MARKDOWN

if TYPE_CHECKING:
    from ..given.curation import ReviewQueuePage
    from ..given.page import Page
    from ..http.paging import Pages


@dataclass(frozen=True)
class Rows:
    """The first rows of an answer: each cell is a text, and the address to which it leads, or an empty text."""

    names: Sequence[str]
    rows: Sequence[Sequence[tuple[str, str]]]
    total: int


def page_markdown(name: str, page: Page) -> str:
    """Return a page as Markdown, by the template of that name, which is given what that of the page is."""
    return render_template(f"plain/{name}.md", **vars(page))


def review_markdown(page: ReviewQueuePage) -> str:
    """Return a page of the review queue as Markdown."""
    return render_template("plain/review.md", **vars(page), rest=_rest(page.pages))


def kept_markdown(kept: KeptQuery, values: Mapping[str, str], query: str, answer: Rows) -> str:
    """Return the answer of a kept query as Markdown."""
    return render_template("plain/kept-query.md", kept=kept, values=values, query=query, **vars(answer))


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
        "plain/entity.md",
        page=page,
        entity=page.entity,
        aspects=aspects,
        above=above,
        related=related,
        weight=portrait.weight,
    )


def listing_markdown(summary: ClassSummary, listed: Sequence[ListedEntity], pages: Pages) -> str:
    """Return a page of a class and its entities as Markdown."""
    return render_template("plain/class.md", summary=summary, listed=listed, rest=_rest(pages))


def vocabulary_markdown(schema: Schema) -> str:
    """Return the classes and properties as Markdown."""
    return render_template("plain/ontology.md", schema=schema)


def debates_markdown(found: Sequence[Debate], total: int, pages: Pages) -> str:
    """Return a page of claims in debate as Markdown."""
    return render_template("plain/debates.md", found=found, total=total, rest=_rest(pages))


def timeline_markdown(found: Sequence[Dated], total: int, pages: Pages) -> str:
    """Return a page of works by date as Markdown."""
    return render_template("plain/timeline.md", found=found, total=total, rest=_rest(pages))


def questions_markdown(found: Sequence[OpenQuestion], total: int, pages: Pages) -> str:
    """Return a page of open questions as Markdown."""
    return render_template("plain/open-questions.md", found=found, total=total, rest=_rest(pages))


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


def side_by_side_markdown(found: SideBySide) -> str:
    """Return a comparison of entities as Markdown."""
    return render_template("plain/compare.md", found=found)


def gaps_markdown(counts: Sequence[tuple[Gap, int]]) -> str:
    """Return what is missing in a base as Markdown."""
    return render_template("plain/gaps.md", counts=counts)


def gap_markdown(found: GapPage, pages: Pages) -> str:
    """Return a page of what lacks something as Markdown."""
    return render_template("plain/gap.md", found=found, rest=_rest(pages))


def _rest(pages: Pages) -> str:
    """Return the address of the next page in Markdown; empty at the end."""
    return pages.address(pages.page + 1, MARKDOWN) if pages.page < pages.last else ""
