"""Copies of other bases: what a run brings, what it refuses, and that no run that was killed loses anything."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.build.build import build
from server.build.releases import Releases
from server.cli.main import main
from server.errors import RemoteError, UsageError
from server.formats.event_stream import node_quads
from server.knowledge.event_stream import EventStream
from server.knowledge.history import History
from server.mirroring import copies
from server.mirroring.mirror import Done, mirror, without_programs
from server.mirroring.source import Source
from server.records.history import Commit, Version
from server.settings import Settings, read_settings
from server.store.canonical import canonical
from server.turtle.parsing import ntriples_of
from tests.listening import listening
from tests.replica import Younger

BASE = "https://w3id.org/alignment-kb/"
TOTAL = 44


class Site:
    """A site with an event stream and nothing else, as a WSGI application."""

    def __init__(self, history: Any) -> None:
        self.history = history
        self.spoil: Callable[[str, str], str] = lambda _path, text: text
        """What becomes of an answer before it is sent."""
        self.asked: list[str] = []
        self.address = ""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        if path.startswith("/graph/"):
            start_response("404 Not Found", [])
            return []
        stream = EventStream(self.history, BASE, self.address, "A base", (), 5, 3)
        node = stream.root() if path == "/ldes" else stream.node(path.removeprefix("/ldes/"))
        content = self.spoil(path, "".join(node_quads(node, named=True))).encode()
        tag = f'"{hashlib.sha256(content).hexdigest()}"'
        if environ.get("HTTP_IF_NONE_MATCH") == tag:
            start_response("304 Not Modified", [("ETag", tag)])
            return []
        start_response("200 OK", [("ETag", tag), ("Content-Type", "application/n-quads")])
        return [content]


@pytest.fixture(scope="module")
def history(travelled: Settings) -> History:
    release = Releases(travelled.releases).current()
    assert release is not None
    return History.open(release)


@pytest.fixture
def site(history: History) -> Iterator[Site]:
    site = Site(history)
    with listening(site) as site.address:
        yield site


def run(site: Site, folder: Path) -> Done:
    site.asked.clear()
    return mirror(Source(site.address, sleep=lambda _: None), folder)


def state(folder: Path) -> str:
    """Return what a copy says, in canonical form."""
    texts = (path.read_text(encoding="utf-8") for path in (folder / "kb").rglob("*.ttl"))
    return canonical("".join(str(ntriples_of(text)) for text in texts))


def state_after(history: History, number: int) -> str:
    """Return what the base said after so many changes."""
    latest = {one.entity: one.ntriples for one in history.versions_after(0, number)}
    return canonical("".join(latest.values()))


def test_a_copy_is_what_the_base_is(site: Site, history: History, tmp_path: Path) -> None:
    done = run(site, tmp_path / "copy")
    assert (done.changes, done.was_rewritten) == (TOTAL, False)
    newest = history.latest()
    assert newest is not None
    assert state(tmp_path / "copy") == canonical("".join(history.state_at(newest.revision)))
    assert done.state.revision == newest.revision
    assert not (tmp_path / "copy/kb/concept/gamma.ttl").exists(), "it was removed"


def test_a_copy_that_is_up_to_date_costs_one_request(site: Site, tmp_path: Path) -> None:
    run(site, tmp_path / "copy")
    done = run(site, tmp_path / "copy")
    assert (done.changes, site.asked) == (0, ["/ldes"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(st.lists(st.integers(0, TOTAL), min_size=1, max_size=2).map(sorted))
def test_a_copy_keeps_up(site: Site, history: History, tmp_path_factory: pytest.TempPathFactory, at: list[int]) -> None:
    folder = tmp_path_factory.mktemp("copy")
    before = 0
    for total in [*at, TOTAL]:
        site.history = Younger(history, total)
        done = run(site, folder)
        assert (done.changes, done.was_rewritten) == (total - before, False)
        assert state(folder) == state_after(history, total)
        # Of nodes that are complete and copied, at most the one with the last change is asked for once more.
        again = [path for path in site.asked if path.count("-") == 2 and int(path.split("-")[1]) < before]
        assert not again
        before = total


class Killed(BaseException):
    """A run ends here."""


@pytest.mark.parametrize("what", ["write_together", "write_atomically"])
def test_a_killed_run_is_gone_on_with(
    what: str, site: Site, history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = getattr(copies, what)
    left = 1

    def killing(*arguments: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise Killed
        whole(*arguments)

    monkeypatch.setattr(copies, what, killing)
    runs = 0
    while True:
        # Each run comes one step further than the one before.
        runs += 1
        left = 3
        try:
            done = run(site, tmp_path / "copy")
        except Killed:
            assert runs < 100
        else:
            break
    assert runs > 3
    assert done.state.position == TOTAL
    assert state(tmp_path / "copy") == state_after(history, TOTAL)


SPOILED: dict[str, tuple[str, Callable[[str], str], str]] = {
    "a word": ("6-10-", lambda text: text.replace("What comes third", "What comes first"), "has not the hash"),
    "a graph more": ("6-10-", lambda text: f"{text}<urn:x> <urn:x> <urn:x> <{BASE}x> .\n", "is of no member"),
    "no content": ("1-5-", lambda text: without(text, f" <{member_of(text)}> .\n", but="#member>"), "has no content"),
    "a member less": ("", lambda text: without(text, member_of(text)), "lacks the change"),
    "other changes": ("1-5-", lambda text: text.replace('"1"^^', '"9"^^'), "other changes than were announced"),
    "another stream": ("1-5-", lambda text: text.replace("ldes#stream", "other#stream"), "of another stream"),
    "no RDF": ("1-5-", lambda text: f"<html>{text}", "no N-Quads"),
    "a place away": ("", lambda text: text.replace("/ldes/1-15-", "/elsewhere/1-15-"), "it leads away"),
    "a host away": ("", lambda text: text.replace("127.0.0.1", "127.0.0.2"), "not the first node"),
    "a file away": ("", lambda text: text.replace("http://127", "file://127"), "not the first node"),
}
"""Which node is spoiled, by the beginning of its name, how, and what is said of it."""


def member_of(text: str) -> str:
    """Return the IRI of the first member of a node."""
    return next(line for line in text.splitlines() if "tree#member" in line).split(" ")[2].strip("<>")


def without(text: str, mark: str, but: str = "\0") -> str:
    """Return a node without the lines that have a text in them, and not another."""
    return "".join(line for line in text.splitlines(keepends=True) if mark not in line or but in line)


@pytest.mark.parametrize("what", SPOILED)
def test_what_is_not_as_the_stream_says_is_refused(what: str, site: Site, history: History, tmp_path: Path) -> None:
    begins, spoil, said = SPOILED[what]

    def one(path: str, text: str) -> str:
        name = path.removeprefix("/ldes").removeprefix("/")
        if not name.startswith(begins) or bool(name) is not bool(begins):
            return text
        assert spoil(text) != text
        return spoil(text)

    site.spoil = one
    with pytest.raises(RemoteError, match=said):
        run(site, tmp_path / "copy")
    # What came before it is there, and nothing of it.
    noted = tmp_path / "copy/.akb-mirror/state.json"
    position = json.loads(noted.read_text())["position"] if noted.exists() else 0
    assert state(tmp_path / "copy") == state_after(history, position)
    assert position <= 40
    site.spoil = lambda _path, text: text
    run(site, tmp_path / "copy")
    assert state(tmp_path / "copy") == state_after(history, TOTAL)


class Rewritten(Younger):
    """A history whose commits from some version on are others."""

    def __init__(self, history: History, total: int, since: int) -> None:
        super().__init__(history, total)
        self._since = since

    def versions_after(self, number: int, size: int) -> list[Version]:
        return [
            replace(one, commit=self._other(one.commit)) if one.id >= self._since else one
            for one in super().versions_after(number, size)
        ]

    def commits_of(self, versions: list[int]) -> dict[int, Commit]:
        found = self._history.commits_of(versions)
        return {number: self._other(one) if number >= self._since else one for number, one in found.items()}

    def _other(self, commit: Commit) -> Commit:
        return replace(commit, revision=commit.revision[::-1])


@pytest.mark.parametrize(("before", "total"), [(24, 8), (24, 44), (27, 24), (44, 26), (44, 43), (44, 44)])
def test_a_history_that_was_written_anew_is_copied_anew(
    before: int, total: int, site: Site, history: History, tmp_path: Path
) -> None:
    site.history = Younger(history, before)
    run(site, tmp_path / "copy")
    site.history = Rewritten(history, total, 6)
    done = run(site, tmp_path / "copy")
    assert (done.was_rewritten, done.changes) == (True, total)
    assert state(tmp_path / "copy") == state_after(history, total), "what is no longer there is gone"


def test_a_folder_is_a_copy_of_one_base_alone(site: Site, history: History, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("Not to be touched.")
    with pytest.raises(UsageError, match="is no copy"):
        run(site, tmp_path / "mine")
    run(site, tmp_path / "copy")
    with listening(Site(history)) as other, pytest.raises(UsageError, match="is a copy of"):
        mirror(Source(other), tmp_path / "copy")


def test_no_name_of_an_entity_leads_out_of_the_copy(history: History, tmp_path: Path) -> None:
    names = ["../../x", "concept/../../x", "concept/a/b", "concept/", "/etc/x", "concept/x%2F..", "Concept/x", "x", "."]
    paths = {copies.path_of(f"{BASE}{name}", BASE) for name in names} | {copies.path_of("urn:x", BASE)}
    assert len(paths) == len(names) + 1
    assert all(path.startswith("kb/other/") and path.count("/") == 2 for path in paths)
    assert copies.path_of(f"{BASE}concept/alignment-faking", BASE) == "kb/concept/alignment-faking.ttl"


def test_a_copy_is_served_as_the_base_is(
    travelled: Settings, make_app: Callable[[Settings], Flask], tmp_path: Path
) -> None:
    app = make_app(travelled)
    folder = tmp_path / "copy"
    with listening(app) as address:
        result = CliRunner().invoke(main, ["mirror", address, str(folder)])
        assert (result.exit_code, f"{TOTAL} changes" in result.output) == (0, True), result.output
        result = CliRunner().invoke(main, ["mirror", f"{address}ldes", str(folder)])
        assert (result.exit_code, "up to date" in result.output) == (0, True), result.output
    (folder / "akb.toml").write_text((folder / "akb.toml").read_text() + 'embedding = "tfidf"\n')
    own = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=folder)
    build(own)
    copy, original = make_app(own).test_client(), app.test_client()
    paths = set(re.findall(r"http://localhost(/[a-z]+/[a-z0-9-]+)\.html", original.get("/sitemap.xml").text))
    assert len(paths) == 12
    for path in paths:
        for extension in ("nt", "md", "json"):
            assert copy.get(f"{path}.{extension}").data == original.get(f"{path}.{extension}").data, path


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["ftp://kb.example/"], 2, "is no address of a site"),
        (["http://kb.example/?x=1"], 2, "is no address of a site"),
    ],
)
def test_wrong_use_is_explained(arguments: list[str], code: int, said: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["mirror", *arguments, str(tmp_path / "copy")])
    assert (result.exit_code, said in result.output) == (code, True), result.output
    assert "mend:" in result.output


def test_who_does_not_answer_is_asked_again_and_then_named(tmp_path: Path) -> None:
    waits: list[float] = []
    with pytest.raises(RemoteError, match=r"127\.0\.0\.1:1/ldes gave no answer"):
        mirror(Source("http://127.0.0.1:1/", sleep=waits.append), tmp_path / "copy")
    assert len(waits) == 4


def test_rules_of_others_are_not_copied() -> None:
    shapes = """
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        <urn:rule> a sh:SPARQLSelectExecutable ; sh:select "SELECT * { SERVICE <urn:x> {} }" .
        <urn:shape> a sh:NodeShape ; sh:sparql [ sh:select "SELECT * { }" ] ;
            sh:property [ sh:path <urn:p> ; sh:order 1 ] .
    """
    kept = without_programs(shapes)
    assert "sh:select" not in kept
    assert "select" not in kept
    assert kept.count("\n") == 4


def test_who_follows_goes_on_through_failures(
    site: Site, history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changes come, the other side is wrong for a while, and changes come again."""
    totals = iter([12, 20, 30, TOTAL])
    site.history = Younger(history, next(totals))

    def later(seconds: float) -> None:
        assert seconds == 7
        if (total := next(totals, None)) is None:
            raise KeyboardInterrupt
        site.history = Younger(history, total)
        site.spoil = (lambda _path, _text: "<html>") if total == 30 else (lambda _path, text: text)

    monkeypatch.setattr("server.cli.mirror.time.sleep", later)
    result = CliRunner().invoke(main, ["mirror", site.address, str(tmp_path / "copy"), "--follow", "7"])
    assert result.output.count("changes more") == 3
    assert "is no N-Quads" in result.output
    assert state(tmp_path / "copy") == state_after(history, TOTAL)
