"""The picture that other sites show beside a link to a page: a name, what it is called, and what it is.

Its fonts are those that come with the engine (DejaVu Sans: Latin, Greek, Cyrillic, Arabic, Hebrew, and more), and for
what these do not have, such as Chinese and Japanese, those of the system.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from flask import render_template

from ..open_release import OpenRelease
from .files import FAMILY, png
from .lettering import lines_of

WIDTH: Final = 1200
HEIGHT: Final = 630
"""The size that the sites which show such pictures ask for, in pixels."""
_SIZES: Final = ((72, 23, 2), (58, 29, 2), (46, 37, 3))
"""Sizes of a name, the largest first: the font size, how many letters fit in a line, and how many lines it may have."""
_TEXT_LETTERS: Final = 60
_SITE_LETTERS: Final = 52
_TEXT_LINES: Final = 5
_MARGIN: Final = 80
_OTHER_WAY: Final = frozenset({"R", "AL"})
"""The bidirectional classes of letters that are written from right to left (Unicode Standard Annex 9, table 4)."""


@dataclass(frozen=True)
class Line:
    """A line of text: where it is, and from which end it is written."""

    text: str
    y: int
    x: int = _MARGIN
    anchor: str = "start"


@dataclass(frozen=True)
class Preview:
    """What the picture says."""

    name: tuple[Line, ...]
    size: int
    """The font size of the name."""
    text: tuple[Line, ...]
    kind: str
    """What the class is called; empty for the picture of the site."""
    glyph: str
    """The shape of the class (SVG 2, section 9.3); empty likewise."""
    hue: str
    """Its colour, as #rrggbb."""
    site: str


def preview_of(release: OpenRelease, name: str, text: str, class_name: str = "") -> Preview:
    """Return the picture of an entity of a page class, or without a class of the site."""
    looks = release.schema.looks
    look = looks.get(class_name) or next(iter(looks.values()), None)
    kind = release.schema.page_class_by_name[class_name].label if class_name else ""
    size, lines = next(
        ((size, lines) for size, letters, most in _SIZES if (lines := lines_of(name, letters, most + 1))[most:] == ()),
        (_SIZES[-1][0], lines_of(name, *_SIZES[-1][1:])),
    )
    top = 200
    named = tuple(_line(line, top + place * round(size * 1.2)) for place, line in enumerate(lines))
    below = named[-1].y + 64 if named else top
    room = min(_TEXT_LINES, max(0, (500 - below) // 38 + 1))
    said = tuple(_line(line, below + place * 38) for place, line in enumerate(lines_of(text, _TEXT_LETTERS, room)))
    return Preview(
        name=named,
        size=size,
        text=said,
        kind=kind,
        glyph=look.glyph if look and class_name else "",
        hue=look.hue if look else "#0f5a70",
        site=next(iter(lines_of(release.site.name, _SITE_LETTERS, 1)), ""),
    )


def drawn(release: OpenRelease, preview: Preview) -> bytes:
    """Return the picture as PNG. Raises LimitError where it takes longer than a query may."""
    return png(
        release,
        render_template("pictures/preview.svg", preview=preview, width=WIDTH, height=HEIGHT, family=FAMILY),
    )


def _line(text: str, y: int) -> Line:
    """Return a line; one whose first letter is written from right to left begins at the right (Annex 9, rule P2)."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    strong = next((one for one in directions if one in {"L", *_OTHER_WAY}), "L")
    return Line(text, y, WIDTH - _MARGIN, "end") if strong in _OTHER_WAY else Line(text, y)
