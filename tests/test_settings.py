"""Settings: where each comes from, and what wrong ones say."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.errors import UsageError
from server.settings import FIELDS, find_root, read_settings

OTHERS = {
    "AKB_BASE": "http://example.org/kb/",
    "AKB_STATE": "/tmp/akb-elsewhere",
    "AKB_HOST": "0.0.0.0",
    "AKB_PORT": "8123",
    "AKB_WORKERS": "3",
    "AKB_MEMORY_TRIPLES": "7",
    "AKB_QUERY_SECONDS": "9",
    "AKB_QUERY_MEMORY_MB": "64",
    "AKB_QUERY_WORKERS": "2",
    "AKB_QUERY_QUEUE": "0",
    "AKB_ANSWER_MB": "5",
    "AKB_KEPT_MB": "6",
    "AKB_CACHE_SECONDS": "11",
    "AKB_SHARED_CACHE_SECONDS": "12",
    "AKB_PEERS": "/tmp/akb-peers.toml",
    "AKB_STORE": "http://127.0.0.1:8890/sparql",
    "AKB_STORE_USER": "reader",
    "AKB_STORE_PASSWORD": "a secret",
}


def test_every_setting_is_read_from_its_variable(root: Path) -> None:
    assert {field.variable for field in FIELDS} == {*OTHERS, "AKB_ROOT"}
    settings = read_settings({**OTHERS, "AKB_ROOT": str(root)})
    assert settings.root == root
    assert settings.state == Path("/tmp/akb-elsewhere")
    assert (settings.host, settings.port, settings.workers, settings.memory_triples) == ("0.0.0.0", 8123, 3, 7)
    assert settings.namespaces.base == "http://example.org/kb/"
    assert (settings.query_seconds, settings.query_memory_mb) == (9, 64)
    assert (settings.query_workers, settings.query_queue, settings.answer_mb) == (2, 0, 5)
    assert (settings.kept_mb, settings.cache_seconds, settings.shared_cache_seconds) == (6, 11, 12)
    assert (settings.store, settings.credentials) == ("http://127.0.0.1:8890/sparql", ("reader", "a secret"))
    assert settings.peers == Path("/tmp/akb-peers.toml")
    assert "a secret" not in repr(settings)


def test_an_option_comes_before_its_variable(root: Path, tmp_path: Path) -> None:
    settings = read_settings(
        {**OTHERS, "AKB_ROOT": str(tmp_path / "nowhere")}, root=root, host="::1", port=0, workers=2
    )
    assert (settings.root, settings.host, settings.port, settings.workers) == (root, "::1", 0, 2)


def test_without_any_there_are_defaults(root: Path) -> None:
    settings = read_settings({}, root=root)
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 1)
    assert settings.state == root / ".akb"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AKB_PORT", "http"),
        ("AKB_PORT", "65536"),
        ("AKB_PORT", "-1"),
        ("AKB_PORT", "²"),
        ("AKB_WORKERS", "0"),
        ("AKB_MEMORY_TRIPLES", "many"),
        ("AKB_BASE", "https://example.org/kb"),
        ("AKB_BASE", "ftp://example.org/kb/"),
        ("AKB_STORE", "localhost:8890"),
        ("AKB_STORE_USER", "somebody"),
    ],
)
def test_a_wrong_value_is_named_with_its_mend(root: Path, variable: str, value: str) -> None:
    with pytest.raises(UsageError, match=variable) as caught:
        read_settings({variable: value}, root=root)
    assert caught.value.mend


def test_the_root_is_found_from_a_folder_inside_it(root: Path) -> None:
    assert find_root(root / "kb" / "concept") == root


def test_a_folder_that_is_no_base_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "kb").mkdir()
    with pytest.raises(UsageError, match=r"has no ontology/akb\.ttl"):
        read_settings({}, root=tmp_path)
    with pytest.raises(UsageError, match="is not a folder"):
        read_settings({}, root=tmp_path / "missing")
