"""What a base holds, counted from its files."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from rdflib import DCTERMS, RDF

from server.cli.main import main
from server.knowledge.statistics import base_statistics
from server.schema.reading import schema_of
from server.schema.schema import Schema
from server.turtle.base import Base
from server.turtle.edges import VOCAB
from server.turtle.reader import read_base
from tests.made import CLASSES, NAMESPACES


def test_the_counts_add_up(base: Base, schema: Schema) -> None:
    found = base_statistics(base, schema)
    assert found.entities + found.retired == len(set(base.asserted.subjects(DCTERMS.identifier)))
    assert found.edges == len(set(base.asserted.subjects(RDF.type, VOCAB.Edge)))
    assert tuple(found.entities_per_class) == CLASSES
    assert sum(found.entities_per_class.values()) == sum(found.entity_statuses.values()) == found.entities
    assert sum(found.edges_per_predicate.values()) == sum(found.edge_statuses.values()) == found.edges
    assert 0 < found.checked_entities <= found.entities
    assert 0 < found.checked_edges <= found.edges


def test_the_base_hangs_together(base: Base, schema: Schema) -> None:
    found = base_statistics(base, schema)
    assert found.orphans == ()
    assert (found.components, found.largest_component) == (1, found.entities)


def test_drafts_join_nothing_and_are_not_checked(root: Path) -> None:
    for path in (root / "kb").rglob("*.ttl"):
        path.unlink()
    runner = CliRunner(env={"AKB_ROOT": str(root)})
    assert json.loads(runner.invoke(main, ["stats", "--format", "json"]).output)["largest_component"] == 0
    for name in ("One", "Two", "Three"):
        runner.invoke(main, ["new", "concept", name, "--definition", f"Number {name}."])
    link = ("--note", "They follow each other.")
    runner.invoke(main, ["link", "concept:one", "associated_with", "concept:two", *link, "--status", "active"])
    runner.invoke(main, ["link", "concept:two", "associated_with", "concept:three", *link])
    base = read_base(root, NAMESPACES)
    found = base_statistics(base, schema_of(base))
    assert found.orphans == ("concept:three",)
    assert (found.entities, found.components, found.largest_component) == (3, 2, 2)
    assert found.edges_per_predicate == {"associated_with": 2}
    assert found.edge_statuses == {"active": 1, "draft": 1}
    assert (found.checked_entities, found.checked_edges) == (0, 0), "nothing names what was looked at"


def test_the_text_and_the_json_say_the_same(root: Path, base: Base, schema: Schema) -> None:
    runner = CliRunner(env={"AKB_ROOT": str(root)})
    found = base_statistics(base, schema)
    assert json.loads(runner.invoke(main, ["stats", "--format", "json"]).output)["edges"] == found.edges
    text = runner.invoke(main, ["stats"]).output
    assert text.startswith(f"{found.entities:,} entities, {found.retired:,} retired; {found.edges:,} edges\n")
    assert f"largest component  {found.entities:,} of {found.entities:,} (100%)" in text
