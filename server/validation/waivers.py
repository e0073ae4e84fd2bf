"""Waivers: agreements, in `shapes/waivers.ttl`, to overlook what a rule finds at an entity, for a reason, until a day.

They are beside the shapes and not in `kb/`, because they are policy and not knowledge: one page shows all that is
overlooked, a release holds none of it, and a change to it asks for the reviewers of the rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from rdflib import RDF, Graph, URIRef
from rdflib.term import Node

from ..records.findings import Finding, Severity
from ..turtle.base import Base
from ..turtle.edges import VOCAB
from ..turtle.parsing import parse
from ..turtle.source_files import SourceFile, read_file, shown_name
from .locating import Locator
from .rule_text import RuleText
from .shacl import shacl_findings

WAIVERS: Final = "waivers.ttl"
"""Its name in the folder of the shapes."""

EXPIRED = RuleText(
    "waiver-expired",
    "A waiver holds until its last day; then its findings are fixed, it is deleted, or a new day is agreed on.",
    "The waiver of {rule} ended on {day}, and what it waived counts again.",
    "fix what it waived and delete it, or agree on a later day in akb:expires.",
    Severity.VIOLATION,
)
UNUSED = RuleText(
    "waiver-unused",
    "A waiver waives something at each entity or edge that it names; only a whole check can tell.",
    "Nothing is waived: {rule} finds nothing at {focus}.",
    "delete {focus} from akb:waivesFor, or the whole waiver; if a name is a slip, correct it.",
)

RULES = (EXPIRED, UNUSED)

SHAPE: Final = Path(__file__).with_name("waiver.ttl")


@dataclass(frozen=True)
class Waiver:
    """One waiver that is whole: `rule` at each focus node (an IRI) is overlooked until the end of a day."""

    iri: str
    rule: str
    foci: tuple[str, ...]
    reason: str
    expires: date


def apply_waivers(
    base: Base, findings: Collection[Finding], *, today: date, is_whole: bool
) -> tuple[dict[Finding, str], list[Finding]]:
    """Return the reasons of the findings that are waived, and what is wrong with the waivers themselves.

    `is_whole` is false for a check that left something out: then nothing can be said of a waiver that waives nothing.
    Where the file of the waivers is not Turtle, that is what is wrong, and nothing is waived.
    """
    file = _file(base)
    if not isinstance(file, SourceFile):
        return {}, [file] if file else []
    locator = Locator(replace(base, files=(file,), excerpts=()))
    shape = parse(SHAPE.read_text(encoding="utf-8"))
    faults = [
        # A waiver without a name has no place of its own.
        fault if fault.file else replace(fault, file=file.path, line=1)
        for fault in shacl_findings(replace(base, files=(file,), excerpts=()), shape, locator)
    ]
    broken = {fault.focus for fault in faults}
    reasons: dict[Finding, str] = {}
    for waiver in _waivers(file):
        if base.namespaces.compact(waiver.iri) in broken:
            continue
        if waiver.expires < today:
            words = {"rule": waiver.rule, "day": waiver.expires.isoformat()}
            faults.append(EXPIRED.broken_by(locator, waiver.iri, str(VOCAB.expires), **words))
            continue
        for focus in waiver.foci:
            curie = base.namespaces.compact(focus)
            waived = {one: waiver.reason for one in findings if (one.rule, one.focus) == (waiver.rule, curie)}
            if not waived and is_whole:
                words = {"rule": waiver.rule, "focus": base.namespaces.compact(focus)}
                faults.append(UNUSED.broken_by(locator, waiver.iri, str(VOCAB.waivesFor), focus, **words))
            reasons |= waived
    return reasons, faults


def _file(base: Base) -> SourceFile | Finding | None:
    path = base.shapes_folder / WAIVERS
    if base.foreign:
        return next((file for file in base.foreign.files if file.path == shown_name(path, base.root)), None)
    if not path.exists():
        return None
    file = read_file(path, base.root)
    return replace(file, blocks=True) if isinstance(file, Finding) else file


def _waivers(file: SourceFile) -> Iterator[Waiver]:
    for node in sorted(file.graph.subjects(RDF.type, VOCAB.Waiver), key=str):
        expires = getattr(file.graph.value(node, VOCAB.expires), "value", None)
        if isinstance(node, URIRef) and isinstance(expires, date):
            yield Waiver(
                iri=str(node),
                rule=_text(file.graph, node, VOCAB.waives),
                foci=tuple(sorted(map(str, file.graph.objects(node, VOCAB.waivesFor)))),
                reason=_text(file.graph, node, VOCAB.reason),
                expires=expires,
            )


def _text(graph: Graph, node: Node, predicate: URIRef) -> str:
    return str(graph.value(node, predicate) or "")
