"""What a query finds by `SERVICE akb:search` and `SERVICE akb:near`: the index and the vectors of a release."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from ..errors import ForbiddenQueryError, QueryError
from ..federation.searches import Match, Matches, Search, Searches, Sought
from ..namespaces import AKB, Namespaces
from ..search.records import Ranking
from ..similarity.choosing import how_to_install
from ..similarity.querying import can_embed, embed_query
from .finding import LONGEST, NEAR, Finder

_K: Final = 60
"""How little the first places count above the next, as in reciprocal rank fusion (Cormack et al., SIGIR 2009)."""


def searches_of(finder: Finder, namespaces: Namespaces) -> Searches:
    """Return the searches that queries over a release may name, by their IRIs."""
    found = (
        Search("search", "matches", "search by words", takes_entities=False, limit=1_000, find=partial(_words, finder)),
        Search(
            "near", "nearTo", "search by meaning", takes_entities=True, limit=100,
            find=partial(_meaning, finder, namespaces),
        ),
    )  # fmt: skip
    return {f"{AKB}{search.name}": search for search in found}


def _words(finder: Finder, sought: Sought) -> Matches:
    """Find what the search page finds by words. Its order has no scores; what comes first has 1."""
    ranking = finder.index.rank(_short(sought.text))
    entities = ranking.entities
    if sought.among is not None:
        there = {one.row for one in finder.index.ranking_of(sorted(sought.among)).entities}
        entities = tuple(one for one in entities if one.row in there)
    notes = (f"The search was for {ranking.meant!r} instead of {sought.text!r}.",) if ranking.meant else ()
    chosen = entities[: sought.limit]
    snippets = _snippets(finder, replace(ranking, entities=chosen)) if sought.with_snippets else {}
    iris = finder.index.iris_of([one.row for one in chosen])
    found = [
        Match(iris[one.row], (_K + 1) / (_K + place), snippets.get(iris[one.row], ""))
        for place, one in enumerate(chosen, 1)
    ]
    return Matches(found, notes, len(entities))


def _meaning(finder: Finder, namespaces: Namespaces, sought: Sought) -> Matches:
    """Find what is near in meaning to a text or an entity; the score is the cosine."""
    similarity = finder.similarity
    if similarity is None or not (sought.is_entity or can_embed(similarity)):
        raise ForbiddenQueryError(
            "This base has nothing that finds by meaning.",
            f"search by words with SERVICE akb:search; {how_to_install()}",
        )
    if sought.is_entity:
        vector = similarity.vector_of(sought.text)
        if vector is None:
            name = namespaces.written(sought.text)
            return Matches((), (f"{name} is no entity in use here, so that nothing is near to it.",))
    else:
        vector = embed_query(similarity, _short(sought.text))
    # An entity is the nearest to itself.
    nearest = similarity.nearest(vector, sought.limit + sought.is_entity, sought.among)
    least = 0.0 if sought.is_entity else NEAR[similarity.kind]
    found = [one for one in nearest if one.cosine > least and one.iri != sought.text][: sought.limit]
    ranking = finder.index.ranking_of([one.iri for one in found] if sought.with_snippets else [])
    snippets = _snippets(finder, ranking)
    return Matches([Match(one.iri, min(one.cosine, 1.0), snippets.get(one.iri, "")) for one in found])


def _snippets(finder: Finder, ranking: Ranking) -> dict[str, str]:
    """Return the text that fits best of each entity of a ranking, by its IRI."""
    limit = len(ranking.entities)
    shown = finder.index.page(ranking, classes=(), statuses=(), limit=limit, offset=0)
    return {hit.entity.iri: "".join(piece.text for piece in hit.snippet) for hit in shown.hits}


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise QueryError(f"The text of a search has over {LONGEST} characters.", "search for fewer words.")
    return text
