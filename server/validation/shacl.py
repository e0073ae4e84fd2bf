"""Turns what the shapes find in the asserted data (SHACL, sections 2 to 4) into findings.

Inference is off: the closure would give a wrongly used node the very class that its shape asks for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Final

from rdflib import SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ..records.engines import Engine, Shacl
from ..records.findings import Constraint, Finding, Severity
from ..records.pool import Pool
from ..turtle.base import Base
from ..turtle.blanks import BlankNodes, digest
from ..turtle.lists import opened
from ..turtle.pieces import Pieces, pieces_of, with_more
from ..turtle.positions import Term
from ..turtle.reifiers import REIFIES
from .details import Parent, parents_of
from .engines.advanced import without_unrun
from .engines.isolating import validate_usable
from .engines.results import MAX_DEPTH, PART, Request, Result
from .engines.running import Note
from .locating import Locator
from .reified import reifying
from .rule_text import RuleText
from .shape_messages import usual_message
from .shape_parameters import Fault
from .shape_syntax import circles, faults_of, well_formed
from .shape_words import parameters_of, path_text, wanted
from .targets import asks_for_class, narrowed

MALFORMED = RuleText(
    "shape-malformed",
    "Each shape is formed as SHACL demands (its syntax rules).",
    "{parameter}{value} {fault}; it cannot be used.",
    "{mend}; until then it is left out, and the check is not whole.",
    Severity.VIOLATION,
)
UNUSABLE = RuleText(
    "shape-unusable",
    "Each shape can be evaluated.",
    "The shape cannot be evaluated: {fault}.",
    "{mend}; until then the shape is left out, and the check is not whole.",
    Severity.VIOLATION,
)

RECURSIVE = RuleText(
    "shape-recursive",
    "No shape refers to itself at a node that leads to itself; what that means is undefined (SHACL, section 3.4.3).",
    "{parameter} {value} leads back to the shape, so that it cannot be told which nodes conform.",
    "take the reference out, or ask for as many steps as there can be; until then nodes may pass that do not conform.",
    Severity.VIOLATION,
)

RULES = (MALFORMED, UNUSABLE, RECURSIVE)

SEVERITIES: Final[dict[Node | None, Severity]] = {
    SH.Info: Severity.INFO,
    SH.Warning: Severity.WARNING,
    # Of SHACL 1.2, section 2.1.4.
    URIRef(f"{SH}Debug"): Severity.INFO,
    URIRef(f"{SH}Trace"): Severity.INFO,
}
_MEND: Final = "Mend: "
_WORDS: Final = frozenset(
    SH[name].n3() for name in ("message", "name", "description", "order", "group", "severity", "defaultValue")
)
"""What a shape says that is no part of what it asks."""


@dataclass(frozen=True)
class Asking:
    """How shapes are asked."""

    engine: Engine = Engine.FAST
    note: Note = lambda _: None
    pool: Pool | None = None
    language: str = ""
    """The tag of the language in which messages are wanted; English where none is."""
    max_depth: int = MAX_DEPTH
    version: Shacl = Shacl.V1_0


def shacl_findings(
    base: Base, shapes: Graph, locator: Locator, nodes: Collection[str] | None = None, asking: Asking | None = None
) -> Iterator[Finding]:
    """Yield one finding for each validation result (SHACL, section 3.6.2), of all focus nodes or only some.

    What a result says of an entity whose file cannot be read is passed over: that it has no type is not known.
    A shape that is ill-formed, or that no engine can evaluate, is a finding, and is left out. Notes when the reference
    engine took over. Raises DifferenceError when both engines are asked and do not agree. For SHACL 1.2 each edge is
    the reifier of its triple.
    """
    if not len(shapes):
        return  # pyshacl would look for shapes in the data
    asking = asking or Asking()
    faults, usable = _usable(shapes, asking.version)
    for fault in faults:
        yield _malformed(base, fault, locator)
    chosen = usable if nodes is None else narrowed(usable, base.ntriples, base.ontology, nodes)
    reified = "".join(reifying(base)) if asking.version is Shacl.V1_2 else ""
    pieces = base.pieces
    data = pieces if pieces.size > PART else base.ntriples
    ontology = opened(base.ontology)
    if ontology is not base.ontology:
        asking.note("The ontology has a list that leads back to itself, which was read as if it ended there.")
    request = Request(with_more(data, reified), ontology, chosen, asking.max_depth, asking.version, usable)
    answer = validate_usable(request, asking.engine, asking.note, asking.pool)
    for stopped in answer.stopped:
        yield replace(
            UNUSABLE.broken_by(
                locator,
                _named(shapes, stopped.shape) or str(stopped.shape),
                fault=stopped.reason.rstrip("."),
                mend=stopped.mend,
            ),
            blocks=True,
        )
    if answer.is_circular:
        for shape, parameter, value in circles(usable):
            words = {"parameter": base.namespaces.compact(parameter), "value": _term(base, value)}
            finding = RECURSIVE.broken_by(locator, str(shape), parameter, value, **words)
            yield replace(finding, blocks=True)
    results = [one for one in answer.results if not base.unknown & {str(one.focus), str(one.value)}]
    if base.lacks_ontology:
        known = [one for one in results if not asks_for_class(usable, one.shape, one.component)]
        if len(known) < len(results):
            asking.note("What shapes ask of classes is left out, since a file of the ontology cannot be read.")
        results = known
    if reified:
        # No file says so, and a closed shape need not allow it.
        results = [one for one in results if str(one.path) != REIFIES]
    told = _Results(base, usable, locator, _leading(data, usable, results), asking.language)
    parents = parents_of(request, results, lambda asked: validate_usable(asked, asking.engine, lambda _: None).results)
    yield from told.findings(parents)


@lru_cache(maxsize=4)
def _usable(shapes: Graph, version: Shacl) -> tuple[tuple[Fault, ...], Graph]:
    """Return what is ill-formed in shapes, and the rest that is run.

    It is the same graph each time, for what is derived from it.
    """
    faults = faults_of(shapes, version)
    return tuple(faults), without_unrun(well_formed(shapes, faults))


def _term(base: Base, value: Term) -> str:
    """Return a value in words: what a blank node says is beside its place."""
    if isinstance(value, BNode):
        return "[ ]"
    return base.namespaces.compact(str(value)) if isinstance(value, URIRef) else _shorten(str(value))


def _malformed(base: Base, fault: Fault, locator: Locator) -> Finding:
    value = fault.value if isinstance(fault.value, URIRef | BNode | Literal) else None
    shown = "" if value is None or isinstance(value, BNode) else f" {_term(base, value)}"
    finding = MALFORMED.broken_by(
        locator,
        str(fault.shape),
        str(fault.parameter),
        "" if value is None else value,
        parameter=base.namespaces.compact(str(fault.parameter)),
        value=shown,
        fault=fault.what,
        mend=fault.mend,
    )
    return replace(finding, blocks=True)


_Leading = dict[tuple[Node, Node], str]
"""By predicate and object, the first subject that has it."""


@dataclass(frozen=True)
class _Results:
    """Makes findings of results."""

    base: Base
    shapes: Graph
    locator: Locator
    leading: _Leading
    language: str

    def findings(self, parents: Sequence[Parent]) -> Iterator[Finding]:
        """Yield a finding for each result, with what explains it within."""
        # Results that are alike in all that makes one are numbered.
        seen: Counter[tuple[str, ...]] = Counter()
        for parent in parents:
            finding = self._finding(parent)
            seen[finding.key] += 1
            yield replace(finding, key=(*finding.key, str(seen[finding.key])))

    def _finding(self, parent: Parent) -> Finding:
        result = parent.result
        compact = self.base.namespaces.compact
        text = _chosen(result.messages, self.language) or usual_message(self.shapes, result)
        message, _, mend = text.partition(_MEND)
        focus, value = result.focus, result.value
        is_shown = value is not None and value != focus and not isinstance(value, BNode)
        shown = f" The value is {_shorten(compact(str(value)))}." if is_shown else ""
        named = _named(self.shapes, result.shape)
        subject, predicate, object_ = _triple(self.shapes, result, self.leading)
        path = path_text(self.shapes, result.path, lambda iri: f"<{iri}>")
        constraint = Constraint(
            component=result.component,
            shape=named,
            path=str(result.path) if isinstance(result.path, URIRef) else path,
            value=self.locator.written(value) if value is not None else "",
            focus=self.locator.written(focus),
            severity=str(result.severity),
            details=tuple(sorted(map(self._finding, parent.details))),
        )
        finding = self.locator.finding(
            rule_name(named),
            str(focus),
            self.base.namespaces.compact_all(message.strip()) + shown,
            mend.strip() or self._usual_mend(result, named),
            subject=subject,
            predicate=predicate,
            value=object_,
            severity=SEVERITIES.get(result.severity, Severity.VIOLATION),
        )
        source = shape_key(self.shapes, result.shape, result.component)
        key = (constraint.focus, path, constraint.value, result.component, source)
        return replace(finding, constraint=constraint, key=key)

    def _usual_mend(self, result: Result, named: str) -> str:
        """Return what to do when the shape does not say it: what it wants, and where it says so."""
        compact = self.base.namespaces.compact
        file, line, _ = self.locator.place(str(result.shape))
        where = f", {file}:{line}" if line else f", {file}" if file else ""
        asked = wanted(self.shapes, result.shape, compact) or "what it asks for"
        return f"the shape {compact(named) or 'without a name'}{where}, wants {asked}."


def _chosen(messages: Sequence[Literal], language: str) -> str:
    """Return the message in the language that is asked for, else in English, else the first by its tag."""
    wished = [one for one in messages if language and _speaks(one.language or "", language)]
    return str(next(iter((*wished, *messages)), ""))


def _speaks(tag: str, language: str) -> bool:
    """Tell whether a text with a tag is in a language, or a kind of it (RFC 4647, section 3.3.1)."""
    return tag.lower() == language.lower() or tag.lower().startswith(f"{language.lower()}-")


@lru_cache(maxsize=4)
def _blanks(shapes: Graph) -> BlankNodes:
    return BlankNodes((s.n3(), p.n3(), o.n3()) for s, p, o in shapes)


def shape_key(shapes: Graph, shape: Node, component: str) -> str:
    """Return what a source shape is known by in each reading, whatever its messages: its IRI, or where it is.

    With a shape without a name go its path and the parameters of the component, which tell it from its neighbours.
    """
    if not isinstance(shape, BNode):
        return shape.n3()
    blanks = _blanks(shapes)
    owner, trail = blanks.place(shape.n3())
    asked = parameters_of(component)
    said = [pair for pair in blanks.said(shape.n3(), without=_WORDS) if not asked or pair[0] in asked | {SH.path.n3()}]
    return " ".join((owner or "_", *trail, f"[{digest(*(part for pair in said for part in pair))}]"))


def _triple(shapes: Graph, result: Result, leading: _Leading) -> tuple[str, str, str | Term]:
    """Return the triple that is wrong, with what is not known of it left empty.

    A shape may target the ends of a predicate (SHACL, sections 2.1.3.4 and 2.1.3.5): then it is a triple of that.
    """
    focus = str(result.focus)
    if isinstance(result.path, URIRef):
        return focus, str(result.path), result.value if result.value is not None else ""
    inverse = shapes.value(result.path, SH.inversePath) if result.path is not None else None
    if isinstance(inverse, URIRef) and result.value is not None:
        return str(result.value), str(inverse), result.focus
    if (predicate := _target(shapes, result, SH.targetObjectsOf)) is not None:
        return leading.get((predicate, result.focus), focus), str(predicate), result.focus
    if (predicate := _target(shapes, result, SH.targetSubjectsOf)) is not None:
        return focus, str(predicate), ""
    return focus, "", ""


def _target(shapes: Graph, result: Result, kind: URIRef) -> URIRef | None:
    """Return the predicate by which the shape of a result without a path has its targets; if several, the first."""
    if result.path is not None:
        return None
    return min((one for one in shapes.objects(result.shape, kind) if isinstance(one, URIRef)), default=None)


def _leading(data: str | Pieces, shapes: Graph, results: list[Result]) -> _Leading:
    """Return who leads to the focus nodes that are targets as objects, in one pass over the data."""
    wanted: dict[tuple[str, str], tuple[Node, Node]] = {}
    for result in results:
        if (predicate := _target(shapes, result, SH.targetObjectsOf)) is not None:
            wanted[predicate.n3(), result.focus.n3()] = predicate, result.focus
    if not wanted:
        return {}
    predicates = "|".join(re.escape(predicate) for predicate in sorted({predicate for predicate, _ in wanted}))
    found: _Leading = {}
    line = re.compile(rf"^(\S+) ({predicates}) (.+) \.$", re.MULTILINE)
    for match in chain.from_iterable(map(line.finditer, pieces_of(data))):
        key = wanted.get((match[2], match[3]))
        if key is not None:
            subject = match[1].removeprefix("_:").strip("<>")
            found[key] = min(subject, found.get(key, subject))
    return found


def rule_name(shape: str) -> str:
    """Return what the rule of a shape is called: the end of its IRI."""
    return re.split(r"[#/:]", shape)[-1] or "shape"


def _named(shapes: Graph, shape: Node | None) -> str:
    """Return the IRI of a shape; for one without a name, that of the shape that contains it, if any."""
    seen: set[Node] = set()
    while isinstance(shape, BNode) and shape not in seen:
        seen.add(shape)
        shape = min(shapes.subjects(None, shape), key=str, default=None)
    return str(shape) if isinstance(shape, URIRef) else ""


def _shorten(text: str, limit: int = 80) -> str:
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= limit else flat[: limit - 1] + "…")
