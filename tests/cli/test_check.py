"""`akb check`: its formats, its policy, its stages, and its exit codes one by one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import main as cli
from server.cli.main import main
from server.validation.reports.formats import FORMATS
from tests.history.repositories import commit, repository

AF = "kb/concept/alignment-faking.ttl"
LABEL = '    skos:prefLabel "Alignment Faking"@en ;\n'
NO_LABEL = '    skos:prefLabel " "@de ;\n'
Check = Callable[..., Result]


@pytest.fixture
def check(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Run `akb check` in a folder beside the base."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner(env={"AKB_ROOT": str(root), "AKB_STATE": str(tmp_path / "state")})
    return lambda *words: runner.invoke(main, ["check", *words])


@pytest.fixture
def faulty(root: Path) -> Path:
    """The base with one label empty and not English: two violations, `entity-label` and `entity-english-label`."""
    path = root / AF
    path.write_text(path.read_text().replace(LABEL, NO_LABEL))
    return root


def rules(result: Result) -> set[str]:
    return {finding["rule"] for finding in json.loads(result.output)["findings"]}


class TestExitCodes:
    """docs/validation.md, one row each."""

    def test_0_when_nothing_is_found(self, check: Check) -> None:
        result = check()
        assert result.exit_code == 0
        assert result.output.endswith(": no findings.\n")

    def test_0_when_what_is_found_is_below_fail_on(self, check: Check, root: Path) -> None:
        path = root / AF
        path.write_text(path.read_text() + "\n\n\n# A comment.\n")
        warned = check("--format", "json")
        assert {one["severity"] for one in json.loads(warned.output)["findings"]} <= {"info", "warning"}
        assert rules(warned)
        assert warned.exit_code == 0
        assert check("--fail-on", "info").exit_code == 1

    def test_1_when_a_finding_fails(self, check: Check, faulty: Path) -> None:
        assert check().exit_code == 1

    def test_1_for_a_rule_that_cannot_be_run(self, check: Check, root: Path) -> None:
        (root / "shapes/rules/several-types.rq").write_text("SELECT * {}")
        result = check("--format", "json")
        assert result.exit_code == 1
        assert "rule-unreadable" in rules(result)

    def test_1_for_a_file_of_kb_that_is_not_turtle(self, check: Check, root: Path) -> None:
        (root / AF).write_text("concept:x a\n")
        result = check("--format", "json")
        assert result.exit_code == 1
        assert "syntax" in rules(result)

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["--nonsense"], "No such option"),
            (["--format", "yaml"], "choose one of text, json"),
            (["--format", "json="], "names no file"),
            (["--format", "json", "--format", "sarif"], "cannot both go to standard output"),
            (["--format", "json=nowhere/x.json"], "cannot be written: No such file or directory"),
            (["--fail-on", "error"], "Invalid value for '--fail-on'"),
            (["--only", "everything"], "Invalid value for '--only'"),
            (["--only", "lint", "--skip", "lint"], "leave no stage"),
            (["--root", "nowhere"], "is not a folder"),
            (["--write-baseline", "nowhere/b.json"], "cannot be written"),
        ],
        ids=lambda words: " ".join(words) if isinstance(words, list) else "",
    )
    def test_2_when_it_is_used_wrongly(self, words: list[str], said: str, check: Check) -> None:
        result = check(*words)
        assert result.exit_code == 2
        assert said in result.output
        assert "Traceback" not in result.output

    @pytest.mark.parametrize(
        ("file", "text"),
        [
            ("ontology/akb.ttl", "akb:x a ."),
            ("shapes/entity.ttl", "shape:Entity a"),
            ("shapes/waivers.ttl", "waiver:x a"),
        ],
    )
    def test_3_when_what_it_depends_on_cannot_be_read_and_the_rest_is_checked(
        self, file: str, text: str, check: Check, root: Path, tmp_path: Path
    ) -> None:
        (root / file).write_text(text)
        (root / AF).write_text("concept:x a\n")
        result = check("--format", "json=report.json", "--format", "sarif=report.sarif")
        assert result.exit_code == 3
        found = json.loads((tmp_path / "report.json").read_text())["findings"]
        assert {(one["file"], one["blocks"]) for one in found if one["rule"] == "syntax"} == {
            (f"base/{file}", True),
            (f"base/{AF}", False),
        }
        assert all(one["line"] == 1 and one["mend"] for one in found if one["rule"] == "syntax")
        assert file in (tmp_path / "report.sarif").read_text()

    @pytest.mark.parametrize("text", ['@version "1.2" .\n', "# -----\n# version 2\nu:a u:b u:c .\n"])
    def test_a_word_of_a_newer_turtle_beside_a_fault_is_no_fault_of_ours(
        self, text: str, check: Check, root: Path
    ) -> None:
        path = root / AF
        path.write_text(path.read_text() + text)
        result = check("--only", "syntax", "--format", "json")
        assert result.exit_code == 1
        [finding] = json.loads(result.stdout)["findings"]
        assert (finding["rule"], finding["line"]) == ("syntax", path.read_text().count("\n"))

    @pytest.mark.parametrize("text", [None, "{}", '{"version": 9, "findings": []}'])
    def test_3_when_the_baseline_cannot_be_read(self, text: str | None, check: Check, tmp_path: Path) -> None:
        if text is not None:
            (tmp_path / "b.json").write_text(text)
        result = check("--baseline", "b.json")
        assert result.exit_code == 3
        assert "mend: create it again with `akb check --write-baseline b.json`" in result.output
        assert result.output.count("[baseline-unreadable]") == 1

    def test_4_when_the_fault_is_ours(self, check: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(cli, "gettempdir", lambda: str(tmp_path))
        monkeypatch.setattr("server.validation.policy.judge", lambda *_, **__: 1 / 0)
        result = check()
        assert result.exit_code == 4
        assert "a fault in akb, not in what you did" in result.output
        assert "Traceback" not in result.output


class TestFormats:
    """`--format`."""

    def test_all_formats_are_written_at_once_and_the_text_goes_to_standard_output(
        self, check: Check, faulty: Path, tmp_path: Path
    ) -> None:
        names = [name for name in FORMATS if name != "text"]
        result = check(*(word for name in names for word in ("--format", f"{name}=report.{name}")))
        assert result.exit_code == 1
        assert "[entity-label]" in result.output
        for name in names:
            assert "entity-label" in (tmp_path / f"report.{name}").read_text(encoding="utf-8"), name

    def test_another_format_takes_the_place_of_the_text(self, check: Check, faulty: Path) -> None:
        assert rules(check("--format", "json")) == {"entity-label", "entity-english-label"}

    def test_a_report_is_written_although_nothing_was_found(self, check: Check, tmp_path: Path) -> None:
        assert check("--format", "sarif=x.sarif").exit_code == 0
        assert json.loads((tmp_path / "x.sarif").read_text())["runs"][0]["results"] == []

    def test_paths_start_where_the_reader_stands(
        self, check: Check, faulty: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert f"\nbase/{AF}:" in "\n" + check().output
        monkeypatch.chdir(faulty)
        assert f"\n{AF}:" in "\n" + check().output
        monkeypatch.chdir(faulty / "kb")
        assert f"\n{AF}:" in "\n" + check().output

    def test_a_name_of_a_file_that_is_not_utf_8_is_no_fault(self, check: Check, root: Path, tmp_path: Path) -> None:
        (root / "kb/concept" / b"caf\xe9.ttl".decode("utf-8", "surrogateescape")).write_text("")
        for name in FORMATS:
            result = check("--format", name, "--format", f"{name}=x")
            assert result.exit_code == 1, (name, result.output)
            (tmp_path / "x").read_text(encoding="utf-8")


class TestStages:
    """`--only` and `--skip`."""

    def test_a_stage_is_run_alone_or_left_out(self, check: Check, faulty: Path) -> None:
        assert check("--only", "shapes").exit_code == 1
        assert check("--only", "syntax", "--only", "rules").exit_code == 0
        assert check("--skip", "shapes", "--skip", "lint").exit_code == 0


class TestBaseline:
    """`--baseline` and `--write-baseline`."""

    def test_known_findings_pass_new_ones_fail_and_mended_ones_are_reported(self, check: Check, faulty: Path) -> None:
        assert check("--write-baseline", "known.json").exit_code == 0
        path = faulty / AF
        # Lines move, and nothing is new.
        path.write_text(path.read_text().replace("\nconcept:alignment-faking a", "\n\n\nconcept:alignment-faking a"))
        moved = check("--baseline", "known.json", "--only", "shapes")
        assert moved.exit_code == 0
        assert "no findings; 2 known." in moved.output
        other = faulty / "kb/concept/goal-misgeneralization.ttl"
        whole = other.read_text()
        other.write_text(whole.replace("akb:status akbv:active", "akb:status akbv:done", 1))
        new = check("--baseline", "known.json")
        assert new.exit_code == 1
        assert "[entity-status]" in new.output
        assert "[entity-label]" not in new.output
        other.write_text(whole)
        path.write_text(path.read_text().replace(NO_LABEL, LABEL))
        mended = check("--baseline", "known.json")
        assert mended.exit_code == 0
        assert "mended [entity-label] concept:alignment-faking: The label is empty" in mended.output
        assert "2 mended." in mended.output

    def test_a_check_of_some_stages_calls_nothing_mended(self, check: Check, faulty: Path) -> None:
        check("--write-baseline", "known.json")
        assert "mended" not in check("--baseline", "known.json", "--only", "syntax").output


class TestWaivers:
    """`shapes/waivers.ttl`, as the command sees it."""

    def test_what_is_waived_passes_and_a_build_takes_it(self, check: Check, faulty: Path, tmp_path: Path) -> None:
        (faulty / "shapes/waivers.ttl").write_text(
            "@prefix akb: <https://w3id.org/alignment-kb/ontology#> .\n"
            "@prefix concept: <https://w3id.org/alignment-kb/concept/> .\n"
            "@prefix waiver: <https://w3id.org/alignment-kb/waivers#> .\n"
            "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
            + "".join(
                f'\nwaiver:{rule} a akb:Waiver ; akb:waives "{rule}" ; akb:waivesFor concept:alignment-faking ;\n'
                '    akb:reason "Its name is disputed."@en ; akb:expires "2999-01-01"^^xsd:date .\n'
                for rule in ("entity-label", "entity-english-label")
            )
        )
        result = check()
        assert result.exit_code == 0, result.output
        assert "2 waived." in result.output
        runner = CliRunner(env={"AKB_ROOT": str(faulty), "AKB_STATE": str(tmp_path / "state")})
        built = runner.invoke(main, ["build"])
        assert built.exit_code == 0, built.output


def test_the_help_names_every_format_and_exit_code() -> None:
    said = " ".join(CliRunner().invoke(main, ["check", "--help"]).output.split())
    assert all(name in said for name in FORMATS)
    assert all(f"{code} " in said for code in range(5))


def test_only_a_change_and_what_it_affects_is_checked(check: Check, faulty: Path) -> None:
    """One fault is committed and one is not: the second is found, and with an older revision both are."""
    repository(faulty)
    commit(faulty)
    other = faulty / "kb/question/why-does-the-gap-survive-without-a-scratchpad.ttl"
    other.write_text(other.read_text().replace("akb:status akbv:active", "akb:status akbv:done", 1))
    (faulty / "kb/claim/new.ttl").write_text("no Turtle")
    (faulty / "kb/method/rlhf.ttl").unlink()
    result = check("--changed-since", "HEAD", "--format", "json")
    assert result.exit_code == 1
    found = {(finding["rule"], finding["focus"]) for finding in json.loads(result.stdout)["findings"]}
    assert found == {("entity-status", f"question:{other.stem}"), ("syntax", "claim:new")}
    assert json.loads(result.stdout)["checked"]["files"] == 2
    commit(faulty)
    assert check("--changed-since", "HEAD").exit_code == 0
    assert rules(check("--changed-since", "HEAD~1", "--format", "json")) == {"entity-status", "syntax"}
    assert rules(check("--format", "json")) >= {"entity-status", "syntax", "entity-label"}


def test_a_revision_that_is_not_there_is_wrong_use(check: Check, root: Path, tmp_path: Path) -> None:
    assert "not in a git repository" in check("--changed-since", "HEAD").stderr
    repository(root)
    commit(root)
    for words in (["nowhere"], ["HEAD", "--write-baseline", str(tmp_path / "b")]):
        result = check("--changed-since", *words)
        assert result.exit_code == 2, result.output
        assert "mend:" in result.stderr


def test_a_base_in_a_folder_of_its_repository_is_compared_too(check: Check, faulty: Path) -> None:
    repository(faulty.parent)
    commit(faulty.parent)
    assert check("--changed-since", "HEAD").exit_code == 0
    path = faulty / AF
    path.write_text(path.read_text() + "\n")
    assert rules(check("--changed-since", "HEAD", "--format", "json")) >= {"entity-label", "not-canonical"}
