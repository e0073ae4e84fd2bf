"""What machines look for at a site before anything else: robots.txt, the sitemap, llms.txt, security.txt."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from flask import Blueprint, Response, abort, render_template

from ...agents.registry import tools_of
from ...knowledge.overviews import count
from ...records.sentences import sentence
from ...serialization import MARKDOWN
from ...sparql.queries import question
from ..current import current_release, current_settings
from ..documents.markdown import vocabulary_markdown
from ..http.origins import site_address
from ..http.prefixes import current_prefix, public
from ..http.problems import problem
from ..open_release import OpenRelease
from .agents import base_of
from .description import summary_of
from .example_queries import example_queries
from .recipes import recipes

blueprint = Blueprint("discovery", __name__)

_PAGES: Final = (
    "catalogue.html",
    "browse.html",
    "about.html",
    "docs.html",
    "openapi.html",
    "ontology.html",
    "schemes.html",
    "shapes.html",
    "examples.html",
    "download.html",
    ".well-known/void.html",
)
"""The pages that every base has, by the addresses that are not negotiated."""

DEAR: Final = (
    "/sparql?query=",
    "/answers?",
    "/listed?",
    "/answers.",
    "/search?*&",
    "/*/neighbourhood?",
    "/*/neighbourhood.html?",
    "/path?*from=*to=",
    "/path.html?*from=*to=",
    "/path.json?",
    "/language?",
    "/oembed?",
    "/explore?",
    "/explore.",
    "/compare?",
    "/compare.",
    "/reading-list?",
    "/reading-list.",
    "/reading-list/",
    "/query/*?",
    "/graph/",
    "/graph-store?",
    "/reconcile",
    "/resolve?",
    "/review?*&",
    "/review/proposals?",
    "/review/accepted.patch",
    "/proposal/",
    "/releases/",
    "/ldes",
    "/feed*query=",
    "/*/history?",
    "/*/history.html?",
    "/*/*/diff",
    "/diff?",
    "/diff.",
    "/changes?",
    "/changes.html?",
    "/timemap/",
    "/*?at=",
    "/*&at=",
)
"""The addresses that are work and without end, as patterns of RFC 9309, section 2.2.3: crawlers are to leave them."""
_DEAR: Final = re.compile("|".join(".*".join(map(re.escape, pattern.split("*"))) for pattern in DEAR))


def is_dear(path: str, query: str) -> bool:
    """Tell whether an address is one that crawlers are to leave alone."""
    return _DEAR.match(f"{path}?{query}" if query else path) is not None


_SECURITY: Final = "/.well-known/security.txt"
_GOOD_FOR: Final = timedelta(days=360)
"""For how long after its build a release vouches for whom to write to: less than a year (RFC 9116, section 2.5.5)."""
_CONTACT_SCHEMES: Final = ("https://", "mailto:", "tel:")

PER_SITEMAP: Final = 50_000
"""How many addresses a sitemap may hold (Sitemaps XML format, 0.9)."""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let robots in, but not where there are endlessly many addresses, each of which is work (RFC 9309).

    An answer of the search may be read where somebody links to it, but not its other pages and filters.
    """
    lines = (
        "User-agent: *",
        *(f"Disallow: {public(pattern)}" for pattern in DEAR),
        f"Allow: {public('/')}",
        "",
        f"Sitemap: {site_address()}sitemap.xml",
    )
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Return the addresses of all pages, or where there are too many an index of the sitemaps that hold them."""
    release = current_release()
    total = len(_fixed_pages(release)) + count(release.store, release.schema, "count_entities")
    if total <= PER_SITEMAP:
        return _sitemap(release, _pages(release, PER_SITEMAP))
    numbers = range(1, -(-total // PER_SITEMAP) + 1)
    return _xml(render_template("sitemaps.xml", numbers=numbers, host=site_address(), modified=_modified(release, "")))


@blueprint.get("/sitemap-<int:number>.xml")
def part_of_sitemap(number: int) -> Response:
    """Return one of the sitemaps of the index, counted from 1."""
    release = current_release()
    pages = _pages(release, PER_SITEMAP, (number - 1) * PER_SITEMAP) if number else []
    if not pages:
        abort(404, sentence("There is no sitemap %(number)s.", number=number))
    return _sitemap(release, pages)


@blueprint.get("/llms.txt")
def llms() -> Response:
    """Tell language models what is here and the addresses of its Markdown (llmstxt.org)."""
    return Response(_for_models(current_release()), content_type=MARKDOWN.content_type)


@blueprint.get("/llms-full.txt")
def llms_full() -> Response:
    """Tell language models in one file what llms.txt leads to: recipes, queries, tools and the vocabulary."""
    release = current_release()
    text = render_template(
        "llms-full.txt",
        short=_for_models(release).strip(),
        prefixes=release.namespaces.prefixes(),
        queries=example_queries(release),
        tools=tools_of(base_of(release)),
        vocabulary=vocabulary_markdown(release.schema),
        host=site_address().rstrip("/"),
    )
    return Response(text, content_type=MARKDOWN.content_type)


def _for_models(release: OpenRelease) -> str:
    return render_template(
        "llms.txt",
        summary=summary_of(release),
        examples=release.examples,
        info=release.info,
        classes=release.classes,
        connected=release.store.select(question("most_connected")),
        recipes=recipes(release),
        host=site_address().rstrip("/"),
    )


@blueprint.get(_SECURITY)
def security() -> Response:
    """Say to whom a weakness of the server is reported (RFC 9116)."""
    release = current_release()
    contact = release.site.security_contact
    if not contact.startswith(_CONTACT_SCHEMES):
        return problem(
            404,
            sentence("This base names nobody to whom a weakness of its server could be reported."),
            sentence("if it is yours, set security_contact in the table [site] of akb.toml."),
        )
    expires = datetime.fromisoformat(release.info.built) + _GOOD_FOR
    settings = current_settings()
    sites = dict.fromkeys((release.namespaces.base, *(f"{origin}{current_prefix()}/" for origin in settings.origins)))
    policy = release.site.security_policy
    lines = (
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        *(f"Canonical: {site}{_SECURITY[1:]}" for site in sites),
        *([f"Policy: {policy}"] if policy else ()),
    )
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _fixed_pages(release: OpenRelease) -> list[str]:
    """Return the paths of the pages beside those of entities."""
    return [*_PAGES, *(f"{name}.html" for name in release.namespaces.classes)]


def _pages(release: OpenRelease, limit: int, offset: int = 0) -> list[str]:
    """Return the paths of pages, without the first slash: of all of them at most `limit`, from `offset` on."""
    fixed = _fixed_pages(release)
    pages = fixed[offset : offset + limit]
    if len(pages) < limit:
        start = max(0, offset - len(fixed))
        rows = release.store.select(f"{question('entities')}LIMIT {limit - len(pages)}\nOFFSET {start}\n")
        pages += [release.path_of(str(row["entity"])).removeprefix("/") + ".html" for row in rows]
    return pages


def _sitemap(release: OpenRelease, pages: list[str]) -> Response:
    dated = [(page, _modified(release, page.removesuffix(".html"))) for page in pages]
    return _xml(render_template("sitemap.xml", pages=dated, host=site_address()))


def _modified(release: OpenRelease, page: str) -> str:
    """Return when a page was last changed, as a W3C date and time."""
    return f"{release.modified(f'/{page}'):%Y-%m-%dT%H:%M:%SZ}"


def _xml(text: str) -> Response:
    return Response(text, content_type="application/xml; charset=utf-8")
