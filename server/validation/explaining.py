"""Explains a finding: the statement in its file, the shape that is not met in words, and what would meet it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rdflib import SH, Graph, URIRef
from rdflib.term import Node

from ..records.findings import Constraint, Finding
from ..records.policy import Judged, Verdict
from ..turtle.base import Base
from .catalogue import meanings
from .locating import Locator
from .reports.text import Paint, line_of, plain
from .reports.wording import one_line
from .shacl import shape_key
from .shape_words import example, in_words, wanted

_AROUND = 2
"""How many lines of a file are shown before and after that of the finding."""


def chosen(verdict: Verdict, name: str, base: Base) -> list[Judged]:
    """Return the findings with a rule, about a node (by CURIE or IRI), in a file, or whose fingerprint starts so.

    A place is `FILE:LINE`.
    """
    return [
        judged
        for judged in verdict.judged
        if name
        in {
            judged.finding.rule,
            judged.finding.focus,
            verdict.path(judged.finding),
            f"{verdict.path(judged.finding)}:{judged.finding.line}",
            base.namespaces.expand(judged.finding.focus)
            if judged.finding.focus.partition(":")[0] in base.namespaces.prefixes()
            else "",
        }
        or (len(name) >= 6 and judged.fingerprint.startswith(name))
    ]


def explanation(verdict: Verdict, judged: Judged, base: Base, paint: Paint = plain) -> str:
    """Return the explanation of a finding, as paragraphs."""
    finding = judged.finding
    parts = [line_of(finding, verdict.path(finding), paint), *_in_file(finding, base.root)]
    if finding.constraint:
        parts += _of_shape(finding, finding.constraint, base)
    elif (meaning := meanings().get(finding.rule)) is not None:
        parts.append(f"The rule: {meaning}")
    parts.append(f"Fingerprint: {judged.fingerprint}")
    return "\n\n".join(parts) + "\n"


def _in_file(finding: Finding, root: Path) -> Iterator[str]:
    """Yield the lines of the file around the finding, with a mark under its column."""
    if not finding.line:
        return
    try:
        lines = (root / finding.file).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    start, end = max(1, finding.line - _AROUND), min(len(lines), finding.line + _AROUND)
    width = len(str(end))
    shown: list[str] = []
    for number in range(start, end + 1):
        text = "".join(char if char.isprintable() else " " for char in lines[number - 1])
        shown.append(f"  {number:>{width}} | {text}")
        if number == finding.line and finding.column:
            shown.append(f"  {'':>{width}} | {' ' * (finding.column - 1)}^")
    yield "\n".join(shown)


def _of_shape(finding: Finding, constraint: Constraint, base: Base) -> Iterator[str]:
    shapes, compact = base.shapes, base.namespaces.compact
    source = _source(shapes, finding, constraint)
    locator = Locator(base, base.shapes_files)
    named = URIRef(constraint.shape) if constraint.shape else source
    if named is not None:
        file, line, _ = locator.place(str(source if source is not None else named))
        where = f" ({file}:{line})" if line else f" ({file})" if file else ""
        words = "\n".join(f"  {one_line(text)}" for text in in_words(shapes, named, compact))
        yield f"The shape {compact(constraint.shape) or 'without a name'}{where} asks\n{words}"
    component = compact(constraint.component.removesuffix("ConstraintComponent"))
    if source is None:
        return
    yield f"What is not met ({component}): {one_line(wanted(shapes, source, compact)) or 'see the shape'}"
    counts = (SH.MinCountConstraintComponent, SH.HasValueConstraintComponent, SH.QualifiedMinCountConstraintComponent)
    focus = finding.focus if constraint.focus.endswith(">") else "[]"
    if constraint.component in map(str, counts) and (triple := example(shapes, source, focus, compact)):
        yield f"This would help, with a value of yours:\n  {one_line(triple)}"


def _source(shapes: Graph, finding: Finding, constraint: Constraint) -> Node | None:
    """Return the source shape of a result, by what it is known by in each reading."""
    wanted_key = finding.key[4] if len(finding.key) > 4 else ""
    said = {subject for subject, predicate, _ in shapes if str(predicate).startswith(str(SH))}
    return next(
        (one for one in sorted(said, key=str) if shape_key(shapes, one, constraint.component) == wanted_key), None
    )
