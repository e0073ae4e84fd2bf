"""Texts are outside of git, and their records in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.errors import NotFoundError, UnreadableError
from server.settings import Settings, read_settings
from server.texts.reading import read_text
from server.texts.shelf import Shelf, TextRecord

NAME = "paper:one"


@pytest.fixture
def made(tmp_path: Path) -> Settings:
    (tmp_path / "base/ontology").mkdir(parents=True)
    (tmp_path / "base/ontology/x.ttl").touch()
    (tmp_path / "base/kb").mkdir()
    return read_settings({"AKB_STATE": str(tmp_path / "state")}, root=tmp_path / "base")


def add(settings: Settings, folder: Path, words: str) -> TextRecord:
    path = folder / "a.md"
    path.write_text(f"# T\n\n## 1 One\n\n{words} {'It goes on like this for a while. ' * 8}", encoding="utf-8")
    read = read_text(path)
    record = TextRecord(NAME, read.form, read.sha256, "v2", "CC-BY-4.0", 'https://example.org/a"b')
    Shelf(settings).add(record, read)
    return record


def test_a_text_comes_back_as_it_was(made: Settings, tmp_path: Path) -> None:
    record = add(made, tmp_path, "The first words.")
    shelf = Shelf(made)
    assert (shelf.names(), shelf.record(NAME), shelf.is_here(NAME)) == ((NAME,), record, True)
    assert shelf.must_have(NAME).text == read_text(tmp_path / "a.md").text
    assert shelf.same_as(record.sha256, "paper:other") == NAME
    assert not list((made.root / "texts").rglob("*.json")), "git has the record alone"
    assert shelf.remove(NAME)
    assert (shelf.names(), list(made.texts_folder.rglob("*.json"))) == ((), [])


def test_a_text_of_another_file_is_not_taken_for_that_of_the_record(made: Settings, tmp_path: Path) -> None:
    record = add(made, tmp_path, "The first words.")
    path = Shelf(made).path_of_record(NAME)
    assert path is not None
    path.write_text(path.read_text().replace(record.sha256, "0" * 64), encoding="utf-8")
    assert not Shelf(made).is_here(NAME)
    with pytest.raises(NotFoundError, match="not on this machine"):
        Shelf(made).must_have(NAME)
    add(made, tmp_path, "Other words.")
    assert len(list(made.texts_folder.rglob("*.json"))) == 1, "the old one goes"


@pytest.mark.parametrize(
    "content", ["sha256 = 3", "no toml", 'sha256 = "x"', f'sha256 = "{"0" * 64}"\nother = "x"', ""]
)
def test_a_record_that_cannot_be_used_is_named(made: Settings, tmp_path: Path, content: str) -> None:
    add(made, tmp_path, "Words.")
    path = made.root / "texts/paper/one.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"one\.toml"):
        Shelf(made).record(NAME)


def test_a_damaged_text_is_named_with_what_mends_it(made: Settings, tmp_path: Path) -> None:
    add(made, tmp_path, "Words.")
    [path] = made.texts_folder.rglob("*.json")
    for content in ("{", "[]", '{"sha256": 1}', path.read_text()[:200]):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(UnreadableError) as caught:
            Shelf(made).passages(NAME)
        assert f"akb text add {NAME}" in caught.value.mend


@pytest.mark.parametrize("name", ["../x:y", "paper:../../x", "paper", "", "paper:a/b", "paper:A"])
def test_a_name_is_no_path(made: Settings, name: str) -> None:
    shelf = Shelf(made)
    assert (shelf.path_of_record(name), shelf.passages(name), shelf.remove(name)) == (None, None, ())
