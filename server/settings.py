"""The settings of one run, from the command line, the environment, and the file `akb.toml` in the root of the base.

A setting comes from its option, else from its environment variable, else from the file, else from its default.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from .engine import PACKAGED_BASE
from .errors import UsageError
from .locks import NO_STATE
from .namespaces import Namespaces, is_web_address
from .records.downloads import FORMATS
from .records.engines import Engine
from .records.limits import ReadLimits
from .records.site import SiteText
from .roots import find_root, must_be_base
from .settings_file import FIELDS, FILE, Field, read_file, read_site

if TYPE_CHECKING:
    from .outgoing.chat import Model

_PORTS: Final = {"http": 80, "https": 443}
_LONGEST_PREFIX: Final = 200
_PREFIX: Final = re.compile(r"(?:/(?:[A-Za-z0-9._~!$*+=:@-]|%[0-9A-Fa-f]{2})+){0,20}")
"""The path of a site: segments (RFC 3986, section 3.3) of characters that mean nothing in markup, headers and lists."""


@dataclass(frozen=True)
class Project:
    """RDF that has not the form of a base: where it is, and its ontology and shapes if they are elsewhere."""

    data: Path
    ontology: Path | None = None
    shapes: Path | None = None


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
    query_kb: int
    answer_mb: int
    kept_mb: int
    cache_seconds: int
    shared_cache_seconds: int
    client_seconds: int
    client_ipv4_bits: int
    client_ipv6_bits: int
    proxies: int
    proxy_headers: str
    proxy_networks: tuple[IPv4Network | IPv6Network, ...]
    """From where trusted proxies connect; empty for anywhere."""
    origins: tuple[str, ...]
    """Addresses of the site: a scheme, a host, and a port where it is not the scheme's own; no slash at the end."""
    prefixes: tuple[str, ...]
    """Paths under which the site is, the usual one first, without a slash at their ends; an empty one is the root."""
    proxy_strips: bool
    """Whether it is certain that requests come without the prefix."""
    log_format: str
    access_log: bool
    connections: int
    connections_per_client: int
    stall_seconds: int
    waiting_requests: int
    spool_mb: int
    drain_seconds: int
    spare_worker: bool
    embedding: str
    """Which embedding a build takes, as it was said: `auto` is still to be resolved."""
    engine: Engine = Engine.FAST
    """Which engine checks the shapes; `fast` gives way to the reference where it must."""
    read_limits: ReadLimits = field(default_factory=ReadLimits)
    project: Project | None = None
    """What is served in place of a base of our form; then `root` is only the folder in which it is."""
    downloads: tuple[str, ...] = FORMATS
    """The formats of the downloads that a build makes."""
    languages: tuple[str, ...] = ("en",)
    page_languages: tuple[str, ...] = ("en",)
    """The languages in which pages are offered, the default first."""
    labels: tuple[str, ...] = ()
    edit: str = ""
    """Address at which a file of the base is edited, with `{path}` for its path from the root; empty for none."""
    baseline: Path | None = None
    """The file of findings that a check of the base knows."""
    hub: str = ""
    """Address of a WebSub hub; empty for none."""
    store: str = ""
    """Address of the remote store's query endpoint; empty for the embedded store."""
    credentials: tuple[str, str] | None = field(default=None, repr=False)
    """Name and password for the remote store."""
    model_url: str = ""
    """Address of the language model that writes queries from words, and proposals from texts; empty for none."""
    model: str = ""
    """Its name."""
    model_seconds: int = 30
    """How long it may take."""
    model_key: str = field(default="", repr=False)
    """The key that it asks for."""
    peers: Path | None = None
    """The file of peers; None for `peers.toml` in the root, which need not be there."""
    contact: str = ""
    """Mail address or web page of the operator, as other services are told it; empty for none."""
    follow: str = ""
    """Address (with a slash at its end) or folder whose releases are taken in place of builds; empty for none."""
    follow_seconds: int = 30
    follow_mb: int = 100_000
    offer_releases: bool = False
    allow_propose: bool = False
    """Whether proposals wait in the queue, and are not only checked."""
    proposals: Path | None = None
    """The folder of the queue; None for the usual one."""
    texts: Path | None = None
    """The folder of the texts of works; None for the usual one."""
    proposals_waiting: int = 100
    proposals_a_minute: int = 10
    proposal_kb: int = 64
    review_key: str = field(default="", repr=False)
    """What reviewers enter on pages to decide on proposals; empty where pages give patches alone."""
    kept_releases: int = 1
    """How many releases builds retain beside the current one."""
    past_seconds: int = 600
    """Seconds that building states of the past may take in an hour; none are built with 0."""
    past_states: int = 4
    past_mb: int = 1024
    site: SiteText = field(default_factory=SiteText)
    """Texts of the pages for which the ontology has no term."""

    @property
    def proposals_folder(self) -> Path:
        """The folder of the queue of proposals."""
        return self.proposals or self.state / "proposals"

    @property
    def language_model(self) -> Model | None:
        """The language model that is configured, if one is."""
        from .outgoing.chat import Model  # noqa: PLC0415 - most runs send nothing, and the client takes long to import

        return Model(self.model_url, self.model, self.model_key, self.model_seconds) if self.model_url else None

    @property
    def texts_folder(self) -> Path:
        """The folder of the texts of works."""
        return self.texts or self.state / "texts"

    @property
    def releases(self) -> Path:
        """The folder that holds the releases: those built here, or those that came from the source that is followed."""
        if not self.follow:
            return self.state / "releases"
        # What comes from elsewhere never takes the place of what was built here.
        return self.state / "followed" / hashlib.sha256(self.follow.encode()).hexdigest()[:16] / "releases"


