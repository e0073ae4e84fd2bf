"""Makes links of the names in a text: terms lead to the ontology, shapes to theirs, entities to their pages."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from markupsafe import Markup, escape

_NAME: Final = re.compile(r"\b([a-z][\w-]*):([A-Za-z0-9](?:[\w-]*\w)?)")
_PLACES: Final = {"akb": "/ontology#", "akbv": "/schemes#", "shape": "/shapes#"}


def linked(text: str, classes: Collection[str]) -> Markup:
    """Return a text with every name of ours in it made a link; all else is escaped.

    `classes` are the names of the page classes; without any, the names of entities and edges stay as they are, as those
    of an example that is made up do.
    """
    parts, end = [], 0
    own = {*_PLACES, *classes, *(("edge",) if classes else ())}
    for match in _NAME.finditer(text):
        prefix, local = match.groups()
        if prefix not in own:
            continue
        place = _PLACES.get(prefix, f"/{prefix}/") + local
        parts += [escape(text[end : match.start()]), Markup('<a href="{}">{}</a>').format(place, match[0])]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])
