"""Resolves relative IRI references (RFC 3986, section 5.2)."""

from __future__ import annotations

import re
from typing import Final

_PARTS: Final = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)


def resolve(base: str, reference: str) -> str:
    """Return the IRI that a reference resolves to; without a base it is returned unchanged."""
    scheme, authority, path, query, fragment = _split(reference)
    if scheme is not None or not base:
        return reference
    base_scheme, base_authority, base_path, base_query, _ = _split(base)
    if authority is not None:
        path = _without_dots(path)
    else:
        authority = base_authority
        if not path:
            path = base_path
            query = base_query if query is None else query
        elif path.startswith("/"):
            path = _without_dots(path)
        elif base_authority is not None and not base_path:
            path = _without_dots(f"/{path}")
        else:
            path = _without_dots(base_path[: base_path.rfind("/") + 1] + path)
    return "".join(
        before + part
        for before, part in (("", f"{base_scheme}:"), ("//", authority), ("", path), ("?", query), ("#", fragment))
        if part is not None
    )


def _split(iri: str) -> tuple[str | None, str | None, str, str | None, str | None]:
    match = _PARTS.fullmatch(iri)
    assert match is not None, "every text has these parts"
    scheme, authority, path, query, fragment = match.groups()
    return scheme, authority, path, query, fragment


def _without_dots(path: str) -> str:
    """Take `.` and `..` out of a path (section 5.2.4)."""
    segments = path.split("/")
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            # The empty segment in front of the first slash stays.
            if len(kept) > 1 or (kept and kept != [""]):
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)
