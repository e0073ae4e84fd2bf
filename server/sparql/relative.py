"""Which queries depend on the address at which they are asked: those with IRIs that are relative to it."""

from __future__ import annotations

import re
from typing import Final

# The search for a pattern that starts with a character goes from one of these to the next, and so takes no time.
_RELATIVE: Final = re.compile(r"""<(?![A-Za-z][A-Za-z0-9+.-]*+:)[^<>"{}|^`\\\x00-\x20]*+>""")
_FUNCTIONS: Final = re.compile(r"\b[iu]ri\b", re.ASCII | re.IGNORECASE)
"""The functions that resolve their argument against the base."""


def has_relative_iris(query: str) -> bool:
    """Tell whether an IRI of a query may be relative to a base from outside (SPARQL 1.1 Query, section 4.1.1.2).

    A text in which something only looks like one counts too, and so does an escape, which may be any character of one.
    """
    if "\\" in query or ("<" in query and _RELATIVE.search(query)):
        return True
    # Most queries have none, and this is quicker than the pattern.
    folded = query.lower()
    return ("iri" in folded or "uri" in folded) and _FUNCTIONS.search(query) is not None
