"""Looks for what is allowed and unwise in `kb/`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from rdflib import RDF, SH, Graph

from ...records.findings import Finding
from ...schema.schema import Schema
from ...turtle.base import Base, by_predicate
from ...turtle.source_files import SourceFile
from ..locating import Locator
from ..sound import Sound
from . import authors, circles, form, iris, names, text
from .added import added_rules

RULES = (*form.RULES, *text.RULES, *names.RULES, *iris.RULES, *circles.RULES, *authors.RULES)


def lint_findings(
    base: Base,
    schema: Schema,
    shapes: tuple[SourceFile, ...],
    shapes_graph: Graph,
    locator: Locator,
    *,
    is_whole: bool = True,
) -> Iterator[Finding]:
    """Yield what is unwise in the files of `kb/`, and what is broken in the texts of the ontology.

    Of a part of the base only what is said of `kb/` is wanted.
    """
    namespaces = base.namespaces
    look_at = form.prefix_findings if base.foreign else form.form_findings
    yield from look_at(base.files, namespaces)
    tagged = held_to_a_language(shapes_graph)
    yield from text.text_findings(base.by_predicate, tagged, namespaces, locator, base.rest.tagged)
    if is_whole:
        yield from _SOUND.findings(
            shapes_graph,
            (base.ontology, namespaces),
            lambda: chain(
                form.prefix_findings((*base.ontology_files, *shapes), namespaces),
                text.text_findings(by_predicate(base.ontology_files), tagged, namespaces, locator),
            ),
        )
    yield from names.name_findings(base.by_predicate, schema, namespaces, locator)
    yield from iris.iri_findings(base.by_predicate, schema, namespaces, locator)
    yield from circles.circle_findings(base.by_predicate, base.ontology, namespaces, locator)
    yield from authors.author_findings(base.by_predicate, schema, namespaces, locator)
    for rule in added_rules():
        yield from rule.find(rule.text, base, schema, locator)


_SOUND: Final = Sound()
"""Graphs of shapes whose files have no findings of prefixes and texts, nor have those of the ontology beside them."""


def held_to_a_language(shapes: Graph) -> set[str]:
    """Return the properties whose values a shape wants to carry a language."""
    held = {*shapes.subjects(SH.datatype, RDF.langString), *shapes.subjects(SH.languageIn, None)}
    return {str(path) for shape in held for path in shapes.objects(shape, SH.path)}
