"""Pages across the classes: claims in debate, works by date, questions that are open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from flask import Blueprint, Response, abort

from ...formats.overviews import debates_csv, debates_json, questions_csv, questions_json, timeline_csv, timeline_json
from ...knowledge.overviews import count, debate_topics, debates, debates_about, open_questions, timeline
from ...records.overviews import Dated, Debate, OpenQuestion
from ...records.sentences import sentence
from ...serialization import CSV, HTML, JSON, MARKDOWN
from ..current import current_release
from ..documents.documents import Document, document
from ..documents.markdown import debates_markdown, questions_markdown, timeline_markdown
from ..given.overviews import DebatesPage, OpenQuestionsPage, OverviewPage, TimelinePage
from ..http.languages import page as render
from ..http.paging import Pages, asked_pages
from ..http.parameters import text
from ..http.signposting import licence_links
from ..open_release import OpenRelease
from ..site import overviews_of

blueprint = Blueprint("overviews", __name__)

_FORMATS: Final = (HTML, MARKDOWN, CSV, JSON)
_SIZE: Final = 100
"""Things on a page."""
_DEBATES: Final = 20
"""Debates on a page, each with what speaks on both sides."""
_SIZE_AT_MOST: Final = 1000
_LONGEST: Final = 200
"""Characters of an id."""

T = TypeVar("T")


@blueprint.get("/debates")
@blueprint.get("/debates.<extension>")
def in_debate(extension: str | None = None) -> Response:
    """List the claims with something on both sides, all or those about a `topic`."""
    topic = text("topic", _LONGEST)

    def find(release: OpenRelease, limit: int | None, offset: int) -> tuple[Debate, ...]:
        return debates(release.store, release.schema, release.namespaces, limit, offset, _topic(release, topic))

    def page(**given: Any) -> DebatesPage:
        release = current_release()
        topics = release.once(("debate-topics",), lambda: debate_topics(release.store, release.schema))
        return DebatesPage(**given, topics=topics, topic=topic)

    def about() -> int:
        release = current_release()
        return len(debates_about(release.store, release.schema, _topic(release, topic)))

    return _overview(
        "/debates",
        about if topic else "count_debates",
        page,
        find,
        debates_json,
        debates_csv,
        debates_markdown,
        extension,
        selected=[("topic", topic)] if topic else [],
        size=_DEBATES,
    )


def _topic(release: OpenRelease, curie: str) -> str:
    """Return the IRI of a topic, and nothing for none. Answers 400 for what is no id."""
    try:
        return release.namespaces.expand(curie) if curie else ""
    except KeyError:
        abort(
            400, sentence("topic is %(curie)s, and no id such as those that the filter lists.", curie=f"{curie[:80]!r}")
        )


@blueprint.get("/timeline")
@blueprint.get("/timeline.<extension>")
def by_date(extension: str | None = None) -> Response:
    """List the works by date."""

    def find(release: OpenRelease, limit: int | None, offset: int) -> tuple[Dated, ...]:
        return timeline(release.store, release.schema, limit, offset)

    return _overview(
        "/timeline", "count_dated_works", TimelinePage, find, timeline_json, timeline_csv, timeline_markdown, extension
    )


@blueprint.get("/open-questions")
@blueprint.get("/open-questions.<extension>")
def still_open(extension: str | None = None) -> Response:
    """List the questions that are not answered."""

    def find(release: OpenRelease, limit: int | None, offset: int) -> tuple[OpenQuestion, ...]:
        return open_questions(release.store, release.namespaces, limit, offset)

    return _overview(
        "/open-questions",
        "count_open_questions",
        OpenQuestionsPage,
        find,
        questions_json,
        questions_csv,
        questions_markdown,
        extension,
    )


def _overview(
    path: str,
    counting: str | Callable[[], int],
    template: Callable[..., OverviewPage],
    find: Callable[[OpenRelease, int | None, int], Sequence[T]],
    as_json: Callable[[Sequence[T]], str],
    as_csv: Callable[[Sequence[T]], str],
    as_markdown: Callable[[Sequence[T], int, Pages], str],
    extension: str | None,
    *,
    selected: Sequence[tuple[str, str]] = (),
    size: int = _SIZE,
) -> Response:
    """Return an overview: as a page and as Markdown in parts, as data whole."""
    release = current_release()
    if path not in {link.address for link in overviews_of(release)}:
        abort(404, sentence("This base has nothing for this page to list."))
    asked = asked_pages(path, size, _SIZE_AT_MOST, selected)
    data = Pages(path, 1, size, size, tuple(selected))

    def whole() -> Sequence[T]:
        return find(release, None, 0)

    def shown_on() -> tuple[Sequence[T], int, Pages]:
        total = count(release.store, release.schema, counting) if isinstance(counting, str) else counting()
        pages = asked.of(total)
        return find(release, pages.size, pages.skipped), total, pages

    def markdown() -> str:
        return as_markdown(*shown_on())

    def page() -> str:
        found, total, pages = shown_on()
        given = template(
            found=found,
            total=total,
            pages=pages,
            steps=pages.steps(HTML),
            formats=_FORMATS,
            path=path,
        )
        return render(given)

    shown = Document(
        path,
        {
            HTML: page,
            MARKDOWN: markdown,
            JSON: lambda: as_json(whole()),
            CSV: lambda: as_csv(whole()),
        },
        query=data.query(),
        page_query=asked.query(),
        in_pages=(HTML, MARKDOWN),
        links=lambda: licence_links(release),
    )
    return document(shown, extension, release)
