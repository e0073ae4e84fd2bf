"""Tools that find entities: by words and meaning, by an identifier, by nearness, in lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..errors import UsageError
from ..formats.writing import facts_in_line
from ..knowledge.candidates import related, thresholds
from ..knowledge.entity import entity_ref, neighbourhood
from ..knowledge.finding import LONGEST, Mode
from ..knowledge.overviews import count, debates, open_questions, timeline
from ..records.lists import ListSelection, Order
from ..records.overviews import Bearing
from ..records.pages import EntityRef
from ..search.records import Hit
from ..similarity.querying import embed_query
from ..text.forms import folded
from .base import AgentBase
from .naming import entity_of, entity_parameter
from .tools import Arguments, Parameter, Tool
from .writing import Answer, Lines, counted, listed, named, short

_DEFINITION: Final = 160
"""Characters of the definition of an entity in a list."""
_DEBATES, _OPEN, _TIMELINE = "debates", "open-questions", "timeline"


def tools(base: AgentBase) -> Iterator[Tool]:
    """Yield the tools of this module."""
    names = tuple(one.name for one in base.classes)
    classes = Parameter("class", "Only entities of these classes.", default=(), choices=names)
    offset = Parameter("offset", "How many to skip.", default=0, most=100_000)
    yield Tool(
        "search",
        "Search",
        "Find entities by names, ids, words of their texts, and by meaning. Start here when you have words and no id. "
        "Each line has the id that other tools take.",
        (
            Parameter("text", "What to look for.", most=LONGEST, is_required=True),
            classes,
            Parameter("status", "Only entities of these statuses.", (), base.finder.index.statuses),
            Parameter("mode", "By words, by meaning, or both.", choices=tuple(map(str, base.finder.modes))),
            Parameter("limit", "How many to return.", default=8, most=50),
            offset,
        ),
        _search,
    )
    yield Tool(
        "resolve",
        "Resolve an identifier",
        "Return which entity an id, an IRI, a DOI, an arXiv id, a Wikidata id or an exact name is, or what is near.",
        (entity_parameter(base, meaning="What to resolve"),),
        _resolve,
    )
    if base.finder.similarity is not None:
        yield Tool(
            "similar",
            "Similar entities",
            "Return the entities nearest in meaning to an entity or to a text, and whether an edge joins them already.",
            (
                Parameter("id", "The entity: its id, IRI or exact name."),
                Parameter("text", "A text, in place of an entity.", most=LONGEST),
                classes,
                Parameter("limit", "How many to return.", default=8, most=50),
            ),
            _similar,
        )
    overviews = base.overviews
    yield Tool(
        "list",
        "List entities",
        "List the entities of a class, narrowed and sorted"
        + (f"; or one of the overviews {', '.join(overviews)}" if overviews else "")
        + ". The first line says how many there are in all.",
        (
            Parameter("what", "A class" + (", or an overview." if overviews else "."), choices=(*names, *overviews),
                      is_required=True),
            Parameter("words", "Of a class: what names hold.", most=LONGEST),
            Parameter("kind", "Of a class that has kinds: only this one."),
            Parameter("status", "Of a class: only this status.", choices=base.finder.index.statuses),
            Parameter("since", "Of a class: only from this year on.", default=0, most=99_999),
            Parameter("until", "Of a class: only up to this year.", default=0, most=99_999),
            Parameter("order", "Of a class: by number of edges, name or date.", choices=tuple(map(str, Order))),
            Parameter("limit", "How many to return.", default=15, most=100),
            offset,
        ),
        _list,
    )  # fmt: skip


def _search(base: AgentBase, given: Arguments) -> Answer:
    finder, text = base.finder, given["text"]
    mode = Mode(given["mode"]) if given["mode"] else finder.modes[0]
    found = finder.find(
        text, mode, classes=given["class"], statuses=given["status"], limit=given["limit"], offset=given["offset"]
    )
    lines = Lines()
    if not found.total:
        close = [named(one.entity) for one in finder.suggest(text)]
        narrowed = "leave out class and status, or " if given["class"] or given["status"] else ""
        lines.add(f"Nothing was found for {text!r}.", f"Try: {narrowed}use fewer or other words.")
        return lines.add(f"Names that begin alike: {', '.join(close)}." if close else "").answer(base.state)
    corrected = f" (searched for {found.meant!r})" if found.meant else ""
    classes = ", ".join(f"{name} {number}" for name, number in found.classes)
    whole = f" ({found.complete} with all words)" if 0 < found.complete < found.total else ""
    lines.add(
        f"{counted(found.total, 'entity', 'entities')}{whole} for {text!r}{corrected}, best first. By class: {classes}."
    )
    lines.items(
        map(_hit, found.hits), found.total, "call search again with offset={next}, or narrow it", given["offset"]
    )
    return lines.answer(base.state)


def _hit(hit: Hit) -> str:
    status = f", {hit.status}" if hit.status != "active" else ""
    return _line(hit.entity, f"{counted(hit.edge_count, 'edge', 'edges')}{status}")


def _line(ref: EntityRef, more: str) -> str:
    return f"- {named(ref)} ({more}){_said(ref)}"


def _said(ref: EntityRef) -> str:
    return f": {short(ref.definition, _DEFINITION)}" if ref.definition else ""


def _resolve(base: AgentBase, given: Arguments) -> Answer:
    ref = entity_of(base, given["id"])
    ref, status = entity_ref(base.store, ref.iri)
    lines = Lines().add(f"{named(ref)} ({ref.class_name}, {status})", f"IRI: {ref.iri}", short(ref.definition))
    return lines.answer(base.state)


def _similar(base: AgentBase, given: Arguments) -> Answer:
    similarity = base.finder.similarity
    assert similarity is not None, "there is no such tool without it"
    if bool(given["id"]) == bool(given["text"]):
        raise UsageError("similar needs an entity or a text, one of both.", "give id, or text.")
    joined: dict[str, str] = {}
    candidates: set[str] = set()
    if given["id"]:
        about = entity_of(base, given["id"])
        near = similarity.neighbours_of(about.iri)
        joined = {
            one.entity.iri: listed(dict.fromkeys(link.label for link in one.links), 3)
            for group in neighbourhood(base.store, base.namespaces, about.iri)
            for one in group.neighbours
        }
        waiting = related(base.store, about.iri, thresholds(base.store)).pairs
        candidates = {pair.other(about.iri).iri for pair in waiting}
        head = f"Nearest in meaning to {named(about)}, by cosine:"
    else:
        if len(base.finder.modes) == 1:
            raise UsageError("A text cannot be compared here: the model is missing.", "give id, or call search.")
        near = tuple(similarity.nearest(embed_query(similarity, given["text"]), given["limit"] * 4))
        head = f"Nearest in meaning to {given['text']!r}, by cosine:"
    found: list[str] = []
    for one in near:
        ref, _ = entity_ref(base.store, one.iri)
        if given["class"] and ref.class_name not in given["class"]:
            continue
        state = f"joined: {joined[ref.iri]}" if ref.iri in joined else "not joined" if given["id"] else ref.class_name
        state += ", waits for a decision on whether to join them" if ref.iri in candidates else ""
        found.append(f"- {one.cosine:.2f} {named(ref)} ({state}){_said(ref)}")
    lines = Lines().add(head if found else "Nothing is near to it in meaning. Try: search with other words.")
    lines.items(found[: given["limit"]], len(found), "raise limit")
    return lines.answer(base.state)


def _list(base: AgentBase, given: Arguments) -> Answer:
    what, limit, offset = given["what"], given["limit"], given["offset"]
    rest = "call list again with offset={next}"
    lines = Lines()
    if what in {_DEBATES, _OPEN, _TIMELINE}:
        items, total, head = _overview(base, what, limit, offset)
        lines.add(f"{head}: {total} in all.")
    else:
        selection = ListSelection(
            statuses=(given["status"],) if given["status"] else (),
            kinds=_kinds(base, what, given["kind"]),
            since=given["since"] or None,
            until=given["until"] or None,
            words=folded(given["words"]),
            order=Order(given["order"]) if given["order"] else Order.EDGES,
        )
        lists = base.finder.index.lists
        total = lists.count(what, selection)
        items = []
        for one in lists.of_class(what, selection, limit, offset):
            more = [one.issued, one.kind_label, one.status if one.status != "active" else ""]
            items.append(_line(one.entity, ", ".join([counted(one.edge_count, "edge", "edges"), *filter(None, more)])))
        plural = base.schema.page_class_by_name[what].plural
        lines.add(f"{plural}: {total} {'in all' if selection.is_all else 'that fit'}.")
    lines.items(items, total, rest, offset)
    return lines.answer(base.state)


def _kinds(base: AgentBase, what: str, kind: str) -> tuple[str, ...]:
    """Return the kinds that are selected. Raises UsageError for one that the class does not have."""
    if not kind:
        return ()
    known = [name for name, _ in base.finder.index.lists.facets(what).kinds]
    if kind not in known:
        offer = f"choose from {', '.join(known)}." if known else f"leave it out: {what} has no kinds."
        raise UsageError(f"There is no kind {kind[:80]!r} of {what}.", offer)
    return (kind,)


def _overview(base: AgentBase, what: str, limit: int, offset: int) -> tuple[list[str], int, str]:
    """Return a part of an overview as lines, how many there are in all, and what it is."""
    store, schema = base.store, base.schema
    if what == _TIMELINE:
        total = count(store, schema, "count_dated_works")
        dated = timeline(store, schema, limit, offset)
        return [f"- {one.issued} {named(one.entity)}" for one in dated], total, "Works, the newest first"
    if what == _DEBATES:
        total = count(store, schema, "count_debates")
        found = debates(store, schema, base.namespaces, limit, offset)
        lines = [
            f"- {named(one.claim)}{f' ({one.status})' if one.status != 'active' else ''}. "
            f"For: {_bearing(one.speaks_for)}. Against: {_bearing(one.against)}."
            for one in found
        ]
        return lines, total, "Claims with something on both sides; evidence has the notes and sources"
    total = count(store, schema, "count_open_questions")
    asked = open_questions(store, base.namespaces, limit, offset)
    lines = [f"- {named(one.question)} ({one.state_label}). {_bearing(one.bearing) or 'Nothing bears on it'}."
             for one in asked]  # fmt: skip
    return lines, total, "Questions that are not answered, or in part only"


def _bearing(bearings: tuple[Bearing, ...]) -> str:
    return listed(
        [f"{one.phrase} {one.entity.curie}{f' ({facts_in_line(one.facts)})' if one.facts else ''}" for one in bearings],
        4,
    )
