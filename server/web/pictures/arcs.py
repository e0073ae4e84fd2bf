"""The picture of a list of entities: one below the other, and an arc at the side for each two that an edge joins.

Names are in rows, so that they never overlap. For narrow screens there is a second drawing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...knowledge.picturing import pairs_among
from ...records.pages import EntityRef
from ..open_release import OpenRelease
from .drawing import LETTER, Drawing, Line, Mark, wrapped

_WIDE, _NARROW = 720.0, 320.0
_ROW: Final = 44
_TOP: Final = 24


@dataclass(frozen=True)
class ListPicture:
    """A list as drawn for wide screens and for narrow ones."""

    wide: Drawing
    narrow: Drawing
    classes: tuple[tuple[str, str], ...]
    """The page classes in it, with their names in the plural."""


def arcs_of(release: OpenRelease, title: str, entities: Sequence[EntityRef], words: Mapping[str, str]) -> ListPicture:
    """Draw entities in their order; `words` has what is written below their names, by IRI."""
    pairs = pairs_among(release.store, release.namespaces, [one.iri for one in entities])
    used = {one.class_name for one in entities}
    return ListPicture(
        _drawing("wide", title, entities, words, pairs, _WIDE, 130.0),
        _drawing("narrow", title, entities, words, pairs, _NARROW, 60.0),
        tuple((term.notation, term.plural) for term in release.schema.page_classes if term.notation in used),
    )


def _drawing(
    name: str,
    title: str,
    entities: Sequence[EntityRef],
    words: Mapping[str, str],
    pairs: Sequence[tuple[str, str]],
    width: float,
    left: float,
) -> Drawing:
    row = _ROW if name == "wide" else _ROW + 12
    letters = int((width - left - 20) / LETTER)
    marks = [
        Mark(
            one, left, _TOP + nth * row, wrapped(one.label, letters, 1 if name == "wide" else 2), words.get(one.iri, "")
        )
        for nth, one in enumerate(entities)
    ]
    places = {one.iri: nth for nth, one in enumerate(entities)}
    lines = []
    for one, other in pairs:
        start, end = sorted((places[one], places[other]))
        # The farther apart, the farther an arc reaches.
        reach = (left - 14) * min(1.0, 0.25 + 0.75 * (end - start) / max(1, len(entities) - 1))
        top, bottom = marks[start].y, marks[end].y
        # A curve reaches three quarters of the way to its handles.
        bent = round(left - 4 / 3 * reach, 1)
        path = f"M{left:g} {top:g}C{bent:g} {top:g} {bent:g} {bottom:g} {left:g} {bottom:g}"
        lines.append(Line(start, end, path, "spoke"))
    joined = (
        f"{len(pairs)} {'pair' if len(pairs) == 1 else 'pairs'} of them {'is' if len(pairs) == 1 else 'are'} joined"
    )
    return Drawing(
        name,
        title,
        f"{len(entities)} entities below each other; {joined} by an edge, which an arc shows. Each leads to its page.",
        tuple(marks),
        tuple(lines),
        width,
        _TOP + len(entities) * row,
    )
