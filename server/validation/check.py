"""The whole check of a base, stage by stage."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Final

from rdflib import RDF

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
    chosen = [stage for stage in Stage if stage in stages]
    shapes = read_shapes(base.root) if {Stage.SHAPES, Stage.LINT, Stage.SHAPES_LINT} & set(chosen) else ()
    shapes_graph = union(shapes)
    locator = Locator(base, shapes)

    def run(stage: Stage) -> Iterator[Finding]:
        match stage:
            case Stage.SYNTAX:
                yield from base.unreadable
                yield from structural_findings(base, locator)
            case Stage.SHAPES:
                yield from shacl_findings(base, shapes_graph, locator)
            case Stage.RULES:
                rules, unreadable = read_rules(base.root, base.namespaces)
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
        base, base.root / "shapes", findings, today=today or date.today(), is_whole=set(chosen) == ALL_STAGES
    )
    edges = set(base.asserted.subjects(RDF.type, VOCAB.Edge))
    entities = set(base.asserted.subjects(VOCAB.status, None)) - edges
    return Report(
        findings=tuple(sorted({*findings, *faults})),
        files=len(base.files) + len(base.unreadable),
        entities=len(entities),
        edges=len(edges),
        waived=waived,
    )
