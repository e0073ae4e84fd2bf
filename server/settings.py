"""The settings of one run, from the environment and the command line.

`FIELDS` is the one list of settings: the command line, the documentation and the tests read it. A setting
comes from its option, else from its environment variable, else from its default.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

from .errors import UsageError
from .namespaces import CANONICAL_BASE, Namespaces

PACKAGED_BASE: Final = Path(__file__).parent / "base"
"""Where an installed wheel keeps the base that it carries; absent in a checkout."""

MARKERS: Final = ("ontology/akb.ttl", "kb")
"""What a folder must hold to be a base."""


@dataclass(frozen=True)
class Field:
    """One setting: its environment variable, what it means, and what it is when nobody says."""

    variable: str
    meaning: str
    default: str


FIELDS: Final = (
    Field("AKB_ROOT", "folder of the base (it holds `ontology/` and `kb/`)", "the nearest one upward"),
    Field("AKB_BASE", "IRI under which the entities live, ending with a slash", CANONICAL_BASE),
    Field("AKB_STATE", "folder for releases and caches", "`.akb` in the root"),
    Field("AKB_HOST", "address to listen on", "127.0.0.1"),
    Field("AKB_PORT", "port to listen on; 0 takes any free one", "8000"),
    Field("AKB_WORKERS", "web worker processes", "1"),
    Field(
        "AKB_MEMORY_TRIPLES",
        "load a release into memory up to this many triples; open it on disk above",
        "500000",
    ),
    Field("AKB_QUERY_SECONDS", "wall-clock limit of a public query, in seconds", "30"),
    Field("AKB_QUERY_MEMORY_MB", "memory limit of a public query, beyond what the open release takes", "1024"),
    Field("AKB_QUERY_WORKERS", "public queries that run at once in each web worker", "4"),
    Field("AKB_QUERY_QUEUE", "public queries that may wait for their turn in each web worker", "16"),
    Field("AKB_ANSWER_MB", "largest answer to a public query", "256"),
    Field("AKB_KEPT_MB", "memory of each web worker for answers that were given before", "64"),
    Field("AKB_CACHE_SECONDS", "for how long a browser may show a page again without asking", "60"),
    Field("AKB_SHARED_CACHE_SECONDS", "for how long a CDN or proxy may do so", "300"),
    Field("AKB_STORE", "address of a SPARQL query endpoint that answers in place of the embedded store", ""),
    Field("AKB_PEERS", "file that says which endpoints a query may call with SERVICE", "`peers.toml` in the root"),
    Field("AKB_STORE_USER", "name by which that store knows us, where it asks for one", ""),
    Field("AKB_STORE_PASSWORD", "password that goes with the name", ""),
)


@dataclass(frozen=True)
class Settings:
    """Everything that a command needs to know about where it works."""

    root: Path
    state: Path
    namespaces: Namespaces
    host: str
    port: int
    workers: int
    memory_triples: int
    query_seconds: int
    query_memory_mb: int
    query_workers: int
    query_queue: int
    answer_mb: int
    kept_mb: int
    cache_seconds: int
    shared_cache_seconds: int
    store: str = ""
    """Address of the remote store's query endpoint; empty for the embedded store."""
    credentials: tuple[str, str] | None = field(default=None, repr=False)
    """Name and password for the remote store."""
    peers: Path | None = None
    """The file of peers; None for `peers.toml` in the root, which need not be there."""

    @property
    def releases(self) -> Path:
        """The folder that holds the built releases."""
        return self.state / "releases"


