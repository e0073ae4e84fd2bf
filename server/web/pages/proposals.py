"""Proposals that wait for a decision, one beside its passage, and what a decision makes of it.

Nothing is written to `kb/`: what is accepted is answered with a patch. Who has the key of the reviewers writes the
decision into the queue, from where `akb review write` takes it.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from flask import Blueprint, Response, abort, current_app, request

from ...comparison.reports.wording import words
from ...errors import AkbError, UsageError
from ...formats.writing import write_json
from ...proposals.apart import given_to_accept
from ...proposals.batches import batches, created_by, in_order, named_by, source_of, title_of
from ...proposals.deciding import REASONS, Desk, decision_of, patch_of
from ...proposals.editing import edited, fields_of
from ...proposals.queue import Queued
from ...proposals.quotes import parted
from ...proposals.records import VERDICTS, Verdict
from ...proposals.writing import public_record
from ...review.apart import changes_of
from ...review.changes import together
from ...review.patch import patch_text
from ...review.records import FileChanges
from ...serialization import HTML, JSON, PROBLEM_FORMATS, Format
from ...settings import Settings
from ...store.jobs import Task
from ..current import Current, current_release
from ..data.proposing import TooOftenError, count_one
from ..given import Page, ProposalPage, ProposalsPage
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
_BY_HAND: Final = "decide with `akb review`, which has no limits."
_BACK: Final = "back"
_CHECK: Final = "check"


@blueprint.get("/review/proposals")
@blueprint.get("/review/proposals.<extension>")
def waiting(extension: str | None = None) -> Response:
    """List the proposals that wait for a decision: those about one source together, in the order in which they came.

    They are narrowed by `about`, the CURIE of a source, and come in pages.
    """
    about = text("about", 300)
    asked = asked_pages("/review/proposals", _SIZE, _SIZE_AT_MOST, [("about", about)] if about else [])
    found = _waiting(about)
    pages = asked.of(len(found))
    shown = found[pages.skipped : pages.skipped + pages.size]
    if _format(extension) is JSON:
        items = [_listed(one) for one in shown]
        return live(
            Response(
                write_json({"count": len(found), **pages.record(), "items": items}), 200, content_type=JSON.content_type
            )
        )
    return live_page(_list_page(shown, len(found), pages, about))


@blueprint.post("/review/proposals")
def decide_on_several() -> Response:
    """Answer a decision on several proposals at once, by their ids: what became of each, and one patch of them all.

    `batch` is the CURIE of a source, of which all are accepted. With the key of the reviewers, each decision is written down.
    """
    given = {field: value.strip() for field, value in request.form.items()}
    ids = [id_ for id_ in request.form.getlist("id") if id_]
    wants_page = choose_or_none(request, PROBLEM_FORMATS) is HTML
    error: UsageError | None = None
    done: list[tuple[Queued, AkbError | None]] = []
    patch, is_kept = "", False
    try:
        if source := given.get("batch"):
            ids = [one.id for one in _waiting(source)]
        if not 0 < len(ids) <= MOST_AT_ONCE:
            raise UsageError(f"{len(ids)} proposals are chosen.", f"choose from 1 to {MOST_AT_ONCE}.")
        done, patch = _decided_together(in_order([_desk().queue.open(id_) for id_ in ids]), given)
        is_kept = _is_reviewer(given)
    except TooOftenError as too_many:
        return too_often(too_many)
    except UsageError as wrong:
        error = wrong
    if patch and ("download" in given or choose(request, (HTML, PATCH)) is PATCH):
        return _patch_file(patch, "proposals.patch")
    if error and not wants_page:
        return problem(422, error.message, error.mend)
    about = given.get("about", "")
    found = _waiting(about)
    pages = Pages("/review/proposals", 1, _SIZE, _SIZE, (("about", about),) if about else ()).of(len(found))
    page = _list_page(found[:_SIZE], len(found), pages, about, given, done, patch, error, tuple(ids), is_kept=is_kept)
    return live_page(page, 422 if error else 200)


@blueprint.get("/review/accepted.patch")
def accepted() -> Response:
    """Return what is accepted and not written to the files yet, as one patch for `git apply`."""
    landed = _desk().landed(retries=False)
    left = [f"Not in this patch: proposal {one.proposal.id}. {one.error}" for one in landed if one.error]
    return _patch_file("".join(f"{line}\n" for line in left) + patch_of(landed), "accepted.patch")


@blueprint.get("/proposal/<undotted:name>")
@blueprint.get("/proposal/<undotted:name>.<extension>")
def proposal(name: str, extension: str | None = None) -> Response:
    """Show a proposal: the passages that it quotes beside its fields, what it changes, and what was found of it.

    `after` is the id of one that was just decided on.
    """
    found = _desk().queue.get(name)
    if _format(extension) is JSON:
        return live(Response(write_json(_whole(found)), 200, content_type=JSON.content_type))
    return live_page(_proposal_page(found, after=text("after", 10)))


@blueprint.post("/proposal/<undotted:name>")
def decide(name: str) -> Response:
    """Answer a decision: an accepted proposal is tried again, and answered with its patch, a page or text/x-diff.

    Fields of its parts, such as `1.label`, change it first. With the key of the reviewers, the decision is written
    down, and a browser is led to the next proposal.
    """
    found = _desk().queue.get(name)
    given = {field: value.strip() for field, value in request.form.items()}
    try:
        patch, is_kept = _decided(found, given)
    except TooOftenError as error:
        return too_often(error)
    except UsageError as error:
        if choose_or_none(request, PROBLEM_FORMATS) is HTML:
            return live_page(_proposal_page(found, given, error=error), 422)
        return problem(422, error.message, error.mend)
    if patch and ("download" in given or choose(request, (HTML, PATCH)) is PATCH):
        return _patch_file(patch, f"proposal-{name}.patch")
    if is_kept:
        return _on(found, is_back=given.get("outcome") == _BACK)
    return live_page(_proposal_page(found, given, patch))


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


def settings_here() -> Settings:
    """Return the settings of this server."""
    current: Current = current_app.extensions["akb"]
    return current.settings


def _desk() -> Desk:
    def apart(proposal: Mapping[str, Any], who: str, over: Mapping[str, str]) -> FileChanges:
        task = Task("accept", given_to_accept(proposal, who, over), "decision", _BY_HAND)
        return changes_of(current_release().queries.do(task))

    return Desk(settings_here(), apart)


def _waiting(about: str = "") -> list[Queued]:
    return [
        one
        for batch in batches(_desk().queue.waiting())
        if about in {"", batch.source}
        for one in batch.proposals
    ]


def _decided(found: Queued, given: Mapping[str, str]) -> tuple[str, bool]:
    """Return the patch of an accepted proposal, and whether the decision in a form was written down.

    Raises UsageError for a decision that is not whole, or that nobody may take, or that the base cannot take any more.
    """
    desk = _desk()
    is_reviewer = _is_reviewer(given)
    if given.get("outcome") == _BACK:
        _must_be_reviewer(is_reviewer, found)
        desk.take_back(found.id)
        return "", True
    outcome, why = _outcome(given)
    decision = decision_of(outcome, given.get("who", ""), why)
    desk.queue.open(found.id)
    if outcome != "accepted":
        _must_be_reviewer(is_reviewer, found)
        desk.queue.decide(found.id, decision)
        return "", True
    parts = edited(found.proposal["parts"], given)
    if is_reviewer:
        return patch_text(desk.accept(found.id, decision, parts)), True
    return patch_text(desk.tried(found.id, decision.who, parts)), False


def _decided_together(
    found: Sequence[Queued], given: Mapping[str, str]
) -> tuple[list[tuple[Queued, AkbError | None]], str]:
    """Return what became of each proposal, and a patch of those that are accepted; raises as `_decided` does."""
    desk = _desk()
    is_reviewer = _is_reviewer(given)
    outcome, why = _outcome(given)
    decision = decision_of(outcome, given.get("who", ""), why)
    if outcome != "accepted":
        _must_be_reviewer(is_reviewer, found[0])
    changes, over = FileChanges({}, {}), {} if is_reviewer else desk.pending()
    done: list[tuple[Queued, AkbError | None]] = []
    for one in found:
        try:
            if outcome != "accepted":
                desk.queue.decide(one.id, decision)
            elif is_reviewer:
                changes = together(changes, desk.accept(one.id, decision))
            else:
                made = desk.tried(one.id, decision.who, over=over)
                over |= made.after
                changes = together(changes, made)
            done.append((one, None))
        except UsageError as error:
            done.append((one, error))
    return done, patch_text(changes) if changes else ""


def _outcome(given: Mapping[str, str]) -> tuple[Verdict, str]:
    """Return the outcome in a form, and why; a button may give both at once, or accept a batch."""
    if reason := given.get("reject", ""):
        return "rejected", reason
    value = "accepted" if given.get("batch") else given.get("outcome", "")
    if value == _CHECK:
        return "accepted", ""
    if value not in VERDICTS:
        raise UsageError(f"outcome is {value[:40]!r}, and none of {', '.join(VERDICTS)}.", "choose one of them.")
    return next(one for one in VERDICTS if one == value), given.get("why", "")


def _is_reviewer(given: Mapping[str, str]) -> bool:
    """Tell whether a form is of a reviewer who decides, and does not only look at what a decision would make."""
    return _has_key(given.get("key", "")) and given.get("outcome") != _CHECK


def _must_be_reviewer(is_reviewer: bool, found: Queued) -> None:  # noqa: FBT001 - what was found of who sent the form
    if not is_reviewer:
        raise UsageError(
            "Only who has the key of the reviewers takes a proposal out of the queue here, or back into it.",
            f'decide where the queue is: akb review reject {found.id} --why "..."',
        )


def _has_key(sent: str) -> bool:
    """Tell whether the key of the reviewers was sent. Raises UsageError for a wrong one."""
    if not sent:
        return False
    key = settings_here().review_key
    if key and hmac.compare_digest(sent.encode(), key.encode()):
        return True
    # Who tries keys tries few.
    count_one()
    raise UsageError("That is not the key of the reviewers.", "leave it empty for the patch alone.")


def _on(found: Queued, *, is_back: bool) -> Response:
    """Lead from a proposal on which somebody decided to the next one, or to the list after the last."""
    left = [one for one in _waiting() if one.decision is None]
    same = [one for one in left if source_of(one) == source_of(found)]
    following = found if is_back else next(iter(same or left), None)
    address = f"/proposal/{following.id}?after={found.id}" if following else "/review/proposals"
    response = Response(status=303)
    response.headers["Location"] = public(address)
    return live(response)


def _patch_file(patch: str, name: str) -> Response:
    response = Response(patch, content_type="text/x-diff; charset=utf-8")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return live(response)


def _format(extension: str | None) -> Format:
    if extension is None:
        return choose(request, (HTML, JSON))
    return next((one for one in (HTML, JSON) if one.name == extension), None) or abort(404)


def _list_page(
    shown: Sequence[Queued],
    total: int,
    pages: Pages,
    about: str,
    sent: Mapping[str, str] | None = None,
    done: Sequence[tuple[Queued, AkbError | None]] = (),
    patch: str = "",
    error: UsageError | None = None,
    chosen: Sequence[str] = (),
    *,
    is_kept: bool = False,
) -> ProposalsPage:
    settings, desk = settings_here(), _desk()
    return ProposalsPage(
        found=shown,
        batches=batches(shown),
        total=total,
        about=about,
        accepted=desk.queue.accepted(),
        damaged=len(desk.queue.damaged()),
        title_of=title_of,
        reasons=REASONS,
        done=done,
        patch=patch,
        is_kept=is_kept,
        sent=sent or {},
        chosen=chosen,
        error=error,
        has_key=bool(settings.review_key),
        settings=settings,
        pages=pages,
        steps=pages.steps(HTML),
        formats=pages.formats((JSON,)),
    )


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
        quoted=[(one, *parted(one["passage"], one["quote"])) for one in found.record["evidence"]],
        named=sorted(named_by(found) - created_by(found)),
        words=words,
        sent=sent or {},
        patch=patch,
        file=f"proposal-{found.id}.patch",
        error=error,
        has_key=bool(settings_here().review_key),
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
        found = _desk().queue.get(id_) if id_ else None
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
    }
