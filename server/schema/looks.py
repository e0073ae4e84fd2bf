"""The look of the page classes: the shape and the colours of each, from the ontology or else by its position."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from ..records.terms import ClassTerm

T = TypeVar("T")


@dataclass(frozen=True)
class Look:
    """The shape of a class as SVG path data around its middle, and its colours on a light and on a dark ground.

    A class is recognizable by its shape without its colour.
    """

    glyph: str
    hue: str
    dark_hue: str


_GLYPHS: Final = (
    "M-6 -8H6V8H-6Z",
    "M0 -8A8 8 0 1 1 0 8A8 8 0 1 1 0 -8Z",
    "M-8 0L-4 -7H4L8 0L4 7H-4Z",
    "M-7 -7H7V7H-7Z",
    "M-3 -6H3A6 6 0 0 1 3 6H-3A6 6 0 0 1 -3 -6Z",
    "M0 -8L8 -2L5 8H-5L-8 -2Z",
    "M-8 -6H8V4H1L-4 9V4H-8Z",
    "M0 -9L9 0L0 9L-9 0Z",
    "M0 -9L9 7H-9Z",
    "M0 9L9 -7H-9Z",
    "M-3 -8H3V-3H8V3H3V8H-3V3H-8V-3H-3Z",
)
_HUES: Final = (
    ("#3d5a9e", "#a3b8f0"),
    ("#8a4a1f", "#e2ab85"),
    ("#6a4a9c", "#c4aaf0"),
    ("#0f6b5c", "#7fd0bf"),
    ("#0f5a70", "#7cc4d8"),
    ("#5c6216", "#c6cc7c"),
    ("#8a3a6a", "#e6a3cb"),
    ("#9c3d22", "#f0a48c"),
    ("#7a5200", "#e0bd6c"),
    ("#4f5b66", "#b4c0cb"),
)
"""Each has a contrast of at least 4.5 to the background of the pages (WCAG 2.2, 1.4.3), as a test measures."""
GROUNDS: Final = (("#fdfcfa", "#ffffff"), ("#14181b", "#1b2125"))
"""The background colours of pages and cards, light and dark; the style sheet has the same."""
CONTRAST: Final = 4.5
COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
GLYPH: Final = re.compile(r"[MLHVCSQTAZmlhvcsqtaz0-9 ,.\-]+")
"""The tokens of path data (SVG 2, section 9.3)."""


def looks_of(classes: Sequence[ClassTerm]) -> dict[str, Look]:
    """Return the look of each of some classes, by its notation; unspecified parts get the least used values.

    An invalid value is ignored; `akb check` reports it.
    """
    glyphs = _free(_GLYPHS, [term.glyph for term in classes])
    hues = _free(_HUES, [(term.hue, term.dark_hue) for term in classes])
    looks = {}
    for term in classes:
        glyph = term.glyph if GLYPH.fullmatch(term.glyph) else next(glyphs)
        stated = [hue if COLOUR.fullmatch(hue) else "" for hue in (term.hue, term.dark_hue)]
        light, dark = stated if all(stated) else next(hues)
        looks[term.notation] = Look(glyph, stated[0] or light, stated[1] or dark)
    return looks


def _free(palette: Sequence[T], taken: Sequence[T]) -> Iterator[T]:
    """Yield the values that are not taken, then all of them in an endless cycle."""
    yield from (one for one in palette if one not in taken)
    while True:
        yield from palette


def style_of(looks: Mapping[str, Look]) -> str:
    """Return the style sheet that gives the elements of the class `class-NAME` the colour of the page class NAME."""
    light, dark, rules = [], [], []
    for name, look in looks.items():
        class_ = f"class-{re.sub(r'[^A-Za-z0-9_-]', lambda found: chr(92) + found[0], name)}"
        light.append(f"  --{class_}: {look.hue};\n")
        dark.append(f"    --{class_}: {look.dark_hue};\n")
        rules.append(f".{class_} {{ --hue: var(--{class_}); }}\n")
    in_dark = "@media screen and (prefers-color-scheme: dark) {\n  :root {\n" + "".join(dark) + "  }\n}\n"
    return ":root {\n" + "".join(light) + "}\n\n" + in_dark + "\n" + "".join(rules)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours written as #rrggbb, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