def read_settings(
    environment: Mapping[str, str],
    *,
    root: Path | None = None,
    host: str | None = None,
    port: int | None = None,
    workers: int | None = None,
) -> Settings:
    """Read the settings; the keyword arguments are the options of the command line and come first.

    Raises UsageError when a value is not of its kind, or when no base is found.
    """

    def text(name: str) -> str:
        return environment.get(name) or next(one.default for one in FIELDS if one.variable == name)

    def number(name: str, given: int | None, low: int, high: int) -> int:
        value = text(name) if given is None else str(given)
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise UsageError(f"{name} is {value!r}.", f"give a whole number from {low} to {high}.")
        return int(value)

    base = text("AKB_BASE")
    if not base.startswith(("http://", "https://")) or not base.endswith("/"):
        raise UsageError(f"AKB_BASE is {base!r}.", "give an http or https IRI that ends with a slash.")
    chosen = root if root is not None else _path(environment.get("AKB_ROOT"))
    found = find_root(Path.cwd()) if chosen is None else _must_be_base(chosen)
    return Settings(
        root=found,
        state=_path(environment.get("AKB_STATE")) or _default_state(found),
        namespaces=Namespaces(base),
        host=host or text("AKB_HOST"),
        port=number("AKB_PORT", port, 0, 65535),
        workers=number("AKB_WORKERS", workers, 1, 256),
        memory_triples=number("AKB_MEMORY_TRIPLES", None, 0, 10**12),
        query_seconds=number("AKB_QUERY_SECONDS", None, 1, 86_400),
        query_memory_mb=number("AKB_QUERY_MEMORY_MB", None, 16, 10**6),
        query_workers=number("AKB_QUERY_WORKERS", None, 1, 256),
        query_queue=number("AKB_QUERY_QUEUE", None, 0, 10_000),
        answer_mb=number("AKB_ANSWER_MB", None, 1, 10**6),
        kept_mb=number("AKB_KEPT_MB", None, 0, 10**6),
        cache_seconds=number("AKB_CACHE_SECONDS", None, 0, 10**9),
        shared_cache_seconds=number("AKB_SHARED_CACHE_SECONDS", None, 0, 10**9),
        peers=_path(environment.get("AKB_PEERS")),
        store=_address("AKB_STORE", text("AKB_STORE")),
        credentials=_credentials(text("AKB_STORE_USER"), text("AKB_STORE_PASSWORD")),
    )


def engine_version() -> str:
    """Return the version of the installed engine, or `0` where it runs without being installed."""
    try:
        return version("alignment-kb")
    except PackageNotFoundError:
        return "0"


@cache
def engine_fingerprint() -> str:
    """Return a SHA-256 over the files of the engine: what it makes of the same data may differ where this does."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*")):
        if (
            path.is_file()
            and path.suffix in {".py", ".rq", ".html", ".css", ".js"}
            and PACKAGED_BASE not in path.parents
        ):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_base(folder: Path) -> bool:
    """Tell whether a folder has the form of a base."""
    return all((folder / marker).exists() for marker in MARKERS)


def find_root(start: Path) -> Path:
    """Return the nearest base at `start` or above it, else the one that the installed package carries.

    Raises UsageError when there is none.
    """
    for folder in (start, *start.parents):
        if is_base(folder):
            return folder
    if is_base(PACKAGED_BASE):
        return PACKAGED_BASE
    raise UsageError(
        f"{start} is not in a knowledge base.",
        "go to a folder that holds ontology/akb.ttl and kb/, or name one with --root.",
    )


def _must_be_base(folder: Path) -> Path:
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder.", "name a folder that holds ontology/akb.ttl and kb/.")
    missing = [marker for marker in MARKERS if not (folder / marker).exists()]
    if missing:
        raise UsageError(
            f"{folder} is not a knowledge base: it has no {' and no '.join(missing)}.",
            "name a folder that holds ontology/akb.ttl and kb/.",
        )
    return folder.resolve()


def _address(name: str, value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise UsageError(f"{name} is {value!r}.", "give an address that starts with http, or none for the own store.")
    return value


def _credentials(user: str, password: str) -> tuple[str, str] | None:
    if bool(user) != bool(password):
        raise UsageError("Of AKB_STORE_USER and AKB_STORE_PASSWORD only one is set.", "set both, or neither.")
    return (user, password) if user else None


def _path(value: str | None) -> Path | None:
    return Path(value).expanduser().resolve() if value else None


def _default_state(root: Path) -> Path:
    # A base inside an installed package may stand in a folder that cannot be written.
    return user_cache_path("alignment-kb") if root == PACKAGED_BASE else root / ".akb"
