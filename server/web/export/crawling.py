"""Fetches the whole site from the application itself, in processes, by following the links that it emits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from ...errors import BuildError
from ...records.pool import Pool
from ...records.progress import Progress
from ...serialization import CSV, RAW_CSV
from ...settings import Settings
from ..app import create_app
from ..current import application_of
from . import links
from .addresses import Place, file_of, needs_server, place_of
from .placing import put
from .remembering import Remembering

PER_PART: Final = 32
"""How many addresses a process is given at once."""
_ANYTHING: Final = "text/html, */*;q=0.5"
_NOWHERE: Final = "files.invalid"
"""A host that no setting knows: absolute addresses are then those of the base itself."""


@dataclass(frozen=True)
class Job:
    """What every process must know."""

    settings: Settings
    mark: str
    """The release, the engine, the site and the theme that are exported."""
    site: str
    """Where the site will be: an address with a slash at its end."""
    is_elsewhere: bool
    """Whether that is not the address of the base itself."""
    folder: Path
    """Where the files are made."""
    before: Path | None
    """The folder of the export before, which has what need not be written."""
    raw: Path
    """Where documents wait whose links are not changed yet."""

    @property
    def prefix(self) -> str:
        """The path of the site on its host, without a slash at its end."""
        return urlsplit(self.site).path.rstrip("/") if self.is_elsewhere else ""

    @property
    def origin(self) -> str:
        """The address of the host alone."""
        return self.root.removesuffix(urlsplit(self.root).path)

    @property
    def root(self) -> str:
        """The address from which links in documents count."""
        return self.site if self.is_elsewhere else f"http://{_NOWHERE}/"


@dataclass(frozen=True)
class Fetched:
    """What was at an address."""

    asked: str
    address: str
    """What it calls itself: the address that always yields this representation."""
    status: int
    file: str = ""
    """The file that it is in; empty for none."""
    media_type: str = ""
    leads: str = ""
    """The address that it redirects to, with its fragment."""
    found: tuple[str, ...] = ()
    """The addresses to which it links."""
    policy: str = ""
    """Its Content-Security-Policy."""
    failure: str = ""
    """What a server at fault said."""


@dataclass
class Crawled:
    """All that was fetched."""

    files: dict[str, Fetched] = field(default_factory=dict)
    """By address, what became a file."""
    leads: dict[str, str] = field(default_factory=dict)
    """By address, the address that stands for it."""

    def resolved(self, place: Place) -> tuple[str, str] | None:
        """Return the file to which a place leads, and the fragment; None where there is none."""
        address, fragment = place.address, place.fragment
        for _ in range(8):
            if found := self.files.get(address):
                return found.file, fragment
            if address not in self.leads:
                return None
            address, _, own = self.leads[address].partition("#")
            fragment = fragment or own
        return None


def crawl(job: Job, seeds: Iterable[str], pool: Pool, progress: Progress) -> Crawled:
    """Fetch what the seeds lead to, round by round. Raises BuildError where the application fails at an address."""
    crawled, seen = Crawled(), set[str]()
    wanted = sorted(set(seeds))
    while wanted:
        seen.update(wanted)
        parts = [(job, tuple(wanted[at : at + PER_PART])) for at in range(0, len(wanted), PER_PART)]
        results = pool.map(fetch_part, parts, "pages", _counting(progress, len(crawled.files), len(wanted)))
        following = set[str]()
        for one in (one for part in results for one in part):
            if one.status >= 500:
                raise BuildError(
                    f"The site fails at {one.asked} ({one.status}): {one.failure}", "mend that, and export again."
                )
            _enter(crawled, one)
            following.update(one.found)
        seen.update(crawled.files)
        wanted = sorted(address for address in following - seen if not needs_server(address))
    return crawled


def _enter(crawled: Crawled, one: Fetched) -> None:
    if one.file:
        crawled.files[one.address] = one
    if one.leads:
        crawled.leads[one.asked] = one.leads
    elif one.asked != one.address:
        crawled.leads[one.asked] = one.address


def _counting(progress: Progress, before: int, wanted: int) -> Progress:
    """Return what counts addresses in place of parts, over all rounds."""

    def tell(stage: str, done: int, _total: int) -> None:
        progress(stage, before + min(done * PER_PART, wanted), before + wanted)

    return tell


def fetch_part(part: tuple[Job, Sequence[str]]) -> list[Fetched]:
    """Fetch some addresses, and write what is there."""
    job, addresses = part
    client = _client(job.settings)
    fetched = [fetch(job, client, address) for address in addresses]
    if _mark_of(client) != job.mark:
        raise BuildError("Another release was published while this one was exported.", "export again.")
    return fetched


def fetch(job: Job, client: FlaskClient, address: str, accept: str = _ANYTHING) -> Fetched:
    """Fetch an address; write what is there, but documents with links only beside, for their links to be changed."""
    path, _, query = address.partition("?")
    with client.get(job.prefix + path, job.origin, query_string=query, headers={"Accept": accept}) as response:
        status, content = response.status_code, response.get_data()
        media_type = response.mimetype or ""

        def address_of(link: str) -> str:
            place = place_of(link, address, job.root)
            return place.address + (f"#{place.fragment}" if place.fragment else "") if place and place.address else ""

        if status in {301, 302, 303, 307, 308} and "no-store" not in response.headers.get("Cache-Control", ""):
            leads = address_of(response.headers["Location"])
            return Fetched(address, address, status, leads=leads, found=_followed([leads]))
        if status != 200 or response.cache_control.no_store:
            said = content.decode("utf-8", "replace")[:500] if status >= 500 else ""
            return Fetched(address, address, status, failure=said)
        own = address_of(response.headers.get("Content-Location", "")) if address != "/" else ""
        own = own or address
        file = file_of(own, response.content_type or "")
        if file is None:
            return Fetched(address, address, 404)
        targets = [*links.links_of_header(response.headers.get("Link", ""))]
        if links.has_links(media_type):
            targets += [link.target for link in links.links_in(content.decode(), media_type)]
            put(content, file, job.raw, None)
        else:
            put(content, file, job.folder, job.before)
        found = [address_of(target) for target in dict.fromkeys(targets)]
        found += [f"/{loc}" for loc in links.locations(content, media_type, job.site)]
        if own.endswith(f".{CSV.name}") and not own.endswith(f".{RAW_CSV.name}"):
            found.append(f"{own.removesuffix(CSV.name)}{RAW_CSV.name}")
        return Fetched(
            *(address, own, status, file, media_type),
            found=_followed(found),
            policy=response.headers.get("Content-Security-Policy", ""),
        )


def _followed(addresses: Iterable[str]) -> tuple[str, ...]:
    plain = dict.fromkeys(address.partition("#")[0] for address in addresses)
    return tuple(address for address in plain if address and not needs_server(address))


def quiet(settings: Settings, site: str = "") -> Settings:
    """Return the settings of an application that answers nobody but this program, for a site at an address."""
    parts = urlsplit(site)
    return replace(
        settings,
        client_seconds=0,
        access_log=False,
        workers=1,
        query_workers=1,
        spare_worker=False,
        # There is nobody to choose.
        page_languages=settings.page_languages[:1],
        proxies=0,
        origins=(f"{parts.scheme}://{parts.netloc}",) if site else (),
        prefixes=(parts.path.rstrip("/"),) if site and parts.path.rstrip("/") else (),
        proxy_strips=False,
        offer_releases=False,
        host="127.0.0.1",
    )


def _mark_of(client: FlaskClient) -> str:
    return application_of(client.application).release().mark


def _client(settings: Settings) -> FlaskClient:
    """Return a client of the application, which a process makes once: it has parts of one job only."""
    if settings not in _CLIENTS:
        forget_client()
        client = create_app(settings).test_client(use_cookies=False)
        with client.application.app_context():
            release = application_of(client.application).release()
        release.store = Remembering(release.store)
        _CLIENTS[settings] = client
    return _CLIENTS[settings]


def forget_client() -> None:
    """Close the application of this process."""
    while _CLIENTS:
        _, client = _CLIENTS.popitem()
        application_of(client.application).close()


_CLIENTS: Final[dict[Settings, FlaskClient]] = {}
