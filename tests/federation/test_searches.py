"""SERVICE that is answered here is joined as the rows of a peer are (SPARQL 1.1 Federated Query, section 2)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import ForbiddenQueryError, QueryError, TimeLimitError
from server.federation.federate import Federated, Federation
from server.federation.peers import Peers
from server.federation.searches import Match, Matches, Search, Sought
from server.namespaces import AKB
from server.store.embedded import Store

EX = "http://example.org/"
PREFIXES = {"": EX, "akb": AKB, "wikibase": "http://wikiba.se/ontology#"}


@dataclass
class Trial:
    """A store, and searches that find all things that they are asked for, in the order of their names."""

    store: Store = field(default_factory=lambda: Store.in_memory(PREFIXES))
    asked: list[Sought] = field(default_factory=list)
    snippet: str = "so"

    def __post_init__(self) -> None:
        self.store.load(
            f'@prefix : <{EX}> . :a a :C ; :name "x" . :b a :C ; :name "y" . :c a :D ; :name "x" .', "urn:g"
        )

    def find(self, sought: Sought) -> Matches:
        self.asked.append(sought)
        every = [f"{EX}{name}" for name in "abc" if sought.among is None or f"{EX}{name}" in sought.among]
        found = [Match(iri, 1 / place, self.snippet) for place, iri in enumerate(every, 1)][: sought.limit]
        return Matches(found, (), len(every))

    def expand(self, query: str, seconds: float = 30) -> Federated:
        searches = {
            f"{AKB}search": Search("search", "matches", "words", takes_entities=False, limit=2, find=self.find),
            f"{AKB}near": Search("near", "nearTo", "meaning", takes_entities=True, limit=2, find=self.find),
        }
        federation = Federation(Peers(), PREFIXES, most_at_once=2, searches=searches)
        return federation.expand(query, self.local, base=None, seconds=seconds)

    def local(self, query: str, _seconds: float, *, empty: bool = False) -> bytes:
        answer = self.store.answer(query, default_graphs=("urn:none",) if empty else ())
        return answer.serialize("nt" if answer.kind == "triples" else "json")

    def rows(self, query: str) -> list[list[str]]:
        data = json.loads(self.store.answer(self.expand(query).query).serialize("json"))
        names = data["head"]["vars"]
        return [
            [row[name]["value"].removeprefix(EX) if name in row else "" for name in names]
            for row in data["results"]["bindings"]
        ]


@pytest.fixture
def trial() -> Trial:
    return Trial()


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ('SELECT ?e { SERVICE akb:search { ?e akb:matches "w" } }', [["a"], ["b"]]),
        ('SELECT ?e { ?e a :D SERVICE akb:search { ?e akb:matches "w" } }', [["c"]]),
        ('SELECT ?e { SERVICE akb:search { ?e akb:matches "w" } ?e a :D }', [["c"]]),
        ('SELECT ?e { ?e a :D SERVICE akb:search { ?e akb:matches "w" ; akb:limit 2 } }', []),
        ('SELECT ?e ?s ?r ?t { SERVICE akb:search { ?e akb:matches "w"; akb:score ?s; akb:rank ?r; akb:snippet ?t } }',
         [["a", "1", "1", "so"], ["b", "0.5", "2", "so"]]),
        ('SELECT ?e { SERVICE akb:search { ?e akb:matches "w" ; akb:score ?s FILTER(?s < 1) } }', [["b"]]),
        ("SELECT ?e ?n { :b :name ?n SERVICE akb:search { ?e akb:matches ?n ; akb:limit 1 } }", [["a", "y"]]),
        ("SELECT ?e ?o { VALUES ?o { :b :c } SERVICE akb:near { ?e akb:nearTo ?o ; akb:limit 1 } }",
         [["a", "b"], ["a", "c"]]),
        ("SELECT ?s { SERVICE akb:near { :b akb:nearTo :c ; akb:score ?s } }", [["1"]]),
        ('SELECT ?e { ?e a :D OPTIONAL { SERVICE akb:search { ?e akb:matches "w" ; akb:score ?s } } }', [["c"]]),
        ('SELECT ?e { { SERVICE akb:search { ?e akb:matches "w" } } UNION { ?e a :D } }', [["a"], ["b"], ["c"]]),
        ('SELECT ?e { SERVICE akb:search { ?e akb:matches "a", "b" } }', QueryError),
    ],
)  # fmt: skip
def test_a_search_is_joined_with_the_rest(query: str, rows: list[list[str]], trial: Trial) -> None:
    if isinstance(rows, list):
        assert sorted(trial.rows(query)) == rows
    else:
        with pytest.raises(rows):
            trial.rows(query)


def test_only_what_can_be_joined_counts_against_the_usual_limit_and_more_is_told(trial: Trial) -> None:
    told = trial.expand('SELECT ?e { SERVICE akb:search { ?e akb:matches "w" } }')
    assert "finds 3, of which the best 2 are used" in told.notes[0]
    assert told.called == ()
    assert trial.expand('SELECT ?e { SERVICE akb:search { ?e akb:matches "w" ; akb:limit 2 } }').notes == ()
    trial.expand('SELECT ?e { ?e a :D SERVICE akb:search { ?e akb:matches "w" } }')
    assert trial.asked[-1].among == frozenset({f"{EX}c"})


@pytest.mark.parametrize(
    ("block", "place", "words"),
    [
        ('?e akb:match "w"', 32, "akb:matches"),
        ('?e akb:matches "w" . ?e a :C', 54, "beside"),
        ('?e akb:matches "w" ; akb:limit 0', 62, "10,000"),
        ('?e akb:matches "w" ; akb:score 1', 62, "akb:score ?score"),
        ('?e akb:matches "w" . ?f akb:score ?s', 51, "?e"),
        ('?e akb:matches "w" OPTIONAL { ?e a :C }', 49, "beside"),
        ('?e akb:matches "w" ; akb:score ?e', 29, "its own"),
        ("?e akb:matches :a", 44, "in quotes"),
        ("?e akb:score ?s", 29, "akb:matches"),
        ('[] akb:matches "w"', 30, "beside"),
        ("SELECT * { ?e a ?s }", 29, "akb:matches"),
    ],
)
def test_what_a_search_cannot_say_is_an_error_at_its_place(block: str, place: int, words: str, trial: Trial) -> None:
    with pytest.raises(QueryError) as caught:
        trial.expand(f"SELECT * {{ SERVICE akb:search {{{block} }} }}".replace("akb:search {", "akb:search{ ", 1))
    assert caught.value.message.startswith("Line 1, column ")
    assert words in caught.value.mend


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ('SELECT * { SERVICE akb:serach { ?e akb:matches "w" } }', "SERVICE akb:search {"),
        ('SELECT * { SERVICE wikibase:mwapi { bd:serviceParam mwapi:search "two words" } }',
         'SERVICE akb:search { ?item akb:matches "two words" }'),
    ],
)  # fmt: skip
def test_what_was_meant_is_told_where_a_service_is_none(query: str, words: str, trial: Trial) -> None:
    with pytest.raises(ForbiddenQueryError) as caught:
        trial.expand(query)
    assert words in caught.value.mend
    silent = 'SELECT * { SERVICE SILENT akb:serach { ?e akb:matches "w" } }'
    assert "is not a service" in trial.expand(silent).notes[0]


def test_a_text_that_nothing_binds_and_too_many_texts_are_errors(trial: Trial) -> None:
    with pytest.raises(QueryError, match=r"\?n, which the search is for"):
        trial.expand("SELECT * { SERVICE akb:search { ?e akb:matches ?n } }")
    many = " ".join(f'"{number}"' for number in range(51))
    with pytest.raises(QueryError, match="may be for 50"):
        trial.expand(f"SELECT * {{ VALUES ?n {{ {many} }} SERVICE akb:search {{ ?e akb:matches ?n }} }}")
    with pytest.raises(TimeLimitError):
        trial.expand('SELECT * { SERVICE akb:search { ?e akb:matches "w" } }', seconds=0)


@given(st.text(max_size=30).filter(lambda text: text.isprintable()), st.text(max_size=30))
def test_any_text_is_searched_for_and_any_snippet_returned_as_it_is(text: str, snippet: str) -> None:
    trial = Trial(snippet=snippet.encode(errors="ignore").decode())
    written = json.dumps(text, ensure_ascii=False)
    query = f"SELECT ?t {{ SERVICE akb:search {{ ?e akb:matches {written} ; akb:snippet ?t }} }}"
    assert [row[0] for row in trial.rows(query)] == [trial.snippet] * 2
    assert trial.asked[0].text == text


def test_the_words_of_a_block_may_be_spelt_in_full(trial: Trial) -> None:
    query = f'SELECT ?e {{ SERVICE <{AKB}search> {{ ?e <{AKB}matches> "w"@en }} }}'
    assert trial.rows(query) == [["a"], ["b"]]
