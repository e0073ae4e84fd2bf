"""Parts of a query for another endpoint: nothing in them rests on the address of this server, or tells it."""

from __future__ import annotations

import re
from typing import Final

from ..errors import QueryError
from .lexer import tokens, unescape
from .prologue import Prologue

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def portable(text: str, prologue: Prologue) -> tuple[str, str]:
    """Return the declarations that a part of a query needs, and the part with whole IRIs and without comments.

    The prologue is that of the query, read with no base but its own, which is declared where IRI() may resolve by it.
    Raises QueryError where an IRI is relative to the address of this server: another endpoint would take it for one of
    its own.
    """
    used: dict[str, str] = {}
    base = ""
    parts = []
    for token in tokens(text):
        part = token.text
        if token.kind == "space" and part.startswith("#"):
            part = " "
        elif token.kind == "iri" and not _SCHEME.match(unescape(part)[1:]):
            part = f"<{_whole(prologue.iri(token) or '', part)}>"
        elif token.kind == "pname" and (prefix := part.partition(":")[0]) in prologue.prefixes:
            used[prefix] = _whole(prologue.prefixes[prefix], part)
        elif token.is_word("IRI", "URI") and _SCHEME.match(prologue.base):
            base = f"BASE <{prologue.base}>\n"
        parts.append(part)
    return base + "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in used.items()), "".join(parts)


def _whole(iri: str, shown: str) -> str:
    if not _SCHEME.match(iri):
        raise QueryError(
            f"{shown} inside SERVICE is relative to the address of this server, which another endpoint does not know.",
            "write the whole IRI there, or a line BASE <http://...> first.",
        )
    return iri
