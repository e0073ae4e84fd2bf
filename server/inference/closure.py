"""The door to inference: what follows from the asserted triples and the ontology, or what contradicts itself in them.

The rules are those of OWL 2 RL/RDF (OWL 2 Profiles, 4.3). They run over the entities' types and plain triples, not over
edge nodes, reviews and texts: nothing follows from those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from rdflib import URIRef

from ..errors import BuildError
from ..namespaces import OWL, RDFS
from ..records.conflicts import Conflict
from ..records.engines import Engine
from ..records.pool import Pool
from ..turtle.base import DEFAULTS, Base
from .contradictions import conflicts_in
from .facts import BLANK, SAME, TYPE, Facts, Triple, choose, gather
from .fast import FastClosure, beyond
from .index import Index
from .literals import PREFIX, Literals
from .parts import PartedClosure, close_in_parts
from .relevance import relevant, without_rules

if TYPE_CHECKING:
    from .reference import ReferenceClosure

_TRIVIAL = tuple(f"<{TYPE}> <{iri}> ." for iri in (f"{OWL}Thing", f"{RDFS}Resource", f"{OWL}NamedIndividual"))
_BLANKS = f"<{BLANK}"
_OWN, _SAME = "<urn:akb:", f" <{SAME}> "
_NOT_NODES = (_BLANKS, f"<{PREFIX}")


_Closure: TypeAlias = "FastClosure | ReferenceClosure"
_Answer = tuple[tuple[Conflict, ...], bool]
"""What an engine found, and whether it says itself that something contradicts itself."""


@dataclass(frozen=True)
class Closure:
    """What was inferred about entities, without what was asserted, and what contradicts itself."""

    inferred: str
    """N-Triples, sorted, without duplicates."""
    conflicts: tuple[Conflict, ...]
    note: str = ""
    """Why the quick engine was not used although it was asked for; empty where it was."""


class DifferenceError(BuildError):
    """The two engines do not agree."""


def close(base: Base, engine: Engine = Engine.FAST, pool: Pool | None = None) -> Closure:
    """Return the inferred facts about the entities of a base, or the conflicts that forbid them.

    That a thing is the same as itself, or a thing at all, is left out: it follows of everything. With a pool, its
    workers run the quick engine on parts of the facts, where the ontology allows it.
    Raises DifferenceError when both engines are asked for and do not agree, and RemoteError when the workers fail.
    """
    facts, reason = _facts_of(base, engine)
    if pool is not None and engine is Engine.FAST and not reason:
        parted = close_in_parts(facts, base.axioms, pool)
        if parted is not None:
            return Closure(_text(_about_entities(base, facts, parted)), ())
    closures, note = _closed(facts, engine, reason)
    conflicts = _agreed([_answer(base, facts, closure, facts.axioms) for closure in closures])
    if conflicts:
        return Closure("", conflicts, note)
    first, *others = (_about_entities(base, facts, closure) for closure in closures)
    for other in others:
        if difference := {*first} ^ {*other}:
            raise DifferenceError(
                f"The engines differ in {len(difference)} inferred triples, such as {min(difference)}",
                "build with the engine `reference`, and report the difference.",
            )
    return Closure(_text(first), (), note)


def contradictions(
    base: Base, engine: Engine = Engine.FAST, on_note: Callable[[str], None] = lambda _: None
) -> tuple[Conflict, ...]:
    """Return what contradicts itself in a base, wherever its axioms and facts are stated.

    Notes when the reference engine took over, and of which axioms OWL 2 RL has no rule. The quick engine is asked about
    what can take part in a contradiction, the reference about all where it is asked for.
    Raises DifferenceError as `close` does.
    """
    axioms = "".join(file.ntriples for file in base.ontology_files if file.path != DEFAULTS)
    whole = gather(base.pieces, axioms, base.namespaces)
    if terms := without_rules(whole.axioms):
        names = ", ".join(map(base.namespaces.compact, terms))
        on_note(f"Contradictions are looked for by the rules of OWL 2 RL, which has none for {names}.")
    answers: list[_Answer] = []
    if engine is not Engine.REFERENCE:
        facts = relevant(whole)
        if not facts.lines and not facts.axioms:
            answers.append(((), False))  # nothing can contradict itself, and no engine need be asked
        elif reason := beyond(facts):
            on_note(f"Inference runs on owlrl, the reference engine: {reason}.")
            answers.append(_answer(base, facts, _reference(facts), whole.axioms))
        else:
            answers.append(_answer(base, facts, FastClosure(facts), whole.axioms))
    if engine is not Engine.FAST:
        answers.append(_answer(base, whole, _reference(whole), whole.axioms))
    return _agreed(answers)


def closed_axioms(axioms: list[Triple], literals: Literals) -> Index:
    """Return what follows of axioms alone, in the terms of the logic itself."""
    facts = Facts(axioms, literals)
    return (_reference(facts) if beyond(facts) else FastClosure(facts)).schema()


def _reference(facts: Facts) -> ReferenceClosure:
    from .reference import ReferenceClosure  # noqa: PLC0415 - owlrl takes long to import, and is seldom asked

    return ReferenceClosure(facts)


def _facts_of(base: Base, engine: Engine) -> tuple[Facts, str]:
    """Return what rules run on, and what keeps the quick engine from it where that is asked, or nothing."""
    facts = choose(base.pieces, base.axioms, base.namespaces)
    return facts, "" if engine is Engine.REFERENCE else beyond(facts)


def _closed(facts: Facts, engine: Engine, reason: str) -> tuple[list[_Closure], str]:
    note = f"Inference runs on owlrl, the reference engine: {reason}." if reason else ""
    closures: list[_Closure] = []
    if engine is not Engine.REFERENCE and not reason:
        closures.append(FastClosure(facts))
    if engine is not Engine.FAST or reason:
        closures.append(_reference(facts))
    return closures, note


def _answer(base: Base, facts: Facts, closure: _Closure, axioms: Sequence[Triple]) -> _Answer:
    return conflicts_in(base, facts, closure, axioms), closure.finds_fault


def _agreed(answers: list[_Answer]) -> tuple[Conflict, ...]:
    (first, _), *others = answers
    for other, _ in others:
        if {*first} != {*other}:
            one = min({*first} ^ {*other}, key=lambda conflict: (conflict.axiom, conflict.statements))
            raise DifferenceError(
                f"The engines differ in the contradictions that they find, such as: {one.axiom}.",
                "check with the engine `reference`, and report the difference.",
            )
    if len(answers) > 1 and not first and any(finds_fault for _, finds_fault in answers):
        raise DifferenceError(
            "An engine says that something contradicts itself, but no rule of OWL 2 RL explains it.",
            "check with one engine, and report the difference.",
        )
    return first


def _text(lines: list[str]) -> str:
    # To join what a generator makes would take the memory of all lines once more.
    return "\n".join([*sorted(lines), ""])


def _about_entities(base: Base, facts: Facts, closure: _Closure | PartedClosure) -> list[str]:
    """Return what a closure says of entities that is neither asserted, nor of the ontology, nor trivial."""
    entities = facts.entities
    ontology = {
        f"<{subject}> <{predicate}> <{value}> ."
        for subject, predicate, value in base.axioms
        if isinstance(subject, URIRef) and isinstance(value, URIRef)
    }
    found = closure.lines({*facts.lines, *facts.stated, *ontology})
    kept = [line for line in found if line[: line.index(" ")] in entities and not line.endswith(_TRIVIAL)]
    kept = [line for line in kept if (_OWN not in line and _SAME not in line) or not _is_odd(line)]
    if any(line.startswith(_BLANKS) for line in kept):
        return [_with_blank(line) for line in kept]
    return kept


def _is_odd(line: str) -> bool:
    """Tell whether a line says that a node is the same as itself, or leads to what is no node of the base."""
    subject, predicate, value = line.split(" ", 2)
    return value.startswith(_NOT_NODES) or (subject == value[:-2] and predicate == f"<{SAME}>")


def _with_blank(line: str) -> str:
    subject, space, rest = line.partition(" ")
    return f"_:{subject[len(_BLANKS) : -1]}{space}{rest}" if subject.startswith(_BLANKS) else line