def read_settings(
    environment: Mapping[str, str],
    *,
    root: Path | None = None,
    host: str | None = None,
    port: int | None = None,
    workers: int | None = None,
    follow: str | None = None,
    engine: str | None = None,
    project: Project | None = None,
) -> Settings:
    """Read the settings; the keyword arguments are the options of the command line and come first.

    Raises UsageError when a value is not of its kind, when the file is not as it should be, or when no base is found.
    """
    project = project or _project(environment)
    if project is not None:
        if not project.data.exists():
            raise UsageError(f"{project.data} is not there.", "name a file or a folder of RDF in --data.")
        found = (project.data if project.data.is_dir() else project.data.parent).resolve()
    else:
        chosen = root if root is not None else _path(environment.get("AKB_ROOT"), Path())
        found = _root(chosen, follow or environment.get("AKB_FOLLOW"))
    options = {"AKB_HOST": host, "AKB_PORT": port, "AKB_WORKERS": workers, "AKB_FOLLOW": follow, "AKB_ENGINE": engine}
    values = _Values(found, options, environment, read_file(found / FILE))
    base = values.text("AKB_BASE")
    if project is not None and not values.is_said("AKB_BASE"):
        # What akb itself names, such as edges and graphs, must not be taken for a part of another base.
        base = f"http://{values.text('AKB_HOST')}:{values.number('AKB_PORT') or 80}/"
    if not is_web_address(base) or not base.endswith("/"):
        raise values.wrong("AKB_BASE", "give an http or https IRI that ends with a slash.")
    store = values.address("AKB_STORE", "give an address that starts with http, or none for the own store.")
    mend = "give an address such as https://git.example/kb/edit/main/{path}, or none."
    edit = values.address("AKB_EDIT", mend)
    if edit and "{path}" not in edit:
        raise values.wrong("AKB_EDIT", mend)
    model_url = values.address(
        "AKB_MODEL_URL", "give an address such as http://127.0.0.1:11434/v1/chat/completions, or none."
    )
    if model_url and not values.text("AKB_MODEL"):
        raise UsageError("AKB_MODEL_URL is set, and AKB_MODEL is not.", "set AKB_MODEL to the name of the model.")
    hub = values.address("AKB_HUB", "give an address that starts with http, or none.")
    return Settings(
        root=found,
        state=values.path("AKB_STATE") or _default_state(found, project),
        namespaces=Namespaces(base),
        host=values.text("AKB_HOST"),
        port=values.number("AKB_PORT"),
        workers=values.number("AKB_WORKERS"),
        memory_triples=values.number("AKB_MEMORY_TRIPLES"),
        query_seconds=values.number("AKB_QUERY_SECONDS"),
        query_memory_mb=values.number("AKB_QUERY_MEMORY_MB"),
        query_workers=values.number("AKB_QUERY_WORKERS"),
        query_queue=values.number("AKB_QUERY_QUEUE"),
        query_kb=values.number("AKB_QUERY_KB"),
        answer_mb=values.number("AKB_ANSWER_MB"),
        kept_mb=values.number("AKB_KEPT_MB"),
        cache_seconds=values.number("AKB_CACHE_SECONDS"),
        shared_cache_seconds=values.number("AKB_SHARED_CACHE_SECONDS"),
        client_seconds=values.number("AKB_CLIENT_SECONDS"),
        client_ipv4_bits=values.number("AKB_CLIENT_IPV4_BITS"),
        client_ipv6_bits=values.number("AKB_CLIENT_IPV6_BITS"),
        proxies=values.number("AKB_PROXIES"),
        proxy_headers=values.choice("AKB_PROXY_HEADERS"),
        proxy_networks=tuple(_networks(values)),
        origins=tuple(_origins(values)),
        prefixes=tuple(_prefixes(values)),
        proxy_strips=values.choice("AKB_PROXY_STRIPS") == "yes",
        log_format=values.choice("AKB_LOG_FORMAT"),
        access_log=values.choice("AKB_ACCESS_LOG") == "yes",
        connections=values.number("AKB_CONNECTIONS"),
        connections_per_client=values.number("AKB_CONNECTIONS_PER_CLIENT"),
        stall_seconds=values.number("AKB_STALL_SECONDS"),
        waiting_requests=values.number("AKB_WAITING_REQUESTS"),
        spool_mb=values.number("AKB_SPOOL_MB"),
        drain_seconds=values.number("AKB_DRAIN_SECONDS"),
        spare_worker=values.choice("AKB_SPARE_WORKER") == "yes",
        embedding=values.choice("AKB_EMBEDDING"),
        engine=Engine(values.choice("AKB_ENGINE")),
        read_limits=_read_limits(values),
        peers=values.path("AKB_PEERS"),
        contact=_contact(values),
        follow=_followed(values, Path() if follow or environment.get("AKB_FOLLOW") else found),
        follow_seconds=values.number("AKB_FOLLOW_SECONDS"),
        follow_mb=values.number("AKB_FOLLOW_MB"),
        offer_releases=values.choice("AKB_OFFER_RELEASES") == "yes",
        allow_propose=values.choice("AKB_ALLOW_PROPOSE") == "yes",
        proposals=values.path("AKB_PROPOSALS"),
        texts=values.path("AKB_TEXTS"),
        proposals_waiting=values.number("AKB_PROPOSALS_WAITING"),
        proposals_a_minute=values.number("AKB_PROPOSALS_A_MINUTE"),
        proposal_kb=values.number("AKB_PROPOSAL_KB"),
        review_key=values.text("AKB_REVIEW_KEY"),
        downloads=_downloads(values),
        kept_releases=values.number("AKB_KEPT_RELEASES"),
        past_seconds=values.number("AKB_PAST_SECONDS"),
        past_states=values.number("AKB_PAST_STATES"),
        past_mb=values.number("AKB_PAST_MB"),
        baseline=values.path("AKB_BASELINE"),
        edit=edit,
        hub=hub,
        project=project,
        languages=values.several("AKB_LANGUAGES"),
        page_languages=values.several("AKB_PAGE_LANGUAGES"),
        labels=values.several("AKB_LABELS"),
        site=read_site(found / FILE),
        store=store,
        model_url=model_url,
        model=values.text("AKB_MODEL"),
        model_seconds=values.number("AKB_MODEL_SECONDS"),
        model_key=values.text("AKB_MODEL_KEY"),
        credentials=_credentials(values.text("AKB_STORE_USER"), values.text("AKB_STORE_PASSWORD")),
    )


