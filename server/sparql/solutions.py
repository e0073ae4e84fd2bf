"""Solutions as they travel: read from SPARQL results in JSON, written as VALUES into the text of a query.

Every term is read and written by the RDF library, which lets no IRI, literal or language tag through that is none; so
no value can end its own token.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

UNDEF: Final = "UNDEF"
_ESCAPED_BACKSLASHES: Final = re.compile(r"(?<!\\)((?:\\\\)+)([uU])")


@dataclass(frozen=True)
class Solutions:
    """The variables of an answer, and for each solution the text of each term, or UNDEF."""

    variables: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_solutions(body: bytes) -> Solutions:
    """Read SPARQL results in JSON (SPARQL 1.1 Query Results JSON Format, section 3).

    VALUES holds no blank node, so one becomes an IRI `urn:uuid:...`: the same for the same node of this answer, and for
    no other. Raises ValueError when the text is something else, or holds a term of RDF 1.2.
    """
    space = uuid.uuid4()
    rows = []
    results = solution = None
    try:
        results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        if not isinstance(results, ox.QuerySolutions):
            raise ValueError("a truth value where rows were asked for")  # noqa: TRY004 - the text is wrong, not a type
        for solution in results:
            rows.append(tuple(_text(term, space) for term in solution))
        return Solutions(tuple(variable.value for variable in results.variables), tuple(rows))
    except SyntaxError as error:
        raise ValueError(str(error)) from error
    finally:
        # An error keeps its frames alive, and the engine's objects must not be let go of by another thread: so there is
        # no frame of a comprehension that has them, and this one lets go of them now.
        del results, solution


def write_values(variables: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return solutions as a VALUES block (SPARQL 1.1 Query, section 10)."""
    lines = "".join(f"({' '.join(row)})\n" for row in rows)
    return f"VALUES ({' '.join(f'?{name}' for name in variables)}) {{\n{lines}}}"


def _text(term: object, space: uuid.UUID) -> str:
    if term is None:
        return UNDEF
    if isinstance(term, ox.BlankNode):
        return f"<{uuid.uuid5(space, term.value).urn}>"
    if not isinstance(term, ox.NamedNode | ox.Literal):
        raise ValueError(f"a term that VALUES cannot hold: {term}")  # noqa: TRY004 - as above
    # Who resolves codepoint escapes first (SPARQL 1.1 Query, section 19.2) would take the u behind an escaped backslash
    # for the start of one.
    return _ESCAPED_BACKSLASHES.sub(lambda found: f"{found[1]}\\u{ord(found[2]):04x}", str(term))
