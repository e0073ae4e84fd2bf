"""Documents in Markdown, by the templates of `templates/plain/`."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template

from ...records.candidates import Related
from ...records.dataset import DatasetSummary
from ...records.lists import ClassSummary, ListedEntity
from ...records.pages import EntityPage
from ...schema.schema import Schema


def dataset_markdown(summary: DatasetSummary) -> str:
    """Return what a dataset holds as Markdown."""
    return render_template("plain/dataset.md", summary=summary)


def entity_markdown(page: EntityPage, related: Related) -> str:
    """Return an entity as Markdown: what it is, its facts, its edges with notes and sources, and what is near."""
    return render_template("plain/entity.md", page=page, entity=page.entity, related=related)


def listing_markdown(summary: ClassSummary, listed: Sequence[ListedEntity]) -> str:
    """Return a class and its entities as Markdown."""
    return render_template("plain/class.md", summary=summary, listed=listed)


def vocabulary_markdown(schema: Schema) -> str:
    """Return the classes and properties as Markdown."""
    return render_template("plain/ontology.md", schema=schema)
