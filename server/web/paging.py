"""Resources that come in pages: the numbers that a request names, and the pages that a page leads to."""

from __future__ import annotations

import re
from typing import Final

from flask import abort, request

_DIGITS: Final = re.compile("[0-9]{1,10}")

NEIGHBOURS: Final = 50
"""How many neighbours stand on a page of a neighbourhood by default, and of each class on the page of an entity."""


def number(name: str, default: int, most: int, least: int = 1) -> int:
    """Return the whole number that a parameter of the request names, from `least` to `most`; 400 for another."""
    text = request.args.get(name, str(default))
    if not _DIGITS.fullmatch(text) or not least <= int(text) <= most:
        abort(400, f"{name} is {text[:40]!r}, and not a whole number from {least} to {most}.")
    return int(text)


def steps(page: int, pages: int) -> dict[str, int]:
    """Return the pages that a page leads to, by their link relations (RFC 8288; IANA's registry)."""
    found = {"first": 1, "prev": page - 1, "next": page + 1, "last": pages}
    return {rel: step for rel, step in found.items() if 1 <= step <= pages}
