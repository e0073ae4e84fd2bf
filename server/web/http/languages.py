"""Which languages a reader wants beside English, and pages with words in them where the base has any.

Data are never changed by this: in RDF every text has its language.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar

from flask import Flask, Response, render_template, request
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from ...formats.texts import has_direction
from ...knowledge.languages import localize
from ...records.languages import Text, is_english
from ..current import OpenRelease, current_release
from ..given import Page

T = TypeVar("T")

HEADER: Final = "Accept-Language"


def register(app: Flask) -> None:
    """Let pages say in which language their words are, and on which header that depended."""
    app.jinja_env.filters["lang"] = _attributes

    @app.after_request
    def of_pages(response: Response) -> Response:
        if response.mimetype == "text/html":
            tags = current_release().languages.tags if response.status_code < 400 else ()
            wanted = preferred(request.environ, tags)
            response.headers["Content-Language"] = ", ".join(dict.fromkeys((*wanted, "en")))
            if tags:
                response.vary.add(HEADER)
        return response


def preferred(environ: Mapping[str, Any], tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of some languages that a request wants before English, the most wanted first.

    A range means a language that it names or falls back to, or of which that is a variety (RFC 4647, sections 3.3.1 and
    3.4); without the header English is wanted (RFC 9110, section 12.5.4).
    """
    return _preferred(environ.get("HTTP_ACCEPT_LANGUAGE", ""), tags) if tags else ()


def of_reader(release: OpenRelease) -> tuple[str, ...]:
    """Return the languages of a release that the present request wants before English, the most wanted first."""
    return preferred(request.environ, release.languages.tags)


def page(given: Page) -> str:
    """Render a page of the current release from what its template is given, in the languages of the reader."""
    release = current_release()
    return render_template(given.template, **{name: for_reader(release, one) for name, one in vars(given).items()})


def for_reader(release: OpenRelease, value: T) -> T:
    """Return a record, or a sequence of records, in the languages of the reader."""
    return localize(value, release.languages, of_reader(release))


# Browsers of one reader always send the same header.
@lru_cache(maxsize=256)
def _preferred(header: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    ranges = [(wanted.lower(), weight) for wanted, weight in parse_accept_header(header, LanguageAccept) if weight > 0]
    # As a browser lists them: of equal weight, the first before the others.
    ranked = sorted(enumerate(ranges), key=lambda one: (-one[1][1], one[0]))
    found: list[str] = []
    for _, (wanted, _) in ranked:
        if is_english(wanted):
            break
        found += [tag for tag in tags if _means(wanted, tag.lower()) and tag not in found]
    return tuple(found)


def _means(wanted: str, tag: str) -> bool:
    return wanted == tag or wanted.startswith(f"{tag}-") or tag.startswith(f"{wanted}-")


def _attributes(words: object) -> Markup:
    """Return the attributes of an element that holds these words (HTML, sections 3.2.6.2 and 3.2.6.4).

    English from left to right needs none. An element with a direction moves nothing around it.
    """
    if not isinstance(words, Text):
        return Markup(' dir="auto"') if isinstance(words, str) and has_direction(words) else Markup("")
    return Markup(' lang="{}" dir="auto"').format(words.language)
