"""The history of an entity: who changed what, and when; and what differs between two of its versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from ...comparison.records import Difference
from ...comparison.reports import json as difference_json
from ...comparison.reports import markdown as difference_markdown
from ...comparison.reports import rdf_patch
from ...comparison.reports.wording import sections, summary, words
from ...comparison.versions import patch_lines
from ...errors import NotFoundError
from ...formats.history import changes_json, provenance
from ...knowledge.entity import stated
from ...namespaces import SLUG
from ...records.history import Change, Commit, Version
from ...records.sentences import sentence
from ...serialization import HTML, JSON, MARKDOWN, RDF_PATCH, triples_formats
from ..current import current_release
from ..documents.documents import Document, document, rdf_writers
from ..documents.markdown import history_markdown
from ..given.changes import DifferencePage, HistoryPage
from ..http.languages import page as render
from ..http.links import Link
from ..http.memento import original_links
from ..http.paging import Pages, asked_pages
from ..http.parameters import text
from ..http.problems import problem
from ..open_release import OpenRelease
from .differences import between, called, change_of, for_json, of_version
from .versions import commit_named, never

blueprint = Blueprint("history", __name__)

_SIZE: Final = 50
_SIZE_AT_MOST: Final = 200
_LONGEST: Final = 80
"""Characters of the name of a moment."""


@dataclass(frozen=True)
class _Shown:
    """A version on the page: what is said of it in lists, and all that changed in it."""

    change: Change
    sections: Any


@blueprint.get("/<page_class:name>/<slug>/history")
@blueprint.get("/<page_class:name>/<slug>/history.<extension>")
def history(name: str, slug: str, extension: str | None = None) -> AnyResponse:
    """List the versions of an entity, newest first, whether it is still there or not."""
    release = current_release()
    if not SLUG.fullmatch(slug):
        return never(release, name, slug)
    iri, path = release.iri_of(name, slug), f"/{name}/{slug}"
    label = _label(release, iri)
    total = release.history.count_changes(entity=iri)
    if not total and not label:
        return never(release, name, slug)
    pages = asked_pages(f"{path}/history", _SIZE, _SIZE_AT_MOST).of(total)

    def versions() -> list[Version]:
        return release.history.changes(pages.skipped, pages.size, entity=iri)

    def page() -> str:
        shown = [_Shown(change_of(release, version), sections(of_version(release, version))) for version in versions()]
        return render(
            HistoryPage(
                curie=f"{name}:{slug}",
                label=label or (shown[0].change.label if shown else slug),
                entity_path=path,
                class_name=name,
                is_here=bool(label),
                has_history=bool(release.history),
                changes=shown,
                total=total,
                words=words,
                pages=pages,
                steps=pages.steps(HTML),
                formats=pages.formats((HTML, *triples_formats(), MARKDOWN, JSON)),
            )
        )

    def triples() -> str:
        oldest_first = versions()[::-1]
        before = release.history.before(oldest_first[0]) if oldest_first else None
        return provenance(iri, oldest_first, before, release.namespaces.base)

    def as_json() -> str:
        changes = [for_json(change_of(release, version)) for version in versions()]
        return changes_json(changes, total, pages.record(), id=f"{name}:{slug}", iri=iri, label=label or None)

    def links() -> list[Link]:
        # Its first and last are pages of the list, and not versions.
        return [*pages.links(), Link(iri, "about"), *original_links(path)]

    def as_markdown() -> str:
        changes = [change_of(release, version) for version in versions()]
        return history_markdown(f"{name}:{slug}", label or slug, changes, total, pages)

    shown = Document(
        pages.path,
        {HTML: page, **rdf_writers(release, triples, first=iri), MARKDOWN: as_markdown, JSON: as_json},
        query=pages.query(),
        links=links,
    )
    return document(shown, extension, release)


@blueprint.get("/<page_class:name>/<slug>/diff")
@blueprint.get("/<page_class:name>/<slug>/diff.<extension>")
def difference(name: str, slug: str, extension: str | None = None) -> AnyResponse:
    """Say what differs between two moments of an entity; the later one is the last when nobody says.

    Without the earlier one it is what the commit of the later version changed.
    """
    release = current_release()
    if not SLUG.fullmatch(slug):
        return never(release, name, slug)
    iri, path = release.iri_of(name, slug), f"/{name}/{slug}"
    sent = asked_moments()
    if not release.history.count_changes(entity=iri):
        if release.history or not _label(release, iri):
            return never(release, name, slug)
        return problem(
            404, sentence("This base has no history: it is in no repository, or nothing of it was committed.")
        )
    latest = release.history.latest()
    assert latest is not None
    after = commit_named(release, sent["to"]) if sent["to"] else latest
    there = release.history.version_at(iri, after)
    before = commit_named(release, sent["from"]) if sent["from"] else None
    was = release.history.version_at(iri, before) if before else (release.history.before(there) if there else None)
    if before is None:
        before, after = (was.commit if was else None), (there.commit if there else after)
    texts = (was.ntriples if was else "", there.ntriples if there else "")

    names = (called(before) if before else "nothing", called(after))

    def find() -> Difference:
        return between(release, {iri: texts[0]}, {iri: texts[1]}, names)

    pages = Pages(f"{path}/diff", 1, 1, 1, tuple((key, value) for key, value in sent.items() if value))
    compared = Compared(
        f"{name}:{slug}",
        ((f"{name}:{slug}", path), ("History", f"{path}/history")),
        before,
        after,
        sent,
        find,
        lambda: patch_lines(texts[:1], texts[1:]),
    )
    return difference_document(release, pages, compared, extension)


def asked_moments() -> dict[str, str]:
    """Return the moments that a request names; each may be empty."""
    return {key: text(key, _LONGEST).strip() for key in ("from", "to")}


@dataclass(frozen=True)
class Compared:
    """Two moments of something, and what makes the document of what differs between them."""

    title: str
    above: tuple[tuple[str, str], ...]
    """The pages above, with their addresses."""
    before: Commit | None
    after: Commit
    sent: Mapping[str, str]
    """How the request names the moments."""
    find: Callable[[], Difference]
    patch: Callable[[], tuple[list[str], list[str]]]
    """Return the lines of N-Triples that are gone, and those that came."""


def difference_document(release: OpenRelease, pages: Pages, compared: Compared, extension: str | None) -> Response:
    """Return what differs between two moments as a document."""
    before, after = compared.before, compared.after

    def page() -> str:
        found = compared.find()
        return render(
            DifferencePage(
                title=compared.title,
                above=compared.above,
                summary=summary(found),
                sections=sections(found),
                words=words,
                before=before,
                after=after,
                sent=compared.sent,
                pages=pages,
                steps=pages.steps(HTML),
                formats=pages.formats((HTML, MARKDOWN, JSON, RDF_PATCH)),
                path=pages.path,
            )
        )

    whole = Document(
        pages.path,
        {
            HTML: page,
            MARKDOWN: lambda: difference_markdown.render(compared.find()),
            JSON: lambda: difference_json.render(compared.find()),
            RDF_PATCH: lambda: rdf_patch.render(*compared.patch(), before.revision if before else "", after.revision),
        },
        query=pages.query(),
        links=pages.links if pages.last > 1 else tuple,
    )
    return document(whole, extension, release)


def _label(release: OpenRelease, iri: str) -> str:
    """Return what an entity is called that is in the base, retired or not; empty for one that is not there."""
    try:
        return stated(release.store, iri).ref.label
    except NotFoundError:
        return ""
