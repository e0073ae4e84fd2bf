"""Builds: what a release holds, when one is made, and that a failed one changes nothing."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.build.build import build
from server.build.rejected import RejectedError
from server.build.releases import Releases
from server.cli.main import main
from server.settings import Settings, read_settings
from server.store.embedded import Store
from tests.made import CLASSES

AF = "kb/concept/alignment-faking.ttl"


@pytest.fixture
def own(root: Path, tmp_path: Path) -> Settings:
    return read_settings({"AKB_STATE": str(tmp_path / "state")}, root=root)


def test_a_release_says_what_it_holds(own: Settings) -> None:
    told: list[tuple[str, int, int]] = []
    own = replace(own, embedding="tfidf")
    info, made = build(own, progress=lambda *step: told.append(step))
    assert made
    assert list(info.entities) == list(CLASSES), "in display order"
    assert info.entities["concept"] == 14
    assert info.entities["method"] == 1, "a retired entity is not counted"
    assert (info.edges, info.seconds > 0) == (121, True)
    _, _, store = Releases(own.releases).open_current(own.namespaces, 0)
    rest = (store.count(own.namespaces.graph + name) for name in ("shapes", "similarity", "statistics"))
    assert len(store) == info.asserted + info.inferred + info.ontology + sum(rest)
    # Every stage is told to its end.
    ends = {stage: (done, total) for stage, done, total in told}
    assert list(ends) == ["read", "check", "infer", "store", "embed", "compare"]
    assert all(done == total for done, total in ends.values())


def test_the_named_graphs_are_disjoint(store: Store) -> None:
    """The union of graphs does not remove duplicates: a triple in two graphs would be counted twice."""
    rows = store.select(
        "SELECT ?s ?p ?o { GRAPH ?a { ?s ?p ?o } GRAPH ?b { ?s ?p ?o } FILTER(STR(?a) < STR(?b)) } LIMIT 5"
    )
    assert rows == []


def test_what_a_shapes_file_says_again_of_the_ontology_is_kept_once(own: Settings) -> None:
    path = own.root / "shapes/entity.ttl"
    path.write_text(path.read_text() + "\nakb:Entity a owl:Class .\n")
    build(own)
    _, _, store = Releases(own.releases).open_current(own.namespaces, 0)
    assert len(store.select("SELECT ?g { GRAPH ?g { akb:Entity a owl:Class } }")) == 1
    test_the_named_graphs_are_disjoint(store)


def test_nothing_is_built_when_nothing_has_changed(own: Settings) -> None:
    first, _ = build(own)
    assert build(own) == (first, False)
    forced, made = build(own, force=True)
    assert made
    assert forced.name > first.name
    assert forced.fingerprint == first.fingerprint
    path = own.root / AF
    path.write_text(path.read_text().replace("Alignment Faking", "Alignment faking"))
    assert build(own)[1]


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("a akb:Concept", "a akb:Concpet", RejectedError),
        (
            "concept:alignment-faking akb:extends concept:goal-misgeneralization .",
            "concept:alignment-faking a .",
            RejectedError,
        ),
    ],
)
def test_a_base_with_violations_is_rejected_and_the_old_release_stays(
    own: Settings, old: str, new: str, error: type[Exception]
) -> None:
    before, _ = build(own)
    path = own.root / AF
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(error) as caught:
        build(own)
    assert isinstance(caught.value, RejectedError)
    assert caught.value.report.findings
    releases = Releases(own.releases)
    current = releases.current()
    assert current is not None
    assert releases.info(current) == before
    assert [path.name for path in own.releases.iterdir() if path.name.startswith(".")] == []


def test_a_contradiction_fails_the_build_and_names_both_statements(own: Settings) -> None:
    """An edge both ways passes every shape; only the closure shows that extends is asymmetric."""
    build(own)
    runner = CliRunner(env={"AKB_STATE": str(own.state)})
    options = ["--root", str(own.root), "--status", "active", "--note", "Turned round."]
    assert (
        runner.invoke(
            main, ["link", "concept:goal-misgeneralization", "extends", "concept:alignment-faking", *options]
        ).exit_code
        == 0
    )
    with pytest.raises(RejectedError) as caught:
        build(own)
    [finding] = caught.value.report.findings
    assert (finding.rule, finding.file) == ("contradiction", "kb/concept/alignment-faking.ttl")
    assert "asymmetric" in finding.message
    assert "concept:alignment-faking akb:extends concept:goal-misgeneralization (kb/" in finding.message
    assert "concept:goal-misgeneralization akb:extends concept:alignment-faking (kb/" in finding.message


def test_two_builds_at_once_both_end_well_and_one_waits(own: Settings) -> None:
    results: list[tuple[str, bool]] = []
    waited: list[bool] = []

    def run() -> None:
        info, made = build(own, on_wait=lambda: waited.append(True))
        results.append((info.name, made))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len({name for name, _ in results}) == 1, "the second finds what the first has built"
    assert sorted(made for _, made in results) == [False, True]
    assert waited == [True]


def test_another_base_iri_moves_every_entity(root: Path, tmp_path: Path) -> None:
    for path in (root / "kb").rglob("*.ttl"):
        text = path.read_text()
        for name in (*CLASSES, "edge", "review"):
            text = text.replace(f"https://w3id.org/alignment-kb/{name}/", f"http://kb.example/{name}/")
        path.write_text(text)
    settings = read_settings({"AKB_STATE": str(tmp_path / "state"), "AKB_BASE": "http://kb.example/"}, root=root)
    with pytest.raises(RejectedError) as caught:
        build(settings)
    # The names of edges and reviews are made from IRIs, so they are the one thing that must follow.
    assert {finding.rule for finding in caught.value.report.findings} == {"edge-name", "review-name"}