def _root(chosen: Path | None, follow: str | None) -> Path:
    """Return the root of the base. Who follows the releases of another needs none: then it is the folder as it is."""
    try:
        return find_root(Path.cwd()) if chosen is None else must_be_base(chosen)
    except UsageError:
        folder = chosen or Path.cwd()
        if not folder.is_dir() or not (follow or "AKB_FOLLOW" in read_file(folder / FILE)):
            raise
        return folder.resolve()


def _followed(values: _Values, start: Path) -> str:
    """Return the address that is followed, with a slash at its end, or the full path of the folder."""
    follow = values.text("AKB_FOLLOW")
    if is_web_address(follow):
        if "?" in follow or "#" in follow:
            raise values.wrong("AKB_FOLLOW", "give an address without ? and #, such as http://build.example/releases/.")
        return follow if follow.endswith("/") else follow + "/"
    if "://" in follow:
        raise values.wrong("AKB_FOLLOW", "give an address that starts with http, or the path of a folder.")
    return str(_path(follow, start) or "")


def _downloads(values: _Values) -> tuple[str, ...]:
    given = values.several("AKB_DOWNLOADS")
    if given in {("all",), ("none",)}:
        return FORMATS if given == ("all",) else ()
    if unknown := [one for one in given if one not in FORMATS]:
        raise values.wrong("AKB_DOWNLOADS", f"{unknown[0]!r} is none of all, none, {', '.join(FORMATS)}.")
    return tuple(one for one in FORMATS if one in given)


