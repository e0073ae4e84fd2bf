"""What other engines add to SPARQL, and what is asked here in its place.

Such a term is an IRI like any other, so that a query with one is valid, and finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .lexer import Token
from .prologue import Prologue

_SEARCH: Final = (
    "search for words by {search}, or at /search.json?q=WORDS; or filter the names: "
    'FILTER(CONTAINS(LCASE(STR(?label)), "word"))'
)
_LABELS: Final = 'ask for the name itself: OPTIONAL { ?item skos:prefLabel ?itemLabel FILTER(LANG(?itemLabel) = "en") }'
_LEAVE_OUT: Final = "leave it out: the engine here chooses its own way"
_ONLY_THERE: Final = "query the endpoint that has it, by itself"


@dataclass(frozen=True)
class Dialect:
    """The terms that an engine adds: how their IRIs begin, the prefix that people use, and what to do here."""

    engine: str
    prefix: str
    namespace: str
    instead: str

    def fault(self, *names: str) -> str:
        """Say what is wrong with terms of it in a query."""
        are = "are extensions" if len(names) > 1 else "is an extension"
        return f"{' and '.join(names)} {are} of {self.engine}, which this endpoint does not have"

    def hint(self, *names: str, words: str = "") -> str:
        """Say what is wrong with terms of it in a query, and what to do; `words` are those that are looked for."""
        return f"{self.fault(*names)}: {self.mend(words)}"

    def mend(self, words: str = "") -> str:
        """Say what to do."""
        return f"{self.instead.replace('{search}', search_for(words))}."


_DIALECTS: Final = (
    Dialect("Apache Jena", "text", "http://jena.apache.org/text#", _SEARCH),
    Dialect("Blazegraph", "bds", "http://www.bigdata.com/rdf/search#", _SEARCH),
    Dialect("Blazegraph", "hint", "http://www.bigdata.com/queryHints#", _LEAVE_OUT),
    Dialect("Blazegraph", "gas", "http://www.bigdata.com/rdf/gas#", "ask for what links two entities at /path.json"),
    Dialect("the query service of Wikidata", "bd", "http://www.bigdata.com/rdf#", _LABELS),
    Dialect("the query service of Wikidata", "wikibase", "http://wikiba.se/ontology#label", _LABELS),
    Dialect("the query service of Wikidata", "wikibase", "http://wikiba.se/ontology#mwapi", _SEARCH),
    Dialect("the query service of Wikidata", "wikibase", "http://wikiba.se/ontology#around", _ONLY_THERE),
    Dialect("the query service of Wikidata", "wikibase", "http://wikiba.se/ontology#box", _ONLY_THERE),
    Dialect("the query service of Wikidata", "mwapi", "https://www.mediawiki.org/ontology#API/", _SEARCH),
    Dialect("QLever", "ql", "http://qlever.cs.uni-freiburg.de/builtin-functions/", _SEARCH),
    Dialect("QLever", "textSearch", "https://qlever.cs.uni-freiburg.de/textSearch/", _SEARCH),
    Dialect("GraphDB", "luc", "http://www.ontotext.com/connectors/lucene#", _SEARCH),
    Dialect("GraphDB", "luc", "http://www.ontotext.com/owlim/lucene#", _SEARCH),
    Dialect("GraphDB", "elastic", "http://www.ontotext.com/connectors/elasticsearch#", _SEARCH),
    Dialect("GraphDB", "solr", "http://www.ontotext.com/connectors/solr#", _SEARCH),
    Dialect("GraphDB", "onto", "http://www.ontotext.com/fts", _SEARCH),
    Dialect("Virtuoso", "bif", "bif:", _SEARCH),
    Dialect("Virtuoso", "bif", "http://www.openlinksw.com/schemas/bif#", _SEARCH),
    Dialect("RDF4J", "search", "http://www.openrdf.org/contrib/lucenesail#", _SEARCH),
    Dialect("Stardog", "fts", "tag:stardog:api:search:", _SEARCH),
    Dialect("Stardog", "stardog", "tag:stardog:api:property:", _SEARCH),
    Dialect("AllegroGraph", "fti", "http://franz.com/ns/allegrograph/2.2/textindex/", _SEARCH),
    Dialect("Amazon Neptune", "neptune-fts", "http://aws.amazon.com/neptune/vocab/v01/services/fts", _SEARCH),
)
_WORD: Final = re.compile(r"\w[\w'-]*")
_OPERATORS: Final = frozenset({"AND", "OR", "NOT", "NEAR"})
_LONGEST: Final = 100
"""Characters of the words that are written into a hint."""
_NAMESPACES: Final = tuple(one.namespace for one in _DIALECTS)


def dialect_of(iri: str) -> Dialect | None:
    """Return the dialect that an IRI is a term of, or None."""
    return next((one for one in _DIALECTS if iri.startswith(one.namespace)), None)


def dialect_of_prefix(name: str) -> Dialect | None:
    """Return the dialect of a name whose prefix is not declared, by what people call it, or None."""
    prefix, _, local = name.partition(":")
    same = [one for one in _DIALECTS if one.prefix == prefix]
    exact = (one for one in same if one.namespace.endswith(f"#{local}"))
    return next(exact, same[0] if same and prefix != "wikibase" else None)


def may_have_foreign_terms(query: str) -> bool:
    """Tell whether a query may hold terms of another engine; one of which this is not true has none."""
    # One after the other is quicker than a pattern of all, which is tried at each character.
    return any(map(query.__contains__, _NAMESPACES))


def foreign_terms(cut: Iterable[Token], prologue: Prologue) -> dict[Dialect, list[str]]:
    """Return the dialects of which a query has terms, each with these terms as they are written there."""
    found: dict[Dialect, list[str]] = {}
    for token in cut:
        if token.start < prologue.end or token.kind not in {"iri", "pname"}:
            continue
        dialect = dialect_of(prologue.iri(token) or "")
        if dialect is not None and token.text not in found.setdefault(dialect, []):
            found[dialect].append(token.text)
    return found


def search_for(words: str) -> str:
    """Return the block that searches here for what another engine is asked for, in the syntax of Lucene or plain."""
    plain = " ".join(word for word in _WORD.findall(words) if word not in _OPERATORS)[:_LONGEST]
    return f'SERVICE akb:search {{ ?item akb:matches "{plain or "words"}" }}'


def words_after(cut: Iterable[Token], name: str) -> str:
    """Return the first string behind a term in a query, which is what its search is for; empty where there is none."""
    is_behind = False
    for token in cut:
        if is_behind and token.kind == "string":
            return token.text.strip("\"'")
        is_behind = is_behind or token.text == name
    return ""
