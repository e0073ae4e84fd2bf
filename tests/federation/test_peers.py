"""The file of peers: what it may say, and the error for everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.errors import UnreadableError, UsageError
from server.federation.peers import Peer, peers_of, read_peers
from server.settings import Settings, read_settings

GOOD = '[[peer]]\nname = "One"\nendpoint = "https://one.example/sparql"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "peers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_peer_is_off_until_it_is_switched_on(tmp_path: Path) -> None:
    peers = read_peers(written(tmp_path, GOOD))
    assert list(peers) == [Peer("One", "https://one.example/sparql")]
    assert peers.enabled == ()
    assert peers.allowed("https://one.example/sparql") is None


def test_only_the_very_endpoint_is_allowed(tmp_path: Path) -> None:
    peers = read_peers(written(tmp_path, GOOD + "enabled = true\n"))
    assert peers.allowed("https://one.example/sparql") is not None
    for other in ("https://one.example/sparql/", "http://one.example/sparql", "https://one.example:443/sparql"):
        assert peers.allowed(other) is None


def test_the_repository_enables_none(settings: Settings) -> None:
    peers = peers_of(settings)
    assert [peer.name for peer in peers] == ["Wikidata", "DBpedia", "ORKG"]
    assert peers.enabled == ()


WRONG = {
    "not TOML": ("[[peer", "is not TOML"),
    "a key of no peer": (GOOD + "timeout = 3\n", "has the key 'timeout'"),
    "no endpoint": ('[[peer]]\nname = "One"\n', "has no endpoint"),
    "no name": ('[[peer]]\nendpoint = "https://one.example/"\n', "has no name"),
    "too long": (GOOD + "seconds = 301\n", "seconds is 301"),
    "no number": (GOOD + "rows = true\n", "rows is True"),
    "no flag": (GOOD + "enabled = 1\n", "enabled is 1"),
    "two of a name": (GOOD + GOOD, "two peers have the name 'One'"),
    "two of an endpoint": (GOOD + GOOD.replace('"One"', '"Two"'), "two peers have the endpoint"),
    "outside": ("enabled = true\n" + GOOD, "outside of a peer"),
    "one table": ('[peer]\nname = "One"\n', "outside of a peer"),
    "two lines": ('[[peer]]\nname = "a\\nb"\nendpoint = "https://one.example/"\n', "name is"),
    **{
        endpoint: (f'[[peer]]\nname = "One"\nendpoint = "{endpoint}"\n', "endpoint is")
        for endpoint in (
            "file:///etc/passwd",
            "ftp://one.example/",
            "https://",
            "https://me:secret@one.example/",
            "https://one.example/#part",
            "https://one.example:99999/",
            "https://one.example:0/",
            "https://one example/",
            "https://öne.example/",
            "one.example",
            "https://[::1/",
        )
    },
}


@pytest.mark.parametrize("name", WRONG)
def test_what_a_file_of_peers_may_not_say(name: str, tmp_path: Path) -> None:
    text, words = WRONG[name]
    with pytest.raises(UsageError) as caught:
        read_peers(written(tmp_path, text))
    assert words in caught.value.message
    assert "peers.toml" in caught.value.message
    assert caught.value.mend


def test_the_default_file_need_not_be_there_and_a_named_one_must(root: Path) -> None:
    assert peers_of(read_settings({}, root=root)).all == ()
    with pytest.raises(UnreadableError, match=r"missing\.toml is not there"):
        peers_of(read_settings({"AKB_PEERS": str(root / "missing.toml")}, root=root))
    (root / "latin.toml").write_bytes(b"\xe9")
    with pytest.raises(UnreadableError, match="cannot be read"):
        peers_of(read_settings({"AKB_PEERS": str(root / "latin.toml")}, root=root))
