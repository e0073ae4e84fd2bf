"""Downloads are made when what they are made from has changed, and else shared with the release before."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.build.beside import Beside, Others
from server.build.dumps import making, parquet
from server.build.dumps.graphs import Difference
from server.build.dumps.making import DownloadMaker
from server.build.dumps.manifest import FOLDER, read_downloads
from server.build.dumps.tabular import Source
from server.build.stages import Stages
from server.errors import UnreadableError, UsageError
from server.records.downloads import FORMATS, Downloads, Scope
from server.schema.schema import Schema
from server.settings import Settings, read_settings
from server.store.embedded import Store

THEN, NOW = "2026-01-01T00:00:00Z", "2026-02-02T00:00:00Z"


@pytest.fixture
def source(release: Path, settings: Settings, schema: Schema, downloads: Downloads) -> Source:
    namespaces = settings.namespaces.of([term.notation for term in schema.page_classes], {})
    return Source(release / "store", namespaces, schema, ())


class Pickling(ThreadPoolExecutor):
    """Does work as another process would, on copies of what it is given that went through pickle."""

    count = 0

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        self.count += 1
        sent = pickle.dumps((function, arguments))

        def work() -> object:
            run, some = pickle.loads(sent)
            return pickle.loads(pickle.dumps(run(*some)))

        return super().submit(work)


def made(
    source: Source,
    folder: Path,
    formats: tuple[str, ...],
    before: Path | None,
    now: str,
    beside: Beside | None = None,
    changes: Callable[[str], Difference | None] = lambda _: None,
) -> Downloads:
    folder.mkdir()
    stages = Stages(folder, before)
    work = DownloadMaker(
        folder, source, source.open(), formats, stages, before=before, now=now, changes=changes, beside=beside
    )
    found = work.finish()
    stages.write()
    return found


def test_the_release_has_every_download_that_it_says(folder: Path, downloads: Downloads) -> None:
    assert {one.format for one in downloads.files} == set(FORMATS)
    assert {path.name for path in folder.iterdir()} == {one.name for one in downloads.files} | {"manifest.json"}
    for one in downloads.files:
        data = (folder / one.name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (one.size, one.sha256)
    assert not (folder.parent / ".parts").exists()


def test_only_what_has_changed_is_made_anew(source: Source, tmp_path: Path) -> None:
    formats = ("nt", "csv", "bib")
    first = made(source, tmp_path / "first", formats, None, THEN)
    again = made(source, tmp_path / "again", formats, tmp_path / "first", NOW)
    assert again == first, "dates included"
    for one in again.files:
        assert (tmp_path / "first" / FOLDER / one.name).samefile(tmp_path / "again" / FOLDER / one.name)
    changed = tmp_path / "store"
    store = Store.copy(source.store, changed, source.namespaces.prefixes())
    graph, claim = f"{source.namespaces.graph}asserted", f"<{source.namespaces.base}claim/an-8b-model-shows-it>"
    store.change(graph, "", f'{claim} <http://purl.org/dc/terms/source> "one more" .\n')
    store.finish()
    third = made(replace(source, store=changed), tmp_path / "third", formats, tmp_path / "again", NOW)
    anew = {one.name for one in third.files if one.made == NOW}
    tables = {"entities.csv", "edges.csv", "evidence.csv", "works.bib"}
    assert anew == {"all.nt.gz", "graph-asserted.nt.gz", "class-claim.nt.gz"} | tables
    for one in third.files:
        assert (tmp_path / "third" / FOLDER / one.name).is_file()
    # Another choice of formats is another input.
    fourth = made(source, tmp_path / "fourth", ("nt", "ttl"), tmp_path / "first", NOW)
    assert {one.format for one in fourth.files} == {"nt", "ttl"}


def test_processes_make_the_same(source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    formats = ("ttl", "jsonld", "sqlite", "graphml", "md", "ris", "csl")
    here = made(source, tmp_path / "here", formats, None, NOW)
    monkeypatch.setattr(making, "_MUCH", 1)
    threads, processes = ThreadPoolExecutor(1), Pickling(1)
    with threads, processes:
        there = made(source, tmp_path / "there", formats, None, NOW, Beside(Others(threads, processes)))
    assert there == here, "byte for byte"
    assert processes.count


def test_a_graph_that_has_changed_a_little_is_not_read_again(source: Source, tmp_path: Path) -> None:
    formats = ("nt", "nq")
    made(source, tmp_path / "first", formats, None, THEN)
    asserted, claim = f"{source.namespaces.graph}asserted", f"<{source.namespaces.base}claim/an-8b-model-shows-it>"
    store = Store.copy(source.store, tmp_path / "store", source.namespaces.prefixes())
    held = store.ntriples(asserted).splitlines(keepends=True)
    removed = "".join(line for line in held if line.startswith(claim))[:2000].rpartition("\n")[0] + "\n"
    for number, added in enumerate((f'{claim} <http://purl.org/dc/terms/source> "\U0001f9ea a: b\\n." .\n', "")):
        copy = tmp_path / f"store-{number}"
        changed = Store.copy(source.store, copy, source.namespaces.prefixes())
        changed.change(asserted, removed, added)
        changed.finish()
        other, differences = replace(source, store=copy), {asserted: Difference(removed, added)}
        read = made(other, tmp_path / f"read-{number}", formats, None, NOW)
        patched = made(other, tmp_path / f"patched-{number}", formats, tmp_path / "first", NOW, changes=differences.get)
        names = {one.name: one.sha256 for one in read.files}
        assert {one.name: one.sha256 for one in patched.files} == names
        # What is said to have changed, and was otherwise, is read from the store.
        wrong = {asserted: Difference(f"{claim} <x:nowhere> <x:nothing> .\n", added)}
        again = made(other, tmp_path / f"again-{number}", formats, tmp_path / "first", NOW, changes=wrong.get)
        assert {one.name: one.sha256 for one in again.files} == names


def test_without_duckdb_there_is_no_parquet_and_that_is_said(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "find_spec", lambda _name: None)
    found = made(source, tmp_path / "made", ("csv", "parquet"), None, NOW)
    assert {one.format for one in found.files} == {"csv"}
    assert found.notes == (parquet.MISSING,)


def test_a_base_may_have_none(source: Source, tmp_path: Path) -> None:
    assert made(source, tmp_path / "made", (), None, NOW) == Downloads()
    assert read_downloads(tmp_path / "made") == Downloads()
    assert read_downloads(tmp_path) == Downloads(), "a release of an older engine"


def test_a_damaged_description_is_refused(tmp_path: Path, release: Path) -> None:
    text = (release / FOLDER / "manifest.json").read_text(encoding="utf-8")
    (tmp_path / FOLDER).mkdir()
    for damaged in ("", "[]", text.replace('"size": ', '"weight": '), text.replace("all.nt.gz", "../all.nt.gz")):
        (tmp_path / FOLDER / "manifest.json").write_text(damaged, encoding="utf-8")
        with pytest.raises(UnreadableError):
            read_downloads(tmp_path)


def test_the_setting_names_formats(root: Path) -> None:
    def chosen(text: str) -> tuple[str, ...]:
        return read_settings({"AKB_DOWNLOADS": text}, root=root).downloads

    assert chosen("all") == FORMATS
    assert chosen("none") == ()
    assert chosen(" csv,nt ,, nt") == ("nt", "csv"), "in the usual order"
    with pytest.raises(UsageError, match="AKB_DOWNLOADS is 'nt, hdt'") as error:
        chosen("nt, hdt")
    assert "sqlite" in error.value.mend


def test_scopes_of_the_release(downloads: Downloads) -> None:
    assert {one.scope for one in downloads.files} == set(Scope)
    assert downloads.notes == ()
