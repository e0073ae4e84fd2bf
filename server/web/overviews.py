"""Pages across the classes: claims in debate, works by date, questions that are open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Blueprint, Response

from ..knowledge.overviews import debates, open_questions, timeline
from .current import OpenRelease, current_release
from .documents import Document, document
from .languages import page_of
from .negotiation import CSV, HTML, JSON
from .plain.overviews import debates_csv, debates_json, questions_csv, questions_json, timeline_csv, timeline_json
from .signposting import licence_links

room = Blueprint("overviews", __name__)

_FORMATS: Final = (HTML, CSV, JSON)

T = TypeVar("T")


@room.get("/debates")
@room.get("/debates.<extension>")
def in_debate(extension: str | None = None) -> Response:
    """List the claims with something on both sides."""
    return _overview(
        "/debates", lambda release: debates(release.store, release.namespaces), debates_json, debates_csv, extension
    )


@room.get("/timeline")
@room.get("/timeline.<extension>")
def by_date(extension: str | None = None) -> Response:
    """List the works by date."""
    return _overview("/timeline", lambda release: timeline(release.store), timeline_json, timeline_csv, extension)


@room.get("/open-questions")
@room.get("/open-questions.<extension>")
def still_open(extension: str | None = None) -> Response:
    """List the questions that are not answered."""
    return _overview(
        "/open-questions",
        lambda release: open_questions(release.store, release.namespaces),
        questions_json,
        questions_csv,
        extension,
    )


def _overview(
    path: str,
    find: Callable[[OpenRelease], T],
    as_json: Callable[[T], str],
    as_csv: Callable[[T], str],
    extension: str | None,
) -> Response:
    release = current_release()

    def found() -> T:
        return release.once(("overview", path), lambda: find(release))

    whole = Document(
        path,
        {
            HTML: lambda: page_of(f"{path[1:]}.html", found=found(), formats=_FORMATS, path=path),
            JSON: lambda: as_json(found()),
            CSV: lambda: as_csv(found()),
        },
        links=lambda: licence_links(release),
    )
    return document(whole, extension, release)
