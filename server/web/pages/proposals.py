"""Proposals that wait for a decision, one beside its passage, and what a decision makes of it.

Nothing is written to `kb/`: what is accepted is answered with a patch. Who has the key of the reviewers writes the
decision into the queue, from where `akb review write` takes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from flask import Blueprint, Response, request

from ...comparison.reports.wording import words
from ...errors import AkbError, UsageError
from ...formats.writing import write_json
from ...proposals.batches import batches, created_by, in_order, named_by, source_of, title_of
from ...proposals.deciding import REASONS, patch_of
from ...proposals.editing import fields_of
from ...proposals.likeness import nearest_to, repeated_by, score_of
from ...proposals.queue import Queued
from ...proposals.quotes import once, parted
from ...proposals.writing import public_record
from ...serialization import HTML, JSON, MARKDOWN, PROBLEM_FORMATS
from ..current import current_release, current_settings
from ..data.deciding import BACK, Done, decided, decided_together, desk_here
from ..data.proposing import TooOftenError
from ..documents.documents import Document, document
from ..documents.markdown import page_markdown
from ..given.curation import ProposalPage, ProposalsPage
from ..given.page import Page
from ..http.languages import page as render
from ..http.negotiation import choose, choose_or_none
from ..http.paging import Pages, asked_pages
from ..http.parameters import text
from ..http.prefixes import public
from ..http.problems import problem
from .review import PATCH

blueprint = Blueprint("proposals", __name__)

MOST_AT_ONCE: Final = 50
"""How many proposals may be decided on by one request."""
_SIZE: Final = 50
_SIZE_AT_MOST: Final = 200
_NOTHING: Final = Done((), "", is_kept=False)


@blueprint.get("/review/proposals")
@blueprint.get("/review/proposals.<extension>")
def waiting(extension: str | None = None) -> Response:
    """List the proposals that wait for a decision: those about one source together, in the order in which they came.

    They are narrowed by `about`, the CURIE of a source, and come in pages.
    """
    about = text("about", 300)
    asked = asked_pages("/review/proposals", _SIZE, _SIZE_AT_MOST, [("about", about)] if about else [])
    page = _list_page(asked, about)

    def listed() -> str:
        items = [_listed(one) for one in page.found]
        return write_json({"count": page.total, **page.pages.record(), "items": items})

    writers = {HTML: lambda: render(page), MARKDOWN: lambda: page_markdown("proposals", page), JSON: listed}
    whole = Document("/review/proposals", writers, query=page.pages.query(), links=page.pages.links, cached=False)
    return live(document(whole, extension, current_release()))


@blueprint.post("/review/proposals")
def decide_on_several() -> Response:
    """Answer a decision on several proposals at once, by their ids: what became of each, and one patch of them all.

    `batch` is the CURIE of a source, of which all are accepted. With the key of the reviewers, each decision is
    written down.
    """
    given = {field: value.strip() for field, value in request.form.items()}
    about, error, done = given.get("about", ""), None, _NOTHING
    try:
        done = decided_together(_chosen(given.get("batch", "")), given)
    except TooOftenError as too_many:
        return too_often(too_many)
    except UsageError as wrong:
        if choose_or_none(request, PROBLEM_FORMATS) is not HTML:
            return problem(422, wrong.message, wrong.mend)
        error = wrong
    if done.patch and ("download" in given or choose(request, (HTML, PATCH)) is PATCH):
        return patch_file(done.patch, "proposals.patch")
    pages = Pages("/review/proposals", 1, _SIZE, _SIZE, (("about", about),) if about else ())
    return live_page(_list_page(pages, about, done, given, error), 422 if error else 200)


@blueprint.get("/review/accepted.patch")
def accepted() -> Response:
    """Return what is accepted and not written to the files yet, as one patch for `git apply`."""
    landed = desk_here().landed(retries=False)
    left = [f"Not in this patch: proposal {one.proposal.id}. {one.error}" for one in landed if one.error]
    return patch_file("".join(f"{line}\n" for line in left) + patch_of(landed), "accepted.patch")


@blueprint.get("/proposal/<undotted:name>")
@blueprint.get("/proposal/<undotted:name>.<extension>")
def proposal(name: str, extension: str | None = None) -> Response:
    """Show a proposal: the passages that it quotes beside its fields, what it changes, and what was found of it.

    `after` is the id of one that was just decided on.
    """
    found = desk_here().queue.get(name)
    after = text("after", 10)
    writers = {HTML: lambda: render(_proposal_page(found, after=after)), JSON: lambda: write_json(_whole(found))}
    return live(document(Document(f"/proposal/{found.id}", writers, cached=False), extension, current_release()))


@blueprint.post("/proposal/<undotted:name>")
def decide(name: str) -> Response:
    """Answer a decision: an accepted proposal is tried again, and answered with its patch, a page or text/x-diff.

    Fields of its parts, such as `1.label`, change it first. With the key of the reviewers, the decision is written
    down, and a browser is led to the next proposal.
    """
    found = desk_here().queue.get(name)
    given = {field: value.strip() for field, value in request.form.items()}
    try:
        done = decided(found, given)
    except TooOftenError as error:
        return too_often(error)
    except UsageError as error:
        if choose_or_none(request, PROBLEM_FORMATS) is HTML:
            return live_page(_proposal_page(found, given, error=error), 422)
        return problem(422, error.message, error.mend)
    if done.patch and ("download" in given or choose(request, (HTML, PATCH)) is PATCH):
        return patch_file(done.patch, f"proposal-{name}.patch")
    if done.is_kept:
        return _on(found, is_back=given.get("outcome") == BACK)
    return live_page(_proposal_page(found, given, done.patch))


def live(response: Response) -> Response:
    """Have an answer made anew each time: the queue changes while the release stays."""
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


def live_page(given: Page, status: int = 200) -> Response:
    """Return a page that is made anew each time."""
    return live(Response(render(given), status, content_type=HTML.content_type))


def too_often(error: TooOftenError) -> Response:
    """Return the answer to who has taken its share of what each may do for now."""
    response = problem(429, error.message, error.mend)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _waiting(about: str = "") -> list[Queued]:
    return [
        one for batch in batches(desk_here().queue.waiting()) if about in {"", batch.source} for one in batch.proposals
    ]


def _on(found: Queued, *, is_back: bool) -> Response:
    """Lead from a proposal on which somebody decided to the next one, or to the list after the last."""
    left = [one for one in _waiting() if one.decision is None]
    same = [one for one in left if source_of(one) == source_of(found)]
    following = found if is_back else next(iter(same or left), None)
    address = f"/proposal/{following.id}?after={found.id}" if following else "/review/proposals"
    response = Response(status=303)
    response.headers["Location"] = public(address)
    return live(response)


def patch_file(patch: str, name: str) -> Response:
    """Return a patch as a file."""
    response = Response(patch, content_type="text/x-diff; charset=utf-8")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return live(response)


def _list_page(
    asked: Pages,
    about: str,
    done: Done = _NOTHING,
    sent: Mapping[str, str] | None = None,
    error: UsageError | None = None,
) -> ProposalsPage:
    settings, queue = current_settings(), desk_here().queue
    waiting = _waiting(about)
    pages = asked.of(len(waiting))
    shown = waiting[pages.skipped : pages.skipped + pages.size]
    return ProposalsPage(
        found=shown,
        batches=batches(shown),
        total=len(waiting),
        about=about,
        accepted=queue.accepted(),
        damaged=len(queue.damaged()),
        title_of=title_of,
        score_of=score_of,
        nearest_to=nearest_to,
        reasons=REASONS,
        done=done.proposals,
        patch=done.patch,
        is_kept=done.is_kept,
        sent=sent or {},
        chosen=request.form.getlist("id") if sent else (),
        error=error,
        has_key=bool(settings.review_key),
        settings=settings,
        pages=pages,
        steps=pages.steps(HTML),
        formats=pages.formats((MARKDOWN, JSON)),
    )


def _chosen(batch: str) -> tuple[Queued, ...]:
    """Return the proposals that a form is about: those of a batch, or those whose ids it has.

    Raises UsageError for none or too many, and for one on which somebody decided.
    """
    queue = desk_here().queue
    if batch:
        found = [one for one in _waiting(batch) if one.decision is None]
    else:
        found = [queue.open(id_) for id_ in dict.fromkeys(request.form.getlist("id")) if id_]
    if not 0 < len(found) <= MOST_AT_ONCE:
        raise UsageError(f"{len(found)} proposals are chosen.", f"choose from 1 to {MOST_AT_ONCE}.")
    return in_order(found)


def _proposal_page(
    found: Queued,
    sent: Mapping[str, str] | None = None,
    patch: str = "",
    error: UsageError | None = None,
    after: str = "",
) -> ProposalPage:
    queued = _waiting()
    ids = [one.id for one in queued]
    place = ids.index(found.id) if found.id in ids else None
    return ProposalPage(
        found=found,
        title=title_of(found),
        record=found.record,
        fields=fields_of(found.parts),
        quoted=[(one, parts, *parted(one["passage"], one["quote"])) for one, parts in once(found.record["evidence"])],
        score=score_of(found),
        nearest=nearest_to(found),
        repeated=[(other, title_of(other)) for other in repeated_by(found, queued)] if found.waits else [],
        named=sorted(named_by(found) - created_by(found)),
        words=words,
        sent=sent or {},
        patch=patch,
        file=f"proposal-{found.id}.patch",
        error=error,
        has_key=bool(current_settings().review_key),
        reasons=REASONS,
        position=place,
        total=len(ids),
        previous=ids[place - 1] if place else "",
        following=ids[place + 1] if place is not None and place + 1 < len(ids) else "",
        after=_decided_before(after),
        path=f"/proposal/{found.id}",
    )


def _decided_before(id_: str) -> tuple[Queued, str] | None:
    """Return the proposal on which somebody just decided, with its title."""
    try:
        found = desk_here().queue.get(id_) if id_ else None
    except AkbError:
        return None
    return (found, title_of(found)) if found and found.decision else None


def _listed(one: Queued) -> dict[str, Any]:
    said = {name: one.proposal[name] for name in ("who", "model", "why")}
    return {
        "id": one.id,
        "when": one.when,
        **said,
        "title": title_of(one),
        "score": one.proposal.get("score"),
        "near": [asdict(near) for near in nearest_to(one)],
        "source": source_of(one),
        "later": one.decision is not None,
        "summary": one.record["summary"],
        "address": public(f"/proposal/{one.id}"),
    }


def _whole(one: Queued) -> dict[str, Any]:
    return {
        **_listed(one),
        "decision": one.decision and asdict(one.decision),
        "earlier": one.earlier and asdict(one.earlier),
        **public_record(one.record),
        "parts": one.proposal["parts"],
        "edited": one.edited,
        "repeated": [public(f"/proposal/{other.id}") for other in repeated_by(one, _waiting())] if one.waits else [],
    }
