"""What lies across the classes: claims in debate, works by date, and questions that are open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from ..namespaces import Namespaces
from ..records.dates import by_time
from ..records.evidence import Weight
from ..records.overviews import Bearing, Dated, Debate, OpenQuestion, Topic
from ..schema.schema import Schema
from ..sparql.queries import NO_ROLES, narrowed, question
from ..sparql.terms import Row
from ..store.interface import Queryable
from .edge_details import Details, details_of
from .rows import ref_of
from .weights import weights_of


def debates(
    store: Queryable,
    schema: Schema,
    namespaces: Namespaces,
    limit: int | None = None,
    offset: int = 0,
    topic: str = "",
) -> tuple[Debate, ...]:
    """Return the claims and questions with something on both sides, those with the most on the weaker side first.

    From `offset` on, at most `limit` of them; likewise below. With the IRI of a topic, those about it.
    """
    if topic:
        about = debates_about(store, schema, topic)
        wanted = list(about[offset : None if limit is None else offset + limit])
    else:
        wanted = [str(row["claim"]) for row in store.select(_part("debated_claims", limit, offset, schema.roles))]
    if not wanted:
        return ()
    rows = store.select(_narrowed("debates", "claim", wanted, len(wanted) if topic else limit, schema.roles))
    weights = weights_of(store, namespaces, schema, wanted)
    details = _details(store, namespaces, rows, wanted, "claim")
    found = {}
    for claim, of_claim in groupby(rows, key=lambda row: str(row["claim"])):
        rows_of = list(of_claim)
        sides = {
            side: tuple(_bearings((row for row in rows_of if row["side"] == side), namespaces, details))
            for side in ("for", "against", "between", "qualifying")
        }
        if sides["for"] and sides["against"]:
            weight = weights.get(claim, Weight())
            found[claim] = Debate(
                ref_of(rows_of[0], "claim"),
                str(rows_of[0]["status"]),
                sides["for"],
                sides["against"],
                sides["between"],
                sides["qualifying"],
                weight,
            )
    return tuple(found[claim] for claim in wanted if claim in found)


def debates_about(store: Queryable, schema: Schema, topic: str) -> tuple[str, ...]:
    """Return the IRIs of the debates about a topic, in the order of all debates."""
    rows = store.select(narrowed(question("debate_topics", schema.roles), {"topic": [f"<{topic}>"]}))
    about = {str(row["claim"]) for row in rows}
    every = (str(row["claim"]) for row in store.select(question("debated_claims", schema.roles)))
    return tuple(claim for claim in every if claim in about)


def debate_topics(store: Queryable, schema: Schema) -> tuple[Topic, ...]:
    """Return what the debates are about, that of the most debates first."""
    every = [f"<{row['claim']}>" for row in store.select(question("debated_claims", schema.roles))]
    if not every:
        return ()
    rows = store.select(narrowed(question("debate_topics", schema.roles), {"claim": every}))
    times = Counter(str(row["topic"]) for row in rows)
    refs = {str(row["topic"]): ref_of(row, "topic") for row in rows}
    return tuple(Topic(refs[iri], number) for iri, number in times.most_common())


def timeline(store: Queryable, schema: Schema, limit: int | None = None, offset: int = 0) -> tuple[Dated, ...]:
    """Return the works that have a date, the newest first; of several dates the last counts."""
    wanted = [str(row["entity"]) for row in store.select(_part("dated_works", limit, offset, schema.roles))]
    if not wanted:
        return ()
    found: dict[str, Dated] = {}
    for row in store.select(_narrowed("timeline", "entity", wanted, limit, schema.roles)):
        work, issued = str(row["entity"]), str(row["issued"])
        if work not in found or by_time(found[work].issued) < by_time(issued):
            found[work] = Dated(ref_of(row, "entity"), issued)
    return tuple(found[work] for work in wanted if work in found)


def open_questions(
    store: Queryable, namespaces: Namespaces, limit: int | None = None, offset: int = 0
) -> tuple[OpenQuestion, ...]:
    """Return the questions that are not answered: the open ones first, then those that are answered in part."""
    questions = store.select(_part("open_questions", limit, offset))
    if not questions:
        return ()
    rows = store.select(_narrowed("question_bearings", "question", [str(row["question"]) for row in questions], limit))
    bearings = {name: list(one) for name, one in groupby(rows, key=lambda row: str(row["question"]))}
    details = _details(store, namespaces, rows, [str(row["question"]) for row in questions], "question")

    def of(question_: str, way: str) -> tuple[Bearing, ...]:
        return tuple(_bearings((row for row in bearings.get(question_, ()) if row["way"] == way), namespaces, details))

    return tuple(
        OpenQuestion(
            question=ref_of(row, "question"),
            state=str(row["state"]),
            state_label=str(row["state_label"]),
            bearing=of(str(row["question"]), "in"),
            about=tuple(one.entity for one in of(str(row["question"]), "out")),
        )
        for row in questions
    )


def count(store: Queryable, schema: Schema, name: str) -> int:
    """Return how many things a question of `queries/` counts."""
    [row] = store.select(question(name, schema.roles))
    return int(row["count"])


def _part(name: str, limit: int | None, offset: int, roles: Mapping[str, str] = NO_ROLES) -> str:
    """Return an ordered question for a part of its rows, or with no limit for all of them."""
    text = question(name, roles)
    return text if limit is None else f"{text}LIMIT {limit}\nOFFSET {offset}\n"


def _narrowed(
    name: str, variable: str, wanted: Sequence[str], limit: int | None, roles: Mapping[str, str] = NO_ROLES
) -> str:
    """Return a question about what is wanted; where that is everything, it need not be said."""
    text = question(name, roles)
    return text if limit is None else narrowed(text, {variable: [f"<{iri}>" for iri in wanted]})


def _details(
    store: Queryable, namespaces: Namespaces, rows: Sequence[Row], wanted: Sequence[str], variable: str
) -> dict[str, Details]:
    """Return what the edges say of which rows speak that are about what is wanted."""
    about = set(wanted)
    edges = (namespaces.compact(str(row["edge"])) for row in rows if str(row[variable]) in about)
    return details_of(store, namespaces, edges)


def _bearings(rows: Iterator[Row], namespaces: Namespaces, details: Mapping[str, Details]) -> Iterator[Bearing]:
    """Yield what each row says; two edges that say the same by two sources are one."""
    seen = set()
    for row in rows:
        edge = namespaces.compact(str(row["edge"]))
        facts = details[edge].facts if edge in details else ()
        said = (str(row["end_id"]), str(row["phrase"]), facts)
        if said not in seen:
            seen.add(said)
            yield Bearing(
                said[1],
                ref_of(row, "end"),
                str(row.get("note", "")),
                edge,
                facts,
                is_position=row.get("part") == "position",
                confidence=str(row.get("confidence", "")),
            )
