"""A difference for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from ...validation.reports.text import Paint, plain
from ...validation.reports.wording import one_line
from ..records import Change, Difference
from .wording import MARKS, UNREADABLE, Block, Row, is_short, sections, summary, title, words


def render(difference: Difference, paint: Paint = plain) -> str:
    """Return a summary, then each node with what became of it: `+` is new, `-` is gone, `~` is different."""
    lines = [f"{paint(title(difference), 'place')}: {summary(difference)}"]
    for section in sections(difference):
        if section.title != "Knowledge":
            lines += ["", f"{section.title}:"]
        for block in section.blocks:
            lines += [""] if block.rows or section.title == "Knowledge" else []
            kind = f"{_kind(block.change, paint)} " if section.title != UNREADABLE else ""
            lines += _block(block, kind, paint)
    return "\n".join(lines) + "\n"


def _block(block: Block, kind: str, paint: Paint) -> Iterator[str]:
    label = f" “{one_line(block.label)}”" if block.label else ""
    remark = f" ({one_line(block.remark)})" if block.remark else ""
    yield f"{kind}{paint(one_line(block.name), 'place')}{label}{remark}"
    before: tuple[Change, str] | None = None
    for row in block.rows:
        if row.part and before != (Change.CHANGED, row.what):
            yield f"  ~ {one_line(row.what)}"
        before = (Change.CHANGED, row.what) if row.part else None
        yield from _row(row, paint)


def _row(row: Row, paint: Paint) -> Iterator[str]:
    indent, what = ("    ", row.part) if row.part else ("  ", row.what)
    what = one_line(what)
    if row.was and row.now:
        if is_short(row.was, row.now):
            yield f"{indent}~ {what}: {paint(row.was, 'removed')} → {paint(row.now, 'added')}"
            return
        old, new = _marked(row.was, row.now, paint)
        yield f"{indent}~ {what}"
        yield f"{indent}    {paint('-', 'removed')} {old}"
        yield f"{indent}    {paint('+', 'added')} {new}"
        return
    mark = MARKS.get(row.change, "~")
    yield f"{indent}{paint(f'{mark} {what}', row.change.value)}: {one_line(row.was or row.now)}"


def _marked(was: str, now: str, paint: Paint) -> tuple[str, str]:
    """Paint the words that differ."""
    parts = words(was, now)
    old = "".join(one if kind == "equal" else paint(one, "removed") for kind, one, _ in parts if one)
    new = "".join(other if kind == "equal" else paint(other, "added") for kind, _, other in parts if other)
    return old, new


def _kind(change: Change, paint: Paint) -> str:
    role = change.value if change in MARKS else "removed" if change is Change.RETIRED else "changed"
    return paint(change.value, role)
