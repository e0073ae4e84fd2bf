"""What speaks for a pair beside its cosine."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.records.candidates import Signals
from server.similarity.records import Described, Linked
from server.similarity.signals import (
    UNKNOWN,
    plain_identifier,
    shared_by_pairs,
    shared_neighbours,
    sharing_identifiers,
    signals,
)

DOI, ARXIV = "https://doi.org/{value}", "https://arxiv.org/abs/{value}"


def entity(name: str, *neighbours: str, identifiers: tuple[str, ...] = ()) -> Linked:
    """An entity with a name, neighbours and identifiers."""
    known = frozenset(neighbours)
    return Linked(Described(f"urn:{name}", name, (), ""), known, known, frozenset(identifiers))


def test_shared_neighbours_are_a_part_of_all_neighbours_of_both_and_of_those_that_nobody_knows() -> None:
    assert shared_neighbours(entity("a", "x", "y", "z"), entity("b", "y", "z", "w")) == 2 / (4 + UNKNOWN)
    assert shared_neighbours(entity("a"), entity("b")) == 0


def test_one_neighbour_that_is_the_only_one_of_both_says_less_than_many() -> None:
    many = [f"n{number}" for number in range(9)]
    one, several = (shared_neighbours(entity("a", *names), entity("b", *names)) for names in (many[:1], many))
    assert one < 0.25
    assert several > 2 * one
    # Half of many says more than all of one.
    assert shared_neighbours(entity("a", *many[:6]), entity("b", *many[:3])) > one


NEIGHBOURS = st.frozensets(st.sampled_from("uvwxyz"))


@given(st.lists(NEIGHBOURS, min_size=1, max_size=8), st.data())
def test_what_many_pairs_share_is_what_each_of_them_does(neighbours: list[frozenset[str]], data: st.DataObject) -> None:
    entities = [entity(str(place), *sorted(own)) for place, own in enumerate(neighbours)]
    places = st.integers(0, len(entities) - 1)
    pairs = data.draw(st.lists(st.tuples(places, places)))
    ones, others = (np.array([pair[end] for pair in pairs], np.int64) for end in (0, 1))
    found = shared_by_pairs(entities, ones, others)
    assert found.tolist() == [shared_neighbours(entities[one], entities[other]) for one, other in pairs]


def test_all_signals_of_a_pair() -> None:
    one, other = entity("debate", "x", identifiers=("doi:1",)), entity("Debate", "x", identifiers=("doi:1", "doi:2"))
    assert signals(one, other, 0.7, 0.1) == Signals(0.7, 1.0, 1 / (1 + UNKNOWN), identifier=True, corrected=0.1)
    assert signals(one, entity("consultancy")) == Signals(None, 0.0, 0.0, identifier=False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("doi", "10.48550/arXiv.2412.14093", DOI), ("arxivId", "2412.14093", ARXIV)),
        (("arxivId", "2412.14093v2", ARXIV), ("arxivId", "2412.14093", ARXIV)),
        (("doi", "10.1000/ABC", DOI), ("doi", "10.1000/abc", DOI)),
        (("doi", "10.1000/ABC", DOI), ("exactMatch", "http://doi.org/10.1000/abc")),
        (("homepage", "https://example.org/a/"), ("homepage", "http://example.org/a")),
        (("exactMatch", "http://www.wikidata.org/entity/Q1"), ("closeMatch", "http://www.wikidata.org/entity/Q1")),
    ],
)
def test_identifiers_of_one_thing_are_written_in_one_way(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert plain_identifier(*one) == plain_identifier(*other)


def test_identifiers_of_two_things_stay_apart() -> None:
    assert plain_identifier("arxivId", "2412.14093", ARXIV) != plain_identifier("arxivId", "2412.14094", ARXIV)
    assert plain_identifier("isbn", "1") != plain_identifier("shelf", "1")
    # The old form of an arXiv identifier has letters before its number, and a v in them is no version.
    assert plain_identifier("arxivId", "solv-int/9901001", ARXIV) == "arxiv:solv-int/9901001"


def test_every_two_that_carry_an_identifier_are_a_pair() -> None:
    carriers = (("a", ("1",)), ("b", ("2",)), ("c", ("1", "2")), ("d", ("1",)))
    base = [entity(name, identifiers=carried) for name, carried in carriers]
    assert sharing_identifiers(base) == {(0, 2), (0, 3), (2, 3), (1, 2)}
