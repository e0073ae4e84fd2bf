"""The views in which an answer can be shown, and what they draw."""

from __future__ import annotations

from typing import Final

VIEWS: Final = {
    "table": "Table",
    "bar": "Bars",
    "line": "Line",
    "scatter": "Scatter",
    "timeline": "Timeline",
    "graph": "Graph",
    "pivot": "Pivot table",
    "cards": "Cards",
}
"""The names of the views, and what pages call them."""
