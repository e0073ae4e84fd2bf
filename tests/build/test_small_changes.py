"""A build after a small change makes the very release that a whole build of the same files makes."""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset
from pyoxigraph import Store as Engine

from server.build import making
from server.build.build import build
from server.build.rejected import RejectedError
from server.build.releases import Releases
from server.settings import Settings, read_settings
from tests.made import edge, record
from tests.thorough import NIGHTLY

TIMES = {"name", "built", "seconds", "embedded"}
"""What two builds of the same files say differently."""


@pytest.fixture(scope="module")
def built(make_base: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small base and a release of it, for `own` to copy."""
    folder = tmp_path_factory.mktemp("built")
    root = make_base(folder / "base")
    (root / "akb.toml").write_text('embedding = "tfidf"\ndownloads = "nt, csv"\n', encoding="utf-8")
    build(read_settings({"AKB_STATE": str(folder / "state")}, root=root))
    return folder


@pytest.fixture
def own(built: Path, tmp_path: Path) -> Settings:
    """The settings of that base, with its release, where a test may spoil them."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return read_settings({"AKB_STATE": str(tmp_path / "state")}, root=tmp_path / "base")


def content(release: Path) -> dict[str, object]:
    """Return all that a release holds, whatever the order in which it was written."""
    held: dict[str, object] = {}
    quads = Dataset(Engine.read_only(str(release / "store")))
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    held["store"] = sorted(map(str, quads))
    for path in sorted(release.rglob("*")):
        name = path.relative_to(release).as_posix()
        if path.is_dir() or name.startswith("store/") or name == "checksums":
            continue
        if path.suffix == ".sqlite":
            held[name] = rows(path)
        elif path.suffix == ".npy":
            held[name] = np.load(path).tolist()
        elif path.suffix == ".json":
            held[name] = json.loads(path.read_text(encoding="utf-8"))
        else:
            held[name] = path.read_bytes()
    told = held["release.json"]
    assert isinstance(told, dict)
    held["release.json"] = {key: value for key, value in told.items() if key not in TIMES}
    manifest = held["downloads/manifest.json"]
    assert isinstance(manifest, dict)
    held["downloads/manifest.json"] = [{**one, "made": ""} for one in manifest["files"]]
    # The files of a test are in no repository: each is as new as the build.
    lookups = held["lookups.sqlite"]
    assert isinstance(lookups, list)
    held["lookups.sqlite"] = [re.sub(r"""(INTO "date" VALUES\('[^']*',)\d+""", r"\1", line) for line in lookups]
    return held


def rows(path: Path) -> list[str]:
    """Return what an SQLite file holds; of a text index what it finds, and not into what pieces it is cut."""
    with closing(sqlite3.connect(path)) as database:
        indexes = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'")]
        pieces = tuple(f'INSERT INTO "{index}_{part}" ' for index in indexes for part in ("data", "idx"))
        held = [line for line in database.iterdump() if not line.startswith(pieces)]
        for index in indexes:
            database.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
            database.execute(f"CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, {index}, instance)")
            held += map(repr, database.execute("SELECT * FROM words"))
            database.execute("DROP TABLE temp.words")
        database.rollback()
    return sorted(held)


def current(settings: Settings) -> Path:
    release = Releases(settings.releases).current()
    assert release is not None
    return release


def assert_as_whole(settings: Settings, tmp_path: Path) -> None:
    """Hold the current release against one that is built from nothing."""
    other = read_settings({"AKB_STATE": str(tmp_path / "whole")}, root=settings.root)
    build(other, force=True)
    ours, theirs = content(current(settings)), content(current(other))
    assert ours.keys() == theirs.keys()
    # To say where they differ, pytest would compare such long lists for minutes.
    different = {name: differing(ours[name], held) for name, held in theirs.items() if ours[name] != held}
    assert different == {}


def differing(ours: object, theirs: object) -> object:
    """Return a few of the lines that only one of two contents has."""
    if not isinstance(ours, list) or not isinstance(theirs, list):
        return "other bytes"
    return [sorted(map(repr, {*one} - {*other}))[:3] for one, other in ((ours, theirs), (theirs, ours))]


def files_of(root: Path) -> list[Path]:
    return sorted((root / "kb").glob("[!r]*/*.ttl"))


def relabel(root: Path, chance: random.Random) -> None:
    path = chance.choice(files_of(root))
    path.write_text(re.sub(r'(prefLabel "[^"]*)"', r'\1 anew"', path.read_text(), count=1))


def redefine(root: Path, chance: random.Random) -> None:
    path = chance.choice(files_of(root))
    path.write_text(path.read_text().replace('definition "', 'definition "In short: ', 1))


def reword_a_note(root: Path, chance: random.Random) -> None:
    path = chance.choice([one for one in files_of(root) if "akb:note" in one.read_text()])
    path.write_text(path.read_text().replace('akb:note "', 'akb:note "Said again: ', 1))


def add(root: Path, chance: random.Random) -> None:
    name = f"made-{chance.randrange(10**6)}"
    text = record(f"concept:{name}", "akb:Concept") + edge(f"concept:{name}", "akb:extends", "concept:alignment-faking")
    (root / "kb" / "concept" / f"{name}.ttl").write_text(text)


def add_a_draft(root: Path, chance: random.Random) -> None:
    """Add a draft that is finished, or one that is not."""
    name = f"draft-{chance.randrange(10**6)}"
    text = record(f"concept:{name}", "akb:Concept").replace("akbv:active", "akbv:draft")
    if chance.random() < 0.7:
        text = re.sub(r'definition "[^"]*"', 'definition ""', text)
    (root / "kb" / "concept" / f"{name}.ttl").write_text(text)


def drop(root: Path, chance: random.Random) -> None:
    made = [path for path in files_of(root) if path.stem.startswith(("made-", "draft-"))]
    if made:
        chance.choice(made).unlink()


def drop_an_edge(root: Path, chance: random.Random) -> None:
    path = chance.choice([one for one in files_of(root) if " a akb:Edge" in one.read_text()])
    head, *edges = re.split(r"\n\n(?=\S+ akb:\w+ \S+ \.\nedge:)", path.read_text().rstrip("\n"))
    if edges:
        edges.pop(chance.randrange(len(edges)))
    path.write_text("\n\n".join([head, *edges]) + "\n")


EDITS: tuple[Callable[[Path, random.Random], None], ...] = (
    *(relabel, redefine, reword_a_note, add, add_a_draft, drop, drop_an_edge),
)


@pytest.mark.parametrize("seed", range(2 if NIGHTLY else 1))
def test_a_small_change_makes_the_release_that_a_whole_build_makes(own: Settings, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    if seed == 0:
        # With all the downloads.
        (own.root / "akb.toml").write_text('embedding = "tfidf"\n', encoding="utf-8")
        own = read_settings({"AKB_STATE": str(own.state)}, root=own.root)
    build(own)
    for _ in range(6 if NIGHTLY else 4):
        for edit in chance.sample(EDITS, chance.randint(1, 2)):
            edit(own.root, chance)
        try:
            build(own)
        except RejectedError as error:
            # What an edit broke is put right, and the release stays as it was.
            for path in {own.root / finding.file for finding in error.report.findings}:
                if path.stem.startswith(("made-", "draft-")):
                    path.unlink(missing_ok=True)
            continue
    build(own)
    assert_as_whole(own, tmp_path)


def test_a_change_of_much_is_built_whole(own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is made anew nothing may be missing because the release before had the same."""
    build(own)
    for path in files_of(own.root):
        path.write_text(path.read_text().replace('akb:note "', 'akb:note "Once more: '))
    monkeypatch.setattr(making, "part_around", None)  # a build that asks for the surroundings of the change fails
    build(own)
    assert_as_whole(own, tmp_path)


def test_a_small_change_does_not_check_everything(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    build(own)
    checked: list[int] = []

    def note(base: making.Base, *args: object, **options: object) -> object:
        checked.append(len(base.files))
        return check(base, *args, **options)  # type: ignore[arg-type]

    check = making.check
    monkeypatch.setattr(making, "check", note)
    reword_a_note(own.root, random.Random(1))
    assert build(own)[1]
    assert checked == [1]


def test_stages_whose_inputs_did_not_change_share_their_files(own: Settings) -> None:
    build(own)
    before = current(own) / "similarity" / "vectors.npy"
    path = own.root / "kb/concept/alignment-faking.ttl"
    path.write_text(path.read_text().replace("akb:confidence 0.8", "akb:confidence 0.7", 1))
    info, made = build(own)
    assert made
    assert before.samefile(current(own) / "similarity" / "vectors.npy")
    assert info.embedded == 0


def test_a_killed_index_is_made_anew(own: Settings, tmp_path: Path) -> None:
    build(own)
    (own.state / "built.sqlite").write_bytes(b"no database")
    redefine(own.root, random.Random(2))
    build(own)
    assert_as_whole(own, tmp_path)


def test_an_unfinished_draft_stays_out_and_stops_nothing(own: Settings) -> None:
    whole, _ = build(own)
    text = record("concept:not-yet", "akb:Concept").replace("akbv:active", "akbv:draft")
    path = own.root / "kb/concept/not-yet.ttl"
    path.write_text(re.sub(r'definition "[^"]*"', 'definition ""', text))
    info, made = build(own)
    assert made
    assert info.left_out == ("concept:not-yet",)
    same = {
        key: value for key, value in asdict(whole).items() if key not in TIMES | {"fingerprint", "state", "left_out"}
    }
    assert {key: value for key, value in asdict(info).items() if key in same} == same
    path.write_text(text)
    info, _ = build(own)
    assert info.left_out == ()
    assert info.entities["concept"] == whole.entities["concept"] + 1
