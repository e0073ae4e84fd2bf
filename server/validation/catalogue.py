"""Every rule that a check may report, whatever it is written in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rdflib import SH, Graph, URIRef

from ..records.findings import Severity, Stage
from ..turtle.base import Base
from ..turtle.parsing import parse
from . import (
    consistency,
    example_files,
    gap_files,
    kept_files,
    ontology_lint,
    rule_files,
    shacl,
    shapes_lint,
    source_texts,
    structure,
    understanding,
    waivers,
)
from .lint import findings as lint
from .lint.added import added_rules
from .rule_text import RuleText
from .shacl import SEVERITIES, rule_name

WAIVERS: Final = "waivers"
"""What is said of waivers, in a check of whatever stages."""

_IN_PYTHON: Final = {
    Stage.SYNTAX: (*structure.RULES, *understanding.FILE_RULES),
    Stage.SHAPES: (*understanding.SHAPE_RULES, *shacl.RULES),
    Stage.RULES: (*rule_files.RULES, gap_files.UNREADABLE, example_files.UNREADABLE, kept_files.UNREADABLE),
    Stage.CONSISTENCY: consistency.RULES,
    Stage.LINT: lint.RULES,
    Stage.TEXTS: source_texts.RULES,
    Stage.ONTOLOGY: ontology_lint.RULES,
    Stage.SHAPES_LINT: shapes_lint.RULES,
    WAIVERS: waivers.RULES,
}


@dataclass(frozen=True)
class CatalogueEntry:
    """A rule: its stage (or WAIVERS), and how bad a breach is.

    `meaning` is empty for shapes and SPARQL rules, whose messages say it; `source` is their file.
    """

    name: str
    stage: str
    severity: Severity
    meaning: str = ""
    source: str = ""


def meanings() -> dict[str, str]:
    """Return what each rule that is written in Python means, by name."""
    return {text.name: text.meaning for stage in _IN_PYTHON for text in _texts(stage)}


def _texts(stage: str) -> tuple[RuleText, ...]:
    added = tuple(rule.text for rule in added_rules()) if stage == Stage.LINT else ()
    return (*_IN_PYTHON.get(stage, ()), *added)


def catalogue(base: Base) -> Iterator[CatalogueEntry]:
    """Yield every rule that holds for a base, in the order of the stages."""
    for stage in (*Stage, WAIVERS):
        for text in _texts(stage):
            yield CatalogueEntry(text.name, stage, text.severity, text.meaning)
        if stage == Stage.SHAPES:
            for file in base.shapes_files:
                yield from _shapes(file.graph, stage, file.path)
        if stage == Stage.RULES:
            for rule in rule_files.read_rules(base)[0]:
                yield CatalogueEntry(rule.name, stage, rule.severity, source=f"shapes/rules/{rule.name}.rq")
        if stage == WAIVERS:
            yield from _shapes(parse(waivers.SHAPE.read_text(encoding="utf-8")), stage)


def _shapes(graph: Graph, stage: str, source: str = "") -> Iterator[CatalogueEntry]:
    for shape in sorted(node for node in set(graph.subjects(SH.message)) if isinstance(node, URIRef)):
        severity = SEVERITIES.get(graph.value(shape, SH.severity), Severity.VIOLATION)
        yield CatalogueEntry(rule_name(shape), stage, severity, source=source)
