"""A difference as one JSON object, for programs; docs/reviewing.md names its keys."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from ...engine import engine_version
from ..records import Difference, NodeChange, PropertyChange, Value
from .wording import summary


def render(difference: Difference) -> str:
    """Return all that differs, each change with its old and new values, and the statements themselves."""
    document = {
        "tool": {"name": "akb", "version": engine_version()},
        "before": difference.before,
        "after": difference.after,
        "differs": bool(difference),
        "summary": summary(difference),
        "entities": [_node(node) for node in difference.entities],
        "edges": [asdict(edge) | {"properties": _properties(edge.properties)} for edge in difference.edges],
        "ontology": [_node(node) for node in difference.ontology],
        "shapes": [_node(node) for node in difference.shapes],
        "files": [asdict(file) for file in difference.files],
        "unread": [asdict(unread) for unread in difference.unread],
        "statements": {"removed": difference.removed, "added": difference.added},
    }
    return json.dumps(document, indent=2, ensure_ascii=False).encode(errors="backslashreplace").decode() + "\n"


def _node(node: NodeChange) -> dict[str, Any]:
    return asdict(node) | {"properties": _properties(node.properties)}


def _properties(properties: tuple[PropertyChange, ...]) -> list[dict[str, Any]]:
    return [
        {
            "property": one.property,
            "removed": [_value(value) for value in one.removed],
            "added": [_value(value) for value in one.added],
            "follows": one.follows,
        }
        for one in properties
    ]


def _value(value: Value) -> dict[str, str]:
    """Leave out what a value does not have."""
    return {key: part for key, part in asdict(value).items() if part or key == "text"}
