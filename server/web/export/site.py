"""The export as a whole: from a release to a folder of files, all of it or nothing."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flask import Flask

from ...build.pools import OwnProcess, local_pool
from ...errors import UsageError
from ...full_disks import saying_where
from ...locks import locked
from ...records.pool import Pool
from ...records.progress import Progress, no_progress
from ...serialization import N_QUADS
from ...settings import Settings, as_prefix
from ..app import create_app
from ..assets import names_of_assets
from ..current import application_of
from ..open_release import OpenRelease
from . import hosts
from .addresses import HOME, SEARCH, SPARQL, Place, leading_to, needs_server
from .crawling import PER_PART, Crawled, Fetched, Job, crawl, forget_client, quiet
from .finishing import DATA, Finisher, finish_part, stub, write_crawled
from .links import has_links
from .placing import Export, beside, count_written, must_be_free, put, read_export, swap, write_mark
from .searching import search_files

_HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?")
"""The authority of an address (RFC 3986, section 3.2) without a user; names in other scripts are in Punycode."""
_MISSING: Final = "/there-is-no-such-page"
"""An address at which there is nothing, whose answer becomes the page for all such."""
_MOST_LISTED: Final = 5_000
"""How many entities the search page lists for browsers without scripts; where there are more, it leads to lists."""


@dataclass(frozen=True)
class Done:
    """What an export did."""

    export: Export
    written: int
    """How many files had to be written; the others are those of the export before."""
    seconds: float
    is_new: bool = True
    """Whether there was anything to do."""


def export_site(
    settings: Settings,
    folder: Path,
    base_url: str = "",
    *,
    workers: int = 1,
    progress: Progress = no_progress,
    force: bool = False,
) -> Done:
    """Write the site of the current release into a folder as files; it may be empty, or an export of before.

    Raises UsageError for another folder or an address that is none, and BuildError where the site fails.
    """
    began = time.monotonic()
    settings = settings_at(settings, base_url)
    must_be_free(folder)
    with locked(settings.state / "export.lock"), _opened(settings) as (app, release), saying_where(folder.parent):
        before = read_export(folder)
        site = f"{base_url.rstrip('/')}/" if base_url else release.namespaces.base
        if before and not force and (before.release, before.site) == (release.mark, site):
            return Done(before, 0, time.monotonic() - began, is_new=False)
        with beside(folder) as place, _pool(workers) as pool:
            made, raw = place / "site", place / "raw"
            made.mkdir()
            job = Job(settings, release.mark, site, bool(base_url), made, folder if before else None, raw)
            crawled = crawl(job, seeds(app, release), pool, progress)
            _finish(job, crawled, pool, progress)
            for file, content in _own_files(job, crawled, app, release):
                put(content, file, made, job.before)
            paths = [path for path in made.rglob("*") if path.is_file()]
            written = count_written((path.relative_to(made).as_posix() for path in paths), made, job.before)
            pages = sum(one.media_type == "text/html" for one in crawled.files.values())
            export = Export(release.mark, site, pages, len(paths), sum(path.stat().st_size for path in paths))
            write_mark(made, export)
            swap(made, folder)
    return Done(export, written, time.monotonic() - began)


@contextmanager
def _pool(workers: int) -> Iterator[Pool]:
    """Yield what makes pages: processes, or this one where there would be but one."""
    if workers > 1:
        with local_pool(workers) as pool:
            yield pool
        return
    try:
        yield OwnProcess()
    finally:
        forget_client()


def settings_at(settings: Settings, base_url: str) -> Settings:
    """Return the settings for a site at an address. Raises UsageError for what is none."""
    mend = "give an address such as https://example.org/kb/, or none: the files work under any."
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"--base-url {base_url} is not an address: {error}.", mend) from error
    if base_url:
        is_one = parts.scheme in {"http", "https"} and parts.hostname and not parts.query and not parts.fragment
        if not is_one or not _HOST.fullmatch(parts.netloc) or port == 0 or as_prefix(parts.path or "/") is None:
            raise UsageError(f"--base-url {base_url} is not the address of a site.", mend)
    return quiet(settings, base_url)


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Flask, OpenRelease]]:
    app = create_app(settings)
    current = application_of(app)
    with closing(current), app.app_context():
        yield app, current.release()


def seeds(app: Flask, release: OpenRelease) -> Iterator[str]:
    """Yield the addresses at which to begin: those that are always the same, and what scripts load."""
    for rule in app.url_map.iter_rules():
        if not rule.arguments and "GET" in (rule.methods or ()) and not needs_server(rule.rule):
            yield rule.rule
    yield from (SEARCH, SPARQL, "/sparql/completions")
    yield from (f"/{name}" for name in release.namespaces.classes)
    for entry in release.finder.index.entries():
        # Scripts show cards beside links, and pictures have no link where they are part of a page.
        path = release.path_of(entry.entity.iri)
        yield from (path, f"{path}/card", f"{path}/embed", f"{path}/picture.svg")
    yield from (f"/static/{name}" for name in names_of_assets())


def _finish(job: Job, crawled: Crawled, pool: Pool, progress: Progress) -> None:
    """Change the links of all documents but that of the search, which has more to come."""
    known = job.raw.with_name("crawled.json")
    write_crawled(crawled, known)
    waiting = [address for address, one in crawled.files.items() if has_links(one.media_type)]
    waiting = sorted(address for address in waiting if address != f"{SEARCH}.html")
    parts = [(job, str(known), tuple(waiting[at : at + PER_PART])) for at in range(0, len(waiting), PER_PART)]
    pool.map(finish_part, parts, "links", progress)


def _own_files(job: Job, crawled: Crawled, app: Flask, release: OpenRelease) -> Iterator[tuple[str, bytes]]:
    """Yield the files that no address of the application has."""

    def page_of(iri: str) -> str:
        found = crawled.resolved(Place(release.path_of(iri)))
        return found[0] if found else HOME

    index = release.finder.index
    plurals = {one.name: one.plural for one in release.classes}
    yield from search_files(index.entries(), page_of, plurals, index.statuses, index.class_names)
    yield DATA, _dump(release)
    yield from _stubs(crawled)
    if missing := _missing_page(job, crawled, app):
        yield "404.html", missing.encode()
    home = crawled.files["/"]
    redirects = {
        address: found[0]
        for address, leads in crawled.leads.items()
        if "." in address.rpartition("/")[2] and "?" not in address and (found := crawled.resolved(_place(leads)))
    }
    texts = hosts.host_files(home.policy, redirects, job.prefix)
    texts["robots.txt"] = hosts.robots(job.site)
    texts["opensearch.xml"] = hosts.opensearch(job.site, release.site.name)
    yield from ((name, text.encode()) for name, text in texts.items())
    yield _search_page(job, crawled, release, page_of)


def _place(address: str) -> Place:
    path, _, fragment = address.partition("#")
    return Place(path, "", fragment)


def _dump(release: OpenRelease) -> bytes:
    """Return all named graphs as N-Quads, compressed in such a way that the same data are the same bytes."""
    text = BytesIO()
    for graph in release.local.graphs():
        release.local.write_graph(graph, N_QUADS, text)
    lines = sorted(text.getvalue().splitlines(keepends=True))
    return gzip.compress(b"".join(lines), 9, mtime=0)


def _stubs(crawled: Crawled) -> Iterator[tuple[str, bytes]]:
    """Yield a page for each address without an extension, that a host finds as the folder of that name."""
    for address in sorted(crawled.leads):
        name = address.removeprefix("/")
        found = crawled.resolved(_place(address))
        if not found or not name or "?" in name or "." in name.rpartition("/")[2].removeprefix("."):
            continue
        file = f"{name}/{HOME}"
        if found[0] != file:
            yield file, stub(leading_to(found[0], file, "", found[1]), name).encode()


def _missing_page(job: Job, crawled: Crawled, app: Flask) -> str:
    """Return the page for addresses at which there is nothing; an empty text where the site has none."""
    response = app.test_client().get(job.prefix + _MISSING, job.origin, headers={"Accept": "text/html"})
    if response.mimetype != "text/html":
        return ""
    policy = response.headers.get("Content-Security-Policy", "")
    one = Fetched(_MISSING, _MISSING, 404, "404.html", "text/html", policy=policy)
    return Finisher(job, crawled, whole=True).document(one, response.get_data(as_text=True))


def _search_page(job: Job, crawled: Crawled, release: OpenRelease, page_of: Callable[[str], str]) -> tuple[str, bytes]:
    """Return the page of the search with a list of all there is, for browsers that run no scripts."""
    one = crawled.files[f"{SEARCH}.html"]
    text = Finisher(job, crawled).waiting(one)
    entries = list(release.finder.index.entries()) if sum(one.count for one in release.classes) <= _MOST_LISTED else []
    lines = [
        '<div class="without-scripts">',
        "<p>The search runs in the browser, and needs scripts. Here is all that there is:</p>",
    ]
    for summary in release.classes:
        found = crawled.resolved(Place(f"/{summary.name}"))
        if not found:
            continue
        heading = f'<a href="{escape(leading_to(found[0], one.file))}">{escape(summary.plural)}</a>'
        lines.append(f'<h2>{heading} <span class="count">{summary.count}</span></h2>')
        own = sorted(
            (entry.entity.label, page_of(entry.entity.iri))
            for entry in entries
            if entry.entity.class_name == summary.name
        )
        if own:
            items = "".join(
                f'<li><a href="{escape(leading_to(file, one.file))}">{escape(label)}</a></li>' for label, file in own
            )
            lines.append(f'<ul class="plain">{items}</ul>')
    lines.append("</div>\n</main>")
    return one.file, text.replace("</main>", "\n".join(lines), 1).encode()