def _networks(values: _Values) -> Iterator[IPv4Network | IPv6Network]:
    for given in values.several("AKB_PROXY_NETWORKS"):
        try:
            yield ip_network(given)
        except ValueError as error:
            mend = "give addresses or networks such as 127.0.0.1, 10.0.0.0/8 or fd00::/8."
            raise values.wrong("AKB_PROXY_NETWORKS", mend) from error


def _origins(values: _Values) -> Iterator[str]:
    """Yield the addresses of the site as a client writes them (RFC 9110, section 4.2.3)."""
    for given in values.several("AKB_ORIGINS"):
        try:
            parts = urlsplit(given)
            host, port = (parts.hostname or "").encode("idna").decode(), parts.port
        except ValueError:
            host, port = "", None
        bare = given.partition("://")[2].rstrip("/") == parts.netloc if host else False
        if parts.scheme not in _PORTS or not bare or "@" in given:
            mend = "give a scheme and a host alone, such as https://kb.example.org; a path goes into AKB_PREFIX."
            raise values.wrong("AKB_ORIGINS", mend)
        shown = f"[{host}]" if ":" in host else host
        yield f"{parts.scheme}://{shown}" + (f":{port}" if port and port != _PORTS[parts.scheme] else "")


def _contact(values: _Values) -> str:
    """Return the contact in a form that a comment of User-Agent may hold (RFC 9110, section 5.6.5)."""
    given = values.text("AKB_CONTACT").strip().removeprefix("mailto:")
    is_one = is_web_address(given) or "@" in given
    if given and not (is_one and given.isascii() and given.isprintable() and not set(given) & set("()\\")):
        mend = "give a mail address or the address of a web page, such as kb@example.org or https://example.org/about."
        raise values.wrong("AKB_CONTACT", mend)
    return given


def read_contact(environment: Mapping[str, str], root: Path | None = None) -> str:
    """Read the contact where there need not be a base; the file of settings counts where there is one.

    Raises UsageError when it is none.
    """
    try:
        file = read_file(_root(root if root is not None else _path(environment.get("AKB_ROOT"), Path()), None) / FILE)
    except UsageError:
        file = {}
    return _contact(_Values(Path(), {}, environment, file))


def _prefixes(values: _Values) -> Iterator[str]:
    for given in values.several("AKB_PREFIX"):
        prefix = as_prefix(given)
        if prefix is None:
            raise values.wrong("AKB_PREFIX", "give a path that starts with a slash, such as /kb, or / for none.")
        yield prefix


def as_prefix(text: str) -> str | None:
    """Return the path under which a site is without slashes at its end, so that the root is empty; None for no path.

    >>> as_prefix("/kb/"), as_prefix("/"), as_prefix("//evil.example"), as_prefix("/a/../b")
    ('/kb', '', None, None)
    """
    text = text.strip()
    prefix = text.rstrip("/")
    segments = [unquote(segment, errors="replace") for segment in prefix.split("/")[1:]]
    is_path = text.startswith("/") and len(prefix) <= _LONGEST_PREFIX and _PREFIX.fullmatch(prefix)
    plain = all(one.isprintable() and one not in {".", ".."} and not {*one} & {*"/\\"} for one in segments)
    return prefix if is_path and plain else None


