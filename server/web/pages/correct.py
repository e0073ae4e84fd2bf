"""The form with which a reader corrects an entity or an edge, and what becomes of what is sent.

It is made from the shapes and works without scripts. What is sent is tried as a proposal, by the engine that
`/propose` has: the answer is what it changes, and a patch, a proposal that waits, or the text for an editor.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from ...comparison.reports.wording import words
from ...errors import UsageError
from ...knowledge.entity import edge_subject, entity_ref, said_of
from ...namespaces import SLUG
from ...proposals.correcting import (
    MOST_EDGES,
    Asked,
    FormField,
    Joining,
    asked_for,
    edge_fields,
    entity_fields,
    joinings,
    predicate_and_object_in,
    types_in,
)
from ...proposals.submitting import Submitted
from ...records.pages import EntityRef
from ...records.sentences import sentence
from ...serialization import JSON
from ...turtle.parsing import parse
from ..current import current_release, current_settings
from ..data.proposing import TooOftenError, submitted
from ..given.curation import CorrectPage
from ..http.problems import problem
from ..http.redirects import redirect_to_tidied
from ..open_release import OpenRelease
from .entities import EntityReader, instead
from .named import LONGEST, Named, named
from .proposals import live, live_page, patch_file, too_often

blueprint = Blueprint("correct", __name__)

_MORE: Final = "more"
_PICK: Final = "pick"
_FILES: Final = frozenset({"patch", "json"})
"""The steps whose answer is a file."""
_NOTHING: Final = sentence("Nothing is changed yet.")


@dataclass(frozen=True)
class _Row:
    """An edge that the form adds."""

    number: int
    fitting: frozenset[str]
    """The values of the predicates that may join the entity to what the form names."""


@dataclass(frozen=True)
class _Edge:
    """The edge that is corrected."""

    curie: str
    phrase: str
    object: EntityRef


@dataclass
class _Target:
    """What is corrected."""

    release: OpenRelease
    entity: EntityRef
    edge: _Edge | None
    path: str
    fields: tuple[FormField, ...]
    edge_fields: tuple[FormField, ...] = ()
    joinings: tuple[Joining, ...] = ()
    links: tuple[Any, ...] = ()
    meant: dict[str, Named] = field(default_factory=dict)
    """What the names mean that were looked up, by the name."""

    @property
    def curie(self) -> str:
        """The CURIE of what is corrected."""
        return self.edge.curie if self.edge else self.entity.curie

    def named(self, name: str) -> str:
        """Return the CURIE of the entity with a name; the name itself if there is none, or several."""
        found = self._meant_by(name)
        return found.curie if found else name

    def class_of(self, name: str) -> str:
        """Return the page class of the entity with a name; empty if there is none, or several."""
        found = self._meant_by(name)
        return found.class_name if found else ""

    def _meant_by(self, name: str) -> EntityRef | None:
        typed = name.strip()
        if len(typed) > LONGEST:
            return None
        if typed not in self.meant:
            self.meant[typed] = named(self.release, "", typed)
        return self.meant[typed].entity


@blueprint.get("/<page_class:name>/<slug>/correct")
def form(name: str, slug: str) -> AnyResponse:
    """Return the form with which an entity is corrected: its names, texts and facts, and edges to add."""
    target = _entity(name, slug)
    return target if isinstance(target, AnyResponse) else _page(target)


@blueprint.post("/<page_class:name>/<slug>/correct")
def correct(name: str, slug: str) -> AnyResponse:
    """Check a correction of an entity, and answer with what it changes.

    `step` says how it ends: `check`, `patch` (text/x-diff), `json` (the proposal as `/propose` takes it), `propose`, or
    `editor` for the whole texts of its files.
    """
    target = _entity(name, slug)
    return target if isinstance(target, AnyResponse) else _answer(target)


@blueprint.get("/edge/<edge>/correct")
def form_of_edge(edge: str) -> AnyResponse:
    """Return the form with which an edge is corrected: its note, where it is from, and its status."""
    target = _edge(edge)
    return target if isinstance(target, AnyResponse) else _page(target)


@blueprint.post("/edge/<edge>/correct")
def correct_edge(edge: str) -> AnyResponse:
    """Check a correction of an edge, and answer with what it changes, as for an entity."""
    target = _edge(edge)
    return target if isinstance(target, AnyResponse) else _answer(target)


def _entity(name: str, slug: str) -> _Target | AnyResponse:
    release = current_release()
    reader = EntityReader(release, name, slug)
    moved = instead(reader, "/correct")
    if moved is not None:
        return moved
    said = parse(said_of(release.store, reader.iri), "nt")
    types = types_in(said)
    links = {
        link.edge: (neighbour.entity, link)
        for group in reader.page.groups
        for neighbour in group.neighbours
        for link in neighbour.links
    }
    return _Target(
        release,
        reader.stated.ref,
        None,
        f"{reader.path}/correct",
        entity_fields(release.schema, types, said),
        edge_fields(release.schema),
        joinings(release.schema, types),
        tuple(links.values()),
    )


def _edge(edge: str) -> _Target | AnyResponse:
    release = current_release()
    if not SLUG.fullmatch(edge):
        return redirect_to_tidied() or problem(404, sentence("There is no edge edge:%(edge)s.", edge=edge))
    iri = release.namespaces.edge + edge
    subject = entity_ref(release.store, edge_subject(release.store, iri))[0]
    said = parse(said_of(release.store, iri), "nt")
    predicate, object_ = predicate_and_object_in(said)
    term = release.schema.properties.get(predicate)
    phrase = term.label if term else release.namespaces.compact(predicate)
    described = _Edge(f"edge:{edge}", phrase, entity_ref(release.store, object_)[0])
    return _Target(release, subject, described, f"/edge/{edge}/correct", edge_fields(release.schema, said))


def _answer(target: _Target) -> AnyResponse:
    if not _has_files(target):
        return problem(
            404,
            sentence("There are no files here that a correction could change."),
            sentence("correct it where they are."),
        )
    given = dict(request.form.items())
    if picked := given.pop(_PICK, ""):
        # One of the entities that may be meant is a button.
        key, _, curie = picked.partition("=")
        given[key] = curie
    step = given.get("step", "check")
    many = {one.name: one.kind == "lines" for one in target.edge_fields}
    asked = asked_for(target.curie, target.fields, given, target.named, many=many)
    if step == _MORE or not asked.parts:
        return _page(target, given, verdict="" if step == _MORE else _NOTHING)
    proposal = {"who": given.get("who", ""), "why": given.get("why", ""), "parts": list(asked.parts)}
    try:
        found = submitted(target.release, proposal, only_checked=step != "propose", texts=step == "editor")
    except TooOftenError as error:
        return too_often(error)
    except UsageError as error:
        return _page(target, given, error=error, verdict=sentence("It was not checked."))
    if step in _FILES and found.record["accepted"]:
        return _file(step, target.curie.replace(":", "-"), proposal, found)
    return _page(target, given, asked, found)


def _file(step: str, name: str, proposal: Mapping[str, Any], found: Submitted) -> Response:
    """Return the patch as a file, or the proposal for `akb propose`."""
    if step == "patch":
        return patch_file(found.record["patch"], f"{name}.patch")
    text = json.dumps(proposal, indent=2, ensure_ascii=False) + "\n"
    response = Response(text, content_type=JSON.content_type)
    response.headers["Content-Disposition"] = f"attachment; filename={name}.json"
    return live(response)


def _page(
    target: _Target,
    given: Mapping[str, str] | None = None,
    asked: Asked | None = None,
    found: Submitted | None = None,
    error: UsageError | None = None,
    verdict: str = "",
) -> Response:
    sent, path = given or {}, target.path.removesuffix("/correct")
    record = found.record if found else None
    keys = asked.keys if asked else ()
    rows = _rows(target, sent)
    page = CorrectPage(
        entity=target.entity,
        edge=target.edge,
        fields=target.fields,
        edge_fields=target.edge_fields,
        rows=rows,
        joinings=target.joinings,
        links=target.links,
        sent=sent,
        close=_close(target, sent),
        wrong=_wrong(record, keys),
        verdict=verdict or (_verdict(record, found) if found and record else ""),
        found=found,
        places=[(key, _label(target, key)) for key in keys],
        texts=record.get("texts", {}) if record else {},
        words=words,
        error=error,
        settings=current_settings(),
        has_files=_has_files(target),
        file=f"kb{path}.ttl" if target.edge is None else "kb" + target.release.path_of(target.entity.iri) + ".ttl",
        path=target.path,
    )
    refused = error is not None or (record is not None and not record["accepted"])
    return live_page(page, 422 if refused else 201 if found and found.is_new else 200)


def _has_files(target: _Target) -> bool:
    settings = current_settings()
    return settings.project is None and not settings.follow and not target.release.info.is_lifted


def _verdict(record: Mapping[str, Any], found: Submitted) -> str:
    if found.queued:
        return sentence("It waits for a decision.")
    if record["accepted"]:
        return sentence("It can be taken: %(summary)s", summary=record["summary"])
    return sentence("It cannot be taken yet: what is wrong is said beside the fields.")


def _wrong(record: Mapping[str, Any] | None, keys: tuple[str, ...]) -> dict[str, str]:
    """Return error messages by field; findings about no field are only in the list of findings."""
    wrong: dict[str, str] = {}
    for one in record["findings"] if record else ():
        if one["severity"] == "violation" and 0 < one["part"] <= len(keys):
            key = keys[one["part"] - 1]
            said = f"{one['message']} To mend it, {one['mend']}"
            wrong[key] = f"{wrong[key]} {said}" if key in wrong else said
    return wrong


def _label(target: _Target, key: str) -> str:
    """Return the label of a field."""
    kind, _, name = key.partition(".")
    if kind == "edge":
        return f"Edge {name.partition('.')[0]}"
    return next((one.label for one in target.fields if one.name == name), name)


def _rows(target: _Target, sent: Mapping[str, str]) -> tuple[_Row, ...]:
    """Return the rows of edges to add: those that are filled, and one more if it was asked for."""
    if not target.joinings:
        return ()
    filled = [
        number
        for number in range(1, MOST_EDGES + 1)
        if any(value.strip() for key, value in sent.items() if key.startswith(f"edge.{number}."))
    ]
    last = max(filled, default=0) + (1 if sent.get("step") == _MORE else 0)
    rows = []
    for number in range(1, min(max(last, 1), MOST_EDGES) + 1):
        of = target.class_of(sent.get(f"edge.{number}.other", ""))
        fitting = (one.value for one in target.joinings if not of or of in one.classes)
        rows.append(_Row(number, frozenset(fitting)))
    return tuple(rows)


def _close(target: _Target, sent: Mapping[str, str]) -> dict[str, tuple[EntityRef, ...]]:
    ends = (".other", ".assertedIn")
    meant = {key: target.meant.get(name.strip()) for key, name in sent.items() if key.endswith(ends)}
    return {key: one.close for key, one in meant.items() if one and one.is_unknown}
