"""What the plain formats have in common: how JSON, CSV and Markdown are written."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ..records.evidence import AGAINST, FOR, Weight
from ..records.pages import EntityRef, Fact, Link
from .texts import isolated

_MARKUP: Final = re.compile(r"[\\`*_\[\]<>|#~]|&(?=#?\w+;)")
_FIRST: Final = re.compile(r"^(?:[-+=]|\d+(?=[.)]))")


def write_json(value: Mapping[str, object]) -> str:
    """Return a record as JSON, with non-ASCII letters as they are."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows below a header line as CSV (RFC 4180)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def ref_record(ref: EntityRef) -> dict[str, Any]:
    """Return an entity as others mention it, without its definition."""
    return {"id": ref.curie, "iri": ref.iri, "class": ref.class_name, "label": ref.label}


def weight_record(weight: Weight | None) -> dict[str, Any] | None:
    """Return how much speaks for something and against it; None where nothing is said about that."""
    if weight is None or not weight.items:
        return None
    return {
        **weight.counts,
        "contested": weight.is_contested,
        "newest": weight.newest or None,
        "weightFor": float(weight.total(FOR)),
        "weightAgainst": float(weight.total(AGAINST)),
    }


def fact_records(facts: Iterable[Fact]) -> list[dict[str, str]]:
    """Return what an edge says beside its note: of a code, its notation too."""
    return [
        {"property": one.property, "name": one.name, "value": one.value, **({"code": one.code} if one.code else {})}
        for one in facts
    ]


def facts_in_line(facts: Iterable[Fact]) -> str:
    """Return what an edge says beside its note, in one cell of a table."""
    return "; ".join(f"{one.name}: {one.value}" for one in facts)


def said_of(link: Link) -> dict[str, Any]:
    """Return where an edge stands in its source, where it was read, and what else it says."""
    return {
        "version": link.version or None,
        "versionAddress": link.version_address or None,
        "locator": link.locator or None,
        "readAt": list(link.read_at),
        "facts": fact_records(link.facts),
    }


def link_record(link: Link) -> dict[str, Any]:
    """Return an edge as it is seen from one of its ends."""
    return {
        "id": link.edge,
        "predicate": link.predicate,
        "notation": link.notation,
        "direction": link.direction,
        "note": link.note,
        "source": ref_record(link.source) if link.source else None,
        **said_of(link),
        "confidence": float(link.confidence) if link.confidence else None,
        "status": link.status,
    }


def markdown_text(text: str) -> str:
    """Return a text as one line of Markdown that reads as it is (CommonMark, section 2.4)."""
    line = _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
    # The first character could make a list or a heading.
    line = _FIRST.sub(lambda found: found[0] + "\\" if found[0][0].isdigit() else "\\" + found[0], line)
    return isolated(line)


def markdown_block(text: str, language: str = "") -> str:
    """Return a text as a code block, fenced by more backticks than it has in a row (CommonMark, section 4.5)."""
    fence = "`" * max(3, max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def markdown_code(text: str) -> str:
    """Return a text as a code span, fenced by more backticks than it holds (CommonMark, section 6.1)."""
    line = " ".join(text.split())
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}" if line else ""
