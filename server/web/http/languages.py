"""In which language a page is written, and which languages its reader wants for what the base says.

The switch of pages, which keeps its choice in a cookie, comes before `Accept-Language`. Data are never changed by
either: in RDF every text has its language, and all else of them is English.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar

from babel import Locale
from babel.core import UnknownLocaleError, get_global
from flask import Flask, Response, request
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header, parse_cookie

from ...formats.texts import has_direction
from ...knowledge.languages import localize
from ...records.languages import Text, is_english
from ...records.sentences import Sentence, Series
from ..catalogues import Catalogue, current_catalogue
from ..current import current_application, current_release
from ..given.page import Page
from ..open_release import OpenRelease

T = TypeVar("T")

HEADER: Final = "Accept-Language"
COOKIE: Final = "lang"
"""The cookie with the language that a reader chose by the switch."""
COOKIE_HEADER: Final = "Cookie"


def register(app: Flask) -> None:
    """Let pages say in which language their words are, and on which header that depended."""
    app.jinja_env.filters["lang"] = _attributes
    app.jinja_env.globals["in_english"] = _in_english

    @app.after_request
    def of_pages(response: Response) -> Response:
        # What leads elsewhere, has nothing to show or says what is allowed has no words for a reader.
        is_page = response.mimetype == "text/html" and not 300 <= response.status_code < 400
        if is_page and request.method != "OPTIONS":
            current = current_application()
            tags = current_release().languages.tags if response.status_code < 400 else ()
            wanted = preferred(request.environ, tags)
            of_page = of_interface(request.environ, current.page_languages)
            response.headers["Content-Language"] = ", ".join(dict.fromkeys((of_page, *wanted, "en")))
            if tags or len(current.page_languages) > 1:
                response.vary.update((HEADER, COOKIE_HEADER))
        return response


def preferred(environ: Mapping[str, Any], tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of some languages that a request wants before English, the most wanted first.

    A range means a language that it names or falls back to, or of which that is a variety (RFC 4647, sections 3.3.1 and
    3.4); without the header English is wanted (RFC 9110, section 12.5.4).
    """
    return _preferred(*_asked(environ), tags) if tags else ()


def of_interface(environ: Mapping[str, Any], offered: tuple[str, ...]) -> str:
    """Return that of the languages of pages which a request wants most; the first of them where it wants none."""
    return offered[0] if len(offered) == 1 else _of_interface(*_asked(environ), offered)


def of_reader(release: OpenRelease) -> tuple[str, ...]:
    """Return the languages of a release that the present request wants before English, the most wanted first."""
    return preferred(request.environ, release.languages.tags)


def languages_of_page(release: OpenRelease) -> tuple[str, ...]:
    """Return the language of the words of a page for the present request, and those of what the base says."""
    return of_interface(request.environ, current_application().page_languages), *of_reader(release)


def catalogue_of_reader() -> Catalogue:
    """Return the catalogue of the language in which the present request gets pages."""
    current = current_application()
    return current.catalogue(of_interface(request.environ, current.page_languages))


def page(given: Page) -> str:
    """Render a page of the current release in the language of the reader, with what the base says in it.

    Where `given` has records of the release, these are in the languages of the reader too.
    """
    release = current_release()
    return given.render_in({name: for_reader(release, one) for name, one in vars(given).items()}, catalogue_of_reader())


def page_of_ours(given: Page) -> str:
    """Render a page in the language of the reader whose records are as they are; it needs no release."""
    return given.render_in(vars(given), catalogue_of_reader())


def for_reader(release: OpenRelease, value: T) -> T:
    """Return a record, or a sequence of records, in the languages of the reader."""
    return localize(value, release.languages, of_reader(release))


def _asked(environ: Mapping[str, Any]) -> tuple[str, str]:
    """Return the language that was chosen by the switch, if one was, and the languages that the header names."""
    cookie = environ.get("HTTP_COOKIE", "")
    chosen = parse_cookie(cookie).get(COOKIE, "") if COOKIE in cookie else ""
    return chosen, environ.get("HTTP_ACCEPT_LANGUAGE", "")


# Browsers of one reader always send the same header.
@lru_cache(maxsize=256)
def _ranges(chosen: str, header: str) -> tuple[str, ...]:
    """Return the ranges of languages that are wanted, the most wanted first."""
    ranges = [(wanted.lower(), weight) for wanted, weight in parse_accept_header(header, LanguageAccept) if weight > 0]
    # As a browser lists them: of equal weight, the first before the others.
    ranked = sorted(enumerate(ranges), key=lambda one: (-one[1][1], one[0]))
    return (*([chosen.lower()] if chosen else []), *(wanted for _, (wanted, _) in ranked))


@lru_cache(maxsize=256)
def _preferred(chosen: str, header: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for wanted in _ranges(chosen, header):
        if is_english(wanted):
            break
        found += [tag for tag in tags if _means(wanted, tag.lower()) and tag not in found]
    return tuple(found)


@lru_cache(maxsize=256)
def _of_interface(chosen: str, header: str, offered: tuple[str, ...]) -> str:
    for wanted in _ranges(chosen, header):
        kind = _kind(wanted)
        if kind and (found := next((tag for tag in offered if _kind(tag) == kind), "")):
            return found
    return offered[0]


@lru_cache(maxsize=1024)
def _kind(tag: str) -> tuple[str, str] | None:
    """Return the language and the script that a tag means, with the usual script where it names none (CLDR)."""
    try:
        found = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None
    likely = get_global("likely_subtags")
    usual = likely.get(str(found)) or likely.get(found.language) or ""
    return found.language, found.script or usual.split("_")[1] if usual else ""


def _means(wanted: str, tag: str) -> bool:
    return wanted == tag or wanted.startswith(f"{tag}-") or tag.startswith(f"{wanted}-")


def _in_english() -> Markup:
    """Return the attributes of a part of a page that is in English, whatever the page is in."""
    catalogue = current_catalogue()
    if catalogue.is_english:
        return _NOTHING
    return _ENGLISH if catalogue.direction == "ltr" else _ENGLISH_FROM_THE_LEFT


def _attributes(words: object) -> Markup:
    """Return the attributes of an element that holds these words (HTML, sections 3.2.6.2 and 3.2.6.4).

    Words in the language of the page need none. An element with a direction moves nothing around it.
    """
    catalogue = current_catalogue()
    if not isinstance(words, str) or isinstance(words, Markup | Sentence | Series) or words in catalogue.messages:
        return _NOTHING
    if isinstance(words, Text):
        return Markup(' lang="{}" dir="auto"').format(words.language)
    if has_direction(words):
        return _EITHER_WAY if catalogue.is_english else _ENGLISH_EITHER_WAY
    if catalogue.is_english:
        return _NOTHING
    return _ENGLISH if catalogue.direction == "ltr" else _ENGLISH_EITHER_WAY


_NOTHING: Final = Markup("")
_EITHER_WAY: Final = Markup(' dir="auto"')
_ENGLISH: Final = Markup(' lang="en"')
_ENGLISH_EITHER_WAY: Final = Markup(' lang="en" dir="auto"')
_ENGLISH_FROM_THE_LEFT: Final = Markup(' lang="en" dir="ltr"')
