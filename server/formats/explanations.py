"""Why a statement holds, as JSON and as plain text."""

from __future__ import annotations

from typing import Any

from ..records.explanations import Explanation, Statement
from .writing import link_record, write_json


def explanation_json(explanation: Explanation) -> str:
    """Return an explanation as JSON: the statement, the steps of its proof, and what all of it rests on."""
    return write_json(
        {
            "statement": _record(explanation.statement),
            "stands_in": explanation.graph,
            "steps": [
                {
                    "rule": step.rule,
                    "meaning": step.meaning,
                    "premises": [_record(one) for one in step.premises],
                    "axioms": [_record(one) for one in step.axioms],
                    "conclusion": _record(step.conclusion),
                }
                for step in explanation.steps
            ],
            "asserted": [
                {**_record(one), "edges": [link_record(link) for link in one.edges]} for one in explanation.asserted
            ],
        }
    )


def explanation_text(explanation: Explanation, files: dict[tuple[str, str, str], str] | None = None) -> str:
    """Return an explanation as lines of text. `files` says where statements are asserted, as far as is known."""
    lines = [f"{explanation.statement.text}."]
    for number, step in enumerate(explanation.steps, 1):
        lines += ["", f"{number}. {step.conclusion.text}.", f"   by {step.rule}: {step.meaning}."]
        lines += [f"   from {one.text}." for one in step.premises]
        lines += [f"   and the ontology: {one.text}." for one in step.axioms]
    lines += ["", "This is in the ontology." if explanation.graph == "ontology" else "Asserted:"]
    for one in explanation.asserted if explanation.graph != "ontology" else ():
        file = (files or {}).get(one.triple, "")
        lines.append(f"  {one.text}." + (f" In {file}." if file else ""))
        for link in one.edges:
            by = f" by {link.source.label} ({link.source.curie})" if link.source else ""
            lines.append(f"    {link.edge}{by}")
    return "\n".join(lines) + "\n"


def _record(statement: Statement) -> dict[str, Any]:
    subject, predicate, value = statement.triple
    return {"subject": subject, "predicate": predicate, "object": value, "text": statement.text}
