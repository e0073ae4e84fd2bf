"""What differs as RDF Patch (Apache Jena, https://afs.github.io/rdf-delta/rdf-patch.html): rows that delete and add."""

from __future__ import annotations

from collections.abc import Iterable


def render(removed: Iterable[str], added: Iterable[str], before: str, after: str) -> str:
    """Return a patch in one transaction, from lines of N-Triples; the two moments are named in its head.

    A row is a triple as N-Triples has it, behind a letter.
    """
    rows = [f'H from "{before}" .\n', f'H to "{after}" .\n', "TX .\n"]
    rows += [f"D {line}" for line in removed]
    rows += [f"A {line}" for line in added]
    return "".join([*rows, "TC .\n"])
