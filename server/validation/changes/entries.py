"""What the index holds of a file, and by which entries a block is found. It needs no more than the file.

The entries are the subject of a block, what it names, and the keys under which it would be reported as similar to
another (`alike.py`); they are known by their hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ...namespaces import OWL, RDF, RDFS, VOCABULARIES, XSD, Namespaces
from ...turtle.statements import Statement
from .alike import keys_of
from .blocks import by_subject, is_entity, read_statements, tagged_in

ABOUT, NAMING, ALIKE, LOGIC = "about ", "naming ", "alike ", "logic "
"""What the entries of each kind begin with."""


@dataclass(frozen=True)
class ReadFile:
    """What a file says, as the index holds it."""

    is_readable: bool
    blocks: list[tuple[str, bool, str, list[int]]]
    """Of each block the subject, whether that is an entity, the text, and the hashes by which it is found."""
    tagged: set[str]


def read_files(namespaces: Namespaces, files: Sequence[tuple[str, bytes]]) -> list[ReadFile]:
    """Parse files, each given by its path and content. A worker of a pool needs no more than that."""
    return [_read_file(namespaces, path, content) for path, content in files]


def _read_file(namespaces: Namespaces, path: str, content: bytes) -> ReadFile:
    statements = read_statements(content) if path.endswith(".ttl") else None
    blocks = []
    for subject, said in by_subject(statements or []).items():
        text = "".join(f"{' '.join(statement)} .\n" for statement in said)
        hashes = [hash_of(entry) for entry in _entries(subject, said)]
        blocks.append((subject, is_entity(subject, said, namespaces), text, hashes))
    return ReadFile(statements is not None, blocks, tagged_in(statements or []))


def _entries(subject: str, said: list[Statement]) -> set[str]:
    entries = {ABOUT + subject}
    for _, _, value in said:
        if value[0] == "<":
            # Words of the vocabularies are named everywhere, and are nobody's neighbours.
            if not value[1:-1].startswith(_VOCABULARIES):
                entries.add(NAMING + value[1:-1])
        elif _is_looked_up(value):
            entries.add(NAMING + value)
    if any(_is_logic(*statement) for statement in said):
        entries.add(LOGIC)
    entries.update(ALIKE + key for key in keys_of(said))
    return entries


def _is_logic(subject: str, predicate: str, value: str) -> bool:
    """Tell whether a statement is about what things mean rather than about the world.

    That two are different is not: see `inference/local.py`.
    """
    if predicate == _DIFFERENT and subject != value:
        return False
    word = value if predicate == _TYPE else predicate
    return value[0] == "<" and word[1:].startswith(_LOGICS)


def _is_looked_up(value: str) -> bool:
    """Tell whether a block is found by a value that is no IRI, written as in N-Triples.

    It is not by a text that carries a language, nor by a number or a time, of which there are many: the rules on names
    have keys of their own, and what identifies something is a plain string.
    """
    kind = value[value.rfind('"') + 1 :]
    return not kind.startswith("@") and kind not in _MEASURES


def hash_of(entry: str) -> int:
    """Return by what an entry of the index is found."""
    return int.from_bytes(hashlib.blake2b(entry.encode(), digest_size=8).digest(), "big", signed=True)


_TYPE: Final = f"<{RDF}type>"
_DIFFERENT: Final = f"<{OWL}differentFrom>"
MEASURES: Final = frozenset(f"{XSD}{name}" for name in ("decimal", "double", "float", "dateTime", "boolean"))
"""The IRIs of the datatypes by whose values nothing is found."""
_MEASURES: Final = frozenset(f"^^<{iri}>" for iri in MEASURES)
_LOGICS: Final = (RDF, RDFS, OWL)
_VOCABULARIES: Final = tuple(VOCABULARIES.values())
