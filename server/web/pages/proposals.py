"""Proposals: how to send one, those that wait for a decision, and what a decision makes of one.

Nothing is written to `kb/`: a proposal that may land waits in the queue, and what is accepted is answered with a patch.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, Final, Literal

from flask import Blueprint, Response, request

from ...comparison.reports.wording import words
from ...errors import UsageError
from ...formats.writing import write_json
from ...proposals.apart import given_to_propose
from ...proposals.deciding import decision_of
from ...proposals.queue import Queue, Queued
from ...proposals.reading import parsed
from ...proposals.records import KINDS
from ...proposals.submitting import Submitted
from ...proposals.writing import public_record
from ...serialization import HTML, JSON, MARKDOWN, PROBLEM, PROBLEM_FORMATS
from ...settings import Settings
from ...store.jobs import Task
from ..current import OpenRelease, current_release, current_settings
from ..data.proposing import TooOftenError, count_one, submitted
from ..documents.documents import Document, document
from ..documents.markdown import page_markdown
from ..given import Page, ProposalPage, ProposalsPage, ProposePage
from ..http.languages import page as render
from ..http.negotiation import choose, choose_or_none
from ..http.prefixes import public
from ..http.problems import problem
from .review import PATCH

blueprint = Blueprint("proposals", __name__)

_FORM: Final = "application/x-www-form-urlencoded"
_BY_HAND: Final = "decide with `akb review accept`, which has no limits."


@blueprint.get("/propose")
def form() -> Response:
    """Say how a change is proposed, with a form to try it."""
    return _page(_form_page(""))


@blueprint.post("/propose")
def propose() -> Response:
    """Check a proposed change: answer with its patch and what that changes, or with reasons to refuse it.

    Where the server allows it, the proposal then waits for a decision (201, with its address).
    """
    settings = current_settings()
    if settings.project is not None or settings.follow:
        return problem(404, "There are no files here that a proposal could change.", "propose it where they are.")
    is_form = request.mimetype == _FORM
    text = request.form.get("proposal", "") if is_form else request.get_data()
    wants_page = choose_or_none(request, PROBLEM_FORMATS) is HTML
    try:
        found = submitted(current_release(), parsed(text, settings.proposal_kb))
    except TooOftenError as error:
        return _too_often(error)
    except UsageError as error:
        if wants_page:
            return _page(_form_page(_shown(text), error=error), 422)
        return problem(422, error.message, error.mend)
    if wants_page:
        return _page(_form_page(_shown(text), found), 200 if found.record["accepted"] else 422)
    return _refused(found.record) if not found.record["accepted"] else _taken(found)


@blueprint.get("/review/proposals")
@blueprint.get("/review/proposals.<extension>")
def waiting(extension: str | None = None) -> Response:
    """List the proposals that wait for a decision, in the order in which they came."""
    found = Queue(current_settings()).waiting()
    page = ProposalsPage(found=found, settings=current_settings())
    writers = {
        HTML: lambda: render(page),
        MARKDOWN: lambda: page_markdown("proposals", page),
        JSON: lambda: write_json({"count": len(found), "items": [_listed(one) for one in found]}),
    }
    return _anew(document(Document("/review/proposals", writers, cached=False), extension, current_release()))


@blueprint.get("/proposal/<undotted:name>")
@blueprint.get("/proposal/<undotted:name>.<extension>")
def proposal(name: str, extension: str | None = None) -> Response:
    """Show a proposal: who made it, what it changes, what was found of it, and the passages that it quotes."""
    found = Queue(current_settings()).get(name)
    writers = {HTML: lambda: render(_proposal_page(found)), JSON: lambda: write_json(_whole(found))}
    return _anew(document(Document(f"/proposal/{found.id}", writers, cached=False), extension, current_release()))


@blueprint.post("/proposal/<undotted:name>")
def decide(name: str) -> Response:
    """Answer a decision: an accepted proposal is tried again, and answered with its patch, a page or text/x-diff.

    With the key of the reviewers, the decision is written down, and the proposal leaves the queue.
    """
    found = Queue(current_settings()).get(name)
    given = {field: value.strip() for field, value in request.form.items()}
    try:
        found, patch = _decided(found, given)
    except TooOftenError as error:
        return _too_often(error)
    except UsageError as error:
        if choose_or_none(request, PROBLEM_FORMATS) is HTML:
            return _page(_proposal_page(found, given, error=error), 422)
        return problem(422, error.message, error.mend)
    if patch and ("download" in given or choose(request, (HTML, PATCH)) is PATCH):
        response = Response(patch, content_type="text/x-diff; charset=utf-8")
        response.headers["Content-Disposition"] = f"attachment; filename=proposal-{name}.patch"
        return _anew(response)
    return _page(_proposal_page(found, given, patch))


def _decided(found: Queued, given: Mapping[str, str]) -> tuple[Queued, str]:
    """Return a proposal after the decision in a form, and the patch of an accepted one.

    Raises UsageError for a decision that is not whole, or that nobody may take, or that the base cannot take any more.
    """
    outcome = _outcome(given.get("outcome", ""))
    decision = decision_of(outcome, given.get("who", ""), given.get("why", ""))
    is_reviewer = _has_key(current_settings(), given.get("key", ""))
    patch = ""
    if outcome == "accepted":
        record = _tried(current_release(), found)
        if not record["accepted"]:
            raise UsageError(
                "The base cannot take it any more: " + " ".join(one["message"] for one in record["findings"]),
                "reject it, or propose it anew.",
            )
        patch = record["patch"]
    elif not is_reviewer:
        raise UsageError(
            "Only who has the key of the reviewers takes a proposal out of the queue here.",
            f'reject it where the queue is: akb review reject {found.id} --why "..."',
        )
    return (Queue(current_settings()).decide(found.id, decision) if is_reviewer else found), patch


def _shown(text: str | bytes) -> str:
    return text if isinstance(text, str) else text.decode(errors="replace")


def _too_often(error: TooOftenError) -> Response:
    response = problem(429, error.message, error.mend)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _page(given: Page, status: int = 200) -> Response:
    return _anew(Response(render(given), status, content_type=HTML.content_type))


def _anew(response: Response) -> Response:
    """Have an answer made anew each time: the queue changes while the release stays."""
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


def _form_page(sent: str, found: Submitted | None = None, error: UsageError | None = None) -> ProposePage:
    release = current_release()
    return ProposePage(
        sent=sent or json.dumps(_example(release), indent=2, ensure_ascii=False),
        found=found,
        words=words,
        error=error,
        kinds=KINDS,
        settings=current_settings(),
    )


def _example(release: OpenRelease) -> Mapping[str, Any]:
    """Return a proposal between entities of the base, to begin with."""
    entities = [one for one in (release.examples.entity, release.examples.other) if one]
    subject, object_ = ([one.curie for one in entities] + ["class:name"] * 2)[:2]
    edge = {"kind": "edge", "subject": subject, "predicate": "associated_with", "object": object_, "note": ""}
    return {"who": "", "why": "", "parts": [edge]}


def _proposal_page(
    found: Queued, sent: Mapping[str, str] | None = None, patch: str = "", error: UsageError | None = None
) -> ProposalPage:
    return ProposalPage(
        found=found,
        record=found.record,
        words=words,
        sent=sent or {},
        patch=patch,
        file=f"proposal-{found.id}.patch",
        error=error,
        has_key=bool(current_settings().review_key),
        path=f"/proposal/{found.id}",
    )


def _refused(record: Mapping[str, Any]) -> Response:
    """Return a refusal as a problem, with its findings as further members (RFC 9457, section 3.2)."""
    wrong = [one for one in record["findings"] if one["severity"] == "violation"]
    body = {
        "type": "about:blank",
        "title": HTTPStatus(422).phrase,
        "status": 422,
        "detail": f"The proposal is refused: {wrong[0]['message']}",
        "mend": wrong[0]["mend"],
        "instance": public("/propose"),
        "reasons": record["reasons"],
        "findings": record["findings"],
    }
    return _anew(Response(write_json(body), 422, content_type=PROBLEM.content_type))


def _taken(found: Submitted) -> Response:
    body = public_record(found.record)
    body["queued"] = found.queued and {"id": found.queued.id, "address": public(f"/proposal/{found.queued.id}")}
    response = Response(write_json(body), 201 if found.is_new else 200, content_type=JSON.content_type)
    if found.queued:
        response.headers["Location"] = public(f"/proposal/{found.queued.id}")
    return _anew(response)


def _listed(one: Queued) -> dict[str, Any]:
    said = {name: one.proposal[name] for name in ("who", "model", "why")}
    return {
        "id": one.id,
        "when": one.when,
        **said,
        "summary": one.record["summary"],
        "address": public(f"/proposal/{one.id}"),
    }


def _whole(one: Queued) -> dict[str, Any]:
    return {
        **_listed(one),
        "decision": one.decision and asdict(one.decision),
        **public_record(one.record),
        "parts": one.proposal["parts"],
    }


def _tried(release: OpenRelease, found: Queued) -> Mapping[str, Any]:
    task = Task("propose", given_to_propose(found.proposal, ()), "decision", _BY_HAND)
    record: Mapping[str, Any] = release.queries.do(task)
    return record


def _outcome(value: str) -> Literal["accepted", "rejected"]:
    if value == "accepted":
        return "accepted"
    if value == "rejected":
        return "rejected"
    raise UsageError(f"outcome is {value[:40]!r}, and neither accepted nor rejected.", "choose one of them.")


def _has_key(settings: Settings, sent: str) -> bool:
    """Tell whether the key of the reviewers was sent. Raises UsageError for a wrong one."""
    if not sent:
        return False
    if settings.review_key and hmac.compare_digest(sent.encode(), settings.review_key.encode()):
        return True
    # Who tries keys tries few.
    count_one()
    raise UsageError("That is not the key of the reviewers.", "leave it empty for the patch alone.")
