"""An answer that is cited: the query, the state over which it was asked, and the answer of then, at one address.

The address has all of it, so that nothing is stored for whoever asks: `query`, and in `at` the commit or the hash of
the state. It says how to cite the answer, and what has changed since.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect
from werkzeug.wrappers import Response as AnyResponse

from ...errors import QueryError, TooLargeError
from ...formats.nanopublications import Published, nanopublication
from ...formats.references import bibtex, csl_json, reference_line, ris
from ...namespaces import is_web_address
from ...records.answers import Answer, Difference, answer_of, difference
from ...records.citations import Author, Citation
from ...records.moments import BaseMoment
from ...records.sentences import sentence
from ...serialization import (
    BIBTEX,
    CSL,
    HTML,
    JSON,
    MARKDOWN,
    N_QUADS,
    QUAD_FORMATS,
    REFERENCE,
    REFERENCE_FORMATS,
    RIS,
    Format,
)
from ...sparql.guards import is_repeatable
from ...store.jobs import Job
from ...store.parsing import read_ntriples
from ...store.writing import write_nquads
from ...turtle.statements import statements
from ..current import current_application
from ..data.mementos import STATE, wanted_moment
from ..documents.documents import Document, document
from ..documents.markdown import page_markdown
from ..given.data import AnswerPage
from ..http.languages import page as render
from ..http.parameters import text
from ..open_release import OpenRelease
from ..past import moment_of

blueprint = Blueprint("answers", __name__)

PATH: Final = "/answers"
_MOST_ROWS: Final = 10_000
_MOST_BYTES: Final = 4_000_000
_SHOWN: Final = 100
"""How many rows of each kind the page shows."""
_FORMATS: Final = {"solutions": "tsv", "boolean": "json", "triples": "nt"}
_UNBOUND: Final = "<urn:x-akb:unbound>"
_LONGEST_TITLE: Final = 120


@dataclass(frozen=True)
class _Cited:
    """An answer, and all that is said of it."""

    query: str
    moment: BaseMoment
    state: str
    then: Answer
    now: Answer
    address: str
    """Its address at the canonical base."""

    @property
    def since(self) -> Difference:
        """What has changed since."""
        return difference(self.then, self.now)

    @property
    def title(self) -> str:
        """What the query is called: what its first line remarks, else how it begins."""
        lines = [line.strip() for line in self.query.splitlines() if line.strip()]
        first = next(iter(lines), "")
        words = first.lstrip("# ") if first.startswith("#") else " ".join(self.query.split())
        return words if len(words) <= _LONGEST_TITLE else f"{words[: _LONGEST_TITLE - 1]}…"


@blueprint.get("/answers")
@blueprint.get("/answers.<extension>")
def answers(extension: str | None = None) -> AnyResponse:
    """Return an answer over one state; lead to the address that names the state where the request does not."""
    current = current_application()
    release = current.release()
    query = text("query", release.queries.limits.characters)
    if not query.strip():
        abort(
            400,
            sentence(
                "Name a query in ?query=, and in &at= a commit, a date or a state; without it, it is that of now."
            ),
        )
    if not is_repeatable(query):
        raise QueryError(
            "Another evaluation of this query may give another answer, so its answer cannot be cited.",
            "leave out NOW, RAND, UUID, STRUUID, BNODE and SERVICE.",
        )
    at = text("at", 100).strip()
    moment = wanted_moment(current.past, release, at, {}) if at else moment_of(release.info)
    if at != moment.key:
        here = PATH if extension is None else f"{PATH}.{extension}"
        found = redirect(f"{here}?{urlencode({'query': query, 'at': moment.key})}", 302)
        # The next build may be of another state.
        found.headers["Cache-Control"] = "no-cache"
        return found
    past = current.past.release(release, moment)
    # Asked before anything is sent: what cannot be answered is an error, and no document.
    then = release.once(("cited", past.mark, query), lambda: _asked(past, query))
    now = release.once(("cited", release.mark, query), lambda: _asked(release, query))
    asked = urlencode({"query": query, "at": moment.key})
    cited = _Cited(query, moment, past.info.state, then, now, f"{release.namespaces.base}answers?{asked}")
    response = document(_document(release, cited, asked), extension, release)
    response.headers[STATE] = cited.state
    return response


def _asked(release: OpenRelease, query: str) -> Answer:
    """Return the whole answer to a query. Raises TooLargeError for one that is too long to be cited."""
    base = f"{release.namespaces.base}sparql"
    release.queries.limits.refuse_long(query)
    outcome = release.queries.run(Job(query, _FORMATS, base))
    if outcome.size > _MOST_BYTES:
        outcome.close()
        raise _too_large()
    written = outcome.text()
    if outcome.kind == "boolean":
        written = "true" if json.loads(written)["boolean"] else "false"
    found = answer_of(outcome.kind, written)
    if len(found.lines) > _MOST_ROWS:
        raise _too_large()
    return found


def _too_large() -> TooLargeError:
    return TooLargeError(
        sentence(
            "The answer has over %(most_rows)s rows or %(most_bytes)s MB: more than one cites.",
            most_rows=f"{_MOST_ROWS:,}",
            most_bytes=_MOST_BYTES // 10**6,
        ),
        sentence("ask for what you mean: add a condition, a LIMIT after an ORDER BY, or count."),
    )


def _document(release: OpenRelease, cited: _Cited, query: str) -> Document:
    formats = (HTML, N_QUADS, *(one for one in QUAD_FORMATS if one is not N_QUADS), MARKDOWN, JSON)
    reference = _citation(release, cited)

    def page() -> AnswerPage:
        return AnswerPage(
            query=cited.query,
            title=cited.title,
            moment=cited.moment,
            state=cited.state,
            then=cited.then,
            rows=_cells(release, cited.then, cited.then.lines[:_SHOWN]),
            gone=_cells(release, cited.then, cited.since.gone[:_SHOWN]),
            came=_cells(release, cited.then, cited.since.came[:_SHOWN]),
            since=cited.since,
            is_current=cited.moment.is_of(release.info),
            reference=reference_line(reference),
            bibtex=bibtex(reference),
            csl=csl_json(reference),
            address=cited.address,
            parameters=query,
            formats=[(one, f"{PATH}.{one.name}?{query}") for one in (*formats, *REFERENCE_FORMATS)],
            path=PATH,
        )

    def quads(chosen: Format) -> str | bytes:
        made = nanopublication(cited.then, _terms(cited.then), _published(release, cited))
        if chosen is N_QUADS:
            return made.nquads
        prefixes = {**release.namespaces.prefixes(), **_PREFIXES, "this": made.iri, "sub": f"{made.iri}/"}
        used = {prefix: iri for prefix, iri in prefixes.items() if f"<{iri}" in made.nquads}
        output = io.BytesIO()
        write_nquads(made.nquads, output, chosen, used)
        return output.getvalue()

    return Document(
        PATH,
        {
            HTML: lambda: render(page()),
            MARKDOWN: lambda: page_markdown("answer", page()),
            **{one: (lambda one=one: quads(one)) for one in QUAD_FORMATS},  # type: ignore[misc]
            JSON: lambda: _json(cited),
            BIBTEX: lambda: bibtex(reference),
            RIS: lambda: ris(reference),
            CSL: lambda: csl_json(reference),
            REFERENCE: lambda: reference_line(reference) + "\n",
        },
        query=query,
    )


_PREFIXES: Final = {
    "np": "http://www.nanopub.org/nschema#",
    "rs": "http://www.w3.org/2001/sw/DataAccess/tests/result-set#",
}


def _json(cited: _Cited) -> str:
    """Return an answer as JSON: lines are rows as in TSV, or triples as in N-Triples."""
    found: dict[str, Any] = {
        "query": cited.query,
        "at": f"{cited.moment.at:%Y-%m-%dT%H:%M:%SZ}",
        "revision": cited.moment.revision or None,
        "state": cited.state,
        "kind": cited.then.kind,
        "variables": cited.then.names,
        "lines": cited.then.lines,
        "sha256": cited.then.hash,
        "gone": cited.since.gone,
        "came": cited.since.came,
        "address": cited.address,
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _cells(release: OpenRelease, answer: Answer, lines: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Return the cells of lines of an answer as a page shows them: each a text, and the address to which it leads."""
    if answer.kind == "boolean":
        return [[(line, "")] for line in lines]
    if answer.kind == "solutions":
        return [[_cell(release, term) for term in line.split("\t")] for line in lines]
    return [[_cell(release, term) for term in triple] for triple in statements("\n".join(lines))]


