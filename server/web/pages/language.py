"""The switch of languages: it keeps in a cookie in which language a reader wants pages, and leads back."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from ...records.sentences import sentence
from ..current import current_application
from ..http.languages import COOKIE
from ..http.parameters import one_of
from ..http.prefixes import current_prefix
from ..http.problems import NOT_STORED

blueprint = Blueprint("language", __name__)

_A_YEAR: Final = 365 * 86_400


@blueprint.get("/language")
def language() -> AnyResponse:
    """Keep the language `lang` for the pages that a browser asks for (303 to `to`, an address of this site)."""
    current = current_application()
    chosen = one_of("lang", current.page_languages)
    if not chosen:
        abort(400, sentence("lang is missing; there are %(join)s.", join=", ".join(current.page_languages)))
    to = request.args.get("to", "/")
    # What begins with two slashes, of either kind, is another host to a browser (URL standard, section 4.4).
    if not to.startswith("/") or to[1:2] in {"/", "\\"} or not to.isprintable():
        abort(400, sentence("to is no address of this site: it is a path, which begins with one slash."))
    response = redirect(to, 303)
    response.headers["Cache-Control"] = NOT_STORED
    response.set_cookie(
        COOKIE, chosen, _A_YEAR, path=current_prefix() or "/", secure=request.is_secure, httponly=True, samesite="Lax"
    )
    return response
