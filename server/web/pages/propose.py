"""How a change is proposed: the form, and what becomes of what is sent.

Nothing is written to `kb/`: a proposal that may land waits in the queue.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, request

from ...comparison.reports.wording import words
from ...errors import UsageError
from ...formats.writing import write_json
from ...proposals.reading import parsed
from ...proposals.records import KINDS
from ...proposals.submitting import Submitted
from ...proposals.writing import public_record
from ...records.sentences import sentence
from ...serialization import HTML, JSON, PROBLEM, PROBLEM_FORMATS
from ..current import current_release, current_settings
from ..data.proposing import TooOftenError, submitted
from ..given.curation import ProposePage
from ..http.negotiation import choose_or_none
from ..http.prefixes import public
from ..http.problems import problem
from ..open_release import OpenRelease
from .proposals import live, live_page, too_often

blueprint = Blueprint("propose", __name__)

_FORM: Final = "application/x-www-form-urlencoded"


@blueprint.get("/propose")
def form() -> Response:
    """Say how a change is proposed, with a form to try it."""
    return live_page(_form_page(""))


@blueprint.post("/propose")
def propose() -> Response:
    """Check a proposed change: answer with its patch and what that changes, or with reasons to refuse it.

    Where the server allows it, the proposal then waits for a decision (201, with its address).
    """
    settings = current_settings()
    if settings.project is not None or settings.follow:
        return problem(
            404,
            sentence("There are no files here that a proposal could change."),
            sentence("propose it where they are."),
        )
    is_form = request.mimetype == _FORM
    text = request.form.get("proposal", "") if is_form else request.get_data()
    wants_page = choose_or_none(request, PROBLEM_FORMATS) is HTML
    try:
        found = submitted(current_release(), parsed(text, settings.proposal_kb))
    except TooOftenError as error:
        return too_often(error)
    except UsageError as error:
        if wants_page:
            return live_page(_form_page(_shown(text), error=error), 422)
        return problem(422, error.message, error.mend)
    if wants_page:
        return live_page(_form_page(_shown(text), found), 200 if found.record["accepted"] else 422)
    return _refused(found.record) if not found.record["accepted"] else _taken(found)


def _shown(text: str | bytes) -> str:
    return text if isinstance(text, str) else text.decode(errors="replace")


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
    return live(Response(write_json(body), 422, content_type=PROBLEM.content_type))


def _taken(found: Submitted) -> Response:
    body = public_record(found.record)
    body["queued"] = found.queued and {"id": found.queued.id, "address": public(f"/proposal/{found.queued.id}")}
    response = Response(write_json(body), 201 if found.is_new else 200, content_type=JSON.content_type)
    if found.queued:
        response.headers["Location"] = public(f"/proposal/{found.queued.id}")
    return live(response)
