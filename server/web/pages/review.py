"""The review queue: the pairs that wait, each with its records side by side, and the patch that a decision makes.

The server writes nothing to `kb/`: what a form is answered with is a patch, for `git apply`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from ...errors import NotFoundError, UsageError
from ...formats.review import queue_json
from ...knowledge.candidates import SIGNALS, STATES, counting_query, pair, queue, reasons, thresholds
from ...knowledge.entity import entity_page, stated
from ...knowledge.offers import offers
from ...knowledge.reviewing import decided, describe_pair
from ...records.candidates import OUTCOMES, Outcome, Pair, Queue, QueueSelection
from ...records.pages import EntityPage
from ...records.sentences import sentence
from ...review.apart import changes_of, given_to_decide
from ...review.patch import patch_text
from ...review.records import EdgeWish, FileChanges, Verdict
from ...serialization import HTML, JSON, MARKDOWN, PROBLEM_FORMATS, Format, triples_formats
from ...store.jobs import Task
from ..current import current_release
from ..documents.documents import Document, document, rdf_writers
from ..documents.markdown import review_markdown
from ..given.curation import CandidatePage, DecisionPage, PatchPage, ReviewQueuePage
from ..http.languages import page as render
from ..http.links import Link
from ..http.negotiation import choose, choose_or_none
from ..http.paging import asked_pages
from ..http.parameters import text, values_of
from ..http.problems import problem
from ..http.signposting import licence_links
from ..open_release import OpenRelease
from .counts import query_address
from .matches import likeliest, records
from .named import LONGEST, named

blueprint = Blueprint("review", __name__)

PATCH: Final = Format("patch", "Patch", ("text/x-diff", "text/x-patch"))
_FORMATS: Final = (HTML, MARKDOWN, JSON)
_SIZE: Final = 20
_SIZE_AT_MOST: Final = 200
_MATCHES: Final = 5
"""How many matches with other bases are shown above the pairs, on the first page of the whole queue."""
_BY_HAND: Final = "decide with `akb review`, which has no limits."


@blueprint.get("/review")
@blueprint.get("/review.<extension>")
def waiting(extension: str | None = None) -> Response:
    """List what waits for a decision: matches with other bases, then pairs.

    Pairs are narrowed by `entity`, `class` (up to two), `signal` and `state`, and come in pages.
    """
    release = current_release()
    selection = _selection(release)
    asked = asked_pages("/review", _SIZE, _SIZE_AT_MOST, _pairs(selection))
    found: Queue = release.once(
        ("queue", asked.query()),
        lambda: queue(release.store, release.schema, selection, asked.size, asked.skipped),
    )
    pages = asked.of(found.total)
    is_start = pages.page == 1 and selection == QueueSelection()
    matches = likeliest(release, _MATCHES) if is_start else []

    def narrower(**only: tuple[str, ...] | None) -> str:
        """Return the address of the queue with another choice of classes, signals or states, or of any entity."""
        chosen = replace(selection, **only)  # type: ignore[arg-type] # states come from STATES
        return replace(pages, selected=tuple(_pairs(chosen))).address(1)

    def page() -> ReviewQueuePage:
        return ReviewQueuePage(
            found=found,
            matches=matches,
            matches_total=len(release.proposals),
            narrower=narrower,
            signals=SIGNALS,
            states=STATES,
            reasons=lambda one: reasons(one, found.thresholds),
            described=_described(release, found),
            counting=query_address(counting_query(selection, found.thresholds, release.schema)),
            pages=pages,
            steps=pages.steps(HTML),
            formats=pages.formats(_FORMATS),
        )

    return document(
        Document(
            "/review",
            {
                HTML: lambda: render(page()),
                MARKDOWN: lambda: review_markdown(page()),
                JSON: lambda: queue_json(
                    found, {"page": pages.page, "pages": pages.last, **pages.json_steps()}, records(matches)
                ),
            },
            query=pages.query(),
            links=lambda: [*pages.links(), *licence_links(release)],
        ),
        extension,
        release,
    )


def _described(release: OpenRelease, found: Queue) -> dict[str, str]:
    """Return the definitions of what is in the pairs, by IRI."""
    curies = [one.curie for pair in found.pairs for one in (pair.first, pair.second)]
    listed = release.finder.index.lists.of_curies(curies)
    return {one.entity.iri: one.entity.definition for one in listed}


@blueprint.get("/candidate/<name>")
@blueprint.get("/candidate/<undotted:name>.<extension>")
def candidate(name: str, extension: str | None = None) -> AnyResponse:
    """Show a pair that waits: both records, what speaks for it, and forms for the decisions; or its triples."""
    release = current_release()
    try:
        found = _pair(release, name)
    except NotFoundError:
        try:
            decided(release.store, release.namespaces, name)
        except NotFoundError:
            pass
        else:
            return redirect(f"/review/{name}" + (f".{extension}" if extension else ""), 303)
        raise
    iri = release.namespaces.candidate + name
    writers = rdf_writers(release, lambda: describe_pair(release.store, iri), first=iri)
    links = _member_links(found.first.iri, found.second.iri)
    html = {HTML: lambda: _page(release, found)}
    return document(
        Document(f"/candidate/{name}", html | writers, about=iri, links=lambda: [*links, *licence_links(release)]),
        extension,
        release,
    )


@blueprint.post("/candidate/<name>")
def decide_on(name: str) -> Response:
    """Answer a decision on a pair with the patch that it makes, as a page or as text/x-diff; nothing is written."""
    release = current_release()
    found = _pair(release, name)
    wanted = PATCH if "download" in request.form else choose(request, (HTML, PATCH))
    try:
        changes = _decision(release, found)
    except UsageError as error:
        if choose_or_none(request, PROBLEM_FORMATS) is HTML:
            return Response(_page(release, found, error), 422, content_type=HTML.content_type)
        return problem(422, error.message, error.mend)
    text = patch_text(changes)
    file = f"review-{name}.patch"
    if wanted is PATCH:
        response = Response(text, content_type="text/x-diff; charset=utf-8")
        response.headers["Content-Disposition"] = f"attachment; filename={file}"
    else:
        html = render(PatchPage(pair=found, patch=text, file=file, changes=changes, fields=list(request.form.items())))
        response = Response(html, content_type=HTML.content_type)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


@blueprint.get("/review/<name>")
@blueprint.get("/review/<undotted:name>.<extension>")
def review(name: str, extension: str | None = None) -> Response:
    """Show a decision, or its triples."""
    release = current_release()
    found = decided(release.store, release.namespaces, name)
    iri, path = release.namespaces.review + name, f"/review/{name}"
    writers = rdf_writers(release, lambda: describe_pair(release.store, iri), first=iri)
    html = {
        HTML: lambda: render(DecisionPage(found=found, path=path, formats=(HTML, *triples_formats()))),
    }
    links = _member_links(*(one.iri for one in found.members))
    return document(
        Document(path, html | writers, about=iri, links=lambda: [*links, *licence_links(release)]), extension, release
    )


def _selection(release: OpenRelease) -> QueueSelection:
    """Read the filters of a request. Answers 400 for what is none."""
    of = named(release, "entity", text("entity", LONGEST))
    if of.is_unknown:
        abort(400, of.problem)
    classes = values_of("class", release.namespaces.classes)
    signals, states = values_of("signal", SIGNALS), values_of("state", STATES)
    if len(classes) > 2:
        abort(400, sentence("A pair has two members: give class at most twice."))
    return QueueSelection(classes, signals, tuple(one for one in STATES if one in states), of.entity)


def _pairs(selection: QueueSelection) -> list[tuple[str, str]]:
    return [
        *((("entity", selection.entity.curie),) if selection.entity else ()),
        *(("class", name) for name in selection.classes),
        *(("signal", name) for name in selection.signals),
        *(("state", name) for name in selection.states),
    ]


def _pair(release: OpenRelease, name: str) -> Pair:
    return pair(release.store, release.namespaces, name)


def _member_links(*members: str) -> list[Link]:
    return [*(Link(member, "item") for member in members), Link("/review", "collection")]


def _page(release: OpenRelease, found: Pair, error: UsageError | None = None) -> str:
    """Return the page of a pair; with what is wrong with the decision that was sent, if anything is."""
    measured = thresholds(release.store)
    path = f"/candidate/{found.id}"

    def whole(iri: str) -> EntityPage:
        return entity_page(release.store, release.schema, release.namespaces, stated(release.store, iri))

    return render(
        CandidatePage(
            pair=found,
            sides=[whole(one.iri) for one in (found.first, found.second)],
            reasons=reasons(found, measured),
            measure=measured,
            offers=offers(release.store, release.schema, found),
            statuses=release.schema.statuses_of_new_edges,
            sent=request.form,
            error=error,
            path=path,
            formats=(HTML, *triples_formats()),
        )
    )


def _decision(release: OpenRelease, found: Pair) -> FileChanges:
    """Work out what the decision in a form changes. Raises UsageError when it is not whole, or fails the check."""
    form = {name: value.strip() for name, value in request.form.items()}
    members = {one.curie: one.iri for one in (found.first, found.second)}
    predicate, _, start = form.get("edge", "").partition(" ")
    if start and start not in members:
        raise UsageError(f"{start} is neither of the two.", "choose one of the edges of the form.")
    wish = EdgeWish(
        predicate,
        from_second=start == found.second.curie,
        note=form.get("note", ""),
        source=form.get("source", ""),
        locator=form.get("locator", ""),
        status=form.get("status", "draft"),
    )
    verdict = Verdict(
        _outcome(form.get("outcome", "")),
        form.get("who", ""),
        form.get("why", ""),
        wish,
        members.get(form.get("survivor", ""), ""),
    )
    given = given_to_decide((found.first.iri, found.second.iri), found.signals, verdict)
    return changes_of(release.queries.do(Task("decide", given, "decision", _BY_HAND)))


def _outcome(value: str) -> Outcome:
    return next(one for one in OUTCOMES if one == _one_of(value, OUTCOMES, "outcome"))


def _one_of(value: str, known: tuple[str, ...], name: str) -> str:
    if value not in known:
        raise UsageError(f"{name} is {value[:40]!r}, and none of {', '.join(known)}.", "choose one of them.")
    return value
