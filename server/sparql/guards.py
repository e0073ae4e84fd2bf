"""What a public query may not do: reach out to other hosts. And what it does that makes its answer a new one each time.

pyoxigraph follows SERVICE to any address, without a limit of time; so a query that calls it is not run. Calls that the
policy allows are answered before (`server/federation`).
"""

from __future__ import annotations

from typing import Final

from ..errors import ForbiddenQueryError, QueryError
from .lexer import tokens, unescape

READ_AT_ONCE: Final = 20_000
"""Characters: a longer text is cut in tokens only where that can be stopped, since it takes 10 ms or more."""
DEEPEST: Final = 100
"""How deep brackets and negations may nest: the engine reads them by recursion, and its stack ends at about 1,500."""
_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")


def refuse_deep(query: str) -> None:
    """Raise QueryError when a query nests so deeply that the engine would overflow its stack as it reads it."""
    if query.count("(") + query.count("[") + query.count("{") + query.count("!") <= DEEPEST:
        return
    depth = negations = 0
    for token in tokens(query):
        if token.kind == "space":
            continue
        negations = negations + 1 if token.is_mark("!") else 0
        if token.kind == "mark":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
        # What is not read for sure may be anything.
        unsure = sum(map(token.text.count, _OPENING)) if token.kind in {"broken", "unclear"} else 0
        if depth + negations + unsure > DEEPEST:
            raise QueryError(
                f"The query nests too deeply: over {DEEPEST} brackets or negations are open at once.",
                "write what is inside one after the other, or ask in parts.",
            )


def has_dataset_clause(query: str) -> bool:
    """Tell whether a query names its own dataset with FROM (SPARQL 1.1 Query, section 13.2)."""
    if "from" not in query.casefold():
        return False
    # As with SERVICE, the engine wants no space around the keyword.
    return any(token.kind == "word" and "FROM" in token.text.upper() for token in tokens(query))


_CHANGING: Final = ("NOW", "RAND", "UUID", "BNODE", "SERVICE")
"""The letters of those functions whose value differs from one evaluation to the next, and of the call to a peer."""


def is_repeatable(query: str) -> bool:
    """Tell whether the answer to a query over the same data is the same at any time.

    It is not when a query calls NOW, RAND, UUID, STRUUID or BNODE (SPARQL 1.1 Query, sections 17.4.2 to 17.4.5), or a
    peer; a query that cannot be read for sure, or is long and has one of these words in it, counts as one that does.
    """
    folded = query.upper()
    if not any(word in folded for word in _CHANGING):
        return True
    return len(query) <= READ_AT_ONCE and not any(
        token.kind in {"broken", "unclear"}
        or (token.kind == "word" and any(word in token.text.upper() for word in _CHANGING))
        for token in tokens(query)
    )


def refuse_service(query: str) -> None:
    """Raise ForbiddenQueryError when a query calls another endpoint: an engine never does so by itself."""
    if calls_service(query):
        raise ForbiddenQueryError(
            "SERVICE is not supported at this place, or in this form.",
            "write it as a pattern of a group, `SERVICE <endpoint> { ... }`, with spaces around the keyword, "
            f"in a query of at most {READ_AT_ONCE:,} characters.",
        )


def calls_service(query: str) -> bool:
    """Tell whether a query has the keyword SERVICE (SPARQL 1.1 Federated Query, section 2).

    Strings, IRIs, comments, variables and prefixed names may hold the word. A text is read twice: as it is, which
    is how pyoxigraph reads it, and with codepoint escapes resolved first (SPARQL 1.1 Query, section 19.2).
    """
    if "\\" not in query:
        return _calls(query)
    return any(_calls(text) for text in {query, unescape(query)})


def _calls(text: str) -> bool:
    """Tell whether the engine could read a call in a text.

    pyoxigraph wants no space around a keyword: `SERVICE:x {}`, `SERVICEx:y {}`, `SERVICESILENT<x> {}` and
    `trueSERVICE<x> {}` are calls to it. So a word with these letters in it is one, and a prefixed name in whose prefix
    they are is one before `{`, unless it names a graph. What cannot be read for sure is one too.
    """
    if "service" not in text.casefold():
        return False
    names_graph = may_call = False
    for token in tokens(text):
        if token.kind == "space":
            continue
        if token.kind in {"broken", "unclear"} or (may_call and token.is_mark("{")):
            return True
        if token.kind == "word" and "service" in token.text.casefold():
            return True
        prefix = token.text.partition(":")[0] if token.kind == "pname" and not names_graph else ""
        may_call, names_graph = "service" in prefix.casefold(), token.is_word("GRAPH")
    return False
