"""The picture of a walk: names that never cover each other, whatever was opened and however things are called."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from server.records.explored import Joined, Opened, Shown, Walk
from server.records.pages import Direction, EntityRef, Link
from server.web.pictures.drawing import Drawing, Mark
from server.web.pictures.explored import narrow, wide
from server.web.pictures.lettering import BOLD, extent, fitted

LINK = Link("edge:0", "akb:extends", "extends", "extends", Direction.OUT, *["", None, "", "", "active"])
NAMES = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=120)


@st.composite
def walks(draw: st.DrawFn) -> Walk:
    """Make a walk: entities in the order in which they came, each brought by one before it, or by none."""
    names = draw(st.lists(NAMES, min_size=1, max_size=40))
    refs = [
        EntityRef(f"https://example.org/{nth}", f"concept:{nth}", name, "concept") for nth, name in enumerate(names)
    ]
    parents = [-1, *(draw(st.integers(-1, nth - 1)) for nth in range(1, len(refs)))]
    open_ = {0, *parents} - {-1} | {nth for nth, parent in enumerate(parents) if parent < 0}
    more = draw(st.sets(st.tuples(st.sampled_from(sorted(open_)), st.integers(0, len(refs) - 1)), max_size=8))
    beside = {nth: [child for child, parent in enumerate(parents) if parent == nth] for nth in open_}
    for one, other in more:
        if one != other and other not in beside[one]:
            beside[one].append(other)
    return Walk(
        tuple(
            Opened(refs[nth], tuple(Joined(refs[one], (LINK,)) for one in beside[nth]), len(beside[nth]))
            for nth in sorted(open_)
        ),
        tuple(
            Shown(ref, refs[parent].iri if parent >= 0 else "", (LINK,) if parent >= 0 else (), nth in open_)
            for nth, (ref, parent) in enumerate(zip(refs, parents, strict=True))
        ),
        (),
        (),
    )


def box(mark: Mark) -> tuple[float, float, float, float]:
    """Return what a mark takes with its name and the words below: left, top, right, bottom."""
    size = 14 * (BOLD if mark.is_open else 1)
    width = max([extent(line, size) for line in mark.lines] + [extent(mark.words, 12)])
    last = mark.top + 16 * (len(mark.lines) - 1) + (15 if mark.words else 0)
    return mark.x - 10, mark.y + min(mark.top - 12, -10), mark.x + mark.shift + width, mark.y + max(last + 4, 10)


def holds(drawing: Drawing, walk: Walk) -> None:
    boxes = [box(mark) for mark in drawing.marks]
    assert sorted(mark.entity.iri for mark in drawing.marks) == sorted(one.entity.iri for one in walk.shown)
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= drawing.width
        assert 0 <= top < bottom <= drawing.height
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    spokes = [line for line in drawing.lines if line.kind == "spoke"]
    assert len(spokes) == sum(1 for one in walk.shown if one.brought_by)


@given(walks())
def test_no_name_covers_another_or_leaves_the_picture(walk: Walk) -> None:
    for drawing in (wide(walk), narrow(walk)):
        holds(drawing, walk)
    pairs = {frozenset((a.entity.iri, b.entity.iri)) for a in walk.opened for b in a.neighbours}
    assert len(wide(walk).lines) == len(pairs)


@given(NAMES, st.floats(30, 400), st.integers(1, 3))
def test_lines_fit_by_their_width(text: str, space: float, most: int) -> None:
    lines = fitted(text, space, 14, most)
    assert len(lines) <= most
    assert all(extent(line, 14) <= space for line in lines)


def test_the_width_of_a_text_is_no_less_than_in_the_font_of_the_pictures() -> None:
    # The advances of DejaVu Sans (its table hmtx, of 2048 units): the sum for "Wimbledon", and for "Шшы".
    assert extent("Wimbledon", 2048) >= 2025 + 569 + 1995 + 1300 + 569 + 1260 + 1300 + 1253 + 1298
    assert extent("Шшы", 2048) >= 2189 + 1874 + 1616
