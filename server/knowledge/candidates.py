"""The pairs of entities that may belong together: those of one entity, the queue of all, and one alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from ..errors import NotFoundError
from ..namespaces import Namespaces
from ..records.candidates import STRONG, Pair, Queue, QueueSelection, Related, Signals, State, Thresholds
from ..records.pages import EntityRef
from ..records.sentences import sentence
from ..schema.schema import Schema
from ..sparql.queries import narrowed, question
from ..sparql.terms import Iri, Row
from ..store.interface import Queryable
from .rows import ref_of

SIGNALS: Final = {
    "meaning": sentence("similar in meaning"),
    "strong": sentence("very similar in meaning"),
    "name": sentence("similar names"),
    "neighbours": sentence("shared neighbours"),
    "identifier": sentence("same identifier"),
}
"""The signals by which the queue can be filtered, each with what it says."""

STATES: Final[tuple[State, ...]] = ("undecided", "reopened", "postponed")
"""The states by which the queue can be filtered."""

_ID: Final = re.compile(r"[0-9a-f]{10}")


def thresholds(store: Queryable) -> Thresholds:
    """Return by what the release measured nearness."""
    rows = store.select(question("thresholds"))
    if not rows:  # made by an engine that knew no candidates
        return Thresholds("", None, 1.0)
    row = rows[0]
    threshold = float(row["threshold"]) if "threshold" in row else None
    return Thresholds(str(row.get("embedding", "")), threshold, float(row["label_threshold"]))


def related(store: Queryable, iri: str, measured: Thresholds) -> Related:
    """Return the entities near to one that no edge joins to it, the most promising first."""
    return Related(measured, _pairs(store, store.select(question("candidate"), {"entity": Iri(iri)})))


def pair(store: Queryable, namespaces: Namespaces, name: str) -> Pair:
    """Return one candidate by its id. Raises NotFoundError when there is none, or none any more."""
    if not _ID.fullmatch(name):
        raise NotFoundError(f"There is no candidate {name}.", "the id of one is ten hexadecimal digits.")
    found = _certain_pairs(store, [f"{namespaces.candidate}{name}"])
    if not found:
        raise NotFoundError(f"There is no candidate {name}.", "it may have been decided since; see the queue.")
    return found[0]


def queue(store: Queryable, schema: Schema, selection: QueueSelection, limit: int, offset: int = 0) -> Queue:
    """Return what is selected of the queue, from `offset` on, at most `limit` of it."""
    measured = thresholds(store)
    wish = {"condition": _condition(selection, measured), "pattern": _pattern(selection, schema)}
    listed = f"{narrowed(question('candidates'), {}, **wish)}LIMIT {limit} OFFSET {offset}\n"
    wanted = [str(row["candidate"]) for row in store.select(listed)]
    pairs = {one.id: one for one in _certain_pairs(store, wanted)}
    total = store.select(narrowed(question("count_candidates"), {}, **wish))
    classes = store.select(question("candidate_classes"))
    return Queue(
        selection,
        measured,
        tuple(pairs[one.rpartition("/")[2]] for one in wanted),
        int(total[0]["count"]),
        tuple((str(row["first_class"]), str(row["second_class"]), int(row["count"])) for row in classes),
    )


def counting_query(selection: QueueSelection, measured: Thresholds, schema: Schema) -> str:
    """Return the query that counts what is selected of the queue."""
    return narrowed(question("count_candidates"), {}, _condition(selection, measured), _pattern(selection, schema))


def reasons(one: Pair, measured: Thresholds) -> tuple[str, ...]:
    """Return why a pair is a candidate, in words: what speaks for it, the clearest first."""
    known = one.signals
    found: list[str] = []
    if known.identifier:
        found.append(sentence("both carry the same identifier of something outside the base"))
    if known.cosine is not None and measured.threshold is not None and known.cosine >= measured.threshold:
        values = {"cosine": f"{known.cosine:.3f}", "least": f"{measured.threshold:g}"}
        found.append(
            sentence("their texts are very similar in meaning: cosine %(cosine)s, and %(least)s is enough", **values)
            if one.strong
            else sentence("their texts are similar in meaning: cosine %(cosine)s, and %(least)s is enough", **values)
        )
    if known.label >= measured.label_threshold:
        found.append(
            sentence(
                "two of their names are similar: %(share)s of 1, and %(least)s is enough",
                share=f"{known.label:.2f}",
                least=f"{measured.label_threshold:g}",
            )
        )
    if known.shared > 0:
        found.append(sentence("they share neighbours: %(share)s of 1", share=f"{known.shared:.2f}"))
    return tuple(found)


def _condition(selection: QueueSelection, measured: Thresholds) -> str:
    """Return what must hold of a candidate, as an expression of SPARQL over the variables of the queries."""
    spoken = {
        "meaning": f"?score >= {measured.threshold if measured.threshold is not None else 2}",
        "strong": f"?score >= {STRONG}",
        "name": f"?label >= {measured.label_threshold}",
        "neighbours": "?shared > 0",
        "identifier": "?identifier",
    }
    conditions = [spoken[signal] for signal in selection.signals]
    if selection.states:
        conditions.append("?state IN ({})".format(", ".join(f'"{state}"' for state in selection.states)))
    return " && ".join(conditions)


def _pattern(selection: QueueSelection, schema: Schema) -> str:
    """Return the pattern that holds of candidates of the entity and between the classes.

    As a pattern it is quicker than as EXISTS.
    """
    terms = schema.page_class_by_name
    members = [
        f"?candidate akb:member ?{end} . ?{end} a {terms[name].curie} ."
        for end, name in zip(("one", "other"), selection.classes, strict=False)
    ]
    if len(members) > 1:
        members.append("FILTER(?one != ?other)")
    if selection.entity:
        members.insert(0, f"?candidate akb:member <{selection.entity.iri}> .")
    return " ".join(members)


def _certain_pairs(store: Queryable, candidates: Sequence[str]) -> tuple[Pair, ...]:
    """Return certain candidates, by their IRIs, that of most worth first; those that there are not are left out."""
    if not candidates:
        return ()
    terms = [f"<{iri}>" for iri in candidates]
    return _pairs(store, store.select(narrowed(question("candidate"), {"candidate": terms})))


def _pairs(store: Queryable, rows: Sequence[Row]) -> tuple[Pair, ...]:
    """Return the candidates in an answer to `queries/candidate.rq`, which may list one for each of its members."""
    unique = {str(row["candidate"]): row for row in rows}
    members = sorted({str(row[end]) for row in rows for end in ("first", "second")})
    named = store.select(narrowed(question("page_class"), {"entity": [f"<{iri}>" for iri in members]})) if rows else []
    refs = {str(row["entity"]): ref_of(row) for row in named}
    return tuple(_pair(row, refs) for row in unique.values())


def _pair(row: Row, refs: Mapping[str, EntityRef]) -> Pair:
    return Pair(
        id=str(row["candidate"]).rpartition("/")[2],
        first=refs[str(row["first"])],
        second=refs[str(row["second"])],
        signals=Signals(
            cosine=float(row["score"]) if "score" in row else None,
            label=float(row["label"]),
            shared=float(row["shared"]),
            identifier=bool(row["identifier"]),
            corrected=float(row["corrected"]) if "corrected" in row else None,
        ),
        worth=float(row["worth"]),
        model=str(row.get("embedding", "")),
        state=next(state for state in STATES if state == row["state"]),
    )
