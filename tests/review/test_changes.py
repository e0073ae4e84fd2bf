"""A decision becomes a change of files that passes `akb check`, or an error that says why not."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import OWL, RDF, SKOS, Literal, URIRef

from server.errors import UsageError
from server.records.candidates import OUTCOMES, Signals
from server.review.changes import RefusedError, checked, decide, write_files
from server.review.patch import patch_text
from server.review.reading import reviews
from server.review.records import EdgeWish, FileChanges, Verdict
from server.review.session import Session
from server.schema.schema import Schema
from server.settings import Settings, read_settings
from server.turtle.authoring import NewEdge, NewEntity, add_edge, new_entity
from server.turtle.base import Base, with_changes
from server.turtle.edges import CODES, VOCAB, edges_in
from server.turtle.reader import read_base
from server.validation.check import check
from tests.made import NAMESPACES

SIGNALS = Signals(cosine=0.9, label=0.8, shared=0.5, identifier=False, corrected=0.2)
GAP, LOCKING, PAPER = "concept:compliance-gap", "concept:preference-locking", "paper:alignment-faking-in-llms"


def iri(curie: str) -> str:
    return NAMESPACES.expand(curie)


@pytest.fixture
def own(root: Path) -> Settings:
    return read_settings({}, root=root)


def add(root: Path, label: str, *edges: tuple[str, str, str, str]) -> str:
    """Add a concept, and edges, each as subject, predicate, object and source; "" stands for the concept."""
    entity = NewEntity("concept", f"{VOCAB.Concept}", label, f"What tests call {label.lower()}, and nothing else.")
    path = new_entity(root, NAMESPACES, entity)
    curie = f"concept:{path.stem}"
    for subject, predicate, object_, source in edges:
        ends = iri(subject or curie), str(VOCAB[predicate]), iri(object_ or curie)
        add_edge(read_base(root, NAMESPACES), NewEdge(*ends, f"A note on {predicate}.", source, status="active"))
    return curie


def run(own: Settings, schema: Schema, one: str, other: str, verdict: Verdict) -> FileChanges:
    base = read_base(own.root, NAMESPACES)
    return checked(own, decide(base, schema, (iri(one), iri(other)), SIGNALS, verdict))


def clean(root: Path, schema: Schema) -> Base:
    """Return the base, which passes the whole check."""
    base = read_base(root, NAMESPACES)
    report = check(base, schema)
    assert report.clean, report.findings
    return base


def test_an_edge_is_written_as_akb_link_writes_it(own: Settings, schema: Schema) -> None:
    wish = EdgeWish("extends", from_second=True, note="A  hard\ncase.", source=PAPER, confidence=0.8, status="active")
    changes = run(own, schema, GAP, LOCKING, Verdict("edge", "Ada Lind", edge=wish))
    assert sorted(changes.after) == ["kb/concept/preference-locking.ttl", *(p for p in changes.after if "review" in p)]
    write_files(own.root, changes.after)
    base = clean(own.root, schema)
    assert (URIRef(iri(LOCKING)), VOCAB.extends, URIRef(iri(GAP))) in base.asserted
    [edge] = [
        one for one in edges_in(base.asserted) if one.ends == (URIRef(iri(LOCKING)), VOCAB.extends, URIRef(iri(GAP)))
    ]
    assert base.asserted.value(edge.iri, VOCAB.note) == Literal("A hard case.", lang="en")
    assert {one.outcome for one in reviews(base)} == {"different", "edge"}


@pytest.mark.parametrize("outcome", ["different", "unrelated", "later"])
def test_what_is_no_edge_changes_nothing_but_its_own_file(own: Settings, schema: Schema, outcome: str) -> None:
    name = next(one for one in OUTCOMES if one == outcome)
    changes = run(own, schema, GAP, LOCKING, Verdict(name, "Ada Lind", "Looked at both."))
    [path] = changes.after
    assert path.startswith("kb/review/")
    write_files(own.root, changes.after)
    base = clean(own.root, schema)
    [decision] = [one for one in reviews(base) if one.id == changes.decisions[0].id]
    assert (decision.outcome, decision.who, decision.why) == (outcome, "Ada Lind", "Looked at both.")
    assert replace(decision.signals) == SIGNALS
    assert ((URIRef(iri(GAP)), OWL.differentFrom, URIRef(iri(LOCKING))) in base.asserted) == (outcome == "different")


def test_a_merger_moves_what_named_the_other(own: Settings, schema: Schema) -> None:
    root = own.root
    other = add(
        root,
        "Gap in compliance",
        ("", "requires", "concept:situational-awareness", ""),  # the survivor has it, asserted elsewhere or not at all
        ("concept:alignment-faking", "contributesTo", "", PAPER),
        (GAP, "associatedWith", "", ""),
        ("", "distinguishedFrom", LOCKING, ""),
    )
    changes = run(own, schema, GAP, other, Verdict("merged", "Ada Lind", survivor=iri(GAP)))
    write_files(root, changes.after)
    base = clean(root, schema)
    survivor, lost = URIRef(iri(GAP)), URIRef(iri(other))
    graph = base.asserted
    assert graph.value(lost, VOCAB.mergedInto) == survivor
    assert graph.value(lost, VOCAB.status) == CODES.merged
    assert Literal("Gap in compliance", lang="en") in graph.objects(survivor, SKOS.altLabel)
    edges = [edge for edge in edges_in(graph) if survivor in (edge.subject, edge.object)]
    assert not [edge for edge in edges_in(graph) if lost in edge.ends]
    ends = [edge.ends for edge in edges]
    assert (URIRef(iri("concept:alignment-faking")), VOCAB.contributesTo, survivor) in ends
    assert (survivor, VOCAB.requires, URIRef(iri("concept:situational-awareness"))) in ends
    assert (survivor, VOCAB.distinguishedFrom, URIRef(iri(LOCKING))) in ends
    assert not [edge for edge in edges if edge.subject == edge.object]
    # What still names the lost one is its own record, and the review.
    named = {file.path.split("/")[1] for file in base.files if lost in {*file.graph.objects(), *file.graph.subjects()}}
    assert named == {"concept", "review"}


def test_edges_that_say_the_same_fall_together(own: Settings, schema: Schema) -> None:
    root = own.root
    other = add(root, "Gap in compliance", ("", "extends", LOCKING, PAPER))
    add_edge(read_base(root, NAMESPACES), NewEdge(iri(GAP), str(VOCAB.extends), iri(LOCKING), "As a draft.", PAPER))
    changes = run(own, schema, GAP, other, Verdict("merged", "Ada Lind", survivor=iri(GAP)))
    write_files(root, changes.after)
    base = clean(root, schema)
    [edge] = [one for one in edges_in(base.asserted) if one.ends[1:] == (VOCAB.extends, URIRef(iri(LOCKING)))]
    assert edge.subject == URIRef(iri(GAP))
    assert base.asserted.value(edge.iri, VOCAB.status) == CODES.active, "the one in use stays"


def test_an_earlier_pointer_follows(own: Settings, schema: Schema) -> None:
    root = own.root
    one = add(root, "Gap in compliance", ("", "extends", LOCKING, ""))
    two = add(root, "Breach of compliance", ("", "extends", LOCKING, ""))
    for lost, survivor in ((one, two), (two, GAP)):
        verdict = Verdict("merged", "Ada Lind", survivor=iri(survivor))
        write_files(root, run(own, schema, lost, survivor, verdict).after)
    base = clean(root, schema)
    assert [base.asserted.value(URIRef(iri(name)), VOCAB.mergedInto) for name in (one, two)] == [URIRef(iri(GAP))] * 2


def test_a_merger_that_contradicts_itself_is_refused_and_says_why(own: Settings, schema: Schema) -> None:
    other = add(own.root, "Gap in compliance", ("", "extends", LOCKING, ""))
    add_edge(
        read_base(own.root, NAMESPACES),
        NewEdge(iri(LOCKING), str(VOCAB.extends), iri(GAP), "The other way.", status="active"),
    )
    before = {path: path.read_bytes() for path in own.root.rglob("*.ttl")}
    with pytest.raises(RefusedError, match="akb check") as caught:
        run(own, schema, GAP, other, Verdict("merged", "Ada Lind", survivor=iri(GAP)))
    assert {finding.rule for finding in caught.value.findings} == {"contradiction"}
    assert {path: path.read_bytes() for path in own.root.rglob("*.ttl") if ".akb" not in path.parts} == before


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict("edge", "Ada"), "predicate"),
        (Verdict("edge", "Ada", edge=EdgeWish("extends")), "note"),
        (Verdict("edge", "Ada", edge=EdgeWish("shouts-at", note="x")), "predicate"),
        (Verdict("merged", "Ada"), "survives"),
        (Verdict("unrelated", " "), "who took it"),
    ],
)
def test_a_decision_that_is_not_whole_says_what_it_lacks(
    base: Base, schema: Schema, verdict: Verdict, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        decide(base, schema, (iri(GAP), iri(LOCKING)), SIGNALS, verdict)


def test_what_is_retired_is_not_decided_on(base: Base, schema: Schema) -> None:
    with pytest.raises(UsageError, match="retired"):
        decide(base, schema, (iri("method:rlhf"), iri(GAP)), SIGNALS, Verdict("later", "Ada"))


def test_git_applies_the_patch(own: Settings, schema: Schema) -> None:
    root = own.root
    other = add(root, "Gap in compliance", ("", "extends", LOCKING, PAPER))
    changes = run(own, schema, GAP, other, Verdict("merged", "Ada Lind", survivor=iri(GAP)))
    subprocess.run(["git", "apply", "--check", "-"], input=patch_text(changes).encode(), cwd=root, check=True)
    subprocess.run(["git", "apply", "-"], input=patch_text(changes).encode(), cwd=root, check=True)
    for path, text in changes.after.items():
        assert (root / path).read_text(encoding="utf-8") == text
    clean(root, schema)


def test_a_session_takes_back_what_it_decided(own: Settings, schema: Schema) -> None:
    before = {path: path.read_bytes() for path in own.root.rglob("*.ttl")}
    session = Session(own, read_base(own.root, NAMESPACES), schema, writes=True)
    session.decide((iri(GAP), iri(LOCKING)), SIGNALS, Verdict("unrelated", "Ada"))
    wish = EdgeWish("extends", note="A note.")
    session.decide((iri(GAP), iri("concept:opaque-reasoning-ability")), SIGNALS, Verdict("edge", "Ada", edge=wish))
    assert len(session.changes.decisions) == 2
    assert session.undo() is not None
    assert session.undo() is not None
    assert session.undo() is None
    assert {path: path.read_bytes() for path in own.root.rglob("*.ttl")} == before


def test_two_decisions_for_a_patch_are_one_change(own: Settings, schema: Schema) -> None:
    before = {path: path.read_bytes() for path in own.root.rglob("*.ttl")}
    base = read_base(own.root, NAMESPACES)
    session = Session(own, base, schema, writes=False)
    for name in (LOCKING, "concept:opaque-reasoning-ability"):
        wish = EdgeWish("extends", note="A note.", status="active")
        session.decide((iri(GAP), iri(name)), SIGNALS, Verdict("edge", "Ada", edge=wish))
    assert {path: path.read_bytes() for path in own.root.rglob("*.ttl")} == before
    assert len(session.changes.after) == 3
    whole = with_changes(base, session.changes.after)
    assert check(whole, schema).clean
    assert len(set(whole.asserted.subjects(RDF.type, VOCAB.Review))) == 3


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(own: Settings, schema: Schema) -> None:
    session = Session(own, read_base(own.root, NAMESPACES), schema, writes=True)
    path = own.root / "kb/concept/compliance-gap.ttl"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match="changed meanwhile"):
        session.decide((iri(GAP), iri(LOCKING)), SIGNALS, Verdict("edge", "Ada", edge=EdgeWish("extends", note="A.")))
