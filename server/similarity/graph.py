"""The candidates as triples: what the build loads into `graph:similarity`."""

from __future__ import annotations

from collections.abc import Iterable

from ..namespaces import AKB, AKBV, XSD, Namespaces
from ..records.candidates import Candidate, Thresholds


def candidates_turtle(candidates: Iterable[Candidate], thresholds: Thresholds, namespaces: Namespaces) -> str:
    """Return the candidates, and by what they were measured, which is said of the graph itself."""
    blocks = [_thresholds(thresholds, f"<{namespaces.graph}similarity>")]
    blocks += (_candidate(candidate, f"<{namespaces.candidate}{candidate.id}>") for candidate in candidates)
    return f"@prefix akb: <{AKB}> .\n@prefix akbv: <{AKBV}> .\n@prefix xsd: <{XSD}> .\n" + "".join(blocks)


def _thresholds(thresholds: Thresholds, name: str) -> str:
    said = f"{name} akb:labelThreshold {_decimal(thresholds.label_threshold)} .\n"
    if thresholds.threshold is not None:
        said += f"{name} akb:embedding {_string(thresholds.model)} .\n"
        said += f"{name} akb:similarityThreshold {_decimal(thresholds.threshold)} .\n"
    return said


def _candidate(candidate: Candidate, name: str) -> str:
    known = candidate.signals
    said = [
        "a akb:SimilarityCandidate",
        f"akb:member <{candidate.first}>, <{candidate.second}>",
        f"akb:labelScore {_decimal(known.label)}",
        f"akb:sharedScore {_decimal(known.shared)}",
        f"akb:sharesIdentifier {str(known.identifier).lower()}",
        f"akb:worth {_decimal(candidate.worth)}",
        f"akb:candidateState akbv:{candidate.state}",
    ]
    if known.cosine is not None:
        said += [f"akb:similarityScore {_decimal(known.cosine)}", f"akb:embedding {_string(candidate.model)}"]
    if known.corrected is not None:
        said.append(f"akb:correctedScore {_decimal(known.corrected)}")
    return f"{name} {' ; '.join(said)} .\n"


def _decimal(number: float) -> str:
    """Return a number as Turtle writes an xsd:decimal; four places tell candidates apart."""
    return f"{number:.4f}"


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
