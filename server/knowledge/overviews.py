"""What lies across the classes: claims in debate, works by date, and questions that are open."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ..namespaces import Namespaces
from ..records.overviews import Bearing, Dated, Debate, OpenQuestion
from ..records.pages import EntityRef
from ..store.embedded import Row
from ..store.interface import Queryable
from ..store.queries import question


def debates(store: Queryable, namespaces: Namespaces) -> tuple[Debate, ...]:
    """Return the claims with something on both sides, those with the most on the weaker side first."""
    found = []
    for _, of_claim in groupby(store.select(question("debates")), key=lambda row: str(row["claim"])):
        rows = list(of_claim)
        sides = {
            side: tuple(_bearings((row for row in rows if row["side"] == side), namespaces))
            for side in ("for", "against")
        }
        if all(sides.values()):
            found.append(Debate(_ref(rows[0], "claim"), str(rows[0]["status"]), sides["for"], sides["against"]))

    def order(one: Debate) -> tuple[int, int, str]:
        sizes = len(one.speaks_for), len(one.against)
        return -min(sizes), -max(sizes), one.claim.label.lower()

    return tuple(sorted(found, key=order))


def timeline(store: Queryable) -> tuple[Dated, ...]:
    """Return the works that have a date, the newest first; of several dates the last counts."""
    found: dict[str, Dated] = {}
    for row in store.select(question("timeline")):
        found.setdefault(str(row["entity"]), Dated(_ref(row, "entity"), str(row["issued"])))
    return tuple(found.values())


def open_questions(store: Queryable, namespaces: Namespaces) -> tuple[OpenQuestion, ...]:
    """Return the questions that are not answered: the open ones first, then those that are answered in part."""
    found = []
    for _, of_question in groupby(store.select(question("open_questions")), key=lambda row: str(row["question"])):
        rows = list(of_question)
        first = rows[0]
        found.append(
            OpenQuestion(
                question=_ref(first, "question"),
                state=str(first["state"]),
                state_label=str(first["state_label"]),
                bearing=tuple(_bearings((row for row in rows if row.get("way") == "in"), namespaces)),
                about=tuple(
                    one.entity for one in _bearings((row for row in rows if row.get("way") == "out"), namespaces)
                ),
            )
        )
    return tuple(found)


def _bearings(rows: Iterator[Row], namespaces: Namespaces) -> Iterator[Bearing]:
    """Yield what each row says; two edges that say the same by two sources are one."""
    seen = set()
    for row in rows:
        curie, phrase = str(row["end_id"]), str(row["phrase"])
        if (curie, phrase) not in seen:
            seen.add((curie, phrase))
            ref = EntityRef.of_curie(str(row["end"]), curie, str(row["end_label"]))
            yield Bearing(phrase, ref, str(row.get("note", "")), namespaces.compact(str(row["edge"])))


def _ref(row: Row, variable: str) -> EntityRef:
    return EntityRef.of_curie(str(row[variable]), str(row["id"]), str(row["label"]), str(row["definition"]))
