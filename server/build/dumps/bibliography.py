"""References to all works of a base that are in use, in the formats of programs that keep them."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Final, NamedTuple

from ...formats.references import bibtex, csl_item, key_of, ris
from ...knowledge.citations import citations
from ...records.citations import Citation
from ...schema.schema import Schema
from ...serialization import BIBTEX, CSL, RIS, Format
from ...store.interface import Queryable

_TOGETHER: Final = 500
"""How many works are asked for, and held, at a time."""


def works(tables: sqlite3.Connection, store: Queryable, schema: Schema) -> Iterator[tuple[str, Citation]]:
    """Yield a reference to each work in use with a key that no other has, in the order of their identifiers."""
    used: Counter[str] = Counter()
    classes = [name for (name,) in tables.execute("SELECT name FROM class WHERE is_of_works ORDER BY position")]
    for class_name in classes:
        found = tables.execute("SELECT iri FROM entity WHERE class = ? ORDER BY id", (class_name,))
        while rows := found.fetchmany(_TOGETHER):
            iris = [str(iri) for (iri,) in rows]
            known = citations(store, schema, class_name, iris)
            for citation in (known[iri] for iri in iris if iri in known):
                key = key_of(citation)
                used[key] += 1
                yield key if used[key] == 1 else f"{key}-{used[key]}", citation


class _Kind(NamedTuple):
    """How references are written, one after the other."""

    one: Callable[[Citation, str], str]
    """Writes a reference, whose key is the second argument."""
    between: str
    start: str = ""
    end: str = ""


def _csl(citation: Citation, key: str) -> str:
    return "\n" + json.dumps(csl_item(citation, key), ensure_ascii=False)


_KINDS: Final = {BIBTEX: _Kind(bibtex, "\n"), RIS: _Kind(ris, "\r\n"), CSL: _Kind(_csl, ",", "[", "\n]\n")}


def write_references(references: Iterable[tuple[str, Citation]], outputs: Mapping[Format, IO[bytes]]) -> int:
    """Write references in some formats at once, and return how many there are."""
    kinds = [(_KINDS[chosen], output) for chosen, output in outputs.items()]
    for kind, output in kinds:
        output.write(kind.start.encode())
    count = 0
    for key, citation in references:
        for kind, output in kinds:
            output.write(((kind.between if count else "") + kind.one(citation, key)).encode())
        count += 1
    for kind, output in kinds:
        output.write(kind.end.encode())
    return count
