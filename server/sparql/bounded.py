"""Which queries cost so little by their form alone that no other process need run them.

A query here asks for one triple pattern, in which no variable occurs twice, and takes the first match or a limited
number of them. So the engine reads one range of one index from its start, and stops after as many matches as are
wanted; it joins, sorts, groups and computes nothing, and holds no more than that many rows. A store on disk has an
index for every choice of terms that are named, in which all of the range matches. A store in memory walks along the
shortest of the lists of the terms that are named; none is longer than the triples that may be in memory.

The text is held against a pattern from its first to its last character. The pattern has no nesting, no literals and no
escapes, and reads nothing in two ways: what is no such query is none at once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_LONGEST: Final = 2000
"""Characters: a longer text is read elsewhere, whatever it asks."""

# A comment has no backslash: where escapes are resolved first, one could end it (SPARQL 1.1 Query, section 19.2).
# Groups are not repeated possessively: Python up to 3.11.4 gets that wrong.
_SPACE: Final = r"(?:[ \t\r\n]|\#[^\r\n\\]*+(?:[\r\n]|\Z))"
_PREFIX: Final = r"[A-Za-z][A-Za-z0-9_-]*+"
_IRI: Final = r'<[^<>"{}|^`\\\x00-\x20]*+>'
_VARIABLE: Final = r"[?$][A-Za-z_][A-Za-z0-9_]*+"
_NODE: Final = rf"(?:{_IRI}|{_VARIABLE}|{_PREFIX}:[A-Za-z0-9_-]++)"
_BOUNDED: Final = re.compile(
    rf"""
    {_SPACE}*
    (?: PREFIX {_SPACE}+ (?:{_PREFIX})? : {_SPACE}* {_IRI} {_SPACE}* )*
    (?: ASK | (?P<select> SELECT (?: {_SPACE}+ \* | (?: {_SPACE}+ {_VARIABLE} )+ ) ) )
    {_SPACE}* (?: WHERE {_SPACE}* )?
    \{{ {_SPACE}*
    (?P<subject> {_NODE} ) {_SPACE}+ (?P<predicate> a(?={_SPACE}) | {_NODE} ) {_SPACE}+ (?P<object> {_NODE} )
    {_SPACE}* (?: \. {_SPACE}* )?
    \}} {_SPACE}*
    (?(select) LIMIT {_SPACE}+ [0-9]{{1,2}}+ {_SPACE}* )
    \Z
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)


def is_bounded(query: str) -> bool:
    """Tell whether a query is an ASK of one triple pattern, or a SELECT of one with a LIMIT under 100."""
    return len(query) <= _LONGEST and _is_bounded(query)


# It is asked more than once about each query.
@lru_cache(maxsize=64)
def _is_bounded(query: str) -> bool:
    if (found := _BOUNDED.match(query)) is None:
        return False
    variables = [node[1:] for node in found.group("subject", "predicate", "object") if node[0] in "?$"]
    return len(set(variables)) == len(variables)
