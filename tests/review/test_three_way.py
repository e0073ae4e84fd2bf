"""Two changes of one file are merged by what they say (gitattributes(5), "Defining a custom merge driver")."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import SKOS

from server.review.three_way import merge_texts
from server.schema.schema import Schema
from server.turtle.authoring import NewEdge, add_edge
from server.turtle.edges import VOCAB, edges_in
from server.turtle.parsing import parse
from server.turtle.reader import read_base
from server.turtle.writer import canonical
from server.validation.check import check
from tests.made import NAMESPACES, OUR_SCHEMA

GAP = "kb/concept/compliance-gap.ttl"


def iri(curie: str) -> str:
    return NAMESPACES.expand(curie)


NODES = [URIRef(iri(f"concept:{name}")) for name in "abc"]
TRIPLES = st.tuples(
    st.sampled_from(NODES), st.just(SKOS.altLabel), st.sampled_from([Literal(text, lang="en") for text in "abcdef"])
)


def text_of(triples: set[tuple[URIRef, URIRef, Literal]]) -> str:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    return canonical(graph, NAMESPACES)


@given(st.sets(TRIPLES), st.sets(TRIPLES), st.sets(TRIPLES))
def test_what_a_side_added_is_there_and_what_it_took_away_is_not(before: set, ours: set, theirs: set) -> None:  # type: ignore[type-arg]
    merged = merge_texts(text_of(before), text_of(ours), text_of(theirs), OUR_SCHEMA, NAMESPACES)
    was, one, other = (
        {node: {triple for triple in side if triple[0] == node} for node in NODES} for side in (before, ours, theirs)
    )
    halved = [
        node
        for node in NODES
        if was[node]
        and any(
            not mine[node] and yours[node] not in (set(), was[node]) for mine, yours in ((one, other), (other, one))
        )
    ]
    assert merged.clashes == tuple(
        sorted(f"{NAMESPACES.compact(str(node))} is taken out on one side, and changed on the other" for node in halved)
    )
    if halved:
        return
    expected = ((ours | theirs) - (before - ours)) - (before - theirs)
    assert set(parse(merged.text)) == expected
    assert merge_texts(text_of(before), text_of(theirs), text_of(ours), OUR_SCHEMA, NAMESPACES) == merged


@pytest.mark.parametrize("fault", ["<a> <b> ", "# a comment\n"])
def test_what_it_cannot_read_it_leaves_to_git(fault: str) -> None:
    assert merge_texts("", fault, "", OUR_SCHEMA, NAMESPACES).reason
    assert merge_texts("", "", fault, OUR_SCHEMA, NAMESPACES).text == ""


class Repository:
    """A base in a git repository that merges files of kb/ with our driver."""

    def __init__(self, root: Path) -> None:
        self.root = root
        repository = Path(__file__).parent.parent.parent
        (root / ".gitattributes").write_text((repository / ".gitattributes").read_text(encoding="utf-8"))
        self.git("init", "--quiet", "--initial-branch=main")
        for name, value in (("user.name", "Ada Lind"), ("user.email", "ada@lind.example")):
            self.git("config", name, value)
        akb = f"{shlex.quote(sys.executable)} -m server.cli.main"
        self.git("config", "merge.akb.driver", f"{akb} merge-driver %O %A %B %P")
        self.commit()

    def git(self, *arguments: str, fails: bool = False) -> str:
        path = os.pathsep.join((str(Path(__file__).parent.parent.parent), os.environ.get("PYTHONPATH", "")))
        done = subprocess.run(
            ["git", *arguments],
            check=False,
            cwd=self.root,
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": path},
        )
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=A change")

    def branch(self, name: str) -> None:
        self.git("checkout", "--quiet", "-b", name, "main")


def test_two_edges_of_two_reviewers_on_one_entity_both_arrive(root: Path, schema: Schema) -> None:
    repository = Repository(root)
    ends = {"one": "concept:preference-locking", "other": "concept:opaque-reasoning-ability"}
    for branch, end in ends.items():
        repository.branch(branch)
        edge = NewEdge(iri("concept:compliance-gap"), str(VOCAB.extends), iri(end), "A note.", status="active")
        add_edge(read_base(root, NAMESPACES), edge)
        repository.commit()
    repository.git("merge", "--no-edit", "one")
    assert "<<<<" not in (root / GAP).read_text(encoding="utf-8")
    base = read_base(root, NAMESPACES)
    report = check(base, schema)
    assert not report.findings
    found = {
        edge.object
        for edge in edges_in(base.asserted)
        if edge.ends[:2] == (URIRef(iri("concept:compliance-gap")), VOCAB.extends)
    }
    assert found == {URIRef(iri(end)) for end in ends.values()}


def test_without_the_driver_these_are_a_conflict(root: Path) -> None:
    """Else the test above would show nothing."""
    repository = Repository(root)
    repository.git("config", "--unset", "merge.akb.driver")
    for branch, end in (("one", "concept:preference-locking"), ("other", "concept:opaque-reasoning-ability")):
        repository.branch(branch)
        edge = NewEdge(iri("concept:compliance-gap"), str(VOCAB.extends), iri(end), "A note.", status="active")
        add_edge(read_base(root, NAMESPACES), edge)
        repository.commit()
    assert "CONFLICT" in repository.git("merge", "--no-edit", "one", fails=True)


def test_two_new_definitions_are_a_conflict_and_nothing_else_is(root: Path) -> None:
    repository = Repository(root)
    file = root / GAP
    for branch, word in (("one", "First"), ("other", "Second")):
        repository.branch(branch)
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        changed = [
            f'    skos:definition "{word} of two."@en ;\n' if "skos:definition" in line else line for line in lines
        ]
        changed = [
            f'{line}    skos:altLabel "{word} name"@en ;\n' if "skos:prefLabel" in line else line for line in changed
        ]
        file.write_text("".join(changed), encoding="utf-8")
        repository.commit()
    said = repository.git("merge", "--no-edit", "one", fails=True)
    assert "both sides changed concept:compliance-gap skos:definition" in said
    text = file.read_text(encoding="utf-8")
    [conflict] = text.split("<<<<<<< ours\n")[1:]
    assert conflict.split(">>>>>>> theirs\n")[0].splitlines() == [
        '    skos:definition "Second of two."@en ;',
        "=======",
        '    skos:definition "First of two."@en ;',
    ]
    assert text.count("altLabel") == 2
    assert GAP in repository.git("diff", "--name-only", "--diff-filter=U")


def test_an_edge_of_what_the_other_side_retires_is_a_conflict() -> None:
    head = "@prefix akb: <https://w3id.org/alignment-kb/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."
    head += " @prefix akbv: <https://w3id.org/alignment-kb/schemes#> . @prefix c: <urn:c:> .\n"
    edge = "c:e a akb:Edge ; akb:subject c:a ; akb:predicate akb:extends ; akb:object c:b ; akb:status akbv:active .\n"
    before = f"{head}c:a akb:status akbv:active .\n"
    ours = f"{head}c:a akb:status akbv:merged ; owl:deprecated true ; akb:mergedInto c:x .\n"
    merged = merge_texts(before, ours, before + edge + "c:a akb:extends c:b .\n", OUR_SCHEMA, NAMESPACES)
    assert len(merged.clashes) == 1
    assert "retired" in merged.clashes[0]
    assert "<<<<<<< ours" in merged.text
