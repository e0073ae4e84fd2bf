"""What the author of a query should know that is valid, but may contain a mistake: it finds less than was meant."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from ...guessing import nearest
from ...namespaces import AKB, Namespaces
from ...records.dataset import Part
from ...schema.schema import Schema
from ...sparql.characters import odd_characters
from ...sparql.dialects import foreign_terms, may_have_foreign_terms, words_after
from ...sparql.explaining import position
from ...sparql.guards import READ_AT_ONCE
from ...sparql.lexer import Token, tokens
from ...sparql.prologue import Prologue, read_prologue
from ..open_release import OpenRelease
from .description import summary_of

_MOST: Final = 5
"""How many terms are hinted at: what is near to each is looked for among all terms of the ontology."""
_ALIKE: Final = 80
"""From which similarity of 100 on one name is a misspelling of another."""
_NONE: Final = Token("mark", "", 0)
_OWN_NAMES: Final = re.compile(r"akb:\w+")


def hints_of(query: str, release: OpenRelease, *, is_empty: bool, calls_peers: bool = False) -> tuple[str, ...]:
    """Return sentences about a query that ran, which is `is_empty` when it found nothing."""
    if len(query) > READ_AT_ONCE:
        return ()
    services = [search.name for search in release.federation.searches.values()]
    hints = [*misspelt_terms(query, release.schema, release.namespaces, services)]
    if not query.isascii():
        hints += _odd_terms(query)
    if calls_peers:
        # What is asked of a peer may be in its dialect.
        return tuple(hints)
    if may_have_foreign_terms(query):
        prologue = read_prologue(query, release.namespaces.prefixes(), None)
        cut = [*tokens(query)]
        for one, names in foreign_terms(cut, prologue).items():
            hints.append(one.hint(*names[:_MOST], words=words_after(cut, names[-1])))
    if is_empty:
        hints += _near_misses(query, release)
    if is_empty and ('"' in query or "'" in query):
        hints += _wrong_literals(query, release)
    return tuple(hints)


def misspelt_terms(query: str, schema: Schema, namespaces: Namespaces, services: Iterable[str] = ()) -> Iterator[str]:
    """Yield a sentence for each class or property in a query that has an IRI of ours and is not in the ontology.

    `services` are the local names of what SERVICE may name beside.
    """
    known = schema.curies.union(f"akb:{name}" for name in services)
    # Most queries name only what exists; those are not cut into tokens.
    if AKB not in query.replace(f"akb: <{AKB}>", "") and known.issuperset(_OWN_NAMES.findall(query)):
        return
    prologue = read_prologue(query, namespaces.prefixes(), None)
    wrong: set[str] = set()
    for token in tokens(query):
        if token.kind not in {"iri", "pname"} or token.start < prologue.end:
            continue
        iri = prologue.iri(token) or ""
        name = f"akb:{iri.removeprefix(AKB)}"
        if not iri.startswith(AKB) or iri == AKB or name in known or name in wrong:
            continue
        wrong.add(name)
        best = nearest(name, known)
        written = token.text if token.kind == "pname" else name
        yield f"{written} is not in the ontology" + (f"; did you mean {best}?" if best else ".")
        if len(wrong) == _MOST:
            return


def names_in_use(release: OpenRelease) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the classes and the properties in the data, as queries write them; those of ours come first."""

    def names(parts: Iterable[Part]) -> tuple[str, ...]:
        ordered = sorted((part.iri for part in parts), key=lambda iri: (not iri.startswith(AKB), iri))
        return tuple(map(release.namespaces.compact, ordered))

    # The build has counted them.
    summary = summary_of(release)
    return release.once(("names in use",), lambda: (names(summary.classes), names(summary.properties)))


def _near_misses(query: str, release: OpenRelease) -> Iterator[str]:
    """Yield a sentence for each name of another vocabulary that is not in the data, while one that is like it is."""
    known = {*itertools.chain(*names_in_use(release))}
    prologue = read_prologue(query, release.namespaces.prefixes(), None)
    wrong: set[str] = set()
    for token in tokens(query):
        if token.kind not in {"iri", "pname"} or token.start < prologue.end:
            continue
        name = release.namespaces.compact(prologue.iri(token) or "")
        prefix, colon, local = name.partition(":")
        if name in known or name in wrong or prefix == "akb" or not local:
            continue
        alike = [one.removeprefix(prefix + colon) for one in known if one.startswith(prefix + colon)]
        if best := nearest(local, alike, _ALIKE):
            wrong.add(name)
            yield f"{token.text} is nowhere in the data; did you mean {prefix}:{best}?"
        if len(wrong) == _MOST:
            return


def _odd_terms(query: str) -> Iterator[str]:
    """Yield a sentence for each name and IRI with a character in it that its author does not see."""
    odd = (one for one in odd_characters(tokens(query)) if one.kind != "mark")
    for one in islice(odd, _MOST):
        line, column = position(query, one.offset)
        yield f"Line {line}, column {column}: there is {one.name} in a name, which makes it another one; {one.mend}"


def _wrong_literals(query: str, release: OpenRelease) -> Iterator[str]:
    """Yield a sentence for each literal that is no value here, while its text with another language or datatype is."""
    languages = ("en", *release.languages.tags)
    for written in islice(_literals(query, release.namespaces), _MOST):
        others = [_shown(one, release.namespaces) for one in release.local.same_text(written, languages)]
        if others:
            yield (
                f"No value here is {written}, but there is {' and '.join(others)}. A text with a language or a "
                f"datatype differs from one without: write {others[0]}, or compare STR() of the value."
            )


def _shown(literal: str, namespaces: Namespaces) -> str:
    """Return a literal with the name of its datatype in short."""
    text, carets, datatype = literal.rpartition("^^")
    return f"{text}{carets}{namespaces.written(datatype[1:-1])}" if literal.endswith(">") else literal


def _literals(query: str, namespaces: Namespaces) -> Iterator[str]:
    """Yield the different literals of a query that begin with a quote, each with its language or datatype."""
    cut = [token for token in tokens(query) if token.kind != "space"]
    seen: set[str] = set()
    prologue: Prologue | None = None
    for at, token in enumerate(cut):
        if token.kind != "string":
            continue
        after = [*cut[at + 1 : at + 4], _NONE, _NONE, _NONE]
        suffix = after[0].text if after[0].kind == "langtag" else ""
        if after[0].is_mark("^") and after[1].is_mark("^"):
            prologue = prologue or read_prologue(query, namespaces.prefixes(), None)
            suffix = f"^^<{prologue.iri(after[2])}>"
        if (written := token.text + suffix) not in seen:
            seen.add(written)
            yield written
