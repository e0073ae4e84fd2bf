"""Answers to questions over a whole base, computed once by a build because pages need them often."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Final

from ..records.candidates import Candidate
from ..records.gaps import Gap
from ..similarity.graph import told
from ..sparql.queries import narrowed, question
from ..sparql.terms import Row, Value
from ..store.interface import Selectable

_ASKED: Final = (
    *("agents", "class_counts", "count_entities", "count_open_questions", "dataset_classes", "dataset_dates"),
    *("dataset_totals", "dated_works", "debated_claims", "open_questions", "predicates_between"),
)
"""Questions whose rows have IRIs, names, numbers and English texts only: language tags are not stored."""
_OF_ENTITIES: Final = {"entities": ("entity",), "names": ("id", "label")}
"""Questions whose rows are each about one entity, with their order; the language of names is never used."""


def answers(
    store: Selectable,
    rows_about: Callable[[str, str], Sequence[Row]],
    roles: Mapping[str, str],
    gaps: Iterable[Gap],
    queue: Mapping[str, Candidate],
) -> dict[str, list[Row]]:
    """Return the rows of the questions of pages about a whole base, by the texts of the questions.

    `rows_about` returns the rows of a question about the values of one of its variables, in any order; `queue` has the
    pairs that wait for a decision, by their IRIs.
    """
    found = {text: store.select(text) for text in (question(name, roles) for name in _ASKED)}
    parts = store.select(question("dataset_parts"))
    for name, part in (("dataset_graphs", "graph"), ("dataset_properties", "property")):
        found[question(name)] = _totals(parts, part)
    for name, order in _OF_ENTITIES.items():
        found[question(name)] = sorted(rows_about(name, "entity"), key=itemgetter(*order))
    for name, listed in (("count_dated_works", "dated_works"), ("count_debates", "debated_claims")):
        found[question(name, roles)] = [{"count": len(found[question(listed, roles)])}]
    entities = rows_about("searched_entities", "entity")
    found |= dict(_of_queue(queue, entities, [str(row["name"]) for row in found[question("class_counts")]]))
    ranked = sorted(
        (row for row in entities if row["edge_count"]), key=lambda row: (-int(row["edge_count"]), row["entity"])
    )
    found[question("dataset_examples")] = [{"entity": row["entity"]} for row in ranked[:3]]
    found[question("most_connected")] = [
        {**{name: row[name] for name in ("entity", "id", "label", "definition")}, "count": row["edge_count"]}
        for row in ranked[:25]
    ]
    for gap in gaps:
        rows = _sorted(rows_about(f"gaps/{gap.name}", "focus"), gap.query)
        found[gap.query] = [{"focus": row["focus"]} for row in rows]
        found[gap.counting] = [{"count": len({row["focus"] for row in rows})}]
    return found


def _totals(rows: Sequence[Row], part: str) -> list[Row]:
    """Return the sums of the counts of rows, by one of their variables, in the order of its values."""
    totals: Counter[Value] = Counter()
    for row in rows:
        totals[row[part]] += int(row["count"])
    return [{"part": name, "count": count} for name, count in sorted(totals.items(), key=itemgetter(0))]


def _of_queue(
    queue: Mapping[str, Candidate], entities: Sequence[Row], classes: Sequence[str]
) -> Iterator[tuple[str, list[Row]]]:
    """Yield the questions about the pairs that wait for a decision, with their answers.

    The store has up to fifty thousand of these, of which a change of one entity may change any: it is not asked.
    `classes` are the names of all page classes in display order.
    """
    known = ((iri, float(told(one.worth)), one.state) for iri, one in queue.items())
    ordered = sorted(known, key=lambda one: (one[2] == "postponed", -one[1], one[0]))
    rows: list[Row] = [{"candidate": iri, "worth": worth, "state": state} for iri, worth, state in ordered]
    # Without a condition the text of what pages restrict is slightly different.
    yield narrowed(question("candidates"), {}), rows
    yield narrowed(question("count_candidates"), {}), [{"count": len(rows)}]
    places = {str(row["entity"]): (classes.index(str(row["class"])), str(row["entity"])) for row in entities}
    # What has no page is in none of the pairs that are counted.
    shown = (one for one in queue.values() if one.first in places and one.second in places)
    pairs = (sorted((places[one.first], places[one.second])) for one in shown)
    counts = Counter(tuple(classes[place] for place, _ in pair) for pair in pairs)
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    yield (
        question("candidate_classes"),
        [{"first_class": first, "second_class": second, "count": count} for (first, second), count in ranked],
    )


def _sorted(rows: Sequence[Row], query: str) -> list[Row]:
    """Return the rows of a gap in the order of its ORDER BY: by IRIs and by counts, a missing count being the least."""
    [order] = re.findall(r"^ORDER BY (.*)$", query, re.MULTILINE)
    ordered = list(rows)
    for descending, name in reversed(re.findall(r"(DESC\()?\?(\w+)\)?", order)):
        ordered.sort(key=partial(_value, name), reverse=bool(descending))
    return ordered


def _value(name: str, row: Row) -> str | int:
    return int(row.get(name, 0)) if name == "count" else str(row[name])
