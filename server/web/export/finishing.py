"""Makes a document of the application a file among files: its links, its forms, and what it may load."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final

from ..http.caching import digest
from . import links
from .addresses import SEARCH, SPARQL, leading_to, place_of
from .crawling import Crawled, Fetched, Job
from .placing import put

DATA: Final = "sparql/data.nq.gz"
"""The file with all that queries are asked of."""
SCRIPTS: Final = {SEARCH: ("site/search-page.js",), SPARQL: ("site/sparql.js",)}
"""The scripts that pages load which answer in the browser, beside that of all pages."""
_EVERYWHERE: Final = "site/site.js"
_FIRST: Final = re.compile(r"(?=[ \t]*<script defer\b)|(?=</head>)")
"""Where the scripts go: before all others, which ask what these have."""
_CHARSET: Final = re.compile(r'<meta charset="[\w-]+">')
_COMPLETIONS: Final = 'data-completions="sparql/completions"'
_WITHOUT_SCRIPTS: Final = '<p class="empty without-scripts">Queries run in the browser here, and need scripts.</p>'
"""What a script takes away; `noscript` would not show it where scripts are on and did not arrive."""
_FILTERS: Final = (
    '<p class="hint">This copy of the site is files alone: filters need a server, but '
    '<a href="{search}">the search</a> can be narrowed.</p>'
)
_NEEDS_SERVER: Final = '<p class="hint">This copy of the site is files alone: what was asked here needs a server.</p>'
_FOR_SERVER: Final = re.compile(r'<div class="for-server">.*?</div>', re.DOTALL)
"""The part of a page about content negotiation and the SPARQL endpoint."""
_OF_FILES: Final = (
    "<p>This copy of the site is files alone. The address of each entity is data too: with <code>.ttl</code>, "
    "<code>.jsonld</code>, <code>.nt</code> or <code>.rdf</code> after it. Queries run in the browser.</p>"
)
_QUESTIONS: Final = re.compile(
    r"^## Recipes\n.*?(?=^## )|^- \[(?:All of this in one file|Agents|SPARQL)\][^\n]*\n", re.DOTALL | re.MULTILINE
)
"""What `/llms.txt` says of addresses that answer questions."""
_FOR_MODELS: Final = "/llms.txt"


@dataclass(frozen=True)
class Finisher:
    """Changes documents, knowing all files that there are."""

    job: Job
    crawled: Crawled
    whole: bool = False
    """Whether links are whole paths, for a page that a host shows at any address."""

    def waiting(self, one: Fetched) -> str:
        """Return a document that was fetched as it is in its file."""
        return self.document(one, (self.job.raw / one.file).read_text(encoding="utf-8"))

    def document(self, one: Fetched, text: str) -> str:
        """Return a document as it is in its file."""
        text = links.with_links(text, one.media_type, self._change_in(one))
        if one.address == _FOR_MODELS:
            return _QUESTIONS.sub("", text)
        if one.media_type != "text/html":
            return text
        text = _FOR_SERVER.sub(_OF_FILES, text)
        text = links.with_forms(text, self._change_form_in(one))
        page = next((path for path in SCRIPTS if one.address in {path, f"{path}.html"}), "")
        if page == SPARQL:
            text = text.replace(_COMPLETIONS, f'{_COMPLETIONS[:-1]}.json" data-dump="{DATA}"')
            text = text.replace('<form class="query"', f'{_WITHOUT_SCRIPTS}\n<form class="query"', 1)
        policy = policy_of(one.policy, runs_queries=page == SPARQL)
        meta = f'<meta http-equiv="Content-Security-Policy" content="{escape(policy, quote=False)}">' if policy else ""
        text = _CHARSET.sub(lambda found: f"{found[0]}\n  {meta}", text, count=1)
        if "<script" not in text.partition("</head>")[0]:
            return text  # a card, or another part of a page
        scripts = "".join(
            f'  <script defer src="{self._to(f"static/{name}", one)}?v={_version(self.job.folder, name)}"></script>\n'
            for name in (_EVERYWHERE, *SCRIPTS.get(page, ()))
        )
        return _FIRST.sub(lambda _: scripts, text, count=1)

    def _to(self, file: str, one: Fetched, query: str = "", fragment: str = "") -> str:
        if self.whole:
            return f"{self.job.prefix}/{leading_to(file, 'index.html', query, fragment)}"
        return leading_to(file, one.file, query, fragment)

    def _change_in(self, one: Fetched) -> links.Change:
        def change(link: links.Link) -> str | None:
            if link.target.startswith("#"):
                return link.target
            place = place_of(link.target, one.address, self.job.root)
            if place is None:
                return link.target
            found = self.crawled.resolved(place)
            return self._to(found[0], one, place.query, found[1]) if found else None

        return change

    def _change_form_in(self, one: Fetched) -> links.ChangeForm:
        def change(action: str, form: str) -> str:
            place = place_of(action, one.address, self.job.root)
            found = self.crawled.resolved(place) if place else None
            if place and place.address in SCRIPTS and found:
                return links.with_action(form, self._to(found[0], one))
            search = self.crawled.files.get(f"{SEARCH}.html")
            if 'method="post"' in form or not found or search is None:
                return _NEEDS_SERVER
            return _FILTERS.format(search=self._to(search.file, one))

        return change


def policy_of(header: str, *, runs_queries: bool = False) -> str:
    """Return a Content-Security-Policy for an element `meta` (CSP 3, section 3.3), which cannot speak of frames.

    Where queries run, WebAssembly may be compiled, and a worker started.
    """
    rules = {name: values for name, *values in map(str.split, filter(str.strip, header.split(";")))}
    rules.pop("frame-ancestors", None)
    if runs_queries:
        rules["script-src"] = [*rules.get("script-src", ["'self'"]), "'wasm-unsafe-eval'"]
        rules["worker-src"] = ["'self'"]
    return "; ".join(" ".join((name, *values)) for name, values in rules.items())


def finish_part(part: tuple[Job, str, Sequence[str]]) -> None:
    """Finish the documents at some addresses."""
    job, known, addresses = part
    finisher = Finisher(job, read_crawled(known))
    for address in addresses:
        one = finisher.crawled.files[address]
        put(finisher.waiting(one).encode(), one.file, job.folder, job.before)


def write_crawled(crawled: Crawled, path: Path) -> None:
    """Write what was fetched, for other processes."""
    files = [vars(one) | {"found": ()} for one in crawled.files.values()]
    path.write_text(json.dumps({"files": files, "leads": crawled.leads}), encoding="utf-8")


@lru_cache(maxsize=1)
def read_crawled(path: str) -> Crawled:
    """Read what was fetched."""
    said = json.loads(Path(path).read_text(encoding="utf-8"))
    files = [Fetched(**one) for one in said["files"]]
    return Crawled({one.address: one for one in files}, said["leads"])


def stub(target: str, title: str) -> str:
    """Return a page that leads to another one, for an address that has no extension."""
    link = escape(target)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n  <meta charset="utf-8">\n  <title>{escape(title)}</title>\n'
        f'  <meta http-equiv="refresh" content="0; url={link}">\n  <meta name="robots" content="noindex">\n'
        f'  <link rel="canonical" href="{link}">\n</head>\n<body><p><a href="{link}">{escape(title)}</a></p></body>\n'
        "</html>\n"
    )


@lru_cache(maxsize=16)
def _version(folder: Path, name: str) -> str:
    return digest((folder / "static" / name).read_bytes())[:12]
