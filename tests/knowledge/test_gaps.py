"""Gaps: what their queries find, in pages and in number, and that files and release say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.main import main
from server.errors import NotFoundError
from server.knowledge.gaps import counts_of_files, gap_count, gap_named, gap_page
from server.records.gaps import Gap
from server.store.embedded import Store
from server.turtle.base import Base
from server.turtle.edges import VOCAB
from server.turtle.reader import read_base
from tests.made import GAPS, NAMESPACES, OUR_SCHEMA

NAMES = [gap.name for gap in GAPS]


@pytest.mark.parametrize("gap", GAPS, ids=NAMES)
def test_the_files_and_the_release_say_the_same(gap: Gap, base: Base, store: Store) -> None:
    assert counts_of_files(base, OUR_SCHEMA)[gap.name] == gap_count(store, gap) == len(store.select(gap.query))


@pytest.mark.parametrize("gap", GAPS, ids=NAMES)
def test_the_pages_hold_each_node_once_and_in_the_order_of_the_query(gap: Gap, store: Store) -> None:
    wanted = [NAMESPACES.compact(str(row["focus"])) for row in store.select(gap.query)]
    pages = [gap_page(store, NAMESPACES, gap, 7, skipped) for skipped in range(0, len(wanted) + 14, 7)]
    assert [item.focus for page in pages for item in page.items] == wanted
    assert {page.total for page in pages} == {len(wanted)}
    assert pages[-1].items == (), "behind the last one there is nothing"


@pytest.mark.parametrize("gap", GAPS, ids=NAMES)
def test_a_gap_says_what_it_is_and_what_to_do(gap: Gap) -> None:
    assert gap.question.endswith(("?", "."))
    assert gap.mend.endswith(".")
    assert gap.mend.count("`") % 2 == 0
    assert gap.query.startswith(f"# {gap.question}\nSELECT DISTINCT ?focus")
    assert "# title" not in gap.query
    assert "ORDER BY" in gap.query
    assert "(COUNT(DISTINCT ?focus) AS ?count)" in gap.counting
    assert "ORDER BY" not in gap.counting


def test_an_unknown_gap_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(NotFoundError) as raised:
        gap_named(GAPS, "nowhere")
    assert all(name in raised.value.mend for name in NAMES)


def test_what_the_small_base_lacks(base: Base) -> None:
    """Counted by hand from the graph of the files, without SPARQL."""
    graph = base.asserted
    in_use = {str(VOCAB.supports), str(VOCAB.opposes)}
    edges = {
        node: (str(graph.value(node, VOCAB.predicate)), graph.value(node, VOCAB.object))
        for node in graph.subjects(VOCAB.predicate)
        if str(graph.value(node, VOCAB.status)).endswith(("#active", "#contested"))
    }
    supported = {end for predicate, end in edges.values() if predicate in in_use}
    claims = {
        node
        for node in graph.subjects(predicate=None, object=VOCAB.Claim)
        if str(graph.value(node, VOCAB.status)).endswith(("#active", "#contested"))
    }
    counts = counts_of_files(base, OUR_SCHEMA)
    assert claims
    assert counts["claims-without-evidence"] == len(claims - supported) > 0
    topics = {node for node, predicate in graph.subject_predicates() if predicate == VOCAB.about}
    assert counts["claims-about-nothing"] == len(claims - topics) == 0
    assert counts["edges-without-a-source"] == sum((node, VOCAB.assertedIn, None) not in graph for node in edges) > 0


def test_a_gap_opens_and_is_filled(root: Path) -> None:
    runner = CliRunner(env={"AKB_ROOT": str(root)})

    def counts() -> dict[str, int]:
        return counts_of_files(read_base(root, NAMESPACES), OUR_SCHEMA)

    before = counts()
    assert runner.invoke(main, ["new", "question", "Who watches?", "--definition", "It asks who."]).exit_code == 0
    path = root / "kb/question/who-watches.ttl"
    assert counts()["drafts-waiting"] == before["drafts-waiting"] + 1
    assert counts()["questions-nobody-addresses"] == before["questions-nobody-addresses"], "a draft is not in use"
    path.write_text(path.read_text(encoding="utf-8").replace("akbv:draft", "akbv:active"), encoding="utf-8")
    asked = counts()
    assert asked["drafts-waiting"] == before["drafts-waiting"]
    assert asked["questions-nobody-addresses"] == before["questions-nobody-addresses"] + 1
    assert asked["entities-with-few-edges"] == before["entities-with-few-edges"] + 1
    edge = ("link", "concept:alignment-faking", "addresses", "question:who-watches", "--note", "It does.")
    assert runner.invoke(main, [*edge, "--status", "draft"]).exit_code == 0
    assert counts()["questions-nobody-addresses"] == before["questions-nobody-addresses"] + 1, "nor is a draft edge"
    assert runner.invoke(main, [*edge, "--in", "paper:alignment-faking-in-llms", "--status", "active"]).exit_code == 0
    after = counts()
    assert after["questions-nobody-addresses"] == before["questions-nobody-addresses"]
    assert after["edges-without-a-source"] == before["edges-without-a-source"]


def test_a_claim_is_about_nothing_until_an_edge_in_use_says_what(root: Path) -> None:
    runner = CliRunner(env={"AKB_ROOT": str(root)})

    def found() -> int:
        return counts_of_files(read_base(root, NAMESPACES), OUR_SCHEMA)["claims-about-nothing"]

    assert found() == 0
    assert runner.invoke(main, ["new", "claim", "It rains", "--definition", "Water falls."]).exit_code == 0
    assert found() == 0, "a draft is not in use"
    path = root / "kb/claim/it-rains.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("akbv:draft", "akbv:active"), encoding="utf-8")
    assert found() == 1
    edge = ("link", "claim:it-rains", "about", "concept:compliance-gap", "--note", "It is not, in truth.")
    assert runner.invoke(main, [*edge, "--status", "draft"]).exit_code == 0
    assert found() == 1, "nor is a draft edge"
    assert runner.invoke(main, [*edge, "--in", "paper:scheming-ais", "--status", "active"]).exit_code == 0
    assert found() == 0
