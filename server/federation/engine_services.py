"""SERVICE with the name of what only one engine has in itself, such as the labels of Wikidata: what to write instead.

Queries are copied from the help of Wikidata. There `SERVICE wikibase:label` calls nobody: it is a part of that engine
(Blazegraph), works only where the engine reads the whole query, and its prefix is declared for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ..errors import ForbiddenQueryError
from ..sparql.dialects import search_for
from ..sparql.lexer import Token, tokens
from ..sparql.prologue import read_prologue

_WIKIBASE: Final = "http://wikiba.se/ontology#"
_NAMESPACES: Final[Mapping[str, str]] = {
    "wikibase": _WIKIBASE,
    "bd": "http://www.bigdata.com/rdf#",
    "gas": "http://www.bigdata.com/rdf/gas#",
    "mwapi": "https://www.mediawiki.org/ontology#API/",
}
"""The prefixes that Wikidata declares for the services in its engine."""
_RDFS: Final = "<http://www.w3.org/2000/01/rdf-schema#label>"
"""The label property in Wikidata, as a full IRI, since the query may not declare its prefix."""
_MOST: Final = 3
_LANGUAGE: Final = re.compile(r"[A-Za-z]+(?:-[A-Za-z0-9]+)*")


def refuse_engine_services(query: str, prefixes: Mapping[str, str], *, can_search: bool = False) -> None:
    """Raise ForbiddenQueryError, with what works instead, for a SERVICE that is a part of another engine.

    `can_search` says whether queries can search here.
    """
    prologue = read_prologue(query, {**_NAMESPACES, **prefixes}, None)
    for name, is_inside in _names(query):
        iri = prologue.iri(name) or ""
        if not iri.startswith(tuple(_NAMESPACES.values())):
            continue
        if iri == f"{_WIKIBASE}label":
            where, label = ("in the SERVICE block of Wikidata", _RDFS) if is_inside else ("itself", "skos:prefLabel")
            raise ForbiddenQueryError(
                f"SERVICE {name.text} is a part of Wikidata's own engine, which labels what is in a query that it has "
                "as a whole.",
                f"leave that block out, and ask for each label {where}: {_labels(query, label)}",
            )
        elsewhere = (
            "send that part to https://query.wikidata.org/sparql by itself, and put what it finds here as VALUES."
        )
        searches = can_search and iri == f"{_WIKIBASE}mwapi" and not is_inside
        raise ForbiddenQueryError(
            f"SERVICE {name.text} is a part of Wikidata's own engine, which answers it in a query that it has as a "
            "whole.",
            f"search this base by {search_for(_words_in(query))}; or {elsewhere}" if searches else elsewhere,
        )


def _names(query: str) -> Iterator[tuple[Token, bool]]:
    """Yield the names behind SERVICE, and whether each is in the block of another SERVICE."""
    is_next = begins = False
    blocks: list[bool] = []
    for token in tokens(query):
        if token.kind == "space" or (is_next and token.is_word("SILENT")):
            continue
        if is_next and token.kind in {"iri", "pname"}:
            yield token, any(blocks)
        if token.is_mark("{"):
            blocks.append(begins)
        elif token.is_mark("}") and blocks:
            blocks.pop()
        begins = is_next
        is_next = token.is_word("SERVICE")


def _labels(query: str, label: str) -> str:
    """Return patterns that find the labels which the query wants, by the names that the label service has for them."""
    variables = {token.text[1:] for token in tokens(query) if token.kind == "var"}
    wanted = sorted(name for name in variables if name.endswith("Label") and name.removesuffix("Label") in variables)
    language = _language(query)
    things = [name.removesuffix("Label") for name in wanted][:_MOST] or ["item"]
    return " ".join(
        f'OPTIONAL {{ ?{name} {label} ?{name}Label FILTER(LANG(?{name}Label) = "{language}") }}' for name in things
    )


def _language(query: str) -> str:
    """Return the first language that the label service is asked for; English where it says none."""
    is_next = False
    for token in tokens(query):
        if is_next and token.kind == "string":
            # [AUTO_LANGUAGE] is put in by Wikidata's own page.
            names = (part.strip() for part in token.text.strip("\"'").split(","))
            return next((name for name in names if _LANGUAGE.fullmatch(name) and name != "mul"), "en")
        is_next = (token.kind == "pname" and token.text.endswith(":language")) or (is_next and token.kind == "space")
    return "en"


def _words_in(query: str) -> str:
    """Return what the search of Wikidata's own engine is asked for; empty where that is not plain."""
    is_next = False
    for token in tokens(query):
        if is_next and token.kind == "string":
            return token.text.strip("\"'")
        named = token.kind == "pname" and token.text in {"mwapi:search", "mwapi:srsearch"}
        is_next = named or (is_next and token.kind == "space")
    return ""
