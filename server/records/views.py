"""The views in which an answer can be shown, and what they draw."""

from __future__ import annotations

from typing import Final

from .sentences import sentence

VIEWS: Final = {
    "table": sentence("Table"),
    "bar": sentence("Bars"),
    "line": sentence("Line"),
    "scatter": sentence("Scatter"),
    "timeline": sentence("Timeline"),
    "graph": sentence("Graph"),
    "pivot": sentence("Pivot table"),
    "cards": sentence("Cards"),
}
"""The names of the views, and what pages call them."""
