"""The whole check of a base, stage by stage."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Final

from rdflib import RDF, URIRef

from ..inference.closure import contradictions
from ..records import Finding, Progress, Report, Stage, no_progress
from ..turtle.edges import VOCAB
from ..turtle.reader import Base, union
from ..vocabulary.reading import Vocabulary
from .consistency import contradiction_findings
from .lint.findings import lint_findings
from .locating import Locator
from .ontology_lint import ontology_findings
from .rule_files import read_rules
from .rules import rule_findings
from .shacl import read_shapes, shacl_findings
from .shapes_lint import shapes_lint_findings
from .structure import structural_findings
from .waivers import apply_waivers

ALL_STAGES: Final = frozenset(Stage)
FOREIGN_STAGES: Final = ALL_STAGES - {Stage.ONTOLOGY}
"""Those that any RDF project can pass: the others hold a base to our own form."""


def stages_for(base: Base) -> frozenset[Stage]:
    """Return the stages that a whole check of a base has."""
    return FOREIGN_STAGES if base.foreign else ALL_STAGES


def check(
    base: Base,
    vocabulary: Vocabulary,
    *,
    stages: Collection[Stage] = ALL_STAGES,
    progress: Progress = no_progress,
    today: date | None = None,
) -> Report:
    """Run `stages` on a base, in their order, and return all that is wrong with it, sorted by file and line.

    A file that cannot be read is one finding, and the rest of the base is checked without it. What is waived as of
    `today` stays among the findings, and is marked.
    Raises UnreadableError when a shape or a rule that a stage needs cannot be read.
    """
    findings: set[Finding] = set()
    chosen = [stage for stage in Stage if stage in stages and stage in stages_for(base)]
    shapes = read_shapes(base) if {Stage.SHAPES, Stage.LINT, Stage.SHAPES_LINT} & set(chosen) else ()
    shapes_graph = union(shapes)
    locator = Locator(base, shapes)

    def run(stage: Stage) -> Iterator[Finding]:
        match stage:
            case Stage.SYNTAX:
                yield from base.unreadable
                if not base.foreign:
                    yield from structural_findings(base, locator)
            case Stage.SHAPES:
                yield from shacl_findings(base, shapes_graph, locator)
            case Stage.RULES:
                rules, unreadable = read_rules(base)
                yield from unreadable
                yield from rule_findings(base, vocabulary, rules, locator)
            case Stage.CONSISTENCY:
                yield from contradiction_findings(contradictions(base), locator)
            case Stage.LINT:
                yield from lint_findings(base, vocabulary, shapes, shapes_graph, locator)
            case Stage.ONTOLOGY:
                yield from ontology_findings(base, locator)
            case Stage.SHAPES_LINT:
                yield from shapes_lint_findings(base, shapes_graph, locator)

    for done, stage in enumerate(chosen):
        progress("check", done, len(chosen))
        findings.update(run(stage))
    progress("check", len(chosen), len(chosen))
    waived, faults = apply_waivers(
        base, findings, today=today or date.today(), is_whole=set(chosen) == stages_for(base)
    )
    entities, edges = _counts(base)
    return Report(
        findings=tuple(sorted({*findings, *faults})),
        files=len(base.files) + len(base.unreadable),
        entities=entities,
        edges=edges,
        waived=waived,
    )


def _counts(base: Base) -> tuple[int, int]:
    """Count entities and edges; in a project that has not our form, what has an IRI and a type, and what joins two."""
    if base.foreign:
        nodes = {node for node in base.asserted.subjects(RDF.type, None) if isinstance(node, URIRef)}
        joins = (end for one, end in base.asserted.subject_objects() if one in nodes and end in nodes)
        return len(nodes), sum(1 for _ in joins)
    edges = set(base.asserted.subjects(RDF.type, VOCAB.Edge))
    return len(set(base.asserted.subjects(VOCAB.status, None)) - edges), len(edges)
