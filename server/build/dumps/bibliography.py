"""References to all works of a base that are in use, in the formats of programs that keep them."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import IO, Final

from ...formats.references import bibtex, csl_item, key_of, ris
from ...knowledge.citations import citations
from ...records.citations import Citation
from ...schema.schema import Schema
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


def write_bibtex(references: Iterator[tuple[str, Citation]], output: IO[bytes]) -> int:
    """Write references as BibTeX, and return how many there are."""
    count = 0
    for key, citation in references:
        output.write((("\n" if count else "") + bibtex(citation, key)).encode())
        count += 1
    return count


def write_ris(references: Iterator[tuple[str, Citation]], output: IO[bytes]) -> int:
    """Write references as RIS, and return how many there are."""
    count = 0
    for key, citation in references:
        output.write((("\r\n" if count else "") + ris(citation, key)).encode())
        count += 1
    return count


def write_csl(references: Iterator[tuple[str, Citation]], output: IO[bytes]) -> int:
    """Write references as one list of CSL-JSON, and return how many there are."""
    count = 0
    output.write(b"[")
    for key, citation in references:
        item = json.dumps(csl_item(citation, key), ensure_ascii=False)
        output.write(f"{',' if count else ''}\n{item}".encode())
        count += 1
    output.write(b"\n]\n")
    return count