def _cell(release: OpenRelease, term: str) -> tuple[str, str]:
    if not term.startswith("<") or term.startswith("<<"):
        return term, ""
    iri = term[1:-1]
    return release.namespaces.compact(iri), iri if is_web_address(iri) else ""


def _terms(answer: Answer) -> list[tuple[str, ...]]:
    """Return the rows of a SELECT, or the triples of a CONSTRUCT, with their terms as in N-Triples.

    Raises QueryError for triple terms, for which neither RDF 1.1 nor a nanopublication has a place.
    """
    if answer.kind == "boolean":
        return []
    cells = [line.split("\t") if answer.kind == "solutions" else line[:-2].split(" ", 2) for line in answer.lines]
    # Blank nodes are all alike by now; what is said of one is true of some thing each time.
    numbered = iter(range(1, sum(map(len, cells)) + 1))
    whole = [f"_:b{next(numbered)}" if cell == "_:" else cell or _UNBOUND for row in cells for cell in row]
    read = read_ntriples("".join(f"<urn:x> <urn:x> {cell} .\n" for cell in whole), keeps_labels=True)
    if not isinstance(read, str):
        raise QueryError(
            "The answer has a triple term, which has no place in a nanopublication.", "ask for its parts instead."
        )
    terms = iter("" if value == _UNBOUND else value for _, _, value in statements(read))
    return [tuple(next(terms) for _ in row) for row in cells]


def _published(release: OpenRelease, cited: _Cited) -> Published:
    header = release.header
    return Published(
        address=cited.address,
        title=cited.title,
        query=cited.query,
        dataset=release.site.dataset,
        at=f"{cited.moment.at:%Y-%m-%dT%H:%M:%SZ}",
        revision=cited.moment.revision,
        state=cited.state,
        publisher=header.publisher,
        licences=tuple(licence.iri for licence in header.licences),
    )


def _citation(release: OpenRelease, cited: _Cited) -> Citation:
    header = release.header
    moment = cited.moment
    return Citation(
        iri=f"{release.namespaces.base}answers/{cited.then.hash[:12]}",
        title=f"Answer to the query “{cited.title}”",
        authors=(Author(header.publisher_name, is_person=False),) if header.publisher_name else (),
        issued=f"{moment.at:%Y-%m-%d}",
        doi="",
        arxiv="",
        url=cited.address,
        container=f"{release.site.name}, state of {moment.name}, SHA-256 of the answer {cited.then.hash}",
    )
