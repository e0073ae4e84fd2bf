"""A walk through the graph: a picture that grows where it is opened, and an address that has the whole way.

All of it is links, so that it works without scripts; `explore.js` fetches the same pages and shows what they have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ...formats.explored import walk_json
from ...knowledge.exploring import MOST_OPEN, walk
from ...records.explored import Walk
from ...records.pages import EntityRef
from ...records.sentences import sentence
from ...serialization import HTML, JSON
from ..current import current_release
from ..documents.documents import Document, document
from ..given.entities import ExplorePage
from ..http.caching import Representation
from ..http.languages import for_reader
from ..http.languages import page as render
from ..http.negotiation import asks_for_page
from ..http.parameters import number, texts
from ..open_release import OpenRelease
from ..pictures.explored import narrow, wide
from ..pictures.files import FAMILY, colours, png, style, svg
from .named import LONGEST, Named, named
from .neighbourhood import asked_predicates

blueprint = Blueprint("explore", __name__)

SIZE: Final = 12
SIZE_AT_MOST: Final = 40
"""The usual and the maximum number of neighbours that an entity shows when it is opened."""
_PIXELS: Final = 16_000_000
"""The maximum number of pixels of a PNG: the worker that draws it needs 4 bytes for each."""


@dataclass(frozen=True)
class Way:
    """What the query of an address says: what was opened, by which edges, and how many neighbours each shows."""

    opened: tuple[EntityRef, ...]
    predicates: tuple[str, ...] = ()
    """Their names, as addresses have them."""
    size: int = SIZE

    @property
    def query(self) -> str:
        """The query of the address."""
        return urlencode(
            [
                *(("open", one.curie) for one in self.opened),
                *(("predicate", one) for one in self.predicates),
                *((("size", str(self.size)),) if self.size != SIZE else ()),
            ],
            safe=":",
        )

    def with_open(self, *refs: EntityRef) -> str:
        """Return the address with these entities open and the rest unchanged."""
        return f"/explore?{replace(self, opened=refs).query}"

    def with_one_more(self, ref: EntityRef) -> str:
        """Return the address with one more entity open."""
        return self.with_open(*self.opened, ref)


@dataclass(frozen=True)
class _Asked:
    """What a request asks for, once it is known what its names mean."""

    release: OpenRelease
    way: Way
    predicates: tuple[str, ...]
    unknown: tuple[Named, ...]

    @cached_property
    def walk(self) -> Walk:
        """What is shown."""
        release = self.release
        return walk(release.store, release.namespaces, self.way.opened, self.predicates, self.way.size)

    def address(self, ref: EntityRef) -> str:
        """Return the address that opens an entity or, if it is open, closes it.

        The only open entity stays open. The address is empty if no more entities can be opened: its mark then leads to
        the page of the entity.
        """
        if any(one.iri == ref.iri for one in self.way.opened):
            return self.way.with_open(*(self.walk.without(ref.iri) or (ref,)))
        return self.way.with_one_more(ref) if len(self.way.opened) < MOST_OPEN else ""


@blueprint.get("/explore")
@blueprint.get("/explore.<extension>")
def explore(extension: str | None = None) -> AnyResponse:
    """Show the neighbours of the open entities; if none is open, ask for one."""
    asked = _asked()
    release, way = asked.release, asked.way
    if not asks_for_page(request, extension, (HTML, JSON)):
        _complain(asked)
    if asked.unknown or not way.opened:
        written = _page(asked)
        status = 404 if asked.unknown else 200
        whole = Document("/explore", {HTML: lambda: written}, query=way.query, status=status, cached=False)
    else:
        whole = Document("/explore", {HTML: lambda: _page(asked), JSON: lambda: walk_json(asked.walk)}, query=way.query)
    return document(whole, extension, release)


@blueprint.get("/explore.svg")
def as_svg() -> AnyResponse:
    """Return the picture of a walk as a file; its marks lead to the pages of the entities."""
    asked = _asked()
    _complain(asked)
    return svg(asked.release, f"/explore.svg?{asked.way.query}", lambda: _drawn(asked, style=style(asked.release)))


@blueprint.get("/explore.png")
def as_png() -> AnyResponse:
    """Return the picture of a walk as PNG, for what takes no SVG."""
    asked = _asked()
    _complain(asked)
    release = asked.release
    key = (asked.way.query, "png")
    return Representation(release, "/explore.png", key, "image/png", lambda: png(release, _drawn(asked, flat=True)))


def _asked() -> _Asked:
    """Return what the request asks for; an entity that is named twice is opened once. Answers 400 for too many."""
    release = current_release()
    size = number("size", SIZE, SIZE_AT_MOST)
    predicates = asked_predicates(release)
    ends = [named(release, "open", one) for one in texts("open", 2 * MOST_OPEN, LONGEST)]
    opened = {end.entity.iri: end.entity for end in ends if end.entity}
    if len(opened) > MOST_OPEN:
        abort(
            400,
            sentence(
                "%(opened)s entities are to be open; there may be %(most_open)s at once. Close one first.",
                opened=len(opened),
                most_open=MOST_OPEN,
            ),
        )
    names = {term.curie: term.notation for term in release.schema.predicates.values()}
    way = Way(tuple(opened.values()), tuple(sorted(names[one] for one in predicates)), size)
    return _Asked(release, way, predicates, tuple(end for end in ends if end.is_unknown))


def _complain(asked: _Asked) -> None:
    """Answer 404 for an unknown name, and 400 if no name is given."""
    for one in asked.unknown:
        abort(
            404,
            sentence(
                "No entity, or more than one, is known by %(typed)s: `open` takes CURIEs.", typed=f"{one.typed!r}"
            ),
        )
    if not asked.way.opened:
        abort(400, sentence("Name an entity to start from: ?open=%(curie)s", curie=asked.release.examples.curie))


def _page(asked: _Asked) -> str:
    release, way = asked.release, asked.way
    found = for_reader(release, asked.walk) if way.opened else None
    return render(
        ExplorePage(
            found=found,
            unknown=asked.unknown,
            way=way,
            wide=wide(found, asked.address) if found else None,
            narrow=narrow(found, asked.address) if found else None,
            classes=_classes(release, found) if found else (),
            address=asked.address,
            back=tuple(way.with_open(*way.opened[: nth + 1]) for nth in range(len(way.opened))),
            most_open=MOST_OPEN,
            sizes=sorted({6, SIZE, 24, SIZE_AT_MOST, way.size}),
            examples=release.examples,
            unfiltered=replace(way, predicates=()).with_open(*way.opened),
        )
    )


def _classes(release: OpenRelease, found: Walk) -> tuple[tuple[str, str], ...]:
    there = {one.entity.class_name for one in found.shown}
    return tuple((term.notation, term.plural) for term in release.schema.page_classes if term.notation in there)


def _drawn(asked: _Asked, flat: bool = False, **given: object) -> str:
    """Return the picture as a file. With `flat`, colours are values and not custom properties."""
    release = asked.release
    drawing = wide(asked.walk)
    classes = _classes(release, asked.walk)
    across = max(1, int(drawing.width // 120))
    height = drawing.height + 40 + 26 * -(-len(classes) // across)
    return render_template(
        "pictures/explored.svg",
        drawing=drawing,
        height=height,
        classes=classes,
        across=across,
        scale=min(2.0, (_PIXELS / (drawing.width * height)) ** 0.5) if flat else 1,
        palette=colours(release) if flat else {},
        looks=release.schema.looks,
        family=FAMILY,
        **given,
    )
