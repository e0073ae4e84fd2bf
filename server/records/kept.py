"""A kept query: a question with parameters that a base asks under a name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """What a kept query can be asked about: a variable that a value replaces."""

    name: str
    """The name of the variable."""
    label: str
    type: str
    """What its values are: entity, class, predicate, iri, text, integer, decimal, year, date, boolean or choice."""
    of: str = ""
    """The CURIE or the IRI of the class of which the entities are; empty for any."""
    choices: tuple[str, ...] = ()
    """The values that there are, for a choice."""
    default: str = ""
    """The value where none is given. Where this is empty too, the variable stays: any value fits."""


@dataclass(frozen=True)
class KeptQuery:
    """A query that is kept under a name."""

    name: str
    """The name of its file, without the ending."""
    title: str
    """The question that it answers."""
    description: str
    parameters: tuple[Parameter, ...]
    view: str
    """How its answer is shown at first: the name of a view, and which columns it draws, such as `bar x=kind y=claims`;
    empty for a table."""
    rows: int
    """How many rows its answer has at least, with every parameter at its default."""
    text: str
    """The query as it is written, with a variable for each parameter."""
