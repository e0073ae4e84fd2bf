"""Reads the gaps of a base, which say what its entities and edges may lack: `shapes/gaps/`, and those of the engine.

A gap is a SELECT that yields `?focus`, the nodes that lack something, and where it orders them by that their `?count`
of edges. Its first line is a comment that asks its question; then follow comments that say `title:` and `mend:`. It
starts `SELECT DISTINCT ?focus ?count WHERE {` or without the count, and ends with a line `ORDER BY`, so that pages can
take it in parts and count it. A gap of a base replaces one of the engine with its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Final

from ..namespaces import Namespaces
from ..records.findings import Finding, Severity
from ..records.gaps import Gap
from ..sparql.queries import FOLDER, question
from ..turtle.base import Base
from ..turtle.source_files import shown_name
from .rule_files import Fault, query_faults
from .rule_text import RuleText

UNREADABLE = RuleText(
    "gap-unreadable",
    "Each file of shapes/gaps/ is a SPARQL SELECT that yields ?focus, under a question, a title and a mend.",
    "The gap cannot be looked for: {fault}.",
    "{mend}; until then nothing is found by it.",
    Severity.VIOLATION,
)

_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HEADER: Final = re.compile(r"^# (title|mend): (.*)\n", re.MULTILINE)
_PROJECTION: Final = re.compile(r"^SELECT DISTINCT \?focus( \?count)? WHERE(?= \{$)", re.MULTILINE)
_ORDER: Final = re.compile(r"^ORDER BY(?: (?:\?focus|\?count|DESC\(\?(?:focus|count)\)))+\n\Z", re.MULTILINE)


def read_gaps(base: Base, roles: Mapping[str, str]) -> tuple[list[Gap], list[Finding]]:
    """Read every gap of a base, by its name; one that cannot be asked is a finding, and the others are read.

    `roles` are those of its vocabulary.
    """
    gaps = {path.stem: _gap(path.stem, question(f"gaps/{path.stem}", roles)) for path in (FOLDER / "gaps").glob("*.rq")}
    unreadable: list[Finding] = []
    for path in sorted((base.shapes_folder / "gaps").glob("*.rq")):
        read = _read(path, base.root, base.namespaces)
        if isinstance(read, Gap):
            gaps[read.name] = read
        else:
            unreadable.append(read)
    return [gaps[name] for name in sorted(gaps)], unreadable


def _read(path: Path, root: Path, namespaces: Namespaces) -> Gap | Finding:
    name = shown_name(path, root)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return UNREADABLE.broken_at(name, 1, 1, fault=f"it cannot be read ({error})", mend="save it as UTF-8")
    fault = next(chain(_faults(path.stem, text), query_faults(text, namespaces), _form_faults(text)), None)
    if fault is not None:
        return UNREADABLE.broken_at(name, fault.line, fault.column, fault=fault.what, mend=fault.mend)
    return _gap(path.stem, text)


def _faults(name: str, text: str) -> Iterator[Fault]:
    if not _NAME.fullmatch(name):
        yield Fault(
            f"{name!r} cannot be the name of its page", "name the file in lower-case letters, digits and hyphens"
        )
    if not re.match(r"# (?!title:|mend:)\S", text):
        yield Fault("it does not start with its question", "write the question as a comment in the first line")
    header = dict(_HEADER.findall(text))
    for part in ("title", "mend"):
        if not header.get(part, "").strip():
            yield Fault(f"it has no {part}", f"write a line `# {part}: ...` under its question")


def _form_faults(text: str) -> Iterator[Fault]:
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines, 1) if line.upper().startswith("SELECT")), 1)
    if len(_PROJECTION.findall(text)) != 1:
        yield Fault(
            "pages cannot count it",
            "write `SELECT DISTINCT ?focus ?count WHERE {`, or without ?count, as a line",
            start,
        )
    if not _ORDER.search(text):
        yield Fault(
            "nothing says the order of what it finds",
            "end it with a line `ORDER BY` and ?focus, ?count or DESC(?count)",
            len(text.rstrip().split("\n")),
        )


def _gap(name: str, text: str) -> Gap:
    header = dict(_HEADER.findall(text))
    query = _HEADER.sub("", text)
    first = query.partition("\n")[0]
    counting = _ORDER.sub("", _PROJECTION.sub("SELECT (COUNT(DISTINCT ?focus) AS ?count) WHERE", query))
    return Gap(name, header["title"], first.removeprefix("# "), header["mend"], query, counting)
