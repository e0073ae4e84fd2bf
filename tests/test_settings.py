"""Settings: where each comes from, and what wrong ones say."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from server.errors import UsageError
from server.outgoing.chat import Model
from server.records.engines import Engine
from server.records.limits import ReadLimits
from server.records.site import Button, SiteText
from server.settings import Project, read_settings
from server.settings_file import FIELDS, SITE_FIELDS

OTHERS = {
    "AKB_BASE": "http://example.org/kb/",
    "AKB_STATE": "/tmp/akb-elsewhere",
    "AKB_HOST": "0.0.0.0",
    "AKB_PORT": "8123",
    "AKB_WORKERS": "3",
    "AKB_SPARE_WORKER": "no",
    "AKB_MEMORY_TRIPLES": "7",
    "AKB_QUERY_SECONDS": "9",
    "AKB_QUERY_MEMORY_MB": "64",
    "AKB_QUERY_WORKERS": "2",
    "AKB_QUERY_QUEUE": "0",
    "AKB_QUERY_KB": "20",
    "AKB_CLIENT_SECONDS": "17",
    "AKB_CLIENT_IPV4_BITS": "24",
    "AKB_CLIENT_IPV6_BITS": "56",
    "AKB_ANSWER_MB": "5",
    "AKB_KEPT_MB": "6",
    "AKB_CACHE_SECONDS": "11",
    "AKB_SHARED_CACHE_SECONDS": "12",
    "AKB_PROXIES": "2",
    "AKB_PROXY_HEADERS": "forwarded",
    "AKB_PROXY_NETWORKS": "10.0.0.0/8, ::1",
    "AKB_ORIGINS": "https://KB.example.org:443/, http://[::1]:8000, https://bücher.example",
    "AKB_PREFIX": "/kb/, /",
    "AKB_PROXY_STRIPS": "yes",
    "AKB_LOG_FORMAT": "json",
    "AKB_ACCESS_LOG": "yes",
    "AKB_CONNECTIONS": "16",
    "AKB_CONNECTIONS_PER_CLIENT": "17",
    "AKB_STALL_SECONDS": "18",
    "AKB_WAITING_REQUESTS": "19",
    "AKB_SPOOL_MB": "20",
    "AKB_DRAIN_SECONDS": "13",
    "AKB_FOLLOW": "http://build.example/releases/",
    "AKB_FOLLOW_SECONDS": "14",
    "AKB_FOLLOW_MB": "15",
    "AKB_OFFER_RELEASES": "yes",
    "AKB_ALLOW_PROPOSE": "yes",
    "AKB_PROPOSALS": "/tmp/akb-proposals",
    "AKB_TEXTS": "/tmp/akb-texts",
    "AKB_PROPOSALS_WAITING": "21",
    "AKB_PROPOSALS_A_MINUTE": "22",
    "AKB_PROPOSAL_KB": "23",
    "AKB_MODEL_URL": "http://127.0.0.1:11434/v1/chat/completions",
    "AKB_MODEL": "a model",
    "AKB_MODEL_SECONDS": "25",
    "AKB_MODEL_KEY": "a key of it",
    "AKB_REVIEW_KEY": "a key",
    "AKB_PEERS": "/tmp/akb-peers.toml",
    "AKB_CONTACT": "mailto:kb@example.org",
    "AKB_FILE_MB": "16",
    "AKB_READ_MEMORY_MB": "17",
    "AKB_READ_SECONDS": "18",
    "AKB_EMBEDDING": "tfidf",
    "AKB_ENGINE": "both",
    "AKB_LANGUAGES": "de, en",
    "AKB_PAGE_LANGUAGES": "fr, en",
    "AKB_LABELS": "schema:name,http://example.org/title",
    "AKB_BASELINE": "/tmp/known.json",
    "AKB_EDIT": "https://git.example/edit/main/{path}",
    "AKB_DOWNLOADS": "csv, nt",
    "AKB_KEPT_RELEASES": "21",
    "AKB_PAST_SECONDS": "22",
    "AKB_PAST_STATES": "23",
    "AKB_PAST_MB": "24",
    "AKB_HUB": "https://hub.example/",
    "AKB_STORE": "http://127.0.0.1:8890/sparql",
    "AKB_STORE_USER": "reader",
    "AKB_STORE_PASSWORD": "a secret",
}


def test_every_setting_is_read_from_its_variable(root: Path) -> None:
    assert {field.variable for field in FIELDS} == {*OTHERS, "AKB_ROOT", "AKB_DATA", "AKB_ONTOLOGY", "AKB_SHAPES"}
    settings = read_settings({**OTHERS, "AKB_ROOT": str(root)})
    assert settings.root == root
    assert settings.state == Path("/tmp/akb-elsewhere")
    assert (settings.host, settings.port, settings.workers, settings.memory_triples) == ("0.0.0.0", 8123, 3, 7)
    assert settings.namespaces.base == "http://example.org/kb/"
    assert (settings.query_seconds, settings.query_memory_mb) == (9, 64)
    assert (settings.connections, settings.connections_per_client, settings.stall_seconds) == (16, 17, 18)
    assert (settings.waiting_requests, settings.spool_mb) == (19, 20)
    assert settings.downloads == ("nt", "csv")
    assert (settings.kept_releases, settings.hub) == (21, "https://hub.example/")
    assert (settings.past_seconds, settings.past_states, settings.past_mb) == (22, 23, 24)
    assert (settings.query_workers, settings.query_queue, settings.answer_mb) == (2, 0, 5)
    assert (settings.kept_mb, settings.cache_seconds, settings.shared_cache_seconds) == (6, 11, 12)
    assert (settings.proxies, settings.proxy_headers, settings.drain_seconds) == (2, "forwarded", 13)
    assert [str(network) for network in settings.proxy_networks] == ["10.0.0.0/8", "::1/128"]
    assert settings.origins == ("https://kb.example.org", "http://[::1]:8000", "https://xn--bcher-kva.example")
    assert (settings.prefixes, settings.proxy_strips) == (("/kb", ""), True)
    assert (settings.log_format, settings.access_log) == ("json", True)
    assert not settings.spare_worker
    assert (settings.store, settings.credentials) == ("http://127.0.0.1:8890/sparql", ("reader", "a secret"))
    assert (settings.follow, settings.follow_seconds) == ("http://build.example/releases/", 14)
    assert (settings.follow_mb, settings.offer_releases) == (15, True)
    assert settings.read_limits == ReadLimits(file_mb=16, memory_mb=17, seconds=18)
    assert settings.languages == ("de", "en")
    assert settings.labels == ("schema:name", "http://example.org/title")
    assert settings.embedding == "tfidf"
    assert settings.engine is Engine.BOTH
    assert settings.baseline == Path("/tmp/known.json")
    assert settings.edit == "https://git.example/edit/main/{path}"
    assert settings.peers == Path("/tmp/akb-peers.toml")
    assert settings.contact == "kb@example.org"
    assert (settings.allow_propose, settings.proposals_folder) == (True, Path("/tmp/akb-proposals"))
    assert settings.texts_folder == Path("/tmp/akb-texts")
    assert settings.language_model == Model("http://127.0.0.1:11434/v1/chat/completions", "a model", "a key of it", 25)
    assert (settings.proposals_waiting, settings.proposals_a_minute, settings.proposal_kb) == (21, 22, 23)
    assert settings.review_key == "a key"
    assert "a secret" not in repr(settings)
    assert "a key" not in repr(settings)


def test_data_of_others_need_no_base_and_nothing_is_written_among_them(tmp_path: Path) -> None:
    data = tmp_path / "data.ttl"
    data.write_text("")
    settings = read_settings({"AKB_DATA": str(data), "AKB_PORT": "8123"})
    assert settings.project == Project(data)
    assert settings.root == tmp_path
    assert tmp_path not in settings.state.parents
    assert settings.namespaces.base == "http://127.0.0.1:8123/", "what is named here is no part of another base"
    assert (
        read_settings({"AKB_BASE": "http://a.example/"}, project=Project(data)).namespaces.base == "http://a.example/"
    )
    with pytest.raises(UsageError, match="is not there"):
        read_settings({}, project=Project(tmp_path / "missing.ttl"))


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
        ("AKB_PROXIES", "all"),
        ("AKB_PROXY_HEADERS", "x-real-ip"),
        ("AKB_PROXY_NETWORKS", "proxy.example"),
        ("AKB_PROXY_NETWORKS", "10.0.0.1/8"),
        ("AKB_PREFIX", "kb"),
        ("AKB_PROXY_STRIPS", "no"),
        ("AKB_ORIGINS", "kb.example"),
        ("AKB_ORIGINS", "ftp://kb.example"),
        ("AKB_ORIGINS", "https://kb.example/kb"),
        ("AKB_ORIGINS", "https://x@kb.example"),
        ("AKB_ORIGINS", "https://kb.example:99999"),
        ("AKB_LOG_FORMAT", "xml"),
        ("AKB_ACCESS_LOG", "1"),
        ("AKB_KEPT_MB", "9" * 5000),
        ("AKB_FOLLOW", "ftp://build.example/releases/"),
        ("AKB_FOLLOW", "http://build.example/?releases"),
        ("AKB_FOLLOW_SECONDS", "0"),
        ("AKB_OFFER_RELEASES", "true"),
        ("AKB_FILE_MB", "0"),
        ("AKB_READ_SECONDS", "1.5"),
    ],
)
def test_a_wrong_value_is_named_with_its_mend(root: Path, variable: str, value: str) -> None:
    with pytest.raises(UsageError, match=variable) as caught:
        read_settings({variable: value}, root=root)
    assert caught.value.mend


def test_every_setting_may_stand_in_the_file_but_the_place_of_it_and_the_password(root: Path) -> None:
    fields = [field for field in FIELDS if field.variable in OTHERS and not field.not_in_file]
    keys = {"AKB_STORE_PASSWORD", "AKB_REVIEW_KEY", "AKB_MODEL_KEY"}
    barred = {"AKB_ROOT", "AKB_DATA", "AKB_ONTOLOGY", "AKB_SHAPES", *keys}
    assert {field.variable for field in FIELDS} - {field.variable for field in fields} == barred
    lines = [
        f"{field.key} = {OTHERS[field.variable] if field.range else json.dumps(OTHERS[field.variable])}\n"
        for field in fields
    ]
    (root / "akb.toml").write_text("".join(lines))
    password = {name: OTHERS[name] for name in ("AKB_STORE_PASSWORD", "AKB_REVIEW_KEY", "AKB_MODEL_KEY")}
    assert read_settings(password, root=root) == read_settings(OTHERS, root=root)


def test_who_follows_needs_no_base(tmp_path: Path) -> None:
    for settings in (
        read_settings({"AKB_FOLLOW": "http://build.example/releases"}, root=tmp_path),
        read_settings({}, root=tmp_path, follow="http://build.example/releases/"),
        read_settings({"AKB_ROOT": str(tmp_path), "AKB_FOLLOW": "http://build.example/releases/"}),
    ):
        assert (settings.root, settings.state) == (tmp_path, tmp_path / ".akb")
        assert settings.follow == "http://build.example/releases/"
    (tmp_path / "akb.toml").write_text('follow = "copies"\n')
    assert read_settings({}, root=tmp_path).follow == str(tmp_path / "copies"), "meant from where the file is"
    with pytest.raises(UsageError, match="is not a folder"):
        read_settings({"AKB_FOLLOW": "http://build.example/"}, root=tmp_path / "nowhere")
    (tmp_path / "akb.toml").unlink()
    with pytest.raises(UsageError, match="is not a knowledge base"):
        read_settings({}, root=tmp_path)


def test_an_option_comes_before_the_environment_and_that_before_the_file(root: Path) -> None:
    (root / "akb.toml").write_text('port = 1\nworkers = 2\nquery_queue = 0\nhost = "::1"\n')
    settings = read_settings({"AKB_PORT": "3", "AKB_WORKERS": "4", "AKB_HOST": ""}, root=root, port=5)
    assert (settings.port, settings.workers, settings.query_queue, settings.host) == (5, 4, 0, "::1")


def test_a_path_in_the_file_is_meant_from_there(root: Path) -> None:
    (root / "akb.toml").write_text('state = "cache"\npeers = "../peers.toml"\n')
    settings = read_settings({}, root=root)
    assert (settings.state, settings.peers) == (root / "cache", root.parent / "peers.toml")


@pytest.mark.parametrize(
    ("text", "said", "mend"),
    [
        ("prot = 8000", "prot is not a setting", "write port"),
        ("xyzzy = 1", "xyzzy is not a setting", "There are base, state, host, port"),
        ("PORT = 8000", "PORT is not a setting", "write port"),
        ("[server]\nport = 1", "server is not a setting", ""),
        ('port = "8000"', "port is '8000'", "a whole number, without quotes"),
        ("port = 8000.0", "port is 8000.0", "a whole number"),
        ("port = true", "port is True", "a whole number"),
        ("port = 65536", "port is '65536'", "from 0 to 65535"),
        ("port = -1", "port is '-1'", "from 0 to 65535"),
        ("host = 1", "host is 1", "a text in quotes"),
        ('log_format = "xml"', "log_format is 'xml'", "text or json"),
        ('base = "https://example.org/kb"', "base is 'https://example.org/kb'", "ends with a slash"),
        ('store_password = "secret"', "store_password is not allowed here", "set AKB_STORE_PASSWORD"),
        ('root = "."', "root is not allowed here", "set AKB_ROOT"),
        ("port 8000", "is not TOML", "port = 8000"),
        ("port = 1\nport = 2", "is not TOML", ""),
        ("# caf\udce9", "is not TOML", ""),
    ],
)
def test_a_wrong_file_is_named_with_the_key_and_the_mend(root: Path, text: str, said: str, mend: str) -> None:
    path = root / "akb.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError) as caught:
        read_settings({}, root=root)
    assert caught.value.message.startswith(str(path))
    assert said in caught.value.message
    assert mend in caught.value.mend
    assert caught.value.mend
    assert "secret" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(root: Path) -> None:
    (root / "akb.toml").unlink()
    (root / "akb.toml").mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        read_settings({}, root=root)


def test_the_site_is_read_from_its_table(root: Path) -> None:
    (root / "akb.toml").write_text(
        '[site]\ntitle = "t"\nheading = "h"\ntext = """\nx"""\nfooter = "f"\ncode_licence = "c"\n'
        'security_contact = "mailto:s@kb.example"\nsecurity_policy = "https://kb.example/p"\n'
        'buttons = [{label = "Go", address = "/go"}]\n'
    )
    site = read_settings({}, root=root).site
    assert site == SiteText(
        "t", "h", "x", "c", "f", (Button("Go", "/go"),), "mailto:s@kb.example", "https://kb.example/p"
    )
    assert {field.key for field in SITE_FIELDS} == {one.name for one in dataclasses.fields(SiteText)}


@pytest.mark.parametrize(
    ("text", "message", "mend"),
    [
        ('site = "x"', "site is 'x'.", "write a table, which begins with [site]."),
        ('[site]\nheadng = "x"', "site.headng is not a setting.", "write heading."),
        ("[site]\nheading = 3", "site.heading is 3.", "give a text in quotes."),
        ('[site]\nbuttons = ["x"]', "site.buttons has 'x'.", "write a list of"),
        (
            '[site]\nbuttons = [{label = "x", address = "javascript:x"}]',
            "site.buttons leads to 'javascript:x'.",
            "give an address that starts with /, http or mailto.",
        ),
        (
            '[site]\nsecurity_contact = "http://kb.example"',
            "site.security_contact is 'http://kb.example'.",
            "give an address that starts with https:// or mailto: or tel:",
        ),
        (
            '[site]\nsecurity_policy = "https://kb.example/\\nContact: x"',
            "site.security_policy is 'https://kb.example/\\nContact: x'.",
            "give an address that starts with https://",
        ),
        ('sit = "x"', "sit is not a setting.", "write site."),
    ],
)
def test_a_table_that_is_wrong_says_what_would_be_right(root: Path, text: str, message: str, mend: str) -> None:
    (root / "akb.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        read_settings({}, root=root)
    assert caught.value.message.endswith(message)
    assert caught.value.mend.startswith(mend)
