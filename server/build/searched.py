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


def searched(rows: Questions, in_use: Collection[str], only: Collection[str] | None = None) -> list[Document]:
    """Return every entity in use with its searchable texts, or of these `only` some, in the order of their IRIs.

    `in_use` are the names of the statuses in which an edge holds.
    """

    def values(name: str, variable: str) -> defaultdict[str, list[str]]:
        found = defaultdict[str, list[str]](list)
        for row in rows.of(name):
            if only is None or row["entity"] in only:
                found[str(row["entity"])].append(str(row[variable]))
        return found

    names, former = values("other_names", "name"), values("former_names", "name")
    identifiers, notes = values("identifiers", "value"), values("searched_notes", "note")
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
    classes, around = values("searched_classes", "name"), _around(pairs, labelled, only)
    documents: dict[str, Document] = {}
    tags = tags_of(rows.of("facets"), rows.of("searched_entities"), dates, only)
    for row in rows.of("searched_entities"):
        if only is not None and row["entity"] not in only:
            continue
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


def _around(
    pairs: Iterable[tuple[str, str]], labels: Mapping[str, str], only: Collection[str] | None
) -> defaultdict[str, list[tuple[str, str]]]:
    """Return the IRIs and labels of what each entity is linked with, sorted."""
    there = {
        pair
        for pair in pairs
        if (only is None or pair[0] in only or pair[1] in only) and pair[0] != pair[1] and labels.keys() >= {*pair}
    }
    around = defaultdict[str, list[tuple[str, str]]](list)
    for one, other in sorted(there | {(other, one) for one, other in there}):
        around[one].append((other, labels[other]))
    return around