def read_engine(environment: Mapping[str, str], option: str | None = None) -> Engine:
    """Read which engine is wanted where there is no base, and so no file of settings.

    Raises UsageError when it is none.
    """
    return Engine(_Values(Path(), {"AKB_ENGINE": option}, environment, {}).choice("AKB_ENGINE"))


def read_limits(environment: Mapping[str, str]) -> ReadLimits:
    """Read what reading a file may take where there is no base, and so no file of settings.

    Raises UsageError where it is no number.
    """
    return _read_limits(_Values(Path(), {}, environment, {}))


def _read_limits(values: _Values) -> ReadLimits:
    return ReadLimits(
        file_mb=values.number("AKB_FILE_MB"),
        memory_mb=values.number("AKB_READ_MEMORY_MB"),
        seconds=values.number("AKB_READ_SECONDS"),
    )


@dataclass(frozen=True)
class _Values:
    """What is said of the settings, and where."""

    root: Path
    options: Mapping[str, object]
    environment: Mapping[str, str]
    file: Mapping[str, str]

    def text(self, name: str) -> str:
        if (option := self.options.get(name)) is not None:
            return str(option)
        return self.environment.get(name) or self.file.get(name) or self._field(name).default

    def is_said(self, name: str) -> bool:
        """Tell whether a setting is given anywhere."""
        return bool(self.options.get(name) is not None or self.environment.get(name) or self.file.get(name))

    def several(self, name: str) -> tuple[str, ...]:
        """Return what is given with commas between."""
        return tuple(part.strip() for part in self.text(name).split(",") if part.strip())

    def number(self, name: str) -> int:
        value, bounds = self.text(name), self._field(name).range
        assert bounds is not None
        low, high = bounds
        # A number with more digits than any limit has need not be read.
        if not value.isascii() or not value.isdigit() or len(value) > 20 or not low <= int(value) <= high:
            raise self.wrong(name, f"give a whole number from {low} to {high}.")
        return int(value)

    def address(self, name: str, mend: str) -> str:
        """Return an address of the web; empty where none is given. Raises UsageError for anything else."""
        value = self.text(name)
        if value and not is_web_address(value):
            raise self.wrong(name, mend)
        return value

    def choice(self, name: str) -> str:
        value, choices = self.text(name), self._field(name).choices
        if value not in choices:
            raise self.wrong(name, f"give {' or '.join(choices)}.")
        return value

    def path(self, name: str) -> Path | None:
        if self.environment.get(name):
            return _path(self.environment[name], Path())
        # Paths in the file are relative to its folder.
        return _path(self.file.get(name), self.root)

    def wrong(self, name: str, mend: str) -> UsageError:
        said = self.options.get(name) is not None or self.environment.get(name)
        what = name if said else f"{self.root / FILE}: {self._field(name).key}"
        return UsageError(f"{what} is {self.text(name)!r}.", mend)

    def _field(self, name: str) -> Field:
        return next(field for field in FIELDS if field.variable == name)


def _credentials(user: str, password: str) -> tuple[str, str] | None:
    if bool(user) != bool(password):
        raise UsageError("Of AKB_STORE_USER and AKB_STORE_PASSWORD only one is set.", "set both, or neither.")
    return (user, password) if user else None


def _path(value: str | None, start: Path) -> Path | None:
    if not value:
        return None
    try:
        return (start / Path(value).expanduser()).resolve()
    except RuntimeError as error:
        raise UsageError(f"{value} is in the home of a user who has none.", "give the full path.") from error


def _project(environment: Mapping[str, str]) -> Project | None:
    """Return the data that the environment names, if it does."""
    data, ontology, shapes = (_path(environment.get(f"AKB_{name}"), Path()) for name in ("DATA", "ONTOLOGY", "SHAPES"))
    return Project(data, ontology, shapes) if data else None


def _default_state(root: Path, project: Project | None) -> Path:
    from platformdirs import user_cache_path  # noqa: PLC0415 - it takes long to import, and many runs keep nothing

    if project is None and root != PACKAGED_BASE:
        return root / ".akb"
    try:
        cache = user_cache_path("alignment-kb")
    except RuntimeError:  # a user without a home
        cache = Path()
    if not cache.is_absolute():
        return NO_STATE
    # Data of others are read, and nothing is put among them; a base inside an installed package may be in a read-only
    # folder.
    return cache / hashlib.sha256(str(project).encode()).hexdigest()[:16] if project else cache
