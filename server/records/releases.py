"""What a build makes: a release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ReleaseInfo:
    """The description of a release, stored in it as `release.json`."""

    name: str
    built: str
    """When, as an xsd:dateTime in UTC."""
    fingerprint: str
    """SHA-256 over the files of the engine and every source file: equal means nothing has changed."""
    entities: Mapping[str, int] = field(default_factory=dict)
    """Entities in use per page class, in display order."""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    """The prefixes that the ontology declares, with their namespaces."""
    is_lifted: bool = False
    """Whether the entities are stated in `graph:entities`, since the data do not say all that pages need."""
    edges: int = 0
    asserted: int = 0
    inferred: int = 0
    ontology: int = 0
    left_out: tuple[str, ...] = ()
    """The CURIEs of drafts that are not finished, and of what leads to them nothing: see `Report.unfinished`."""
    repository: str = ""
    """The address of the page of its repository at a code host; empty where none is known."""
    edit: str = ""
    """The address at which a file of it is edited there, with `{path}` for its path from the root of the base."""
    embedding: str = ""
    """Name and version of what finds entities near in meaning; empty for none."""
    embedded: int = 0
    """Texts that were embedded anew; the vectors of the others were known."""
    seconds: float = 0.0
    state: str = ""
    """The hash of the files that people wrote: see `history/states.py`."""
    revision: str = ""
    """The last commit of the line that was checked out which changed these; empty without git."""
    committed: str = ""
    """When that was committed, as an xsd:dateTime in UTC."""
    is_clean: bool = False
    """Whether they were as that commit has them."""
