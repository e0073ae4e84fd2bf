"""Solutions as they travel: read from SPARQL results, written as VALUES into the text of a query.

Every term is written by the RDF library, which lets no IRI, literal or language tag through that is none; so no value
can end its own token.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from .result_terms import Term, read_term
from .results import RawTerm, read_results

UNDEF: Final = "UNDEF"
_ESCAPED_BACKSLASHES: Final = re.compile(r"(?<!\\)((?:\\\\)+)([uU])")


@dataclass(frozen=True)
class Solutions:
    """The variables of an answer, and for each solution the text of each term, or UNDEF.

    `notes` say what was mended or left out, as the ends of sentences about who sent it.
    """

    variables: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def read_solutions(body: bytes, charset: str = "") -> Solutions:
    """Read SPARQL results, in JSON or XML, and tolerate the usual mistakes in them.

    VALUES holds no blank node, so one becomes an IRI `urn:uuid:...`: the same for the same node of this answer, and for
    no other. A term that is none is mended, or its row is left out, and a note says so. Raises ValueError when the text
    is something else.
    """
    document = read_results(body, charset)
    if document.boolean is not None:
        raise ValueError("a truth value where rows were asked for")
    space = uuid.uuid4()
    variables = tuple(name for name in document.variables if _is_variable(name))
    rows: list[tuple[str, ...]] = []
    mended: list[str] = []
    odd: list[str] = []
    for raw in document.rows:
        try:
            row, found = _row(raw, variables, space)
        except ValueError as error:
            odd.append(str(error))
            continue
        rows.append(row)
        mended += found
    notes = []
    if odd:
        notes.append(f"{_counted(odd, 'row is', 'rows are')} left out, {'the first ' if odd[1:] else ''}since {odd[0]}")
    if mended:
        notes.append(f"{_counted(mended, 'term is', 'terms are')} mended: {'first ' if mended[1:] else ''}{mended[0]}")
    return Solutions(variables, tuple(rows), tuple(notes))


def write_values(variables: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return solutions as a VALUES block (SPARQL 1.1 Query, section 10)."""
    lines = "".join(f"({' '.join(row)})\n" for row in rows)
    return f"VALUES ({' '.join(f'?{name}' for name in variables)}) {{\n{lines}}}"


def can_be_sent(term: str) -> bool:
    """Tell whether an engine of SPARQL 1.1 can read the text of a term: not those that RDF 1.2 added."""
    return not term.startswith("<<") and not term.endswith(("--ltr", "--rtl"))


def _is_variable(name: str) -> bool:
    try:
        ox.Variable(name)
    except ValueError:
        return False
    return True


def _row(raw: RawTerm, variables: Sequence[str], space: uuid.UUID) -> tuple[tuple[str, ...], list[str]]:
    """Return the texts of a row, and what was mended in it. Raises ValueError where a term is none."""
    if not isinstance(raw, dict):
        raise ValueError(f"{str(raw)[:100]!r} is no row")  # noqa: TRY004 - the text is wrong, not a type
    texts, mended = [], []
    for name in variables:
        try:
            read = read_term(raw.get(name))
        except ValueError as error:
            raise ValueError(f"the value of ?{name}, {error}") from error
        texts.append(UNDEF if read.term is None else _text(read.term, space))
        if read.mended:
            mended.append(f"the value of ?{name}, {read.mended}")
    return tuple(texts), mended


def _text(term: Term, space: uuid.UUID) -> str:
    if isinstance(term, ox.BlankNode):
        return f"<{uuid.uuid5(space, term.value).urn}>"
    if isinstance(term, ox.Triple):
        return f"<<( {' '.join(_text(part, space) for part in term)} )>>"
    return _safe(str(term))


def literal(text: str) -> str:
    """Return a text without a language as a term that can be in VALUES."""
    return _safe(str(ox.Literal(text)))


def _safe(term: str) -> str:
    # Who resolves codepoint escapes first (SPARQL 1.1 Query, section 19.2) would take the u behind an escaped backslash
    # for the start of one.
    return _ESCAPED_BACKSLASHES.sub(lambda found: f"{found[1]}\\u{ord(found[2]):04x}", term)


def _counted(things: Sequence[object], one: str, several: str) -> str:
    return f"{len(things):,} {one if len(things) == 1 else several}"
