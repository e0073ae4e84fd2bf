"""What a drawing is made of: marks that are links, and lines between them."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Final

from ...records.pages import EntityRef

ARROWS: Final = {"out": "→", "in": "←", "both": "↔"}
"""How an edge runs, seen from where a picture starts."""

LETTER: Final = 7.4
"""How wide a letter of a name is at most, on the average."""


@dataclass(frozen=True)
class Mark:
    """An entity in a drawing: its shape at (x, y), and beside it its name in lines, with a few words below."""

    entity: EntityRef
    x: float
    y: float
    lines: tuple[str, ...]
    words: str = ""
    text: str = ""
    """What it is and how it is joined to the others, for those who cannot see it."""
    side: str = "start"
    """Where its name is: `start` to the right, `end` to the left, `middle` below (SVG 2, section 11.10.2.1)."""
    is_boxed: bool = False
    """Whether it is in a box, with its name in the middle, as the subject of the drawing."""
    href: str = ""
    """Where it leads, if not to the page of the entity."""
    is_open: bool = False
    """Whether its neighbours are shown as well, in a drawing that grows where it is opened."""

    @property
    def shift(self) -> int:
        """The offset of its name to the right."""
        return {"start": 15, "end": -15, "middle": 0}[self.side]

    @property
    def top(self) -> int:
        """The offset of the first line of its name below its middle."""
        if self.is_boxed:
            return 20 - 8 * len(self.lines)
        if self.side == "middle":
            return 26
        return 12 - 8 * len(self.lines) - (7 if self.words else 0)


@dataclass(frozen=True)
class Line:
    """A line from one mark to another, by their places in the drawing."""

    start: int
    end: int
    path: str
    kind: str
    words: str = ""
    """What the line is, written beside it, nearer to its start: lines that cross do so at their middle."""


@dataclass(frozen=True)
class Drawing:
    """Marks, the lines between them, and the size of the whole; `name` tells two drawings on a page apart."""

    name: str
    title: str
    description: str
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    width: float
    height: float


def wrapped(text: str, width: int, most: int) -> tuple[str, ...]:
    """Return a text in at most so many lines of so many characters; what does not fit is cut."""
    lines = textwrap.wrap(" ".join(text.split()), width, max_lines=most, placeholder=" …")
    return tuple(line if len(line) <= width else line[: width - 1] + "…" for line in lines)
