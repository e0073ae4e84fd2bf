"""Makes links of the names in a text: terms lead to the ontology, shapes to theirs, entities to their pages."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

from ...namespaces import PAGE_CLASSES

_NAME: Final = re.compile(rf"\b(akb|akbv|shape|edge|{'|'.join(PAGE_CLASSES)}):([A-Za-z0-9](?:[\w-]*\w)?)")
_PLACES: Final = {"akb": "/ontology#", "akbv": "/schemes#", "shape": "/shapes#"}


def linked(text: str) -> Markup:
    """Return a text with every name of ours in it made a link; all else is escaped."""
    parts, end = [], 0
    for match in _NAME.finditer(text):
        prefix, local = match.groups()
        place = _PLACES.get(prefix, f"/{prefix}/") + local
        parts += [escape(text[end : match.start()]), Markup('<a href="{}">{}</a>').format(place, match[0])]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])
