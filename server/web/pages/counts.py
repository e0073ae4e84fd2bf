"""Where a count on a page leads: to the query that counts it, in the editor."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask

from ...namespaces import AKB
from ...sparql.queries import narrowed, question
from ..current import current_release


def register(app: Flask) -> None:
    """Let the templates say where counts lead."""
    app.jinja_env.globals.update(
        counted_by=counted_by,
        class_iri=class_iri,
        akb=AKB,
        graph_iri=lambda name: current_release().namespaces.graph + name,
    )


def query_address(query: str) -> str:
    """Return the address at which the editor shows a query, run."""
    return f"/sparql?{urlencode({'query': query})}"


def counted_by(name: str, **iris: str) -> str:
    """Return the address of the question `queries/<name>.rq`, asked about certain IRIs; `class_` is that of ?class."""
    release = current_release()
    terms = {variable.rstrip("_"): (release.namespaces.written(iri),) for variable, iri in iris.items()}
    return query_address(narrowed(question(name, release.schema.roles), terms))


def class_iri(name: str) -> str:
    """Return the IRI of a page class by its name."""
    return current_release().schema.page_class_by_name[name].iri
