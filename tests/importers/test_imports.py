"""Tables into files: what is written, what is left alone, what is refused, and where."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given
from hypothesis import settings as configure
from hypothesis import strategies as st
from rdflib import SKOS, Literal, URIRef

from server.cli.main import main
from server.importers.cells import columns_of
from server.importers.imports import Plan, plan_import, write_plan
from server.importers.tables import read_table
from server.schema.reading import schema_of
from server.turtle.base import Base
from server.turtle.edges import VOCAB, edge_id, edge_iri, edges_in
from server.turtle.reader import read_base
from tests.made import CLASHING, NAMESPACES

SEED = """class,label,definition,status
concept,Alignment faking,Following an objective only while it is watched.,active
"""
ENTITIES = """class,slug,type,label,altLabels,definition,status,sources,issued,doi,arxivId,authorList,wikidata
concept,,,Reward hacking,Specification gaming | Reward gaming,"Scoring well by a route, wanted by nobody.",active,\
https://example.org/a | a book,,,,,
paper,a-paper,,A paper,,Reports a test of it.,draft,,2024-05,10.48550/arXiv.2405.00001,2405.00001,Ada Lovelace; Ben Oak,
thinker,ada,Person,Ada Lovelace,,Wrote about the Analytical Engine.,,,,,,,Q7259
"""
EDGES = """subject,predicate,object,note,assertedIn,locator,confidence,status,agentType,sources
paper:a-paper,studies,concept:reward-hacking,Tests for it.,paper:a-paper,Section 2,0.90,active,machine-reviewed,a book
concept:reward-hacking,associated_with,concept:alignment-faking,Both mislead.,,,,active,,
"""


@pytest.fixture
def root(tmp_path: Path, repository: Path) -> Path:
    """A base with one entity, so that its check is quick however large the real one grows."""
    root = tmp_path / "base"
    for part in ("ontology", "shapes"):
        shutil.copytree(repository / part, root / part)
    (root / "kb").mkdir()
    (tmp_path / "seed.csv").write_text(SEED)
    assert run(root, tmp_path / "seed.csv").exit_code == 0
    return root


@pytest.fixture
def small(root: Path) -> Base:
    return read_base(root, NAMESPACES)


def tables(folder: Path, entities: str = ENTITIES, edges: str = EDGES) -> list[Path]:
    folder.mkdir(exist_ok=True)
    (folder / "entities.csv").write_text(entities, encoding="utf-8")
    (folder / "edges.csv").write_text(edges, encoding="utf-8")
    return [folder / "entities.csv", folder / "edges.csv"]


def run(root: Path, *words: object) -> Result:
    return CliRunner(env={"AKB_ROOT": str(root)}).invoke(main, ["import", "table", *map(str, words)])


def contents(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in (root / "kb").rglob("*") if path.is_file()}


def test_an_import_creates_and_adds_and_passes_the_check(root: Path, tmp_path: Path) -> None:
    files = tables(tmp_path / "tables")
    before = contents(root)
    result = run(root, *files, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "would create kb/paper/a-paper.ttl" in result.output
    assert "would change kb/concept/alignment-faking.ttl" in result.output
    assert contents(root) == before
    result = run(root, *files)
    assert (result.exit_code, result.output) == (
        0,
        "3 entities and 2 edges read: 3 files created, 1 changed.\n",
    )
    assert CliRunner(env={"AKB_ROOT": str(root)}).invoke(main, ["check"]).exit_code == 0
    assert CliRunner(env={"AKB_ROOT": str(root)}).invoke(main, ["fmt", "--check"]).exit_code == 0
    graph = read_base(root, NAMESPACES).asserted
    node = URIRef(NAMESPACES.expand("concept:reward-hacking"))
    assert set(graph.objects(node, SKOS.altLabel)) == {
        Literal("Specification gaming", lang="en"),
        Literal("Reward gaming", lang="en"),
    }
    authors = graph.value(URIRef(NAMESPACES.expand("paper:a-paper")), VOCAB.authorList)
    assert authors == Literal("Ada Lovelace; Ben Oak")
    # A symmetric edge stands in the file of the end that sorts first.
    edge = edge_iri(
        NAMESPACES, *(NAMESPACES.expand(c) for c in ("concept:alignment-faking", "akb:associatedWith")), node
    )
    assert graph.value(edge, VOCAB.note) == Literal("Both mislead.", lang="en")
    assert f"edge:{str(edge)[-10:]}" in (root / "kb/concept/alignment-faking.ttl").read_text()


def test_a_second_import_changes_nothing_and_a_longer_table_adds(root: Path, tmp_path: Path) -> None:
    files = tables(tmp_path / "tables")
    run(root, *files)
    after = contents(root)
    assert run(root, *files).output.endswith("0 files created, 0 changed.\n")
    assert contents(root) == after
    longer = ENTITIES.replace("Reward gaming", "Reward gaming | Gaming the reward")
    assert run(root, *tables(tmp_path / "tables", longer)).output.endswith("0 files created, 1 changed.\n")


def test_new_edges_with_the_same_first_digits_get_names_of_their_own(root: Path, tmp_path: Path) -> None:
    """Docs/editing.md: sixteen digits where another edge has the first ten, of the base or of the tables."""
    names = ["Compliance gap", *(f"Made {other.rpartition('-')[2]}" for _, _, other in CLASHING)]
    entities = "class,label,definition\n" + "".join(f"concept,{name},What a test calls {name}.\n" for name in names)
    edges = [f"{','.join(ends)},Made by a test.\n" for ends in CLASHING]
    head = "subject,predicate,object,note\n"
    result = run(root, *tables(tmp_path / "tables", entities, head + "".join(edges)))
    assert result.exit_code == 0, result.output
    expand = NAMESPACES.expand
    first, second = (tuple(map(expand, (one, "akb:contributesTo", other))) for one, _, other in CLASHING)
    expected = {URIRef(NAMESPACES.edge + "a4923f405e"), edge_iri(NAMESPACES, *second, digits=16)}
    assert {one.iri for one in edges_in(read_base(root, NAMESPACES).asserted)} == expected
    after = contents(root)
    assert run(root, *tables(tmp_path / "tables", entities, head + edges[1] + edges[0])).exit_code == 0
    assert contents(root) == after, "in another order they are the same edges"
    assert edge_id(*first) == edge_id(*second)


def test_a_difference_is_refused_and_followed_with_update(root: Path, tmp_path: Path) -> None:
    run(root, *tables(tmp_path / "tables"))
    changed = tables(
        tmp_path / "tables",
        ENTITIES.replace("Reports a test of it.", "Reports two tests of it."),
        EDGES.replace("Section 2,0.90,active", "Section 3,0.9,draft"),
    )
    before = contents(root)
    result = run(root, *changed)
    assert result.exit_code == 1
    assert f"{changed[0]}:3:6: violation [table] paper:a-paper: The base, or a row above, has another definition" in (
        result.output
    )
    assert f"{changed[1]}:2:6: " in result.output
    assert f"{changed[1]}:2:7: " not in result.output, "0.9 and 0.90 are one number"
    assert contents(root) == before
    assert run(root, *changed, "--update").exit_code == 0
    base = read_base(root, NAMESPACES)
    paper = (root / "kb/paper/a-paper.ttl").read_text()
    assert "Reports two tests of it." in paper
    assert "Section 3" in paper
    ends = [NAMESPACES.expand(c) for c in ("paper:a-paper", "akb:studies", "concept:reward-hacking")]
    assert tuple(map(URIRef, ends)) not in base.asserted, "a draft has no plain triple"
    assert CliRunner(env={"AKB_ROOT": str(root)}).invoke(main, ["check"]).exit_code == 0


@pytest.mark.parametrize(
    ("entities", "place", "what"),
    [
        ("class,lable\nconcept,x\n", "1:2", "did you mean label?"),
        ("class,label,label\nconcept,x,y\n", "1:2", "there twice"),
        ("slug,label\nx,y\n", "1", "column 'class' is missing"),
        ("", "1", "column 'class' is missing"),
        ('class,label\n"concept,x\n', "2", "Not a table"),
        ('"class,label\n', "1", "Not a table"),
        ("class,label\nconcept,x,y\n", "2", "3 cells"),
        ('class,label,definition\n\nconcept,"two\nlines",x\nconcept,,y\n', "5:2", "cannot be a slug"),
        ("class,slug,label\nconcept,../etc,x\n", "2:2", "'../etc' cannot be a slug"),
        ("class,slug,label\nconcept,x,\n", "2:3", "has no label"),
        ("class,label\nidea,x\n", "2:1", "'idea' is not a class"),
        ("class,label,type\nthinker,x,Robot\n", "2:3", "not a class under thinker"),
        ("class,label,status\nconcept,x,good\n", "2:3", "write one of active, contested"),
        ("class,label,issued\npaper,x,2024-13\n", "2:3", "not a date"),
        ("class,label,wikidata\nconcept,x,24882728\n", "2:3", "not a Wikidata identifier"),
        ("class,label,homepage\nconcept,x,example.org\n", "2:3", "not an address"),
        # What the shapes find is placed at its row.
        ("class,label\nconcept,x\n", "2", "English definition"),
        ("class,label,definition,issued,doi\npaper,x,y,2024,doi:1\n", "2", "not a DOI"),
        ("class,slug,label\nconcept,alignment-faking,x\n", "2:3", "has another label"),
    ],
)
def test_a_bad_table_of_entities_is_refused_whole(
    root: Path, tmp_path: Path, entities: str, place: str, what: str
) -> None:
    before = contents(root)
    files = tables(tmp_path / "tables", entities, EDGES.splitlines()[0])
    result = run(root, *files)
    assert result.exit_code == 1, result.output
    line = next(line for line in result.output.split("violation") if line.strip().endswith(f"{files[0]}:{place}:"))
    assert line
    assert what in result.output
    assert "mend:" in result.output
    assert result.output.endswith("nothing was written.\n")
    assert contents(root) == before


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        (",studies,concept:reward-hacking,x", ":1", "no subject"),
        ("paper:a-paper,studies,,x", ":3", "no object"),
        ("paper:none,studies,concept:reward-hacking,x", ":1", "neither the base nor the tables"),
        ("paper:a-paper,studies,nowhere,x", ":3", "not a CURIE"),
        ("paper:a-paper,studdies,concept:reward-hacking,x", ":2", "not a predicate"),
        ("paper:a-paper,related,concept:reward-hacking,x", ":2", "not a predicate"),
        ("paper:a-paper,studies,concept:reward-hacking,x,paper:none", ":5", "neither the base nor the tables"),
        ("paper:a-paper,studies,concept:reward-hacking,x,,,much", ":7", "not a number"),
        ("paper:a-paper,studies,concept:reward-hacking,x,,,1.1", ":7", "not from 0 to 1"),
        ("paper:a-paper,studies,concept:reward-hacking,x,,,,merged", "", "An edge has one status"),
        ("paper:a-paper,studies,concept:reward-hacking,", "", "note of the edge is missing"),
        ("concept:reward-hacking,studies,paper:a-paper,x", ":2", "from akb:Source to akb:Entity"),
        ("paper:a-paper,measured_by,concept:reward-hacking,x", ":2", "paper:a-paper is akb:Paper"),
    ],
)
def test_a_bad_edge_is_refused_whole(root: Path, tmp_path: Path, row: str, column: str, what: str) -> None:
    before = contents(root)
    files = tables(tmp_path / "tables", edges=f"{EDGES.splitlines()[0]}\n{row}\n")
    result = run(root, *files)
    assert result.exit_code == 1, result.output
    assert what in result.output
    assert f"{files[1]}:2{column}: " in result.output
    assert contents(root) == before


@pytest.mark.parametrize(("name", "text"), [("x.txt", b"class,label"), ("x.csv", b"\xff"), ("none.csv", None)])
def test_what_cannot_be_a_table_is_wrong_use(root: Path, tmp_path: Path, name: str, text: bytes | None) -> None:
    if text is not None:
        (tmp_path / name).write_bytes(text)
    assert run(root, tmp_path / name).exit_code == 2


def test_a_file_with_a_comment_or_that_cannot_be_read_is_left_alone(root: Path, tmp_path: Path) -> None:
    path = root / "kb/concept/alignment-faking.ttl"
    path.write_text(path.read_text() + "# keep me\n")
    result = run(root, *tables(tmp_path / "tables"))
    assert "has a comment, which would be lost" in result.output
    (root / "kb/concept/reward-hacking.ttl").write_text("not Turtle")
    result = run(root, *tables(tmp_path / "tables"))
    assert "kb/concept/reward-hacking.ttl is there and cannot be read" in result.output
    assert not (root / "kb/paper/a-paper.ttl").exists()


cell = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=40)


@given(st.lists(st.tuples(cell, cell, cell), max_size=4))
@configure(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_any_table_is_read_or_refused_and_never_a_fault_of_ours(
    tmp_path: Path, small: Base, rows: list[tuple[str, str, str]]
) -> None:
    path = tmp_path / "any.tsv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, "excel-tab")
        writer.writerows([("class", "label", "definition"), *(("concept", *row[:2]) for row in rows)])
    schema = schema_of(small)
    table = read_table(path, columns_of(schema))
    assert not table.is_of_edges
    plan = plan_import(small, schema, [table])
    assert plan.faults or len(plan.files) <= len(rows)


def test_a_long_table_tells_how_far_it_is_and_is_whole_after_a_kill(root: Path, tmp_path: Path, small: Base) -> None:
    path = tmp_path / "long.tsv"
    path.write_text(
        "class\tlabel\tdefinition\n" + "".join(f"concept\tThing {n}\tThe thing with number {n}.\n" for n in range(300))
    )
    schema = schema_of(small)
    told: list[tuple[str, int, int]] = []
    plan: Plan = plan_import(
        small, schema, [read_table(path, columns_of(schema))], progress=lambda *news: told.append(news)
    )
    assert ("entities", 300, 300) in told
    assert plan.created == 300

    def killed(_stage: str, done: int, _total: int) -> None:
        if done == 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_plan(small, plan, killed)
    assert run(root, path).output == "300 entities and 0 edges read: 200 files created, 0 changed.\n"


def test_two_imports_at_once_leave_whole_files(root: Path, tmp_path: Path) -> None:
    files = [str(path) for path in tables(tmp_path / "tables")]
    command = [sys.executable, "-m", "server.cli.main", "import", "table", "--root", str(root), *files]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    for process in processes:
        process.communicate()
    assert run(root, *files).output.endswith("0 files created, 0 changed.\n")
