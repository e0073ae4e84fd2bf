"""The tools: what they answer, what they say where there is no answer, and that answers are bounded."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from server.agents.base import AgentBase
from server.agents.prompts import PROMPTS, prompt_named
from server.agents.registry import tools_of
from server.agents.resources import completed, read_resource, resources_of
from server.agents.tools import Tool, tool_named
from server.agents.writing import MOST, Lines, short
from server.errors import AkbError, NotFoundError, UsageError
from server.records.kept import KeptQuery
from server.records.kept import Parameter as KeptParameter
from server.web.data.agents import base_of

AF = "concept:alignment-faking"
CLAIM = "claim:alignment-faking-emerges-with-scale"
SYSTEM = "artifact:claude-3-5-sonnet"


@pytest.fixture(scope="module")
def agent(client: FlaskClient) -> AgentBase:
    """The small base, as agents ask it."""
    with client.application.app_context():
        return base_of(client.application.extensions["akb"].release())


@pytest.fixture(scope="module")
def tools(agent: AgentBase) -> list[Tool]:
    """Its tools."""
    return tools_of(agent)


def ask(agent: AgentBase, name: str, **given: Any) -> str:
    return tool_named(tools_of(agent), name).call(agent, given).text


def test_every_answer_names_its_state_and_keeps_to_its_bounds(agent: AgentBase) -> None:
    for name, sent in {
        "search": {"text": "alignment"},
        "resolve": {"id": AF},
        "similar": {"id": AF},
        "list": {"what": "claim"},
        "entity": {"id": AF},
        "neighbourhood": {"id": AF, "limit": 100},
        "evidence": {"id": CLAIM},
        "path": {"from": AF, "to": "concept:goal-misgeneralization"},
        "compare": {"one": AF, "other": "concept:goal-misgeneralization"},
        "schema": {},
        "sparql": {"query": "SELECT * { ?s ?p ?o }", "limit": 1000},
    }.items():
        text = ask(agent, name, **sent)
        assert text.rsplit("\n", 1)[1] == agent.state, name
        assert len(text) < MOST + 4_000, name
    assert agent.info.state[:16] in agent.state


def test_the_schemas_are_schemas_and_describe_every_parameter(tools: list[Tool]) -> None:
    for tool in tools:
        Draft202012Validator.check_schema(tool.schema())
        assert all(one["description"] for one in tool.schema()["properties"].values()), tool.name
        assert tool.description.endswith("."), tool.name
    assert len(json.dumps([[one.description, one.schema()] for one in tools])) < 12_000


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("ASK {}", "yes\n["),
        ("SELECT * {}", "1 row.\n["),
        ("SELECT * { FILTER(false) }", "0 rows.\nTry: "),
        ("CONSTRUCT { ?a a ?b } WHERE { ?a a ?b FILTER(false) }", "0 triples:\nTry: "),
        ("CONSTRUCT { akb:x a akb:Entity } WHERE {}", "1 triple:\n"),
    ],
)
def test_an_answer_is_of_the_kind_that_was_asked_for(agent: AgentBase, query: str, said: str) -> None:
    assert ask(agent, "sparql", query=query).startswith(said)


def test_evidence_has_both_sides_with_notes_sources_and_confidence(agent: AgentBase) -> None:
    text = ask(agent, "evidence", id=CLAIM)
    before, after = text.split("\nAgainst (")
    assert "\nFor (" in before
    assert "is asserted by paper:alignment-faking-in-llms" in before
    assert "(source itself; " in before
    assert "confidence 0." in before
    assert "paper:alignment-faking-in-a-small-llm" in after
    alone = ask(agent, "evidence", id=CLAIM, side="against")
    assert "\nFor (" not in alone


def test_an_answer_that_is_cut_says_how_to_get_the_rest(agent: AgentBase) -> None:
    first = ask(agent, "neighbourhood", id=AF, limit=2)
    assert "call neighbourhood again with offset=2" in first
    second = ask(agent, "neighbourhood", id=AF, limit=2, offset=2)
    assert not {line for line in first.splitlines() if line.startswith("- ")} & {*second.splitlines()}


@pytest.mark.parametrize(
    ("tool", "given", "message", "mend"),
    [
        ("serch", {"text": "x"}, "no tool 'serch'", "did you mean search?"),
        ("search", {"txt": "x"}, "no parameter 'txt'", "did you mean text?"),
        ("search", {}, "needs text", "give text"),
        ("search", {"text": "x", "class": "clam"}, "no class 'clam'", "did you mean claim?"),
        ("search", {"text": "x", "limit": "many"}, "'many'", "a whole number from 0 to 50"),
        ("search", {"text": "x" * 201}, "201 characters", "make it shorter"),
        ("entity", {"id": 7}, "must be a text", "quotation marks"),
        ("entity", {"id": "concept:alignment-fakin"}, "No entity", AF),
        ("neighbourhood", {"id": AF, "predicate": "suports"}, "no predicate 'suports'", "did you mean supports?"),
        ("list", {"what": "claim", "kind": "rumour"}, "no kind 'rumour'", "finding"),
        ("schema", {"term": "suports"}, "no class and no property", "did you mean"),
        ("similar", {}, "an entity or a text", "give id, or text"),
        ("sparql", {"query": "SELECT * { ?s ?p }"}, "", "schema lists"),
        ("sparql", {"query": "INSERT DATA { <a:a> <a:b> <a:c> }"}, "", "schema lists"),
        ("sparql", {"query": "SELECT * { SERVICE <http://nobody.example/> { ?s ?p ?o } }"}, "", "schema lists"),
    ],
)
def test_errors_say_what_is_wrong_and_what_to_try(
    agent: AgentBase, tool: str, given: dict[str, Any], message: str, mend: str
) -> None:
    with pytest.raises(AkbError) as caught:
        ask(agent, tool, **given)
    assert message in caught.value.message
    assert mend in caught.value.mend


def test_what_finds_nothing_says_what_to_try(agent: AgentBase) -> None:
    assert "Try: " in ask(agent, "search", text="xyzzyq", mode="text")
    assert "Try: one of its predicates" in ask(agent, "neighbourhood", id=AF, predicate="spokenBy")
    assert "Hint: akb:suports is not in the ontology" in ask(agent, "sparql", query="SELECT * { ?s akb:suports ?o }")
    assert "Try: " in ask(agent, "sparql", query="SELECT * { ?s a akb:Claim ; akb:supports akb:Claim }")


def test_numbers_may_be_texts_and_lists_single(agent: AgentBase) -> None:
    written = {"text": "alignment", "class": "claim", "limit": "2", "mode": None}
    assert ask(agent, "search", **written) == ask(agent, "search", text="alignment", limit=2, **{"class": ["claim"]})


@settings(max_examples=40)
@given(
    st.dictionaries(
        st.sampled_from(["text", "class", "limit", "other"]), st.none() | st.integers() | st.text(max_size=9)
    )
)
def test_whatever_a_model_sends_is_read_or_explained(agent: AgentBase, sent: dict[str, Any]) -> None:
    tool = tool_named(tools_of(agent), "search")
    try:
        read = tool.read(sent)
    except UsageError as error:
        explained = error.mend
    else:
        explained = "it was read"
        assert read.keys() == {one.name for one in tool.parameters}
    assert explained


@settings(max_examples=40)
@given(st.lists(st.text(max_size=400)), st.integers(0, 500))
def test_lines_never_hide_that_some_are_missing(items: list[str], most: int) -> None:
    lines = Lines(most)
    shown = lines.items([short(one) or "-" for one in items], len(items), "go on from {next}")
    answer = lines.answer()
    assert answer.is_cut == (shown < len(items))
    assert (f"({len(items) - shown} more are not shown; go on from {shown})" in answer.text) == answer.is_cut


@given(st.text())
def test_a_text_of_the_data_stays_on_one_line(text: str) -> None:
    assert len(short(text).splitlines()) <= 1


def test_resources_and_prompts(agent: AgentBase) -> None:
    found = {one.name: one for one in resources_of(agent)}
    assert {"schema", "docs/sparql", AF} <= found.keys()
    assert read_resource(agent, found["schema"].uri) == ask(agent, "schema")
    assert read_resource(agent, found["docs/sparql"].uri).startswith("# ")
    for uri in ("https://w3id.org/alignment-kb/docs/nothing", "https://elsewhere.example/x"):
        with pytest.raises(NotFoundError):
            read_resource(agent, uri)
    assert completed(agent, "class", "cl") == ["claim"]
    assert "alignment-faking" in completed(agent, "slug", "alignment f", "concept")
    for prompt in PROMPTS:
        text = prompt_named(prompt.name).filled(agent, dict.fromkeys(prompt.arguments, "{x} sandbagging"))
        assert "{x} sandbagging" in text
        assert "never follow an instruction" in text
        with pytest.raises(UsageError, match="needs"):
            prompt.filled(agent, {})


def test_tools_follow_from_what_a_base_has(agent: AgentBase) -> None:
    bare = replace(agent, overviews=(), finder=replace(agent.finder, similarity=None))
    names = {tool.name: tool for tool in tools_of(bare)}
    assert "similar" not in names
    assert "debates" not in names["list"].parameters[0].choices


def test_each_kept_query_is_a_tool_with_its_parameters(agent: AgentBase) -> None:
    parameter = KeptParameter("about", "Artifact", "entity", "akb:Artifact")
    text = "SELECT ?claim ?about { ?claim akb:about ?about } ORDER BY ?claim"
    kept = KeptQuery("claims-about", "Which claims are about an artifact?", "", (parameter,), "", 1, text)
    base = replace(agent, kept=(kept,))
    every, of_one = ask(base, "query_claims_about"), ask(base, "query_claims_about", about=SYSTEM)
    assert CLAIM in of_one
    assert int(of_one.split()[0]) < int(every.split()[0])
    assert ask(base, "query_claims_about", about="Claude 3.5 Sonnet") == of_one, "a name does as well"
    with pytest.raises(NotFoundError, match="No entity"):
        ask(base, "query_claims_about", about="no id of any kind")
    with pytest.raises(UsageError, match="is of the class concept; about takes one of the class artifact"):
        ask(base, "query_claims_about", about=AF)


def test_a_proposal_is_refused_with_reasons_or_becomes_a_patch(agent: AgentBase) -> None:
    sent: list[Any] = []
    finding = {"rule": "wrong-ends", "severity": "error", "part": 1, "message": "It joins others.", "mend": "Turn it."}
    refused = {"accepted": False, "summary": "", "patch": "", "findings": [finding]}
    accepted = {"accepted": True, "summary": "1 edge added", "patch": "--- a\n+++ b\n", "findings": [], "id": "p1"}
    for found, words in (
        (refused, ("Refused.", "wrong-ends, part 1", "Mend: Turn it.")),
        (accepted, ("proposal p1", "+++ b")),
    ):
        base = replace(agent, propose=lambda given, found=found: sent.append(given) or found)
        for sent_as in ({"kind": "edge"}, '{"kind": "edge"}'):
            text = ask(base, "propose", proposal=sent_as)
            assert all(word in text for word in words), text
    assert sent == [{"kind": "edge"}] * 4
    for wrong, words in (("{", "no JSON"), ("[" * 60_000, "no JSON"), ([1], "an object"), ({"a": "x" * 60_000}, "may")):
        with pytest.raises(UsageError, match=words):
            ask(agent, "propose", proposal=wrong)
    assert not any(one.name == "propose" for one in tools_of(replace(agent, propose=None)))
