"""What the formats for people say alike: the summary, what belongs together, and the rows of each part."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from ...records.sentences import Sentence, Series, sentence, sentence_of
from ...validation.reports.wording import one_line, plural
from ..records import Change, Difference, EdgeChange, FileChange, NodeChange, PropertyChange, Value

MARKS: Final = {Change.ADDED: "+", Change.REMOVED: "-"}
"""The marks of an addition and a removal; the rest has `~`."""

_WORDS: Final = {Change.MOVED: sentence("only following a new name")}
UNREADABLE: Final = "Not readable, and left out"
_LONGEST: Final = 4_000
"""Characters of a text in which changed words are looked for."""


@dataclass(frozen=True)
class Row:
    """One thing that was before and is after; either may be empty."""

    change: Change
    what: str
    """A property, or the predicate and object of an edge."""
    part: str = ""
    """A property of that edge."""
    was: str = ""
    now: str = ""


@dataclass(frozen=True)
class Block:
    """All that became of one node, the edges that start from it among it."""

    change: Change
    name: str
    label: str
    type: str
    remark: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """Blocks of one kind, with their title."""

    title: str
    blocks: tuple[Block, ...]


def title(difference: Difference) -> str:
    """Say which moments were compared."""
    return one_line(f"{difference.before} → {difference.after}")


def summary(difference: Difference) -> str:
    """Say in one line what differs."""
    parts = [
        _counted(difference.entities, lambda number: sentence_of("%(num)s entity", "%(num)s entities", number)),
        _counted(difference.edges, lambda number: sentence_of("%(num)s edge", "%(num)s edges", number)),
        _counted(
            difference.ontology, lambda number: sentence_of("%(num)s ontology term", "%(num)s ontology terms", number)
        ),
        _counted(difference.shapes, lambda number: sentence_of("%(num)s shape", "%(num)s shapes", number)),
        _counted(difference.files, lambda number: sentence_of("%(num)s other file", "%(num)s other files", number)),
        sentence_of("%(num)s file not readable", "%(num)s files not readable", len(difference.unread))
        if difference.unread
        else "",
    ]
    said = [part for part in parts if part]
    if said:
        return sentence("%(changes)s.", changes=Series(said, "; "))
    if difference.touched:
        return sentence_of(
            "No difference in meaning (%(num)s file written differently).",
            "No difference in meaning (%(num)s files written differently).",
            difference.touched,
        )
    return sentence("No difference.")


def sections(difference: Difference) -> list[Section]:
    """Return what to show, in order; what only follows a new name elsewhere is counted there, and not shown."""
    found = [
        Section("Knowledge", tuple(_knowledge(difference))),
        Section("Ontology", tuple(_block(node, ()) for node in difference.ontology)),
        Section("Shapes", tuple(_block(node, ()) for node in difference.shapes)),
        Section("Other files", tuple(Block(one.change, one.path, "", "", "", ()) for one in difference.files)),
        Section(
            UNREADABLE,
            tuple(
                Block(Change.CHANGED, f"{one.path}:{one.line}:{one.column}", "", "", f"at {one.at}: {one.message}", ())
                for one in difference.unread
            ),
        ),
    ]
    return [section for section in found if section.blocks]


def words(was: str, now: str) -> list[tuple[str, str, str]]:
    """Return how one text became another: kind (`equal`, `replace`, `delete`, `insert`), the old words, the new words.

    Texts that have little in common, and very long ones, come back as one replacement.
    """
    old, new = (re.findall(r"\w+|\s+|[^\w\s]", text) for text in (was, now))
    if is_short(was, now) or not was or not now or max(len(was), len(now)) > _LONGEST:
        return [("replace", was, now)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.4:
        return [("replace", was, now)]
    return [(kind, "".join(old[a:b]), "".join(new[c:d])) for kind, a, b, c, d in matcher.get_opcodes()]


def is_short(was: str, now: str) -> bool:
    """Tell whether two values are best read side by side: codes, numbers, names."""
    return not re.search(r"\s", was + now) and len(was) + len(now) <= 100


def _counted(changes: Iterable[NodeChange | EdgeChange | FileChange], things: Callable[[int], Sentence]) -> str:
    kinds = [change.change for change in changes]
    counts = [(kinds.count(kind), Sentence(_WORDS.get(kind, kind.value), {})) for kind in Change if kind in kinds]
    if not counts:
        return ""
    (number, kind), *others = counts
    return Series(
        [
            sentence("%(things)s %(what)s", things=things(number), what=kind),
            *(sentence_of("%(num)s %(what)s", "%(num)s %(what)s", count, what=kind) for count, kind in others),
        ]
    )


def _knowledge(difference: Difference) -> Iterator[Block]:
    followers = _followers(difference)
    edges: dict[str, list[EdgeChange]] = {}
    for edge in difference.edges:
        if edge.change is not Change.MOVED:
            edges.setdefault(edge.subject, []).append(edge)
    for node in difference.entities:
        if node.change is not Change.MOVED or node.name in edges:
            yield _block(node, edges.pop(node.name, ()), followers.get(node.name, 0))
    for subject, of_subject in edges.items():
        node = NodeChange(Change.CHANGED, subject, "", difference.labels.get(subject, ""), "")
        yield _block(node, of_subject)


def _followers(difference: Difference) -> dict[str, int]:
    """Count for each name the nodes that refer to it now, and referred to what was renamed or merged before."""
    counts: dict[str, int] = {}
    nodes: tuple[NodeChange | EdgeChange, ...] = (*difference.entities, *difference.edges)
    for node in nodes:
        names = {value.text for one in node.properties if one.follows for value in one.added}
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    return counts


def _block(node: NodeChange, edges: Iterable[EdgeChange], followers: int = 0) -> Block:
    remarks = [
        node.type if node.change in MARKS else "",
        f"was {node.was}" if node.was else "",
        f"into {node.into}" if node.into else "",
        f"{plural(followers, 'reference follows', 'references follow')}" if followers else "",
    ]
    is_whole = node.change in MARKS
    rows = [
        row
        for one in node.properties
        if not one.follows and not (is_whole and _is_in_head(one, node))
        for row in _rows(one)
    ]
    rows += [row for edge in edges for row in _edge_rows(edge)]
    return Block(node.change, node.name, node.label, node.type, ", ".join(filter(None, remarks)), tuple(rows))


def _is_in_head(change: PropertyChange, node: NodeChange) -> bool:
    """Tell whether the head of a node that came or went says all that a property says."""
    values = change.added or change.removed
    said = {
        "rdf:type": node.type,
        "dcterms:identifier": node.name,
        "skos:prefLabel": node.label,
        "rdfs:label": node.label,
    }
    return ", ".join(value.text for value in values) == said.get(change.property)


def _edge_rows(edge: EdgeChange) -> Iterator[Row]:
    what = f"{edge.predicate} {edge.object}"
    if edge.change in MARKS:
        status = edge.status.partition(":")[2] or edge.status
        said = edge.note + f" ({', '.join(filter(None, (edge.source, status)))})" * bool(edge.source or status)
        is_added = edge.change is Change.ADDED
        yield Row(edge.change, what, "", "" if is_added else said, said if is_added else "")
        return
    for one in edge.properties:
        if not one.follows:
            for row in _rows(one):
                yield Row(row.change, what, row.what, row.was, row.now)


def _rows(change: PropertyChange) -> Iterator[Row]:
    if len(change.removed) == len(change.added) == 1:
        [was], [now] = change.removed, change.added
        # On one line, texts that differ in white space look the same.
        is_exact = one_line(was.text) == one_line(now.text)
        yield Row(Change.CHANGED, change.property, "", _shown(was, exact=is_exact), _shown(now, exact=is_exact))
        return
    alike = {value.text for value in change.removed} & {value.text for value in change.added}
    for value in change.removed:
        yield Row(Change.REMOVED, change.property, "", was=_shown(value, exact=value.text in alike))
    for value in change.added:
        yield Row(Change.ADDED, change.property, "", now=_shown(value, exact=value.text in alike))


def _shown(value: Value, *, exact: bool) -> str:
    """Return a value as people read it; exactly, with its kind, when another has the same text."""
    text = one_line(value.text)
    if exact:
        kind = f"@{value.language}" if value.language else f"^^{value.datatype}" if value.datatype else ""
        return text if value.iri else f"{_quoted(value.text)}{one_line(kind)}"
    if not text:
        return '""'
    return one_line(f"{text} @{value.language}") if value.language not in {"", "en"} else text


def _quoted(text: str) -> str:
    return '"' + "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text) + '"'
