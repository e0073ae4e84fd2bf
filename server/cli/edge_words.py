"""What the words of `akb link` mean: which are the ends and which is the predicate, and what is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from ..errors import NotFoundError, UsageError
from .common import asked_for

if TYPE_CHECKING:
    from ..schema.schema import Schema
    from ..turtle.base import Base

_OFFERED: Final = 40
"""How many predicates are shown of those that may join two entities: the symmetric ones come last."""
_ENDS: Final = ("starts from", "ends at")


def edge_meant(base: Base, schema: Schema, words: Sequence[str]) -> tuple[str, str, str]:
    """Return the IRIs of the ends and of the predicate of the edge that some words mean, as it is stored.

    The predicate is the word in the middle of three; of fewer, the one that names a predicate. What is missing is asked
    for. Raises UsageError for a predicate that cannot join the ends, and NotFoundError for an end that is not there.
    """
    subject, predicate, object_ = _parted(schema, words)
    starts = _named(base, subject or asked_for("Subject (what the edge starts from)", "write its name or CURIE first."))
    if not object_ and predicate:
        object_ = asked_for("Object (what the edge ends at)", "write its name or CURIE last.")
    if not predicate:
        object_ = object_ or asked_for("Object (what it is linked with)", "write SUBJECT PREDICATE OBJECT.")
        ways = _ways(base, schema, starts[0], _named(base, object_)[0])
        click.echo(f"These may join the two: {ways}.", err=True)
        predicate = asked_for("Predicate (how the two are joined)", "write it between the two names.")
    return _fitting(base, schema, (starts, _named(base, object_)), predicate)


def _parted(schema: Schema, words: Sequence[str]) -> tuple[str, str, str]:
    if len(words) == 3:
        return words[0], words[1], words[2]
    if len(words) > 3:
        raise UsageError(f"{words[3]!r} is a word too many.", "write names of several words in quotes.")
    place = next((at for at, word in enumerate(words) if _is_predicate(schema, word)), None)
    if place is None:
        return (*words, "", "")[0], "", (*words, "", "")[1]
    return " ".join(words[:place]), words[place], " ".join(words[place + 1 :])


def _is_predicate(schema: Schema, word: str) -> bool:
    try:
        schema.predicate_named(word)
    except UsageError:
        return False
    return True


def _named(base: Base, name: str) -> tuple[str, ...]:
    from ..turtle.naming import entities_named

    return entities_named(base, name)


def _classes(base: Base, iri: str) -> tuple[str, ...]:
    from ..turtle.naming import classes_of

    return classes_of(base, iri)


def _ways(base: Base, schema: Schema, one: str, other: str) -> str:
    """Return the predicates that may join two entities, as one reads them from the first to the second."""
    names = list[str]()
    for first in _classes(base, one):
        for second in _classes(base, other):
            for term, turned in schema.joining(first, second):
                inverse = schema.properties.get(term.inverse)
                names += [inverse.notation if inverse else ""] if turned else [term.notation]
    found = list(dict.fromkeys(filter(None, names)))
    more = f", and {len(found) - _OFFERED} more" if len(found) > _OFFERED else ""
    return ", ".join(found[:_OFFERED]) + more if found else "none"


def _fitting(
    base: Base, schema: Schema, ends: tuple[tuple[str, ...], tuple[str, ...]], predicate: str
) -> tuple[str, str, str]:
    """Return the one edge between entities with these names whose predicate may join them."""
    compact = base.namespaces.compact
    pairs = [(one, other) for one in ends[0] for other in ends[1]]
    edges = [schema.oriented(compact(one), predicate, compact(other), base.namespaces) for one, other in pairs]
    misfits = [schema.misfit(edge[1], _classes(base, edge[0]), _classes(base, edge[2])) for edge in edges]
    fitting = [edge for edge, misfit in zip(edges, misfits, strict=True) if misfit is None]
    if len(fitting) > 1:
        known = ", ".join(dict.fromkeys(compact(iri) for names in ends if len(names) > 1 for iri in names))
        raise NotFoundError("More than one entity is called so.", f"write the CURIE of the one you mean: {known}.")
    if fitting:
        return fitting[0]
    edge, end = edges[0], misfits[0] or 0
    term = schema.properties[edge[1]]
    wanted, wrong = (term.domain, term.range)[end], edge[2 * end]
    kinds = " and ".join(map(compact, _classes(base, wrong))) or "of no class"
    raise UsageError(
        f"{term.curie} {_ENDS[end]} {compact(wanted)}, and {compact(wrong)} is {kinds}.",
        f"these may join the two, as you named them: {_ways(base, schema, *pairs[0])}.",
    )
