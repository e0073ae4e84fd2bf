"""A release by the store's own loader: a real Virtuoso holds it afterwards, and readers never saw a part of a graph."""

from __future__ import annotations

import configparser
import json
import os
import shlex
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.build.bulk import Bulk, hand_over
from server.build.checksums import write_checksums
from server.build.publish import release_graph
from server.build.releases import Releases
from server.cli.main import main
from server.errors import RemoteError, UsageError
from server.settings import Settings
from server.store import isql as isql_module
from server.store.embedded import Store
from server.store.isql import Isql
from server.store.remote_store import RemoteStore
from tests.build.made_releases import another, copied

from .conftest import Virtuoso

pytestmark = pytest.mark.slow

DBA = ("dba", "dba")


@pytest.fixture
def releases(settings: Settings, tmp_path: Path) -> Releases:
    """The release of the small base, in a state folder of the test's own, by the name `first`."""
    found = copied(settings.releases, tmp_path / "state" / "releases")
    another(found, "first")
    return found


@pytest.fixture
def ours(settings: Settings, releases: Releases) -> Settings:
    """The settings for that folder."""
    return replace(settings, state=releases.folder.parent, credentials=DBA)


@pytest.fixture
def folder(virtuoso: Virtuoso) -> Iterator[Path]:
    """An empty folder from which Virtuoso may read."""
    made = virtuoso.folder / "load"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    yield made
    shutil.rmtree(made)


@pytest.fixture
def bulk(virtuoso: Virtuoso, folder: Path) -> Bulk:
    """How the release is loaded: in several small files, by two loaders."""
    return Bulk("virtuoso", folder, virtuoso.sql, part=500)


def remote(virtuoso: Virtuoso, settings: Settings) -> RemoteStore:
    namespaces = settings.namespaces
    return RemoteStore(virtuoso.endpoint, namespaces.prefixes(), namespaces.graphs)


def counts(store: RemoteStore | Store, settings: Settings) -> dict[str, int]:
    return {graph: store.count(graph) for graph in settings.namespaces.graphs}


QUERIES = (
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p",
    "SELECT ?s ?note { ?s akb:note ?note } ORDER BY ?s",
    "SELECT ?s ?text { ?s skos:definition ?text } ORDER BY ?s STR(?text)",
)


def test_answers_are_equal_after_a_bulk_load(virtuoso: Virtuoso, ours: Settings, bulk: Bulk) -> None:
    told: list[int] = []
    done = hand_over(ours, bulk, force=True, progress=lambda _stage, n, _of: told.append(n))
    assert (done.state, told) == ("loaded", [0, 1, 2, 3, 4])
    _, _, local = Releases(ours.releases).open_current(ours.namespaces, 0)
    there = remote(virtuoso, ours)
    assert counts(there, ours) == counts(local, ours)
    assert done.triples == sum(counts(local, ours).values())
    for query in QUERIES:
        assert there.select(query) == local.select(query) != [], query
    assert [path.name for path in bulk.directory.iterdir() if path.name[0] != "."] == [], "the files are gone"
    assert hand_over(ours, bulk).state == "there"


