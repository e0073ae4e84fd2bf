"""The file of settings of a base, `akb.toml`: which settings there are, and what the file says of them.

`FIELDS` and `SITE_FIELDS` are the one list of them: the command line, the documentation and the tests read it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from .errors import UsageError
from .namespaces import CANONICAL_BASE
from .records.engines import Engine
from .records.site import Button, SiteText

FILE: Final = "akb.toml"
"""The file of settings in the root of a base; it need not be there."""


@dataclass(frozen=True)
class Field:
    """One setting: its environment variable, what it means, and what it is when nobody says."""

    variable: str
    meaning: str
    default: str
    range: tuple[int, int] | None = None
    """The range of a whole number."""
    choices: tuple[str, ...] = ()
    """The values that it may have, where these are a short list."""
    not_in_file: str = ""
    """Why it is not allowed in the file, for one that is not."""

    @property
    def key(self) -> str:
        """The name of the setting in the file."""
        return self.variable.removeprefix("AKB_").lower()


FIELDS: Final = (
    Field(
        "AKB_ROOT",
        "folder of the base (it holds `ontology/` and `kb/`)",
        "the nearest one upward",
        not_in_file="it says where the file is",
    ),
    Field("AKB_BASE", "IRI under which the entities live, ending with a slash", CANONICAL_BASE),
    Field(
        "AKB_DATA",
        "file or folder of any RDF that is served in place of a base of our form",
        "",
        not_in_file="it says where the file is",
    ),
    Field(
        "AKB_ONTOLOGY",
        "file or folder of the ontology of that data, where it is not among them",
        "",
        not_in_file="it belongs to AKB_DATA",
    ),
    Field("AKB_SHAPES", "file or folder of the shapes of that data", "", not_in_file="it belongs to AKB_DATA"),
    Field("AKB_STATE", "folder for releases and caches", "`.akb` in the root"),
    Field("AKB_HOST", "address to listen on", "127.0.0.1"),
    Field("AKB_PORT", "port to listen on; 0 takes any free one", "8000", (0, 65535)),
    Field("AKB_WORKERS", "web worker processes", "1", (1, 256)),
    Field(
        "AKB_SPARE_WORKER",
        "whether one more process has the release open, to take the place of a web worker that dies: `yes` or `no`",
        "yes",
        choices=("yes", "no"),
    ),
    Field(
        "AKB_MEMORY_TRIPLES",
        "load a release into memory up to this many triples; open it on disk above",
        "500000",
        (0, 10**12),
    ),
    Field("AKB_QUERY_SECONDS", "wall-clock limit of a public query, in seconds", "30", (1, 86_400)),
    Field(
        "AKB_QUERY_MEMORY_MB",
        "memory limit of a public query, beyond what the open release takes",
        "1024",
        (16, 10**6),
    ),
    Field("AKB_QUERY_WORKERS", "public queries that run at once in each web worker", "4", (1, 256)),
    Field("AKB_QUERY_QUEUE", "public queries that may wait for their turn in each web worker", "16", (0, 10_000)),
    Field("AKB_QUERY_KB", "longest text of a public query, in KB", "256", (1, 1900)),
    Field("AKB_ANSWER_MB", "largest answer to a public query", "256", (1, 10**6)),
    Field("AKB_KEPT_MB", "memory of the answer cache of each web worker", "64", (0, 10**6)),
    Field("AKB_CACHE_SECONDS", "for how long a browser may show a page again without asking", "60", (0, 10**9)),
    Field("AKB_SHARED_CACHE_SECONDS", "for how long a CDN or proxy may do so", "300", (0, 10**9)),
    Field(
        "AKB_CLIENT_SECONDS",
        "seconds of the server's work that one client may take in a minute; 0 for no limit",
        "30",
        (0, 10**6),
    ),
    Field("AKB_CLIENT_IPV4_BITS", "first bits of an IPv4 address by which clients are told apart", "32", (8, 32)),
    Field("AKB_CLIENT_IPV6_BITS", "first bits of an IPv6 address by which clients are told apart", "64", (16, 128)),
    Field("AKB_PROXIES", "number of trusted reverse proxies that every request passes", "0", (0, 10)),
    Field(
        "AKB_PROXY_HEADERS",
        "headers in which they name the client: `x-forwarded` or `forwarded`",
        "x-forwarded",
        choices=("x-forwarded", "forwarded"),
    ),
    Field(
        "AKB_PROXY_NETWORKS",
        "addresses or networks from which these proxies connect, with commas between; others are not believed",
        "",
    ),
    Field(
        "AKB_ORIGINS",
        "addresses at which readers reach the server, such as `https://kb.example.org`, with commas between",
        "",
    ),
    Field(
        "AKB_PREFIX",
        "path under which the site is, such as `/kb`; of several, with commas between, trusted proxies choose",
        "",
    ),
    Field(
        "AKB_PROXY_STRIPS",
        "whether the proxy takes the prefix off the path of a request: `yes`, or `auto` for either",
        "auto",
        choices=("auto", "yes"),
    ),
    Field("AKB_LOG_FORMAT", "form of the log: `text` or `json`", "text", choices=("text", "json")),
    Field("AKB_ACCESS_LOG", "whether each request is logged: `yes` or `no`", "no", choices=("yes", "no")),
    Field("AKB_CONNECTIONS", "connections that each web worker has open at most", "2000", (10, 60_000)),
    Field(
        "AKB_CONNECTIONS_PER_CLIENT",
        "connections of one address among them; behind reverse proxies they are not counted by address",
        "200",
        (1, 60_000),
    ),
    Field(
        "AKB_STALL_SECONDS",
        "how long a client may take to send a request or 64 KB of its body, or to take 64 KB of an answer; "
        "and how long a connection stays open between requests",
        "20",
        (1, 3600),
    ),
    Field("AKB_WAITING_REQUESTS", "requests that may wait for a thread in each web worker", "200", (0, 100_000)),
    Field(
        "AKB_SPOOL_MB",
        "disk space for answers that are too long for memory, in each web worker",
        "2048",
        (1, 10**7),
    ),
    Field("AKB_DRAIN_SECONDS", "how long a stopping server waits for requests to finish", "30", (1, 3600)),
    Field(
        "AKB_EMBEDDING",
        "what finds entities near in meaning: `auto`, `minilm`, `tfidf` or `none`",
        "auto",
        choices=("auto", "minilm", "tfidf", "none"),
    ),
    Field(
        "AKB_ENGINE",
        "what checks shapes and infers: `fast`, `reference`, or `both`, which compares them",
        "fast",
        choices=tuple(engine.value for engine in Engine),
    ),
    Field(
        "AKB_FILE_MB", "largest file that is read, unpacked and with its XML entities written out", "1024", (1, 10**6)
    ),
    Field("AKB_READ_MEMORY_MB", "memory for reading a file, beyond 16 times its size", "1024", (16, 10**6)),
    Field("AKB_READ_SECONDS", "CPU time for reading each 10 MB of a file, in seconds", "30", (1, 86_400)),
    Field(
        "AKB_LANGUAGES", "languages in which pages name things, the best first, where data name them in several", "en"
    ),
    Field(
        "AKB_PAGE_LANGUAGES",
        "languages in which pages are offered, with commas between; the first is that of readers who name none of them",
        "en, de, fr, es, zh-Hans, ar",
    ),
    Field(
        "AKB_LABELS",
        "properties that name things, the best first, with commas between: IRIs, or CURIEs with prefixes of the base; "
        "they come before those that akb knows",
        "",
    ),
    Field(
        "AKB_BASELINE",
        "file with findings that `akb check` knows and passes, a baseline",
        "",
    ),
    Field("AKB_EDIT", "address at which a file of the base is edited, with `{path}` for the path of the file", ""),
    Field(
        "AKB_DOWNLOADS",
        "the downloads that a build makes: `all`, `none`, or names of formats with commas between, such as `nt, csv`",
        "all",
    ),
    Field("AKB_STORE", "address of a SPARQL query endpoint that answers in place of the embedded store", ""),
    Field("AKB_FOLLOW", "address or folder whose releases are served in place of releases built here", ""),
    Field("AKB_FOLLOW_SECONDS", "how often a server looks for another release there, in seconds", "30", (1, 86_400)),
    Field("AKB_FOLLOW_MB", "largest release that is taken from there", "100000", (1, 10**9)),
    Field(
        "AKB_OFFER_RELEASES",
        "whether the releases can be had at `/releases/`, for servers that follow this one: `yes` or `no`",
        "no",
        choices=("yes", "no"),
    ),
    Field(
        "AKB_ALLOW_PROPOSE",
        "whether what is sent to `/propose` waits in the queue of proposals, and is not only checked: `yes` or `no`",
        "no",
        choices=("yes", "no"),
    ),
    Field("AKB_PROPOSALS", "folder of that queue", "`proposals` in the folder of state"),
    Field("AKB_TEXTS", "folder of the texts of works, which are not in git", "`texts` in the folder of state"),
    Field(
        "AKB_PROPOSALS_WAITING",
        "proposals of one caller that may wait there; ten times as many of all",
        "100",
        (1, 10**5),
    ),
    Field(
        "AKB_PROPOSALS_A_MINUTE",
        "proposals of one caller that are checked in a minute; 0 for no limit",
        "10",
        (0, 10**5),
    ),
    Field("AKB_PROPOSAL_KB", "longest proposal that is read, in KB", "64", (1, 1900)),
    Field(
        "AKB_REVIEW_KEY",
        "what reviewers enter on pages to decide on proposals; without one, pages give patches alone",
        "",
        not_in_file="the file is kept in git, where a key would stay forever",
    ),
    Field("AKB_KEPT_RELEASES", "releases that are kept beside the current one", "1", (1, 100_000)),
    Field(
        "AKB_PAST_SECONDS",
        "seconds in each hour that building states of the past may take, for queries over them; 0 for no such builds",
        "600",
        (0, 3600),
    ),
    Field("AKB_PAST_STATES", "states built for such queries that are kept, those asked last", "4", (1, 10_000)),
    Field("AKB_PAST_MB", "disk space for these", "1024", (1, 10**7)),
    Field("AKB_HUB", "address of a WebSub hub that tells subscribers of feeds what is new", ""),
    Field("AKB_PEERS", "file that says which endpoints a query may call with SERVICE", "`peers.toml` in the root"),
    Field("AKB_CONTACT", "mail address or web page by which the operators of other services reach you", ""),
    Field(
        "AKB_MODEL_URL",
        "address of a language model that writes queries from words and proposals from texts, asked as OpenAI's chat "
        "completions are",
        "",
    ),
    Field("AKB_MODEL", "name of that model", ""),
    Field("AKB_MODEL_SECONDS", "how long it may take for an answer", "30", (1, 600)),
    Field(
        "AKB_MODEL_KEY",
        "key that it asks for",
        "",
        not_in_file="the file is kept in git, where a key would stay forever",
    ),
    Field("AKB_STORE_USER", "user name for that store, if it asks for one", ""),
    Field(
        "AKB_STORE_PASSWORD",
        "password that goes with the name",
        "",
        not_in_file="the file is kept in git, where a password would stay forever",
    ),
)

SITE: Final = "site"
"""The table of the file with texts of the pages that its ontology does not have."""


@dataclass(frozen=True)
class SiteField:
    """One key of that table: what it means, and what it is when it is not there."""

    key: str
    meaning: str
    default: str


SITE_FIELDS: Final = (
    SiteField("title", "title of the home page, behind the name of the base", "none: the name alone"),
    SiteField("heading", "heading of the home page", "the name of the base"),
    SiteField("text", "paragraph below that heading", "the abstract of the base, else its description"),
    SiteField("buttons", "links there: a list of tables, each with `label` and `address`", "links to what there is"),
    SiteField("code_licence", "licence of the code behind the base, as the footer names it", "none"),
    SiteField("footer", "sentence at the end of every page", "none"),
    SiteField(
        "security_contact",
        "where a weakness of the server is reported: an address with `mailto:` or `https:`",
        "the contact point of the base",
    ),
    SiteField("security_policy", "address of the page that says how such reports are treated", "none"),
)


def read_file(path: Path) -> dict[str, str]:
    """Return what a file of settings says, by the variables of the settings; nothing where there is no file.

    Raises UsageError for a key that is no setting, and for a value that is not of the kind of its setting.
    """
    found = _toml(path)
    found.pop(SITE, None)
    fields = {field.key: field for field in FIELDS if not field.not_in_file}
    values = {}
    for key, value in found.items():
        barred = next((field for field in FIELDS if field.key == key and field.not_in_file), None)
        if barred is not None:
            raise UsageError(f"{path}: {key} is not allowed here: {barred.not_in_file}.", f"set {barred.variable}.")
        if key not in fields:
            raise UsageError(f"{path}: {key} is not a setting.", _close_key(key, (*fields, SITE)))
        field = fields[key]
        if type(value) is not (int if field.range else str):
            kind = "a whole number, without quotes" if field.range else "a text in quotes"
            raise UsageError(f"{path}: {key} is {value!r}.", f"give {kind}.")
        values[field.variable] = str(value)
    return values


def read_site(path: Path) -> SiteText:
    """Return what the table `[site]` of a file of settings says; nothing where there is no file or no table.

    Raises UsageError for a key that the table has not, and for a value that is not of its kind.
    """
    table = _toml(path).get(SITE, {})
    if not isinstance(table, dict):
        raise UsageError(f"{path}: {SITE} is {table!r}.", f"write a table, which begins with [{SITE}].")
    keys = [field.key for field in SITE_FIELDS]
    for key, value in table.items():
        if key not in keys:
            raise UsageError(f"{path}: {SITE}.{key} is not a setting.", _close_key(key, keys))
        if key != "buttons" and not isinstance(value, str):
            raise UsageError(f"{path}: {SITE}.{key} is {value!r}.", "give a text in quotes.")
    texts = {key: value.strip() for key, value in table.items() if key != "buttons"}
    for key, schemes in (("security_contact", ("https://", "mailto:", "tel:")), ("security_policy", ("https://",))):
        if texts.get(key) and not _is_address(texts[key], schemes):
            mend = f"give an address that starts with {' or '.join(schemes)}, without spaces."
            raise UsageError(f"{path}: {SITE}.{key} is {texts[key]!r}.", mend)
    buttons = table.get("buttons")
    return SiteText(**texts, buttons=None if buttons is None else tuple(_buttons(path, buttons)))


def _buttons(path: Path, buttons: object) -> Iterable[Button]:
    for button in buttons if isinstance(buttons, list) else [buttons]:
        if not isinstance(button, dict) or button.keys() != {"label", "address"}:
            raise UsageError(
                f"{path}: {SITE}.buttons has {button!r}.", 'write a list of { label = "Its words", address = "/path" }.'
            )
        label, address = button["label"], button["address"]
        # What a browser would run is no address.
        if not all(isinstance(one, str) and one for one in (label, address)) or not address.startswith(
            ("/", "http://", "https://", "mailto:")
        ):
            raise UsageError(
                f"{path}: {SITE}.buttons leads to {address!r}.", "give an address that starts with /, http or mailto."
            )
        yield Button(label, address)


def _is_address(text: str, schemes: tuple[str, ...]) -> bool:
    return text.startswith(schemes) and text.isascii() and text.isprintable() and " " not in text


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "check its permissions, or remove it.") from error
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError are such
        raise UsageError(
            f"{path} is not TOML: {error}.", 'write lines such as: port = 8000, or: host = "::1".'
        ) from error


def _close_key(key: str, keys: Iterable[str]) -> str:
    """Return a mend for a key that does not exist."""
    keys = list(keys)
    near = get_close_matches(key.lower(), keys, 1)
    return f"write {near[0]}." if near else f"remove it. There are {', '.join(keys)}."
