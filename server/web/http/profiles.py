"""How much of an entity a description holds, and in whose words: W3C's Content Negotiation by Profile.

A profile is asked for by the header `Accept-Profile`, or in the address by `_profile`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Request

from ...namespaces import CANONICAL_BASE, SCHEMA

HEADER: Final = "Accept-Profile"
PARAMETER: Final = "_profile"


@dataclass(frozen=True)
class Profile:
    """A profile: its token, which is used in addresses, its IRIs (the first is the one that an answer names)."""

    name: str
    iris: tuple[str, ...]
    label: str
    definition: str
    version: str = ""
    """The version of RDF in which alone it can be written; empty for any."""

    @property
    def iri(self) -> str:
        """The IRI by which an answer names the profile."""
        return self.iris[0]


EDGES: Final = Profile(
    "edges",
    (f"{CANONICAL_BASE}profiles#edges",),
    "Record with edges",
    "The record, with the node of each edge that touches the entity: its note, its source, how sure it is.",
)
RECORD: Final = Profile(
    "record",
    (f"{CANONICAL_BASE}profiles#record",),
    "Record",
    "What is said of the entity itself, the plain triples that join it to others, and the names of those.",
)
SCHEMA_ORG: Final = Profile(
    "schema",
    (SCHEMA, "https://schema.org/", "https://schema.org", "http://schema.org"),
    "schema.org",
    "What can be said of the entity and of its neighbours in the words of schema.org.",
)
REIFIERS: Final = Profile(
    "reifiers",
    (f"{CANONICAL_BASE}profiles#reifiers",),
    "Record with edges, in RDF 1.2",
    "The record with edges, in which the node of each edge is the reifier of the triple that it explains.",
    version="1.2",
)
PROFILES: Final = (EDGES, RECORD, SCHEMA_ORG, REIFIERS)
"""The profiles of an entity; the first is for a client without a wish."""

_MEMBER = re.compile(r"(?:<([^<>]*)>|([^\s,;<>\"]+))\s*((?:;[^,]*)?)")
_WEIGHT = re.compile(r";\s*q\s*=\s*\"?((?:0|1)?(?:\.\d*)?)\"?\s*(?:;|$)", re.IGNORECASE)


def profile_named(value: str, profiles: Sequence[Profile] = PROFILES) -> Profile | None:
    """Return the profile that has this token or IRI, or None."""
    return next((one for one in profiles if value == one.name or value in one.iris), None)


def profiles_by_preference(request: Request, profiles: Sequence[Profile]) -> list[Profile]:
    """Return the profiles that a client takes, the one it wants most first.

    What it did not name comes after what it did, in the order of `profiles`: a client that asks for a profile that we
    do not have gets the default. What it excludes by `q=0` is left out.
    """
    weights: dict[Profile, float] = {}
    for iri, token, parameters in _MEMBER.findall(request.headers.get(HEADER, "")):
        found = profile_named(iri or token, profiles)
        if found is not None:
            weights[found] = max(_weight(parameters), weights.get(found, 0.0))
    named = sorted((one for one in weights if weights[one] > 0), key=lambda one: -weights[one])
    return named + [one for one in profiles if one not in weights]


def _weight(parameters: str) -> float:
    found = _WEIGHT.search(parameters)
    return min(1.0, float(found[1])) if found and found[1].strip(".") else 1.0
