"""What every page is given beside its own: the base that it belongs to, the way through it, and how it looks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Flask, g, request, url_for

from ..errors import AkbError
from ..namespaces import KEPT, NOWHERE
from ..records.sentences import sentence
from ..records.site import Button, Site
from ..records.terms import anchor_of
from ..schema.schema import Schema
from ..sparql.queries import question
from .assets import CLASSES
from .current import Current, current_application, current_release
from .http.links import ADDRESS, LINKS, Link
from .http.origins import home_address
from .open_release import OpenRelease
from .theme import STYLE

_TERM: Final = re.compile(r"\bakb:\w+")


def _declares_terms_of(*names: str) -> Callable[[Schema], bool]:
    """Return what tells whether a vocabulary has all terms that some questions name."""
    return lambda schema: schema.curies.issuperset(_TERM.findall(" ".join(map(question, names))))


OVERVIEWS: Final[dict[str, tuple[str, Callable[[Schema], bool]]]] = {
    "debates": (sentence("Debates"), lambda schema: schema.has_debates),
    "open-questions": (sentence("Open questions"), _declares_terms_of("open_questions", "question_bearings")),
    "timeline": (sentence("Timeline"), lambda schema: bool(schema.works) and NOWHERE not in schema.roles["issued"]),
}
"""The pages across the classes: what each is called, and whether an ontology has what it needs."""


_BEFORE: Final = (Button(sentence("Browse"), "/browse"),)
_AFTER: Final = (
    Button(sentence("Map"), "/map"),
    Button(sentence("Compare"), "/compare"),
    Button(sentence("Data"), "/download"),
    Button(sentence("About"), "/about"),
)
_SHORT: Final = {"/open-questions": sentence("Questions")}
"""What pages across the classes are called where there is little room."""
MENU: Final = (
    Button(sentence("Download"), "/download"),
    Button(sentence("Changes"), "/changes"),
    Button(sentence("About"), "/about"),
    Button(sentence("Docs"), "/docs"),
)
"""The pages on the base and its engine, in the order in which the menu of every page has them."""
READING_LIST: Final = Button(sentence("Reading list"), "/reading-list")
KEPT_QUERIES: Final = Button(sentence("Kept queries"), f"/{KEPT}")
"""One more, where a base has kept queries."""


@dataclass(frozen=True)
class Everywhere:
    """What every template is given; the fields are names in it."""

    site: Site
    """The base: its name, summary, licences, publisher, footer."""
    ways: tuple[Button, ...]
    """The ways through the base, at the head of every page."""
    navigation: tuple[Button, ...]
    """The classes to which every page links."""
    menu: tuple[Button, ...]
    """The pages on the base and its engine, which the menu "More" and the footer have."""
    overviews: tuple[Button, ...]
    """The pages across the classes that this base has."""
    styles: tuple[str, ...]
    """The addresses of the style sheets, ours first, then the colours of the classes, then that of the theme."""
    icon: str
    """The address of the icon."""
    logo: str
    """The address of the logo of the theme; empty for none."""
    home: str
    """The address at which the site is for everybody, with a slash at its end."""
    place: str
    """The path of the document that the page shows, with its query; empty for a page that is no document."""
    links: tuple[Link, ...]
    """The links of the document that the page shows: those of its Link header."""
    languages: tuple[tuple[str, str], ...]
    """The languages in which pages are offered, by tag, and what each calls itself; none where there is but one."""
    here: str
    """The path of the page, with its query."""


def register(app: Flask) -> None:
    """Give every template what pages have in common."""

    @app.context_processor
    def in_common() -> dict[str, object]:
        return dict(vars(everywhere()))

    app.jinja_env.globals |= {"glyph_of": glyph_of, "anchor_of": anchor_of}


def everywhere() -> Everywhere:
    """Return what every page is given; before there is a release, as little as an error needs."""
    current = current_application()
    theme = current.theme
    try:
        release = current.release()
    except AkbError:
        release = None
    styles = ["style.css", *([CLASSES] if release else []), *([f"theme/{STYLE}"] if theme.style else [])]
    logo = url_for("static", filename=f"theme/{theme.logo}") if theme.logo else ""
    return Everywhere(
        site=release.site if release else Site(),
        ways=_ways(release) if release else (),
        navigation=_navigation(release) if release else (),
        menu=(*MENU, READING_LIST, *((KEPT_QUERIES,) if release and release.kept else ())),
        overviews=overviews_of(release) if release else (),
        styles=tuple(url_for("static", filename=name) for name in styles),
        icon=logo or url_for("static", filename="icon.svg"),
        logo=logo,
        home=home_address(),
        place=g.get(ADDRESS, ""),
        links=g.get(LINKS, ()),
        languages=_languages(current),
        here=g.get(ADDRESS, "") or request.full_path.rstrip("?"),
    )


def _languages(current: Current) -> tuple[tuple[str, str], ...]:
    offered = current.page_languages if len(current.page_languages) > 1 else ()
    return tuple((tag, current.catalogue(tag).name) for tag in offered)


def overviews_of(release: OpenRelease) -> tuple[Button, ...]:
    """Return the pages across the classes for which the ontology has what they need."""
    return tuple(Button(label, f"/{name}") for name, (label, is_in) in OVERVIEWS.items() if is_in(release.schema))


def home_buttons(release: OpenRelease) -> tuple[Button, ...]:
    """Return the buttons of the home page: those that the settings name, else those that follow from what there is."""
    if release.site.buttons is not None:
        return release.site.buttons
    entity = release.examples.entity
    start = (
        (Button(sentence("Start with %(label)s", label=entity.label), release.path_of(entity.iri)),) if entity else ()
    )
    return (*start, *overviews_of(release), Button(sentence("Query it"), "/sparql"))


def glyph_of(name: str) -> str:
    """Return the shape of a page class by its name, as SVG path data; a circle for what has none."""
    look = current_release().schema.looks.get(name)
    return look.glyph if look else "M0 -8A8 8 0 1 1 0 8A8 8 0 1 1 0 -8Z"


def _ways(release: OpenRelease) -> tuple[Button, ...]:
    across = (Button(_SHORT.get(one.address, one.label), one.address) for one in overviews_of(release))
    return (*_BEFORE, *across, *_AFTER)


def _navigation(release: OpenRelease) -> tuple[Button, ...]:
    return tuple(Button(term.plural or term.label, f"/{term.notation}") for term in release.schema.navigation)
