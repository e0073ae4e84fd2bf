"""Every command that a page shows runs as it is written, in a terminal where the base is."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterable
from html import unescape
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from rdflib import DCTERMS

from server.build.build import build
from server.cli.main import main
from server.records.candidates import candidate_id
from server.review.matches import Proposal, write_proposals
from server.schema.reading import schema_of
from server.settings import Settings, read_settings
from server.turtle.naming import classes_of
from server.turtle.reader import read_base
from tests.conftest import KNOWLEDGE, REPOSITORY, copy_base
from tests.made import NAMESPACES

KB = "https://w3id.org/alignment-kb/"
COMMAND = re.compile(r"<code[^>]*>\s*(akb [^<]*)</code>")
ANSWERS = {"Predicate": "associated_with", "Note": "How the two are joined.", "Outcome": "later"}
"""What is typed where a command asks for something, by the first word of the question; ends are found in the base."""
ONLY_READ = {
    "serve": "it serves until it is stopped",
    "mirror": "it follows the server whose page shows it",
    "wikidata": "it asks a service of others, which a base must allow first",
    "review": "it walks through what waits, with single keys, where there is a terminal",
}
"""The commands whose words are read by the command line here, and which are not run; and why."""
PAGES = (
    *("/", "/about", "/open-questions", "/debates", "/timeline", "/review", "/review/proposals", "/review/matches"),
    *("/gaps", "/feed", "/search?q=nowhere", "/propose", "/docs", "/openapi", "/dataset", "/shapes", "/ontology"),
    "/path?from=concept:one&to=concept:two",
)
FILE = """@prefix akb: <https://w3id.org/alignment-kb/ontology#> .
@prefix akbv: <https://w3id.org/alignment-kb/schemes#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix {kind}: <https://w3id.org/alignment-kb/{kind}/> .

{kind}:{slug} a akb:{type} ;
    dcterms:identifier "{kind}:{slug}" ;
    skos:prefLabel "{label}"@en ;
    skos:definition "What {label} is, of which nothing is known."@en ;
    akb:status akbv:active{more} .
