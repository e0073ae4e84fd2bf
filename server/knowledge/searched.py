"""What goes into the text index of a release, read from its store."""

from __future__ import annotations

from collections import defaultdict

from ..records.pages import EntityRef
from ..search.records import Document
from ..store.interface import Queryable
from ..store.queries import question


def searched(store: Queryable) -> list[Document]:
    """Return every entity in use with all that it can be found by."""
    names, former = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for row in store.select(question("other_names")):
        (former if str(row["former"]) == "true" else names)[str(row["entity"])].append(str(row["name"]))
    identifiers, notes = _values(store, "identifiers", "value"), _values(store, "searched_notes", "note")
    documents: dict[str, Document] = {}
    for row in store.select(question("searched_entities")):
        iri, label = str(row["entity"]), str(row["label"])
        ref = EntityRef(iri, str(row["id"]), label, str(row["class"]), str(row["definition"]))
        documents[iri] = Document(
            ref,
            status=str(row["status"]),
            edge_count=int(row["edge_count"]),
            names=tuple(name for name in dict.fromkeys(names[iri]) if name != label),
            former=tuple(dict.fromkeys(former[iri])),
            identifiers=tuple(identifiers[iri]),
            notes=tuple(notes[iri]),
        )
    return list(documents.values())


def _values(store: Queryable, name: str, variable: str) -> defaultdict[str, list[str]]:
    values = defaultdict[str, list[str]](list)
    for row in store.select(question(name)):
        values[str(row["entity"])].append(str(row[variable]))
    return values
