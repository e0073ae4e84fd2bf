"""What a public query may not do: reach out to other hosts. And what it does that makes its answer a new one each time.

pyoxigraph follows SERVICE to any address, without a limit of time; so a query that calls it is not run. Calls that the
policy allows are answered before (`server/federation`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from string import ascii_lowercase
from typing import Final

from ..errors import ForbiddenQueryError, QueryError
from .lexer import Token, tokens, unescape

READ_AT_ONCE: Final = 20_000
"""Characters: a longer text is cut in tokens only where that can be stopped, since it takes 10 ms or more."""
DEEPEST: Final = 100
"""How deep brackets and negations may nest: the engine reads them by recursion, and its stack ends at about 1,500."""
_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")
_SERVICE: Final = re.compile("service", re.IGNORECASE)


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


def guarded(query: str, prefixes: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """Return a query that the engine cannot read as a call, and the prefixes that it needs, from those it has.

    The engine wants no space around a keyword, so it may take the name `service:x` before `{` for a call of `:x`. So a
    prefix with these letters in it gets another name, of the same length: places in the text remain what they are.
    Raises ForbiddenQueryError when the query calls another endpoint: an engine never does so by itself.
    """
    if "service" not in query.casefold():
        return query, prefixes
    cut = [*tokens(query)]
    if any(map(_is_call, cut)):
        raise ForbiddenQueryError(
            "SERVICE is not supported at this place, or in this form.",
            "write it as a pattern of a group, `SERVICE <endpoint> { ... }`, with spaces around the keyword, "
            f"in a query of at most {READ_AT_ONCE:,} characters.",
        )
    alike = {token.text.partition(":")[0] for token in cut if token.kind == "pname"}
    names = _other_names({name for name in alike if "service" in name.casefold()}, query, prefixes)
    parts = []
    for token in cut:
        prefix, colon, local = token.text.partition(":")
        parts.append(names.get(prefix, prefix) + colon + local if token.kind == "pname" else token.text)
    return "".join(parts), {**prefixes, **{names[name]: iri for name, iri in prefixes.items() if name in names}}


def _other_names(alike: Collection[str], query: str, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return for each prefix another of the same length that nobody uses, and that has not the letters of SERVICE."""
    names: dict[str, str] = {}
    for prefix in alike:
        for letter in ascii_lowercase:
            other = _SERVICE.sub(letter * len("service"), prefix)
            if f"{other}:" not in query and other not in prefixes and other not in names.values():
                names[prefix] = other
                break
        else:
            raise ForbiddenQueryError(
                f"It is ambiguous how to read the prefix {prefix}: beside so many others.", "give it another name."
            )
    return names


def calls_service(query: str) -> bool:
    """Tell whether a query has the keyword SERVICE (SPARQL 1.1 Federated Query, section 2).

    Strings, IRIs, comments, variables and prefixed names may hold the word. pyoxigraph wants no space around a keyword:
    `SERVICESILENT<x> {}` and `trueSERVICE<x> {}` are calls to it. So a word with these letters in it counts, and so
    does what cannot be read for sure.
    """
    return "service" in query.casefold() and any(map(_is_call, tokens(query)))


def _is_call(token: Token) -> bool:
    return token.kind in {"broken", "unclear"} or (token.kind == "word" and "service" in token.text.casefold())


def may_call_service(query: str) -> bool:
    """Tell whether any engine could read a call in a query.

    Ours resolves codepoint escapes in strings and IRIs only, and SPARQL 1.2 wants it so; another one may resolve all of
    them first (SPARQL 1.1 Query, section 19.2), so that one in a string can end it.
    """
    return calls_service(query) or ("\\" in query and calls_service(unescape(query)))
