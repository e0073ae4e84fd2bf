"""Which queries depend on the address at which they are asked: those with IRIs that are relative to it."""

from __future__ import annotations

import re
from typing import Final

_RELATIVE: Final = re.compile(
    r"""
    \\                                                # an escape, which may be any character of an IRI
    | < (?! [a-z] [a-z0-9+.-]*+ : ) [^<>"{}|^`\\\x00-\x20]*+ >
    | \b [iu]ri \b                                    # the functions, which resolve what they are given
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)


def has_relative_iris(query: str) -> bool:
    """Tell whether an IRI of a query may be relative to a base from outside (SPARQL 1.1 Query, section 4.1.1.2).

    A text in which something only looks like one counts too.
    """
    # Most queries have neither, and this is quicker than the pattern.
    folded = query.lower()
    if not any(part in folded for part in ("<", "\\", "iri", "uri")):
        return False
    return _RELATIVE.search(query) is not None