"""


def commands(page: str) -> set[str]:
    """Return the commands on a page."""
    return {" ".join(unescape(one).split()) for one in COMMAND.findall(page)}


def shown(client: FlaskClient, addresses: Iterable[str]) -> set[str]:
    """Return the commands that pages show."""
    found = set[str]()
    for address in addresses:
        answer = client.get(address, headers={"Accept": "text/html"}, follow_redirects=True)
        assert answer.mimetype == "text/html", address
        found |= commands(answer.text)
    return found


def is_only_read(command: str) -> bool:
    """Tell whether a command is not run; its words are then those of the command line all the same."""
    words = shlex.split(command)[1:]
    if words[0] in ONLY_READ and (words[0] != "review" or len(words) == 1):
        return True
    return words[:2] == ["link", "wikidata"]


def must_parse(command: str) -> None:
    """Fail where the command line has no such command, argument or option."""
    words, found = shlex.split(command)[1:], main
    context = click.Context(main)
    group = main.commands.get(words[0])
    if words[0] == "link" and words[1] not in group.commands:
        words.insert(1, "edge")  # which need not be named
    while isinstance(found, click.Group):
        name, below, words = found.resolve_command(context, words)
        assert below is not None, name
        found = below
    found.make_context(found.name, list(words), resilient_parsing=False)


def ends(command: str, root: Path) -> dict[str, str]:
    """Return for both ends of an edge that a command writes an entity of the base which may be there, if one may."""
    words = shlex.split(command)[1:]
    if words[0] != "link" or words[1] == "decide":
        return {}
    base = read_base(root, NAMESPACES)
    schema = schema_of(base)
    known = {str(value): str(node) for node, value in base.asserted.subject_objects(DCTERMS.identifier)}
    predicate = next((word for word in words[1:] if ":" not in word), ANSWERS["Predicate"])
    term = schema.properties[schema.oriented("concept:one", predicate, "concept:two", NAMESPACES)[1]]
    found = {}
    for end, wanted in (("Subject", term.domain), ("Object", term.range)):
        fitting = (
            curie
            for curie, iri in sorted(known.items())
            if curie not in words and any(schema.is_under(one, wanted) for one in classes_of(base, iri))
        )
        found[end] = next(fitting, "")
    return {end: curie for end, curie in found.items() if curie}


def run(command: str, root: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Run a command, and answer what it asks."""
    words = shlex.split(command.removesuffix(" | git apply"))[1:]
    runner = CliRunner(env={"AKB_ROOT": str(root), "AKB_STATE": str(state)})
    with monkeypatch.context() as patched:
        # The runner has a way to ask of its own, which reads the answers in a fixed order.
        typed = ANSWERS | ends(command, root)
        patched.setattr(click, "prompt", lambda text, **_: typed[text.split()[0]])
        return runner.invoke(main, words)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base with next to nothing in it, whose pages say how to add something; a match waits for a decision."""
    root = copy_base(tmp_path_factory.mktemp("bare") / "base", KNOWLEDGE)
    shutil.rmtree(root / "kb")
    for kind, slug, label, more in (
        ("concept", "one", "The first", ""),
        ("concept", "two", "The second", ""),
        ("claim", "a-claim", "Something is so", " ;\n    akb:claimKind akbv:finding"),
        ("question", "a-question", "What is so?", " ;\n    akb:questionStatus akbv:open"),
    ):
        path = root / "kb" / kind / f"{slug}.ttl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FILE.format(kind=kind, slug=slug, type=kind.capitalize(), label=label, more=more))
    settings = read_settings({}, root=root)
    entity, item = f"{KB}concept/one", "http://www.wikidata.org/entity/Q1"
    match = Proposal(candidate_id(entity, item), entity, item, "One", "", 100, "exact", "http://x.test/")
    write_proposals(settings.state, [match])
    build(settings)
    return root


def test_commands_on_the_pages_of_a_bare_base_run_as_written(
    bare: Path, make_client: Callable[[Path], FlaskClient], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client(bare)
    classes = [one["class"] for one in client.get("/browse.json").json["classes"]]
    found = shown(client, (*PAGES, *(f"/{name}" for name in classes), "/concept/one", "/question/a-question"))
    for expected in ("akb link concept:one", "akb link answers question:a-question", "akb link opposes"):
        assert expected in found
    assert any(one.startswith("akb link decide ") for one in found)
    assert sum(one.startswith("akb new ") for one in found) >= len(classes) - 3
    for number, command in enumerate(sorted(found)):
        # There may be nothing yet to which an entity could be joined.
        if is_only_read(command) or (command.startswith("akb link ") and len(ends(command, bare)) == 1):
            must_parse(command)
            continue
        root = shutil.copytree(bare, tmp_path / str(number))
        result = run(command, root, root / ".akb", monkeypatch)
        assert result.exit_code == 0, f"{command}: {result.output}"


def test_commands_on_the_pages_of_a_base_run_as_written(
    client: FlaskClient, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = client.get("/review.json?size=1").json["pairs"][0]["id"]
    found = shown(client, (*PAGES, f"/candidate/{pair}", "/concept/alignment-faking"))
    assert f"akb review decide {pair}" in found
    root, state = shutil.copytree(settings.root, tmp_path / "base"), shutil.copytree(settings.state, tmp_path / "state")
    for command in sorted(found):
        if is_only_read(command):
            must_parse(command)
            continue
        result = run(command, root, state, monkeypatch)
        # `akb check` and `akb stats` say what they find; 1 is for findings, 2 for wrong use.
        assert result.exit_code == 0, f"{command}: {result.output}"


def test_no_template_shows_a_command_with_a_word_in_place_of_what_is_meant() -> None:
    there = {
        (path.name, command)
        for path in (REPOSITORY / "server/web/templates").rglob("*.html")
        for command in commands(path.read_text(encoding="utf-8"))
    }
    assert len(there) > 15
    for name, command in there:
        words = re.sub(r"\{\{.*?\}\}", "x", command)
        assert not re.search(r"\b[A-Z]{2,}\b|…", words), f"{name}: {command}"
        if "|" not in words:
            shlex.split(words)
