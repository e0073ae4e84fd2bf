"""The changes of the whole base, newest first, and what differs between two of its states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from flask import Blueprint, Response, abort

from ...comparison.records import Difference
from ...comparison.versions import patch_lines
from ...formats.history import changes_csv, changes_json
from ...records.history import Change, Commit
from ...records.sentences import sentence
from ...serialization import CSV, HTML, JSON, MARKDOWN
from ..current import current_release
from ..documents.documents import Document, document
from ..documents.markdown import changes_markdown
from ..given.changes import ChangesPage
from ..http.languages import page as render
from ..http.paging import asked_pages
from ..http.parameters import any_of, one_of, text
from ..http.problems import problem
from ..http.signposting import licence_links
from ..open_release import OpenRelease
from .differences import between, called, change_of, for_json
from .history import Compared, asked_moments, difference_document
from .versions import commit_named

blueprint = Blueprint("changes", __name__)

_SIZE: Final = 50
_SIZE_AT_MOST: Final = 200
_LONGEST: Final = 500
"""Characters of a topic."""
_NO_HISTORY: Final = sentence("This base has no history: it is in no repository, or nothing of it was committed.")


@dataclass(frozen=True)
class _Commit:
    """A commit on the page, with its changes there."""

    commit: Commit
    changes: Sequence[Change]


@blueprint.get("/changes")
@blueprint.get("/changes.<extension>")
def changes(extension: str | None = None) -> Response:
    """List what commits changed, narrowed to classes, to what names a topic, and to an author."""
    release = current_release()
    history = release.history
    classes = any_of("class", release.namespaces.classes)
    author = one_of("author", history.authors())
    topic = text("topic", _LONGEST).strip()
    class_iris, topic_iri = classes_of(release, classes), topic_of(release, topic) if topic else ""
    total = history.count_changes(classes=class_iris, author=author, topic=topic_iri)
    selected = [*(("class", name) for name in classes), *((("topic", topic),) if topic else ())]
    selected += [("author", author)] if author else []
    pages = asked_pages("/changes", _SIZE, _SIZE_AT_MOST, selected).of(total)

    def found() -> list[Change]:
        some = history.changes(pages.skipped, pages.size, classes=class_iris, author=author, topic=topic_iri)
        return [change_of(release, one) for one in some]

    def page() -> str:
        by_commit = [
            _Commit(commit, list(some)) for commit, some in groupby(found(), key=lambda one: one.version.commit)
        ]
        return render(
            ChangesPage(
                has_history=bool(history),
                commits=by_commit,
                total=total,
                classes=release.schema.page_classes,
                authors=history.authors(),
                sent={"class": classes[0] if classes else "", "topic": topic, "author": author},
                pages=pages,
                steps=pages.steps(HTML),
                formats=pages.formats((HTML, MARKDOWN, JSON, CSV)),
                path=pages.path,
            )
        )

    whole = Document(
        pages.path,
        {
            HTML: page,
            MARKDOWN: lambda: changes_markdown(found(), total, pages),
            JSON: lambda: changes_json([*map(for_json, found())], total, pages.record(), history=bool(history)),
            CSV: lambda: changes_csv(found()),
        },
        query=pages.query(),
        links=lambda: [*pages.links(), *licence_links(release)],
    )
    return document(whole, extension, release)


@blueprint.get("/diff")
@blueprint.get("/diff.<extension>")
def difference(extension: str | None = None) -> Response:
    """Say what differs between two states of the base, so many entities on each page; the patch is whole."""
    release = current_release()
    history = release.history
    latest = history.latest()
    if latest is None:
        return problem(404, _NO_HISTORY)
    sent = asked_moments()
    after = commit_named(release, sent["to"]) if sent["to"] else latest
    before = commit_named(release, sent["from"]) if sent["from"] else _commit_before(release, after)
    turned = before is not None and before.number > after.number
    first, last = (after, before) if turned and before else (before, after)
    entities = history.changed_between(first, last) if first else [one.entity for one in history.changes(0, -1, upto=1)]
    selected = [(key, value) for key, value in sent.items() if value]
    pages = asked_pages("/diff", _SIZE, _SIZE_AT_MOST, selected).of(len(entities))
    shown = entities[pages.skipped : pages.skipped + pages.size]

    def said(some: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
        return history.said_at(some, before) if before else {}, history.said_at(some, after)

    def find() -> Difference:
        return between(release, *said(shown), (called(before) if before else "nothing", called(after)))

    def patch() -> tuple[list[str], list[str]]:
        old, new = said(entities)
        return patch_lines(old.values(), new.values())

    shown_as = Compared(sentence("The base"), ((sentence("Changes"), "/changes"),), before, after, sent, find, patch)
    return difference_document(release, pages, shown_as, extension)


def _commit_before(release: OpenRelease, commit: Commit) -> Commit | None:
    return next(iter(release.history.commits(commit.number - 2, 1)), None) if commit.number > 1 else None


def classes_of(release: OpenRelease, names: Sequence[str]) -> list[str]:
    """Return the IRIs of page classes, given by their names, and of all classes under them."""
    schema = release.schema
    wanted = {schema.page_class_by_name[name].iri for name in names}
    return [iri for iri in schema.classes if (page := schema.page_class_of(iri)) and page.iri in wanted]


def topic_of(release: OpenRelease, topic: str) -> str:
    """Return the IRI that a CURIE or an IRI means. Answers 400 for what is neither."""
    prefix, colon, local = topic.partition(":")
    if colon and prefix in release.namespaces.classes:
        return release.iri_of(prefix, local)
    is_curie = bool(colon) and prefix in release.namespaces.prefixes()
    if not is_curie and not topic.startswith(("http://", "https://", "urn:")):
        abort(400, sentence("%(topic)s is no CURIE and no IRI of an entity.", topic=f"{topic[:80]!r}"))
    return release.namespaces.expand(topic) if is_curie else topic
