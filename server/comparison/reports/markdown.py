"""A difference as Markdown (GitHub Flavored), for a comment on a pull request."""

from __future__ import annotations

import html
import re
from typing import Final

from ...validation.reports.markdown import LONGEST, code_span, escaped
from ...validation.reports.wording import one_line, plural
from ..records import Difference
from .wording import UNREADABLE, Block, Row, Section, sections, summary, title, words

_OPEN: Final = 3
"""Up to so many blocks are unfolded."""
_LONGEST_CELL: Final = 600
_AROUND: Final = 120
"""Characters of equal text that are shown before and after words that differ."""
_SPACE_FOR_END: Final = 400
_TABLE: Final = "| | Was | Is |\n|---|---|---|"


def render(difference: Difference) -> str:
    """Return the summary in the first line, then a folded part for each node; what is too long lacks whole rows."""
    found = sections(difference)
    blocks = sum(len(section.blocks) for section in found)
    parts = [f"**{escaped(summary(difference))}** {code_span(title(difference)[:200])}"]
    space = LONGEST - len(parts[0]) - _SPACE_FOR_END
    shown = 0
    is_whole = True
    for section in found:
        heading = [f"### {section.title}"] if section.title != "Knowledge" else []
        for block in section.blocks:
            text, missing = _block(block, section, space - 60, is_open=blocks <= _OPEN)
            is_whole = is_whole and bool(text) and not missing
            if not text:
                break
            parts += [*heading, text]
            space -= sum(len(part) + 2 for part in (*heading, text))
            heading = []
            shown += 1
        if not is_whole:
            break
    if not is_whole:
        left_out = f"**{plural(blocks - shown, 'entry', 'entries')} more did not fit.** " if shown < blocks else ""
        parts.append(f"{left_out}{code_span(_command(difference))} shows all of it.")
    return "\n\n".join(parts) + "\n"


def _command(difference: Difference) -> str:
    after = "" if difference.after == "the working tree" else f" {difference.after}"
    return f"akb diff {difference.before}{after} --format html=diff.html"[:200]


def _block(block: Block, section: Section, space: int, *, is_open: bool) -> tuple[str, int]:
    """Return a block in at most `space` characters (empty when not even one row fits), and how many rows it lacks."""
    kind = block.change.value if section.title != UNREADABLE else ""
    label, remark = one_line(block.label)[:200], one_line(block.remark)[:400]
    if not block.rows:
        parts = [kind and f"**{kind}**", _code(block.name), escaped(label), f"({escaped(remark)})" if remark else ""]
        text = f"- {' '.join(filter(None, parts))}"
        return (text, 0) if len(text) <= space else ("", 0)
    name = f"<code>{_html(one_line(block.name)[:400])}</code>"
    parts = [f"<b>{kind}</b>", name, _html(label), f"({_html(remark)})" if remark else ""]
    summary_line = " ".join(filter(None, parts))
    start = f"<details{' open' if is_open else ''}><summary>{summary_line}</summary>\n\n{_TABLE}\n"
    end = "\n\n</details>"
    left = space - len(start) - len(end) - 100
    rows: list[str] = []
    for row in block.rows:
        text = _row(row)
        left -= len(text) + 1
        if left < 0:
            break
        rows.append(text)
    if not rows:
        return "", len(block.rows)
    missing = len(block.rows) - len(rows)
    more = f"\n\n{plural(missing, 'row', 'rows')} more did not fit." if missing else ""
    return start + "\n".join(rows) + more + end, missing


def _row(row: Row) -> str:
    what = " ".join(_code(part) for part in (*row.what.split(" ", 1), row.part) if part)
    was, now = _marked(row.was, row.now) if row.was and row.now else (_cell(row.was), _cell(row.now))
    return f"| {what} | {was} | {now} |"


def _marked(was: str, now: str) -> tuple[str, str]:
    """Mark the words that differ, and leave out the middle of long runs of equal ones."""
    old, new = [], []
    for kind, one, other in words(was, now):
        if kind == "equal":
            same = one if len(one) <= 2 * _AROUND else f"{one[:_AROUND]} … {one[-_AROUND:]}"
            old.append(_cell(same))
            new.append(_cell(same))
        else:
            old.append(f"<del>{_cell(one)}</del>" if one else "")
            new.append(f"<ins>{_cell(other)}</ins>" if other else "")
    return "".join(old), "".join(new)


def _cell(text: str) -> str:
    """Return a text for a cell, where a line cannot be broken."""
    # White space at the ends belongs to the words around.
    flat = re.sub(r"\s", " ", text)
    core = one_line(flat)
    if len(core) > _LONGEST_CELL:
        core = f"{core[:_LONGEST_CELL]} …"
    before, after = " " * flat.startswith(" "), " " * (flat.endswith(" ") and bool(core))
    return f"{before}{escaped(core)}{after}"


def _code(text: str) -> str:
    """Return a code span; in a table a bar would end the cell even there."""
    return code_span(text[:400]).replace("|", "\\|")


def _html(text: str) -> str:
    """Escape a text where Markdown is not read; nobody is called by an @."""
    return html.escape(text, quote=False).replace("@", "@<!-- -->")
