"""The candidates as triples: what a build writes into `graph:similarity`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ..namespaces import AKB, AKBV, RDF, XSD, Namespaces
from ..records.candidates import Candidate, Thresholds
from ..sparql.queries import quoted

_TYPE: Final = f"<{RDF}type> <{AKB}SimilarityCandidate>"


def candidate_blocks(candidates: Iterable[Candidate], thresholds: Thresholds, namespaces: Namespaces) -> dict[str, str]:
    """Return the N-Triples about each candidate by its IRI, and by that of the graph by what it was measured.

    They are written as a store returns them.
    """
    blocks = {f"{namespaces.graph}similarity": _measured(thresholds)}
    blocks.update((f"{namespaces.candidate}{one.id}", _candidate(one)) for one in candidates)
    return {
        subject: "".join(f"<{subject}> {statement} .\n" for statement in statements)
        for subject, statements in blocks.items()
    }


def _measured(thresholds: Thresholds) -> Iterator[str]:
    yield f"<{AKB}labelThreshold> {_decimal(thresholds.label_threshold)}"
    if thresholds.threshold is not None:
        yield f"<{AKB}embedding> {quoted(thresholds.model)}"
        yield f"<{AKB}similarityThreshold> {_decimal(thresholds.threshold)}"


def _candidate(candidate: Candidate) -> Iterator[str]:
    known = candidate.signals
    yield _TYPE
    yield f"<{AKB}member> <{candidate.first}>"
    yield f"<{AKB}member> <{candidate.second}>"
    yield f"<{AKB}labelScore> {_decimal(known.label)}"
    yield f"<{AKB}sharedScore> {_decimal(known.shared)}"
    yield f'<{AKB}sharesIdentifier> "{str(known.identifier).lower()}"^^<{XSD}boolean>'
    yield f"<{AKB}worth> {_decimal(candidate.worth)}"
    yield f"<{AKB}candidateState> <{AKBV}{candidate.state}>"
    if known.cosine is not None:
        yield f"<{AKB}similarityScore> {_decimal(known.cosine)}"
        yield f"<{AKB}embedding> {quoted(candidate.model)}"
    if known.corrected is not None:
        yield f"<{AKB}correctedScore> {_decimal(known.corrected)}"


def told(number: float) -> str:
    """Return a number as the canonical xsd:decimal (XML Schema 1.1, part 2, E.2); four places tell candidates apart."""
    text = f"{number:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _decimal(number: float) -> str:
    return f'"{told(number)}"^^<{XSD}decimal>'
