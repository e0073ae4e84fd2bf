"""The command line: what each command does, says, and exits with."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from server.cli import main as cli
from server.cli.main import main

AF = "kb/concept/alignment-faking.ttl"


@pytest.fixture
def akb(root: Path, tmp_path: Path) -> object:
    runner = CliRunner(env={"AKB_ROOT": str(root), "AKB_STATE": str(tmp_path / "state")})
    return lambda *words: runner.invoke(main, list(words))


def test_help_lists_every_command_in_order_of_use() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    places = [
        result.output.index(f"\n  {name} ")
        for name in (
            "serve",
            "build",
            "check",
            "diff",
            "fmt",
            "new",
            "link",
            "import",
            "stats",
            "query",
            "peers",
            "publish",
            "generate",
        )
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("name", list(main.commands))
def test_every_command_explains_itself_and_takes_a_root(name: str) -> None:
    command = main.commands[name]
    below = [[name, one] for one in command.commands] if isinstance(command, click.Group) else []
    results = [CliRunner().invoke(main, [*words, "--help"]) for words in ([name], *below)]
    assert [result.exit_code for result in results] == [0] * len(results)
    assert any("--root" in result.output for result in results) or name == "init", "that one makes a base"
    assert all(len(result.output.splitlines()) > 8 for result in results)
    assert not any("\\b" in result.output for result in results), "examples keep their lines"


def test_a_clean_tree_exits_with_0(akb: object) -> None:
    result: Result = akb("check")
    assert (result.exit_code, result.output) == (0, "63 files, 62 entities, 121 edges: no findings.\n")


def test_a_finding_exits_with_1_and_names_file_line_entity_and_mend(akb: object, root: Path) -> None:
    path = root / AF
    path.write_text(path.read_text().replace('    skos:prefLabel "Alignment Faking"@en ;\n', ""))
    result = akb("check")
    assert result.exit_code == 1
    line = next(
        n for n, text in enumerate(path.read_text().splitlines(), 1) if text.startswith("concept:alignment-faking a")
    )
    assert (
        f"{AF}:{line}:1: violation [entity-english-label] concept:alignment-faking: There is no English label"
        in result.output
    )
    assert "\n  mend: add skos:prefLabel" in result.output
    assert "\x1b[" not in result.output, "colour is for terminals"


def test_a_contradiction_exits_with_1(akb: object) -> None:
    link = [
        "link",
        "concept:goal-misgeneralization",
        "extends",
        "concept:alignment-faking",
        "--note",
        "x",
        "--status",
        "active",
    ]
    assert akb(*link).exit_code == 0
    for command in ("check", "build"):
        result = akb(command)
        assert result.exit_code == 1
        assert "[contradiction] concept:alignment-faking “Alignment Faking”: akb:extends is asymmetric" in result.output
        assert "concept:goal-misgeneralization akb:extends concept:alignment-faking (kb/concept/goal" in result.output


def test_a_wrong_use_exits_with_2(akb: object, tmp_path: Path) -> None:
    for words in (
        ["check", "--root", str(tmp_path / "nowhere")],
        ["build", "--nonsense"],
        ["new", "idea", "x"],
        ["new", "concept", "Alignment faking"],
        ["link", "concept:alignment-faking", "extends", "concept:nowhere", "--note", "x"],
        ["query", "SELEC"],
        ["query", "ASK {}", "--format", "csv"],
        ["query", "SELECT * { SERVICE <http://127.0.0.1:9/> {} }"],
        ["query", "ASK {}", "--endpoint", "ftp://x"],
        ["fmt", str(tmp_path / "none.ttl")],
        ["serve", "--port", "99999"],
    ):
        result = akb(*words)
        assert result.exit_code == 2, (words, result.output)
        assert "Traceback" not in result.output


def test_what_cannot_be_read_exits_with_3(akb: object, root: Path, tmp_path: Path) -> None:
    assert akb("query", "@" + str(tmp_path / "none.rq")).exit_code == 3
    result = akb("query", "ASK {}", "--endpoint", "http://127.0.0.1:9/sparql")
    assert result.exit_code == 3
    assert "gave no answer" in result.output
    (root / "ontology/akb.ttl").write_text("akb:x a .")
    result = akb("check")
    assert result.exit_code == 3
    assert "ontology/akb.ttl:1" in result.output


def test_a_fault_of_ours_exits_with_4_and_leaves_the_traceback_in_a_file(
    akb: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cli, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr("server.validation.check.check", lambda *_, **__: 1 / 0)
    result = akb("check")
    assert result.exit_code == 4
    assert "a fault in akb, not in what you did" in result.output
    assert "Traceback" not in result.output
    [log] = tmp_path.glob("akb-fault-*.log")
    assert "ZeroDivisionError" in log.read_text()


def test_build_says_what_it_made_and_when_there_is_nothing_to_do(akb: object) -> None:
    first = akb("build")
    assert first.exit_code == 0
    words = " ".join(first.output.split())
    for expected in ("concept 14", "edges 121", "inferred triples", "seconds"):
        assert expected in words
    assert "Nothing has changed" in akb("build").output
    assert "Nothing has changed" not in akb("build", "--force").output


def test_a_rejected_build_shows_the_findings(akb: object, root: Path) -> None:
    (root / AF).write_text("broken")
    result = akb("build")
    assert result.exit_code == 1
    assert f"{AF}:1:1: violation [syntax]" in result.output
    assert "no release was made" in result.output


def test_fmt_formats_refuses_and_is_idempotent(akb: object, root: Path) -> None:
    path = root / AF
    canonical = path.read_text()
    path.write_text(canonical.replace(" ;\n    ", ";\n\t"))
    commented = root / "kb/concept/compliance-gap.ttl"
    commented.write_text("# mine\n" + commented.read_text())
    broken = root / "kb/concept/preference-conflict.ttl"
    broken.write_text("broken")
    only_check = akb("fmt", "--check")
    assert only_check.exit_code == 1
    assert f"would change {AF}" in only_check.output
    assert path.read_text() != canonical
    result = akb("fmt")
    assert result.exit_code == 1
    assert path.read_text() == canonical
    assert commented.read_text().startswith("# mine\n")
    assert broken.read_text() == "broken"
    assert "1 changed, 2 refused" in result.output
    assert "compliance-gap.ttl:1: the file has a comment" in result.output
    assert akb("fmt", str(path)).output == "1 file: 0 changed, 0 refused.\n"


def test_a_new_entity_and_its_edge_pass_the_check(akb: object, root: Path) -> None:
    assert (
        akb("new", "concept", "Reward hacking", "--definition", "Scoring well by a route nobody wanted.").exit_code == 0
    )
    assert (root / "kb/concept/reward-hacking.ttl").is_file()
    words = [
        "concept:reward-hacking",
        "generalizes",
        "concept:sycophancy-in-llms",
        "--note",
        "One kind of it.",
        "--status",
        "active",
    ]
    result = akb(
        "link", *words, "--in", "paper:towards-understanding-sycophancy", "--locator", "Abstract", "--confidence", "0.5"
    )
    # An inverse is stored from its other end.
    assert "kb/concept/sycophancy-in-llms.ttl" in result.output
    assert akb("check").output.startswith("64 files, 63 entities, 122 edges: no findings.")
    assert akb("fmt", "--check").exit_code == 0


def test_what_a_new_entity_still_needs_is_said_by_the_check(akb: object) -> None:
    assert akb("new", "quote", "A quote").exit_code == 0
    result = akb("check")
    assert result.exit_code == 0, "a draft may lack what it lacks"
    for rule in ("entity-definition", "quote-work", "quote-locator"):
        assert f"warning [{rule}] quote:a-quote" in result.output


def test_an_unfinished_draft_stays_out_of_a_release_and_stops_no_command(akb: object) -> None:
    assert akb("new", "quote", "A quote").exit_code == 0
    result = akb("build")
    assert result.exit_code == 0, result.output
    assert "1 draft is not finished and left out, with the edges there: quote:a-quote" in result.output
    assert akb("query", "ASK { ?s dcterms:identifier 'quote:a-quote' }").output == '{"head":{},"boolean":false}'


def test_commands_that_only_read_use_the_release_before_and_say_so(akb: object, root: Path) -> None:
    assert akb("build").exit_code == 0
    (root / AF).write_text("broken")
    for words in (
        ("query", "ASK {}"),
        ("search", "faking"),
        ("path", "concept:alignment-faking", "claim:setup-functions-as-jailbreak"),
    ):
        result = akb(*words)
        assert result.exit_code == 0, result.output
        assert "Using the release before it, of 20" in result.stderr
        assert result.stdout
    assert (
        akb("publish", "--endpoint", "http://127.0.0.1:9/sparql", "--update", "http://127.0.0.1:9/update").exit_code
        == 1
    )


def test_without_a_release_a_command_that_reads_says_what_keeps_it(akb: object, root: Path) -> None:
    (root / AF).write_text("broken")
    result = akb("query", "ASK {}")
    assert result.exit_code == 1
    assert "no release was made" in result.output


def test_query_answers_in_every_format_that_suits(akb: object, tmp_path: Path) -> None:
    assert akb("query", "ASK { ?s a akb:Claim }").output == '{"head":{},"boolean":true}'
    assert akb("query", "SELECT (1 AS ?x) {}").output.split() == ["x", "1"]
    assert json.loads(akb("query", "SELECT (1 AS ?x) {}", "--format", "json").output)["results"]["bindings"]
    assert "akb:Claim" in akb("query", "CONSTRUCT { ?s a akb:Claim } { ?s a akb:Claim }").output
    path = tmp_path / "q.rq"
    path.write_text("SELECT (2 AS ?x) {}")
    assert akb("query", f"@{path}").output.split() == ["x", "2"]
    path.write_bytes(b"\xef\xbb\xbfSELECT (3 AS ?x) {}")
    assert akb("query", f"@{path}").output.split() == ["x", "3"]
    path.write_text("SELECT (4 AS ?x) {}", encoding="utf-16")
    assert akb("query", f"@{path}").output.split() == ["x", "4"]
    path.write_text("SELECT\u00a0(5 AS ?x) {}")
    wrong = akb("query", f"@{path}")
    assert wrong.exit_code == 2
    assert "Line 1, column 7: the query cannot be read at U+00A0 (no-break space)" in wrong.output


def test_generate_mends_what_is_out_of_step(akb: object, root: Path) -> None:
    (root / "docs").mkdir()
    stale = akb("generate", "--check")
    assert stale.exit_code == 1
    assert "docs/ontology.md is out of step" in stale.output
    assert akb("generate").output == "docs/ontology.md written\n"
    assert akb("generate", "--check").exit_code == 0
