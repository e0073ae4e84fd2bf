"""The decisions that a release holds, and what is said of a pair, as pages and data ask for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import NotFoundError
from ..namespaces import Namespaces
from ..records.candidates import Signals
from ..records.pages import EntityRef
from ..sparql.queries import question
from ..sparql.terms import Iri
from ..store.interface import Queryable
from .entity import entity_ref

_ID = re.compile(r"[0-9a-f]{10}")


@dataclass(frozen=True)
class Decided:
    """A decision as a page shows it."""

    id: str
    members: tuple[EntityRef, ...]
    outcome: str
    who: str
    when: str
    why: str
    signals: Signals


def decided(store: Queryable, namespaces: Namespaces, name: str) -> Decided:
    """Return the decision with an id. Raises NotFoundError when there is none."""
    rows = store.select(question("review"), {"review": Iri(namespaces.review + name)}) if _ID.fullmatch(name) else []
    if not rows:
        raise NotFoundError(f"There is no review {name}.", "its pair may still wait in the queue of reviews.")
    row = rows[0]
    return Decided(
        id=name,
        members=tuple(entity_ref(store, str(one["member"]))[0] for one in rows),
        outcome=str(row["outcome"]),
        who=str(row["who"]),
        when=str(row["when"]),
        why=str(row.get("why", "")),
        signals=Signals(
            cosine=float(row["score"]) if "score" in row else None,
            label=float(row["label"]),
            shared=float(row["shared"]),
            identifier=bool(row["identifier"]),
        ),
    )


def describe_pair(store: Queryable, iri: str) -> str:
    """Return what is said of a candidate or a review, and the names of its members, as sorted N-Triples."""
    return store.construct(question("describe_pair"), {"pair": Iri(iri)})
