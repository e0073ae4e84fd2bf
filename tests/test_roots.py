"""The folder of a base: where it is found, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.engine import PACKAGED_BASE
from server.errors import UsageError
from server.roots import find_root, is_base, must_be_base


def test_the_root_is_found_from_a_folder_inside_it(root: Path) -> None:
    assert find_root(root / "kb" / "concept") == root
    assert is_base(root)
    assert not is_base(root / "kb")


def test_outside_of_any_base_the_one_that_the_engine_carries_is_found_or_none(tmp_path: Path) -> None:
    if is_base(PACKAGED_BASE):
        assert find_root(tmp_path) == PACKAGED_BASE
    else:
        with pytest.raises(UsageError, match="is not in a knowledge base") as caught:
            find_root(tmp_path)
        assert "--root" in caught.value.mend


def test_a_folder_that_is_no_base_is_refused_with_what_it_lacks(root: Path, tmp_path: Path) -> None:
    (tmp_path / "half" / "kb").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"has no ontology/\."):
        must_be_base(tmp_path / "half")
    with pytest.raises(UsageError, match=r"has no ontology/ and no kb/"):
        must_be_base(tmp_path / "half" / "kb")
    with pytest.raises(UsageError, match="is not a folder"):
        must_be_base(tmp_path / "missing")
    assert must_be_base(root / "kb" / "..") == root.resolve()
