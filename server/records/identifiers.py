"""Identifiers of others, and the ways in which people write them: DOIs, arXiv ids, Wikidata ids, and addresses."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

_DOI: Final = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|info:doi/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ARXIV: Final = re.compile(
    r"(?:https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:\s*|(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?10\.48550/arxiv\.)?"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?",
    re.IGNORECASE,
)
_WIKIDATA: Final = re.compile(
    r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:entity|wiki)/|wd:|wikidata:)?(Q[1-9]\d*)(?:#.*)?", re.IGNORECASE
)
_ENTITY: Final = "http://www.wikidata.org/entity/"


def keys_of(text: str) -> list[str]:
    """Return the keys under which a text could be known, the surest first."""
    keys = [text]
    text = unquote(text)
    keys.append(text)
    if arxiv := _ARXIV.fullmatch(text):
        keys.append(f"arxiv:{arxiv[1].lower()}")
    if doi := _DOI.fullmatch(text):
        keys.append(f"doi:{doi[1].lower()}")
    if wikidata := _WIKIDATA.fullmatch(text):
        keys.append(f"{_ENTITY}{wikidata[1].upper()}")
    return keys


def keys_at(address: str) -> list[str]:
    """Return the keys of what an address identifies; none for an address of nothing that is known here."""
    return keys_of(address)[2:] if address.startswith(("http://", "https://")) else []
