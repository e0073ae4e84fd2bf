"""The one table of formats: the command line, the documentation and the tests read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ..records import Difference
from . import html, json, markdown, text

FORMATS: Final[Mapping[str, Callable[[Difference], str]]] = {
    "text": text.render,
    "markdown": markdown.render,
    "json": json.render,
    "html": html.render,
}
