"""What the reconciliation takes for sure: never a name that has other punctuation than the query."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from server.knowledge.finding import Finder
from server.knowledge.reconciliation.matching import Matcher, name_likeness
from server.knowledge.reconciliation.records import Condition, Kind, Wanted
from server.knowledge.resolving import resolve_name
from server.namespaces import SKOS
from server.records.pages import EntityRef
from server.search.index import SearchIndex
from server.search.records import Document
from server.search.writing import write_index
from server.store.embedded import Store
from server.text.names import same_name
from tests.made import NAMESPACES, OUR_SCHEMA

NAMED = ("C", "C++", "C#", "F*", "F", "AT&T", "Reward hacking", "Müller", "改ざん", "R.", "what?")
SIGNS = "+#*!?&@%$=<>~^|.,;:/\\()[]{}\"'-_·…、。†∞™🙂"
NAMES = st.text(st.sampled_from("abcß漢か ") | st.characters(codec="utf-8"), min_size=1, max_size=15)


def iri(place: int) -> str:
    return f"{NAMESPACES.base}concept/made-{place}"


@pytest.fixture(scope="module")
def store() -> Store:
    """A store with what the reconciliation asks of entities with these names."""
    store = Store.in_memory(NAMESPACES.prefixes())
    triples = (
        f'<{iri(place)}> a akb:Concept ; dcterms:identifier "concept:made-{place}" ; skos:prefLabel "{name}"@en .\n'
        for place, name in enumerate(NAMED)
    )
    prefixes = "".join(f"@prefix {name}: <{address}> .\n" for name, address in NAMESPACES.prefixes().items())
    store.load(prefixes + "akb:Concept a <http://www.w3.org/2002/07/owl#Class> .\n" + "".join(triples), f"{SKOS}graph")
    return store


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> Finder:
    folder = tmp_path_factory.mktemp("index")
    refs = [EntityRef(iri(place), f"concept:made-{place}", name, "concept", "") for place, name in enumerate(NAMED)]
    write_index([Document(ref, "active", 0) for ref in refs], folder)
    return Finder(SearchIndex.open(folder), None)


@pytest.fixture(scope="module")
def matcher(store: Store, finder: Finder) -> Matcher:
    def retrieve(text: str, classes: Sequence[str], limit: int) -> list[str]:
        return [hit.entity.iri for hit in finder.index.search(text, classes=classes, limit=limit).hits]

    return Matcher(store, NAMESPACES, OUR_SCHEMA, {}, retrieve)


def sure(matcher: Matcher, name: str) -> list[str]:
    [found] = matcher.matches([Wanted((Condition(Kind.NAME, (name,)),))])
    return [one.entity.label for one in found if one.match]


@pytest.mark.parametrize("name", NAMED)
def test_a_name_is_matched_and_resolved_whatever_its_case_and_width(
    name: str, matcher: Matcher, store: Store, finder: Finder
) -> None:
    for written in (name, name.upper(), f" {name} ", unicodedata.normalize("NFD", name)):
        assert sure(matcher, written) == [name]
        resolved = resolve_name(store, NAMESPACES, finder, dict, written).entity
        assert resolved is not None
        assert resolved.label == name


def test_one_of_these_is_never_taken_for_another() -> None:
    assert all(name_likeness(one, other) < 100 for one, other in permutations(NAMED, 2))


@given(st.sampled_from(NAMED), st.text(st.sampled_from(SIGNS), min_size=1, max_size=3), st.integers(0, 20))
def test_what_has_more_punctuation_matches_nothing_surely(
    matcher: Matcher, store: Store, finder: Finder, name: str, signs: str, place: int
) -> None:
    wanted = name[:place] + signs + name[place:]
    assume(all(same_name(wanted) != same_name(other) for other in NAMED))
    assert sure(matcher, wanted) == []
    assert resolve_name(store, NAMESPACES, finder, dict, wanted).entity is None


@given(NAMES, NAMES)
def test_names_are_surely_alike_if_and_only_if_they_are_the_same(one: str, other: str) -> None:
    for left, right in ((one, other), (one, f" {one.upper()} "), (one, unicodedata.normalize("NFD", one))):
        likeness = name_likeness(left, right)
        assert 0 <= likeness <= 100
        assert (likeness == 100) == (same_name(left) == same_name(right) != "")
        assert likeness == pytest.approx(name_likeness(right, left))
