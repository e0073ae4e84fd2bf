"""The whole check of a base, stage by stage."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from rdflib import RDF

from ..inference.closure import contradictions
from ..namespaces import Namespaces
from ..records.engines import Engine, Shacl
from ..records.findings import Finding, Report, Severity, Stage
from ..records.pool import Pool
from ..records.progress import Progress, no_progress
from ..schema.schema import Schema
from ..store.embedded import Store
from ..texts.shelf import Shelf
from ..turtle.base import Base, shared_union
from ..turtle.edges import CODES, VOCAB
from ..turtle.statements import iri_of, is_iri
from .consistency import contradiction_findings
from .engines.results import MAX_DEPTH
from .engines.running import why_not_newer
from .example_files import read_examples
from .gap_files import read_gaps
from .house_rules import as_advice
from .kept_files import read_kept
from .lint.findings import lint_findings
from .locating import Locator
from .ontology_lint import ontology_findings
from .rule_files import read_rules
from .rules import rule_findings
from .shacl import Asking, shacl_findings
from .shapes_lint import shapes_lint_findings
from .source_texts import source_text_findings
from .structure import structural_findings
from .understanding import file_remarks, made_strict, shape_remarks
from .waivers import apply_waivers

ALL_STAGES: Final = frozenset(Stage)
FOREIGN_STAGES: Final = ALL_STAGES - {Stage.ONTOLOGY, Stage.TEXTS}
"""Those that any RDF project can pass: the others hold a base to our own form."""
_QUERY: Final = ".rq"
"""How the names of files with queries end."""
WITHOUT_ONTOLOGY: Final = frozenset({Stage.SYNTAX, Stage.SHAPES})
"""Those that say something of a base whose ontology cannot be read."""


def stages_for(base: Base) -> frozenset[Stage]:
    """Return the stages that a whole check of a base has."""
    return FOREIGN_STAGES if base.foreign else ALL_STAGES


@dataclass(frozen=True)
class Scope:
    """To what a check is limited: to findings about some nodes, and about the form of some files."""

    nodes: frozenset[str]
    """IRIs."""
    files: frozenset[str]

    def covers(self, stage: Stage, finding: Finding, namespaces: Namespaces) -> bool:
        """Tell whether a finding of a stage lies within; what keeps a part of the check from being done always does."""
        if finding.blocks:
            return True
        if stage is Stage.SYNTAX or not finding.focus:
            return finding.file in self.files
        focus = finding.focus
        return focus in self.nodes or _expand(focus, namespaces) in self.nodes


def check(
    base: Base,
    schema: Schema,
    *,
    stages: Collection[Stage] = ALL_STAGES,
    progress: Progress = no_progress,
    today: date | None = None,
    scope: Scope | None = None,
    store: Store | None = None,
    engine: Engine = Engine.FAST,
    spares_drafts: bool = True,
    pool: Pool | None = None,
    shacl: Shacl = Shacl.V1_0,
    strict: bool = False,
    language: str = "",
    max_depth: int = MAX_DEPTH,
    shelf: Shelf | None = None,
) -> Report:
    """Run `stages` on a base, in their order, and return all that is wrong with it, sorted by file and line.

    A file that cannot be read is one finding, and the rest of the base is checked without it. What is waived as of
    `today` stays among the findings, and is marked. With a scope, only what lies in it is found, and nothing is said
    of the ontology and the shapes, on which no file of `kb/` has an effect. With a store, which holds the asserted data
    and the ontology, rules run there. With a shelf, quotes and numbers are looked for in its texts. With a pool, its
    workers check large data against the shapes in parts.

    A draft that is not finished is no reason to stop: what it violates is a warning, and the report names the draft,
    unless `spares_drafts` is off. What is not understood is an info, and a violation when the check is `strict`.
    Shapes are read by the version `shacl`. These and contradictions are looked at by `engine`; the report notes when
    the reference took over. `language` and `max_depth` are those of `Asking`. What keeps a part of the check from being
    done is a finding that `blocks`. Raises DifferenceError when both engines are asked and do not agree.
    """
    findings: set[Finding] = set()
    notes = list(base.notes)
    chosen = [stage for stage in Stage if stage in stages and stage in stages_for(base)]
    if scope is not None:
        chosen = [stage for stage in chosen if stage not in {Stage.ONTOLOGY, Stage.SHAPES_LINT}]
    base = replace(base, is_tolerant=True)
    if base.unusable and not base.foreign:
        # All else is judged by the ontology.
        chosen = [stage for stage in chosen if stage in WITHOUT_ONTOLOGY]
        notes.append("The ontology cannot be read, so that only syntax and shapes were checked.")
    shapes = base.shapes_files if {Stage.SHAPES, Stage.LINT, Stage.SHAPES_LINT} & set(chosen) else ()
    shapes_graph = shared_union(shapes)
    locator = Locator(base, shapes, scope.nodes if scope else None)

    def run(stage: Stage) -> Iterator[Finding]:
        match stage:
            case Stage.SYNTAX:
                yield from base.unreadable
                yield from file_remarks(base)
                if not base.foreign and not base.unusable:
                    yield from structural_findings(base, Locator(base))
            case Stage.SHAPES:
                nodes = scope.nodes if scope else None
                asking = Asking(engine, notes.append, pool, language, max_depth, shacl)
                yield from shape_remarks(base, shapes_graph, locator, why_not_newer(shapes_graph, shacl, engine))
                yield from shacl_findings(base, shapes_graph, locator, nodes, asking)
            case Stage.RULES:
                rules, unreadable = read_rules(base)
                yield from unreadable
                if scope is None or any(file.endswith(_QUERY) for file in scope.files):
                    yield from (*read_gaps(base, schema.roles)[1], *read_examples(base)[1], *read_kept(base)[1])
                yield from rule_findings(base, schema, rules, locator, scope.nodes if scope else None, store)
            case Stage.CONSISTENCY:
                yield from contradiction_findings(contradictions(base, engine, notes.append), locator)
            case Stage.LINT:
                yield from lint_findings(base, schema, shapes, shapes_graph, locator, is_whole=scope is None)
            case Stage.TEXTS:
                yield from source_text_findings(base, schema, locator, shelf, notes.append)
            case Stage.ONTOLOGY:
                yield from ontology_findings(base, schema, locator)
            case Stage.SHAPES_LINT:
                yield from shapes_lint_findings(base, shapes_graph, locator)

    for done, stage in enumerate(chosen):
        progress("check", done, len(chosen))
        found = run(stage)
        findings.update(found if scope is None else (f for f in found if scope.covers(stage, f, base.namespaces)))
    progress("check", len(chosen), len(chosen))
    findings = _graded(base, findings | _unusable(base, chosen), strict=strict)
    findings, unfinished = _spare_drafts(base, findings) if spares_drafts else (findings, frozenset())
    is_whole = set(chosen) == stages_for(base)
    waived, faults = apply_waivers(base, findings, today=today or date.today(), is_whole=is_whole)
    entities, edges = _counts(base, schema, scope)
    return Report(
        findings=tuple(sorted({*findings, *faults})),
        files=len(base.files) + len([one for one in base.unreadable if scope is None or one.file in scope.files]),
        entities=entities,
        edges=edges,
        waived=waived,
        is_whole=is_whole,
        unfinished=unfinished,
        notes=tuple(notes),
    )


def _unusable(base: Base, chosen: Collection[Stage]) -> set[Finding]:
    """Return what keeps a part of a check from being done."""
    looks_at_shapes = not {Stage.SHAPES, Stage.LINT, Stage.SHAPES_LINT}.isdisjoint(chosen)
    return {*base.unusable, *(base.unusable_shapes if looks_at_shapes else ())}


def _graded(base: Base, findings: set[Finding], *, strict: bool) -> set[Finding]:
    """Return findings as grave as they are for a base."""
    if base.foreign:
        findings = as_advice(findings)
    return made_strict(findings) if strict else findings


def _spare_drafts(base: Base, findings: Collection[Finding]) -> tuple[set[Finding], frozenset[str]]:
    """Return the findings with those about drafts as warnings at most, and the drafts that violate something."""
    violations = [one for one in findings if one.severity is Severity.VIOLATION and one.focus]
    if base.foreign or not violations:
        return set(findings), frozenset()
    drafts = {iri_of(node) for node, code in base.pairs(str(VOCAB.status)) if code == f"<{CODES.draft}>"}
    unfinished = {one: node for one in violations if (node := _expand(one.focus, base.namespaces)) in drafts}
    spared = {
        replace(
            one,
            severity=Severity.WARNING,
            mend=f"{one.mend.removesuffix('.')}; until then the draft stays out of the release.",
        )
        for one in unfinished
    }
    return {*findings} - unfinished.keys() | spared, frozenset(unfinished.values())


def _counts(base: Base, schema: Schema, scope: Scope | None) -> tuple[int, int]:
    """Count entities and edges; in a project that has not our form, what has an IRI and a type, and what joins two.

    Where entities have no status, those of page classes are counted, and each triple that joins two without an edge.
    """
    if base.foreign:
        nodes = {node for node, _ in base.by_predicate.get(str(RDF.type), ()) if is_iri(node)}
        pairs = (pair for pairs in base.by_predicate.values() for pair in pairs)
        return len(nodes), sum(1 for one, end in pairs if one in nodes and end in nodes)
    edges = {iri_of(node) for node, kind in base.pairs(str(RDF.type)) if kind == f"<{VOCAB.Edge}>"}
    entities = {iri_of(node) for node, _ in base.pairs(str(VOCAB.status))} - edges
    if scope is not None:
        return len(entities & scope.nodes), len(edges & scope.nodes)
    kinds = {f"<{iri}>" for iri in schema.classes if schema.page_class_of(iri)}
    listed = {iri_of(node) for node, kind in base.pairs(str(RDF.type)) if kind in kinds} - edges
    if listed <= entities:
        return len(entities), len(edges)
    plain = {
        (iri_of(one), predicate, iri_of(end))
        for predicate in schema.predicates
        for one, end in base.by_predicate.get(predicate, ())
        if is_iri(one) and is_iri(end) and {iri_of(one), iri_of(end)} <= listed
    }
    ends = [dict(base.by_predicate.get(str(VOCAB[end]), ())) for end in ("subject", "predicate", "object")]
    explained = {
        tuple(iri_of(found[f"<{edge}>"]) for found in ends) for edge in edges if all(f"<{edge}>" in e for e in ends)
    }
    return len(listed | entities), len(edges) + len(plain - explained)


def _expand(curie: str, namespaces: Namespaces) -> str:
    try:
        return namespaces.expand(curie)
    except KeyError:
        return curie
