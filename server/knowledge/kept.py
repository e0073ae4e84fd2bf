"""The kept queries of a release: written by the build, found by name, asked with values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from ..errors import NotFoundError, UnreadableError
from ..guessing import nearest
from ..namespaces import Namespaces
from ..records.files import write_records
from ..records.kept import KeptQuery, Parameter
from ..records.pages import EntityRef
from ..schema.schema import Schema
from ..turtle.base import Base
from ..validation.kept_files import read_kept

FILE: Final = "kept.json"
"""The file of a release that has its kept queries."""


def write_kept(folder: Path, base: Base) -> None:
    """Write the kept queries of a base into the folder of a release."""
    write_records(folder / FILE, read_kept(base)[0])


def kept_in(folder: Path) -> tuple[KeptQuery, ...]:
    """Return the kept queries of a release; one of an older engine has none.

    Raises UnreadableError when their file is damaged.
    """
    path = folder / FILE
    try:
        return tuple(map(_kept, json.loads(path.read_text(encoding="utf-8"))))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UnreadableError(f"{path} is damaged: {error}", "run `akb build --force`.") from error


def kept_named(kept: Sequence[KeptQuery], name: str) -> KeptQuery:
    """Return a kept query. Raises NotFoundError when none is so called."""
    for one in kept:
        if one.name == name:
            return one
    names = [one.name for one in kept]
    near = nearest(name, names)
    there = f"there are {', '.join(names)}" if names else "this base has none: see docs/kept-queries.md"
    raise NotFoundError(f"There is no kept query {name!r}.", f"did you mean {near}?" if near else f"{there}.")


def misfit(parameter: Parameter, entity: EntityRef, schema: Schema, namespaces: Namespaces) -> str:
    """Say that an entity is of another class than a parameter takes, with which a query finds nothing; else nothing."""
    own = schema.page_class_by_name.get(entity.class_name)
    if not parameter.of or own is None:
        return ""
    wanted = namespaces.expand(parameter.of)
    if wanted not in schema.classes or schema.is_under(own.iri, wanted) or schema.page_class_of(wanted) == own:
        return ""
    kind = schema.classes[wanted].label
    return f"{entity.curie} is of the class {own.label}; {parameter.name} takes one of the class {kind}."


def _kept(fields: dict[str, Any]) -> KeptQuery:
    parameters = (Parameter(**{**one, "choices": tuple(one["choices"])}) for one in fields["parameters"])
    return KeptQuery(**{**fields, "parameters": tuple(parameters)})