def test_readers_see_the_release_before_until_the_other_is_committed(
    virtuoso: Virtuoso, releases: Releases, ours: Settings, bulk: Bulk
) -> None:
    hand_over(ours, bulk, force=True)
    release = another(releases, "second")
    added = Store.create(release.parent / "other", {})
    graph = ours.namespaces.graph
    for name in ("asserted", "statistics"):
        added.load(
            "".join(f"<urn:x-test:{n}> <urn:x-test:p> <urn:x-test:o-{name}> .\n" for n in range(3000)), graph + name
        )
    added.finish()
    del added
    shutil.rmtree(release / "store")
    (release.parent / "other").rename(release / "store")
    write_checksums(release)
    there = remote(virtuoso, ours)
    seen: set[tuple[tuple[str, object], ...]] = set()
    stopped = threading.Event()

    def look() -> None:
        while not stopped.is_set():
            rows = there.select("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
            seen.add(tuple(sorted((str(row["g"]), row["n"]) for row in rows)))

    before = {graph: count for graph, count in sorted(counts(there, ours).items()) if count}
    thread = threading.Thread(target=look)
    thread.start()
    hand_over(ours, bulk)
    stopped.set()
    thread.join()
    after = dict.fromkeys(ours.namespaces.graphs, 0) | {f"{graph}asserted": 3000, f"{graph}statistics": 3000}
    assert counts(there, ours) == after, "the others are empty"
    # While it is committed a query may find a part of both, since Virtuoso reads what is committed row by row: that no
    # graph was ever half full was asserted here, and turned out not to hold.
    assert tuple(before.items()) in seen, "loading beside the graphs in use showed nothing"


@pytest.mark.parametrize("killed_after", [0, 1, 2, 3])
def test_a_store_without_a_release_is_loaded_straight_into_place(
    killed_after: int, virtuoso: Virtuoso, ours: Settings, bulk: Bulk
) -> None:
    """Nobody reads it yet. What a killed run or anyone else left in the graphs is gone afterwards."""
    isql, graph = Isql(virtuoso.sql, DBA), ours.namespaces.graph
    isql.run(f"sparql drop silent graph <{release_graph(ours.namespaces)}>;")
    for name in ("asserted", "similarity"):
        isql.run(f"sparql insert data {{ graph <{graph}{name}> {{ <urn:x-test:a> <urn:x-test:b> <urn:x-test:c> }} }};")
    _, _, local = Releases(ours.releases).open_current(ours.namespaces, 0)
    there, wanted = remote(virtuoso, ours), counts(local, ours)

    def stop(_stage: str, done: int, _total: int) -> None:
        if done == 3:
            assert counts(there, ours) == wanted, "all is there before the release is named"
        if done == killed_after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hand_over(ours, bulk, progress=stop)
    assert there.release(release_graph(ours.namespaces)) == ""
    assert hand_over(ours, bulk).state == "loaded"
    assert there.release(release_graph(ours.namespaces)) == "first"
    assert counts(there, ours) == wanted
    assert [there.count(f"{graph}/next") for graph in ours.namespaces.graphs] == [0] * len(wanted)


def test_a_first_load_that_loses_triples_names_no_release(virtuoso: Virtuoso, ours: Settings, bulk: Bulk) -> None:
    isql = Isql(virtuoso.sql, DBA)
    isql.run(f"sparql drop silent graph <{release_graph(ours.namespaces)}>;")

    def lose(_stage: str, done: int, _total: int) -> None:
        if done == 3:
            isql.run(f"sparql clear graph <{ours.namespaces.graph}asserted>;")

    with pytest.raises(RemoteError, match=r"asserted does not hold the \d+ triples"):
        hand_over(ours, bulk, progress=lose)
    assert remote(virtuoso, ours).release(release_graph(ours.namespaces)) == ""
    assert hand_over(ours, bulk).state == "loaded"


@pytest.mark.parametrize("killed_after", [0, 1, 2, 3])
def test_a_killed_run_is_run_again(
    killed_after: int, virtuoso: Virtuoso, releases: Releases, ours: Settings, bulk: Bulk
) -> None:
    hand_over(ours, bulk, force=True)
    there = remote(virtuoso, ours)
    before = counts(there, ours)
    another(releases, "second")

    def stop(_stage: str, done: int, _total: int) -> None:
        if done == killed_after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hand_over(ours, bulk, progress=stop)
    assert there.release(release_graph(ours.namespaces)) == "first"
    assert counts(there, ours) == before
    assert hand_over(ours, bulk).state == "loaded"
    assert there.release(release_graph(ours.namespaces)) == "second"
    assert counts(there, ours) == before
    staged = [f"{graph}/next" for graph in ours.namespaces.graphs]
    assert [there.count(graph) for graph in staged] == [0] * len(staged)


def test_a_store_that_lost_triples_keeps_the_release_before(
    virtuoso: Virtuoso, releases: Releases, ours: Settings, bulk: Bulk
) -> None:
    hand_over(ours, bulk, force=True)
    another(releases, "second")
    isql = Isql(virtuoso.sql, DBA)
    staged = f"{ours.namespaces.graph}asserted/next"

    def lose(_stage: str, done: int, _total: int) -> None:
        if done == 3:
            isql.run(f"sparql clear graph <{staged}>;")

    with pytest.raises(RemoteError, match=r"asserted/next does not hold the \d+ triples"):
        hand_over(ours, bulk, progress=lose)
    there = remote(virtuoso, ours)
    assert there.release(release_graph(ours.namespaces)) == "first"
    [part] = bulk.directory.glob("*/asserted-0001.nq.gz")
    part.write_bytes(part.read_bytes()[:100])
    with pytest.raises(RemoteError, match=r"was not loaded|does not hold"):
        hand_over(ours, bulk)
    assert there.release(release_graph(ours.namespaces)) == "first"
    assert hand_over(ours, bulk, force=True).state == "loaded", "--force writes the files anew"


def akb(settings: Settings, *words: str, password: str = "dba") -> Result:
    environment = {"AKB_ROOT": str(settings.root), "AKB_STATE": str(settings.state), "AKB_STORE_USER": "dba"}
    return CliRunner(env=environment | {"AKB_STORE_PASSWORD": password}).invoke(main, ["publish", *words])


def test_the_files_and_commands_alone_do_the_same(virtuoso: Virtuoso, settings: Settings, folder: Path) -> None:
    result = akb(settings, "--bulk", "virtuoso", "--directory", str(folder), "--force")
    assert result.exit_code == 0, result.output
    commands = [line for line in result.output.splitlines() if line.startswith("  isql-vt ")]
    assert len(commands) == 3
    for command in commands:
        words = shlex.split(command.replace("127.0.0.1:1111", virtuoso.sql))
        done = subprocess.run(words, input="dba\n", capture_output=True, text=True, check=True)
        assert "*** Error" not in done.stdout + done.stderr
    _, _, local = Releases(settings.releases).open_current(settings.namespaces, 0)
    assert counts(remote(virtuoso, settings), settings) == counts(local, settings)
    result = akb(settings, "--bulk", "virtuoso", "--directory", str(folder), "--isql", virtuoso.sql)
    assert (result.exit_code, "already" in result.output) == (0, True)
    result = akb(settings, "--bulk", "virtuoso", "--directory", str(folder), "--isql", virtuoso.sql, "--force")
    assert (result.exit_code, f"is in {virtuoso.sql}: " in result.output) == (0, True), result.output


def test_qlever_gets_its_files(settings: Settings, tmp_path: Path) -> None:
    result = akb(settings, "--bulk", "qlever", "--directory", str(tmp_path))
    assert result.exit_code == 0, result.output
    assert [line.strip().split()[0] for line in result.output.splitlines()[1:]] == ["cd", "qlever", "qlever", "qlever"]
    [made] = tmp_path.glob("*-qlever")
    file = configparser.ConfigParser(interpolation=None)
    file.read(made / "Qleverfile")
    assert file["data"]["FORMAT"] == "nq", "elsewhere QLever's command line does not look for it"
    settings_file = made / f"{file['data']['NAME']}.settings.json"
    assert json.loads(settings_file.read_text()) == json.loads(file["index"]["SETTINGS_JSON"])
    # The very command by which QLever reads its input gives the release, with a graph that names it.
    text = subprocess.run(
        file["index"]["CAT_INPUT_FILES"],
        shell=True,
        cwd=made,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    ).stdout
    _, _, local = Releases(settings.releases).open_current(settings.namespaces, 0)
    lines = text.splitlines()
    for graph in settings.namespaces.graphs:
        assert sum(line.endswith(f" <{graph}> .") for line in lines) == local.count(graph)
    assert len(lines) == sum(counts(local, settings).values()) + 1
    assert f"<{release_graph(settings.namespaces)}> ." in lines[-1]


def test_what_keeps_it_from_loading_is_said_plainly(
    virtuoso: Virtuoso, settings: Settings, ours: Settings, bulk: Bulk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Isql(virtuoso.sql, DBA).run("user_create ('akb_test', 'secret1'); user_grant_role ('akb_test', 'administrators');")
    assert Isql(virtuoso.sql, ("akb_test", "secret1")).run("select 2;") == [["2"]]
    with pytest.raises(RemoteError, match="Connect failed"):
        Isql("127.0.0.1:9", DBA).run("select 2;")
    with pytest.raises(RemoteError, match="refuses: 37000") as caught:
        Isql(virtuoso.sql, DBA).run("selec 2;")
    assert "DirsAllowed" in caught.value.mend
    isql = Isql(virtuoso.sql, ("akb_test", "secret1"))
    isql.run_side_by_side("select 2;", 8)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for words in (
        ["--bulk", "virtuoso"],
        ["--bulk", "virtuoso", "--directory", str(tmp_path / "nowhere")],
        ["--bulk", "qlever", "--directory", str(elsewhere), "--isql", virtuoso.sql],
        ["--bulk", "other"],
    ):
        assert akb(settings, *words).exit_code == 2, words
    with pytest.raises(UsageError, match="a name and a password"):
        Isql(virtuoso.sql, None)
    # A wrong password is not tried: Virtuoso then shuts out the whole machine for a while.
    monkeypatch.setattr(isql_module, "PROGRAMS", ("isql-nowhere",))
    with pytest.raises(UsageError, match="isql-nowhere") as missing:
        Isql(virtuoso.sql, DBA)
    assert "apt install" in missing.value.mend
