"""Which files a base held at a revision, in every kind of clone, and what has changed since."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.errors import UnreadableError, UsageError
from server.history.snapshots import Changes, Folder, changes, revision
from tests.history.repositories import commit, git, repository, write

BASE = {
    "kb/concept/a.ttl": "a",
    "kb/concept/b.ttl": "b",
    "ontology/akb.ttl": "o",
    "shapes/rules/r.rq": "r",
    "x.md": "x",
}
OURS = sorted(BASE.keys() - {"x.md"})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "project")
    commit(folder, BASE)
    return folder


def test_a_revision_holds_what_the_engine_reads(project: Path) -> None:
    commit(project, {"kb/.hidden/c.ttl": "", "kb/concept/c.ttl~": "", "README.md": "", "kb/concept/é \n.ttl": "c"})
    before = revision(project, "HEAD")
    assert sorted(before.ids) == sorted([*OURS, "kb/concept/é \n.ttl"])
    assert before.read(["kb/concept/a.ttl", "kb/concept/é \n.ttl"]) == {
        "kb/concept/a.ttl": b"a",
        "kb/concept/é \n.ttl": b"c",
    }


def test_the_working_tree_differs_in_whatever_way_a_file_was_changed(project: Path) -> None:
    """Committed, staged, unstaged and untracked alike."""
    base = git(project, "rev-parse", "HEAD")
    commit(project, {"kb/concept/committed.ttl": "1"})
    write(project, {"kb/concept/staged.ttl": "2", "kb/concept/a.ttl": "staged, then changed again"})
    git(project, "add", ".")
    write(project, {"kb/concept/a.ttl": "A", "kb/concept/untracked.ttl": "3", "kb/concept/ignored.ttl": "4"})
    write(project, {".gitignore": "ignored.ttl"})
    (project / "shapes/rules/r.rq").unlink()
    assert changes(revision(project, base), Folder(project)) == Changes(
        added=tuple(f"kb/concept/{name}.ttl" for name in ("committed", "ignored", "staged", "untracked")),
        changed=("kb/concept/a.ttl",),
        deleted=("shapes/rules/r.rq",),
    )


def test_a_file_that_is_only_touched_or_changed_back_is_not_changed(project: Path) -> None:
    write(project, {"kb/concept/a.ttl": "other"})
    git(project, "add", ".")
    write(project, {"kb/concept/a.ttl": "a"})
    assert not changes(revision(project, "HEAD"), Folder(project))


def test_two_revisions_are_compared_without_the_working_tree(project: Path) -> None:
    commit(project, {"kb/concept/a.ttl": "A"})
    commit(project, {"kb/concept/d.ttl": "d"})
    (project / "kb/concept/a.ttl").unlink()
    found = changes(revision(project, "HEAD~2"), revision(project, "HEAD"))
    assert found == Changes(added=("kb/concept/d.ttl",), changed=("kb/concept/a.ttl",), deleted=())


def test_other_line_ends_are_no_change(project: Path) -> None:
    commit(project, {"kb/concept/a.ttl": "a\nb\n"})
    (project / "kb/concept/a.ttl").write_bytes(b"a\r\nb\r\n")
    assert not changes(revision(project, "HEAD"), Folder(project))


def test_a_base_in_a_sub_folder_sees_only_itself(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    commit(top, {f"bases/one/{name}": text for name, text in BASE.items()} | {"kb/concept/other.ttl": ""})
    root = top / "bases/one"
    assert sorted(revision(root, "HEAD").ids) == OURS
    assert not changes(revision(root, "HEAD"), Folder(root))
    write(root, {"kb/concept/a.ttl": "A"})
    assert changes(revision(root, "HEAD"), Folder(root)).changed == ("kb/concept/a.ttl",)


def test_a_base_that_was_not_there_yet_is_all_added(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    commit(top, {"README.md": ""})
    write(top, BASE)
    assert changes(revision(top, "HEAD"), Folder(top)).added == tuple(OURS)


def test_a_linked_worktree_has_its_own_head(project: Path, tmp_path: Path) -> None:
    git(project, "worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    linked = tmp_path / "linked"
    commit(linked, {"kb/concept/a.ttl": "A"})
    assert changes(revision(linked, "main"), revision(linked, "HEAD")).changed == ("kb/concept/a.ttl",)
    assert not changes(revision(linked, "HEAD"), Folder(linked))


def test_a_base_that_is_a_submodule_works_as_any_repository(project: Path, tmp_path: Path) -> None:
    outer = repository(tmp_path / "outer")
    git(outer, "submodule", "--quiet", "add", project.as_uri(), "base")
    commit(outer)
    write(outer / "base", {"kb/concept/a.ttl": "A"})
    assert changes(revision(outer / "base", "HEAD"), Folder(outer / "base")).changed == ("kb/concept/a.ttl",)


def test_a_part_of_the_base_that_is_a_submodule_is_explained(project: Path, tmp_path: Path) -> None:
    outer = repository(tmp_path / "outer")
    git(outer, "submodule", "--quiet", "add", project.as_uri(), "kb")
    commit(outer)
    with pytest.raises(UsageError, match="kb is a submodule"):
        _ = revision(outer, "HEAD").ids


@pytest.mark.parametrize("options", [["--depth=1"], ["--shared"], ["--filter=blob:none", "--no-checkout"]])
def test_every_kind_of_clone_can_read_its_head(project: Path, tmp_path: Path, options: list[str]) -> None:
    """Shallow, with borrowed objects, and without the objects until they are asked for."""
    git(project, "config", "uploadpack.allowFilter", "true")
    git(project, "gc", "--quiet")
    git(tmp_path, "clone", "--quiet", *options, project.as_uri() if options != ["--shared"] else str(project), "clone")
    assert revision(tmp_path / "clone", "HEAD").read(OURS)["kb/concept/a.ttl"] == b"a"


def test_a_partial_clone_that_has_lost_its_origin_says_so(project: Path, tmp_path: Path) -> None:
    git(project, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", "--no-checkout", project.as_uri(), "clone")
    project.rename(tmp_path / "moved")
    with pytest.raises(UnreadableError):
        revision(tmp_path / "clone", "HEAD").read(OURS)


def test_an_object_that_is_lost_is_named(project: Path) -> None:
    before = revision(project, "HEAD")
    blob = before.ids["kb/concept/a.ttl"]
    path = project / ".git/objects" / blob[:2] / blob[2:]
    path.chmod(0o600)
    path.unlink()
    with pytest.raises(UnreadableError, match=blob):
        before.read(["kb/concept/a.ttl"])


def test_a_repository_with_sha_256_names_its_files_likewise(tmp_path: Path) -> None:
    project = repository(tmp_path / "project", "--object-format=sha256")
    commit(project, BASE)
    assert len(revision(project, "HEAD").ids["kb/concept/a.ttl"]) == 64
    assert Folder(project).ids == revision(project, "HEAD").ids


def test_a_link_stands_for_the_file_it_leads_to(project: Path) -> None:
    (project / "kb/concept/link.ttl").symlink_to("a.ttl")
    (project / "kb/concept/broken.ttl").symlink_to("nowhere.ttl")
    commit(project)
    before = revision(project, "HEAD")
    assert before.read(["kb/concept/link.ttl"]) == {"kb/concept/link.ttl": b"a"}
    assert before.ids == Folder(project).ids


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_counts_as_changed(project: Path) -> None:
    (project / "kb/concept/a.ttl").chmod(0)
    assert changes(revision(project, "HEAD"), Folder(project)).changed == ("kb/concept/a.ttl",)
    assert Folder(project).read(["kb/concept/a.ttl"]) == {}


def test_two_folders_need_no_repository(tmp_path: Path) -> None:
    write(tmp_path / "old", BASE)
    write(tmp_path / "new", BASE | {"kb/concept/a.ttl": "A"})
    assert changes(Folder(tmp_path / "old"), Folder(tmp_path / "new")).changed == ("kb/concept/a.ttl",)


NAMES = st.text(st.characters(blacklist_characters="\0/", blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=8)
FILES = st.dictionaries(
    NAMES.filter(lambda name: not name.startswith(".") and not name.endswith("~") and len(name.encode()) < 60),
    st.binary(max_size=60),
    max_size=5,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(old=FILES, new=FILES)
def test_any_files_come_back_and_are_told_apart(
    tmp_path_factory: pytest.TempPathFactory, old: dict[str, bytes], new: dict[str, bytes]
) -> None:
    project = repository(tmp_path_factory.mktemp("any"))
    git(project, "config", "core.autocrlf", "false")

    def put(files: dict[str, bytes]) -> None:
        (project / "kb").mkdir(exist_ok=True)
        for path in (project / "kb").iterdir():
            path.unlink()
        for name, content in files.items():
            (project / "kb" / name).write_bytes(content)

    put(old)
    commit(project)
    put(new)
    before = revision(project, "HEAD")
    assert before.read(before.ids) == {f"kb/{name}": content for name, content in old.items()}
    found = changes(before, Folder(project))

    def plain(content: bytes) -> bytes:
        return content.replace(b"\r\n", b"\n")

    assert set(found.added) == {f"kb/{name}" for name in new.keys() - old.keys()}
    assert set(found.deleted) == {f"kb/{name}" for name in old.keys() - new.keys()}
    assert set(found.changed) == {
        f"kb/{name}" for name in old.keys() & new.keys() if plain(old[name]) != plain(new[name])
    }
