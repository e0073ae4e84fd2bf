"""Waivers: agreements, in `shapes/waivers.ttl`, to overlook what a rule finds at an entity, for a reason, until a day.

They stand beside the shapes and not in `kb/`, because they are policy and not knowledge: one page shows all that is
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

from ..errors import UnreadableError
from ..records import Finding, Severity
from ..turtle.edges import VOCAB
from ..turtle.parsing import parse
from ..turtle.reader import Base, SourceFile, read_file
from .locating import Locator
from .shacl import shacl_findings

WAIVERS: Final = "waivers.ttl"
"""Its name in the folder of the shapes."""

_SHAPE: Final = Path(__file__).with_name("waiver.ttl")


@dataclass(frozen=True)
class Waiver:
    """One waiver that is whole: `rule` at each focus node (as a CURIE) is overlooked until the end of a day."""

    iri: str
    rule: str
    foci: tuple[str, ...]
    reason: str
    expires: date


def apply_waivers(
    base: Base, shapes: Path, findings: Collection[Finding], *, today: date, is_whole: bool
) -> tuple[dict[Finding, str], list[Finding]]:
    """Return the reasons of the findings that are waived, and what is wrong with the waivers themselves.

    `is_whole` is false for a check that left something out: then nothing can be said of a waiver that waives nothing.
    Raises UnreadableError when the file of the waivers is not Turtle.
    """
    path = shapes / WAIVERS
    if not path.exists():
        return {}, []
    file = read_file(path, base.root)
    if isinstance(file, Finding):
        raise UnreadableError(f"{file.file}:{file.line}: {file.message}", file.mend)
    locator = Locator(replace(base, files=(file,)))
    shape = parse(_SHAPE.read_text(encoding="utf-8"))
    faults = [
        # A waiver without a name has no place of its own.
        fault if fault.file else replace(fault, file=file.path, line=1)
        for fault in shacl_findings(replace(base, files=(file,)), shape, locator)
    ]
    broken = {fault.focus for fault in faults}
    reasons: dict[Finding, str] = {}
    for waiver in _waivers(base, file):
        if base.namespaces.compact(waiver.iri) in broken:
            continue
        if waiver.expires < today:
            faults.append(_expired(waiver, locator))
            continue
        for focus in waiver.foci:
            waived = {one: waiver.reason for one in findings if (one.rule, one.focus) == (waiver.rule, focus)}
            if not waived and is_whole:
                faults.append(_idle(waiver, focus, locator))
            reasons |= waived
    return reasons, faults


def _waivers(base: Base, file: SourceFile) -> Iterator[Waiver]:
    for node in sorted(file.graph.subjects(RDF.type, VOCAB.Waiver), key=str):
        expires = getattr(file.graph.value(node, VOCAB.expires), "value", None)
        if isinstance(node, URIRef) and isinstance(expires, date):
            yield Waiver(
                iri=str(node),
                rule=_text(file.graph, node, VOCAB.waives),
                foci=tuple(sorted(base.namespaces.compact(str(f)) for f in file.graph.objects(node, VOCAB.waivesFor))),
                reason=_text(file.graph, node, VOCAB.reason),
                expires=expires,
            )


def _text(graph: Graph, node: Node, predicate: URIRef) -> str:
    return str(graph.value(node, predicate) or "")


def _expired(waiver: Waiver, locator: Locator) -> Finding:
    return locator.finding(
        "waiver-expired",
        waiver.iri,
        f"The waiver of {waiver.rule} ended on {waiver.expires.isoformat()}, and what it waived counts again.",
        "mend what it waived and delete it, or agree on a later day in akb:expires.",
        predicate=str(VOCAB.expires),
    )


def _idle(waiver: Waiver, focus: str, locator: Locator) -> Finding:
    return locator.finding(
        "waiver-unused",
        waiver.iri,
        f"Nothing is waived: {waiver.rule} finds nothing at {focus}.",
        f"delete {focus} from akb:waivesFor, or the whole waiver; if a name is a slip, correct it.",
        predicate=str(VOCAB.waivesFor),
        severity=Severity.WARNING,
    )
