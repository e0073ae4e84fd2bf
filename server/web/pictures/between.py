"""The picture of what links two entities: a column for each step from the one on the left to the one on the right."""

from __future__ import annotations

from typing import Final

from ...records.paths import Path, Paths
from .drawing import ARROWS, LETTER, Drawing, Line, Mark, wrapped

_WIDTH: Final = 920.0
_ROW: Final = 96.0


def drawing_of(found: Paths) -> Drawing | None:
    """Draw the paths that are shown, each entity once; None where there is none."""
    if not found.shown:
        return None
    columns = _columns(found.shown)
    gap = _WIDTH / len(columns)
    rows = max(map(len, columns))
    marks: dict[str, Mark] = {}
    entities = {ref.iri: ref for path in found.shown for step in path for ref in (step.start, step.end)}
    for nth, column in enumerate(columns):
        for place, iri in enumerate(column):
            y = 24 + (rows - len(column)) * _ROW / 2 + place * _ROW
            name = wrapped(entities[iri].label, int((gap - 14) / LETTER), 3)
            marks[iri] = Mark(entities[iri], round((nth + 0.5) * gap, 1), y, name, side="middle")
    places = {iri: place for place, iri in enumerate(marks)}
    steps = {(step.start.iri, step.end.iri): step for path in found.shown for step in path}
    lines = []
    for (one, other), step in steps.items():
        start, end = marks[one], marks[other]
        words = ", ".join(dict.fromkeys(f"{ARROWS[link.direction]} {link.notation}" for link in step.links))
        drawn = f"M{start.x:g} {start.y:g}L{end.x:g} {end.y:g}"
        lines.append(Line(places[one], places[other], drawn, "spoke", words))
    return Drawing(
        "wide",
        f"What links {found.start.label} and {found.end.label}",
        f"The shortest paths, from {found.start.label} on the left to {found.end.label} on the right, with a column "
        "for each step. The same paths follow below in words.",
        tuple(marks.values()),
        tuple(lines),
        _WIDTH,
        rows * _ROW,
    )


def _columns(paths: tuple[Path, ...]) -> list[list[str]]:
    """Return the entities at each distance from the start, in the order of the paths."""
    columns: list[dict[str, None]] = [{paths[0][0].start.iri: None}]
    for path in paths:
        for nth, step in enumerate(path, 1):
            if len(columns) == nth:
                columns.append({})
            columns[nth][step.end.iri] = None
    return [list(column) for column in columns]
