"""The documents of the text index of a release, read from its store."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from ..knowledge.rows import ref_of
from ..records.dates import by_time
from ..search.records import Document
from ..sparql.terms import Row
from .facets import tags_of


class Questions(Protocol):
    """An object that answers the questions of `queries/`, by their names."""

    def of(self, name: str, about: str = "entity") -> Sequence[Row]:
        """Return the rows of a question, whose variable `about` says which entity a row is about."""
        ...


def searched(rows: Questions, in_use: Collection[str]) -> list[Document]:
    """Return every entity in use with its searchable texts, in the order of their IRIs.

    `in_use` are the names of the statuses in which an edge holds.
    """
    names, former = _values(rows, "other_names", "name"), _values(rows, "former_names", "name")
    identifiers, notes = _values(rows, "identifiers", "value"), _values(rows, "searched_notes", "note")
    dates, kinds = dict[str, str](), dict[str, tuple[str, str]]()
    for row in rows.of("listed"):
        if "issued" in row:
            issued = str(row["issued"])
            # Of several dates the first counts.
            dates[str(row["entity"])] = min(dates.get(str(row["entity"]), issued), issued, key=by_time)
        else:
            kinds.setdefault(str(row["entity"]), (str(row["kind"]), str(row["kind_label"])))
    labels = defaultdict[str, dict[str, str]](dict)
    for row in rows.of("other_labels"):
        labels[str(row["entity"])].setdefault(str(row["tag"]), str(row["label"]))
    labelled = {str(row["entity"]): str(row["label"]) for row in rows.of("searched_entities")}
    pairs, references = _pairs(rows, in_use)
    ties, cited = Counter(end for pair in pairs for end in set(pair)), Counter(to for _, to in references)
    classes, around = _values(rows, "searched_classes", "name"), _around(pairs, labelled)
    documents: dict[str, Document] = {}
    tags = tags_of(rows.of("facets"), rows.of("searched_entities"), dates)
    for row in rows.of("searched_entities"):
        ref = ref_of(row)
        iri = ref.iri
        documents[iri] = Document(
            ref,
            status=str(row["status"]),
            edge_count=int(row["edge_count"]),
            ties=ties[iri],
            cited=cited[iri],
            names=tuple(name for name in dict.fromkeys(names[iri]) if name != ref.label),
            former=tuple(dict.fromkeys(former[iri])),
            identifiers=tuple(identifiers[iri]),
            notes=tuple(notes[iri]),
            issued=dates.get(iri, ""),
            kind=kinds.get(iri, ("", ""))[0],
            kind_label=kinds.get(iri, ("", ""))[1],
            facets=tags.get(iri, ()),
            classes=tuple(dict.fromkeys(classes[iri])),
            around=tuple(around[iri]),
            labels=tuple(labels[iri].items()),
        )
    return [document for _, document in sorted(documents.items())]


def _pairs(rows: Questions, in_use: Collection[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return what each edge in use joins: first those that are no references, then the references.

    A work is about few of the hundred things to which it refers, and a long list of references makes nothing well
    known.
    """
    pairs, references = list[tuple[str, str]](), list[tuple[str, str]]()
    for row in rows.of("edge_ends", "subject"):
        if row["status"] in in_use:
            (references if "refers" in row else pairs).append((str(row["subject"]), str(row["object"])))
    return pairs, references


def _around(pairs: Iterable[tuple[str, str]], labels: Mapping[str, str]) -> defaultdict[str, list[tuple[str, str]]]:
    """Return the IRIs and labels of what each entity is linked with, sorted."""
    there = {(one, other) for one, other in pairs if one != other and {one, other} <= labels.keys()}
    around = defaultdict[str, list[tuple[str, str]]](list)
    for one, other in sorted(there | {(other, one) for one, other in there}):
        around[one].append((other, labels[other]))
    return around


def _values(rows: Questions, name: str, variable: str) -> defaultdict[str, list[str]]:
    values = defaultdict[str, list[str]](list)
    for row in rows.of(name):
        values[str(row["entity"])].append(str(row[variable]))
    return values
