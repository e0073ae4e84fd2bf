"""Files of kept queries: what they say, and what is said of one that cannot be asked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.main import main
from server.records.kept import Parameter
from server.turtle.files import is_kept_query, kb_files
from server.validation.kept_files import parse_kept

GOOD = """# What is there?
# description: Everything.
# parameter ?thing: A thing (entity akb:Claim) = claim:x
# parameter ?kind: Its kind (choice a | b)
# view: bar x=?thing y=n
# rows: 2
SELECT ?thing ?n ?kind WHERE { ?thing ?n ?kind }
"""
FAULTS = {
    "no-question": (GOOD.replace("# What is there?\n", ""), 1, "it does not say what it asks"),
    "Not A Slug": (GOOD, 1, "its file name is not a slug"),
    "no-type": (GOOD.replace("(choice a | b)", "(chioce)"), 4, "'chioce' is no type of ?kind"),
    "no-brackets": (GOOD.replace("(choice a | b)", ""), 4, "a parameter cannot be read"),
    "empty-choice": (GOOD.replace("a | b", "a |"), 4, "?kind has an empty choice"),
    "of-nothing": (GOOD.replace("entity akb:Claim", "entity nope:Claim"), 3, "nope:Claim is not the CURIE of a class"),
    "wrong-default": (GOOD.replace("= claim:x", "= x"), 3, "its default does not fit: The parameter thing is 'x'"),
    "twice": (GOOD.replace("?kind: Its", "?thing: Its"), 4, "?thing is there twice"),
    "unused": (GOOD.replace("?n ?kind", "?n ?of"), 4, "nothing in it is called ?kind"),
    "reserved": (GOOD.replace("?kind", "?view"), 4, "?view is called like a part of the addresses of pages"),
    "no-view": (GOOD.replace("bar x", "pie x"), 5, "there is no view pie"),
    "bad-view": (GOOD.replace("x=?thing", "z=?thing"), 5, "its view 'bar z=?thing y=n' cannot be read"),
    "no-rows": (GOOD.replace("rows: 2", "rows: two"), 6, "'two' is no number of rows"),
    "no-sparql": (GOOD.replace("?kind }", "?kind"), 7, "this is not SPARQL"),
    "no-select": (GOOD.replace("SELECT ?thing ?n ?kind", "CONSTRUCT { ?thing ?n ?kind }"), 1, "it is not a SELECT"),
    "bound-twice": (GOOD.replace("}", "BIND(1 AS ?thing) }"), 7, "this is not SPARQL"),
}  # fmt: skip


def test_the_head_says_what_the_query_is_about_and_the_rest_is_the_query() -> None:
    kept, faults = parse_kept("all-there-is", GOOD)
    assert faults == []
    assert (kept.name, kept.title, kept.description) == ("all-there-is", "What is there?", "Everything.")
    assert kept.parameters == (
        Parameter("thing", "A thing", "entity", of="akb:Claim", default="claim:x"),
        Parameter("kind", "Its kind", "choice", choices=("a", "b")),
    )
    assert (kept.view, kept.rows) == ("bar x=?thing y=n", 2)
    assert kept.text == "# What is there?\nSELECT ?thing ?n ?kind WHERE { ?thing ?n ?kind }\n"


def test_the_check_says_of_each_file_where_it_is_wrong_and_how_to_mend_it(root: Path) -> None:
    folder = root / "kb/query"
    shutil.rmtree(folder)
    folder.mkdir()
    for name, (text, _, _) in FAULTS.items():
        (folder / f"{name}.rq").write_text(text, encoding="utf-8")
    (folder / "latin.rq").write_bytes(b"# caf\xe9?\n")
    (folder / "good.rq").write_text(GOOD, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "--root", str(root), "--only", "rules", "--format", "json"])
    assert result.exit_code == 1
    found = {Path(one["file"]).stem: one for one in json.loads(result.stdout)["findings"] if "kb/query" in one["file"]}
    assert found.keys() == {*FAULTS, "latin"}
    for name, (_, line, fault) in FAULTS.items():
        assert found[name]["rule"] == "kept-query-unreadable"
        assert found[name]["line"] == line, (name, found[name])
        assert fault in found[name]["message"]
        assert found[name]["mend"]


@pytest.mark.parametrize(
    ("name", "is_one"), [("kb/query/a.rq", True), ("kb/query/a.ttl", False), ("kb/claim/a.rq", False)]
)
def test_only_sparql_in_its_folder_is_one_and_holds_no_statements(name: str, is_one: bool, root: Path) -> None:
    (root / name).write_text("# x", encoding="utf-8")
    assert is_kept_query(name) is is_one
    assert (root / name in set(kb_files(root))) is not is_one
