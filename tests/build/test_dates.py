"""When what each document says was last changed (RFC 9110, section 8.8.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from server.build import dates
from server.build.build import build
from server.build.dates import ALL, entities_named
from server.build.lookups import Lookups
from server.records.pages import History
from server.settings import read_settings
from server.turtle.base import Base
from tests.history.repositories import commit, repository
from tests.made import CLASSES

OLD, NEW, BUILT = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))


def document_dates(base: Base, commits: Mapping[str, datetime], built: datetime) -> dict[str, datetime]:
    return dates.document_dates(base, commits, built, entities_named(base, {}))


def test_a_document_is_as_new_as_the_newest_file_that_it_tells_of(base: Base) -> None:
    paths = [file.path for file in (*base.files, *base.ontology_files)]
    changed = "kb/paper/alignment-faking-in-llms.ttl"
    found = document_dates(base, dict.fromkeys(paths, OLD) | {changed: NEW}, BUILT)
    assert found["paper/alignment-faking-in-llms"] == NEW
    assert found["concept/alignment-faking"] == NEW, "its edges name the paper"
    assert found["artifact/claude-3-5-sonnet"] == OLD
    assert (found["paper"], found["claim"], found[ALL]) == (NEW, OLD, NEW)
    folders = {file.path.split("/")[1] for file in base.files}
    assert folders <= {*CLASSES, "review"}
    assert len(found) == len(base.files) + len({*folders, "review", ALL})


def test_a_file_without_a_date_is_as_new_as_the_build_and_none_is_newer(base: Base) -> None:
    assert set(document_dates(base, {}, BUILT).values()) == {BUILT}
    later = {file.path: datetime(2027, 1, 1, tzinfo=UTC) for file in (*base.files, *base.ontology_files)}
    assert set(document_dates(base, later, BUILT).values()) == {BUILT}


def test_a_release_knows_the_dates_of_git(root: Path, tmp_path: Path, monkeypatch: object) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z")
    commit(repository(root))
    settings = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=root)
    info, _ = build(settings)
    lookups = Lookups(settings.releases / info.name)
    date = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert {lookups.modified(path) for path in ("artifact/claude-3-5-sonnet", "concept", ALL, "about")} == {date}
    assert lookups.history("artifact/claude-3-5-sonnet") == History(date, date, 1)
    assert lookups.history("concept/unheard-of") is None


def test_an_entity_without_edges_or_neighbours_names_none_in_its_words(base: Base) -> None:
    """What merely looks like an IRI, in a text, names nothing."""
    [file] = [file for file in base.files if file.path == "kb/artifact/claude-3-5-sonnet.ttl"]
    iri = base.namespaces.expand("paper:alignment-faking-in-llms")
    text = f'<urn:x> <urn:y> "<{iri}> .\\n<{iri}>"@en .\n'
    alone = replace(base, files=(replace(file, ntriples=text), *(one for one in base.files if one.path != file.path)))
    found = document_dates(
        alone, {one.path: OLD for one in base.files} | {"kb/paper/alignment-faking-in-llms.ttl": NEW}, BUILT
    )
    assert found["artifact/claude-3-5-sonnet"] == OLD
