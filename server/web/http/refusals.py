"""Refusals that cost nothing: a problem, or a page, for requests that never reach the application (RFC 9457)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from typing import Final

from ...serialization import HTML, PROBLEM, PROBLEM_FORMATS
from .negotiation import choose_for

_PAGE: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body><main><h1>{title}</h1><p>{detail}</p><p>What to do: {mend}</p>{more}</main></body>
</html>
"""


def refusal(
    status: int,
    detail: str,
    mend: str,
    *,
    accept: str = "",
    wait: float | None = None,
    headers: Mapping[str, str] = {},
    request_id: str = "",
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return the status, headers and body of an error, in the form that an Accept header wants.

    `wait` is after how many seconds, rounded up, the client may ask again (RFC 9110, section 10.2.3). Where the fault
    is ours, `request_id` is in the body too, as in that of any other error.
    """
    title = HTTPStatus(status).phrase
    shown_id = request_id if status >= 500 else ""
    if choose_for(accept, PROBLEM_FORMATS) is HTML:
        more = f"<p>The id of your request is <code>{escape(shown_id)}</code>.</p>" if shown_id else ""
        kind = HTML.content_type
        text = _PAGE.format(title=title, detail=escape(detail), mend=escape(mend), more=more)
    else:
        kind = PROBLEM.content_type
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "mend": mend}
        if shown_id:
            body["request_id"] = shown_id
        text = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
    content = text.encode()
    found = {
        "Content-Type": kind,
        "Content-Length": str(len(content)),
        "Cache-Control": "no-store",
        "Vary": "Accept",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Retry-After, X-Request-Id",
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        **headers,
    }
    if request_id:
        found["X-Request-Id"] = request_id
    if wait is not None:
        found["Retry-After"] = str(math.ceil(wait))
    return status, list(found.items()), content
