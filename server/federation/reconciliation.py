"""Asks another reconciliation service (Reconciliation Service API 0.2), within what its peer may take."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ..errors import PeerBusyError, PeerError
from ..namespaces import AKB, is_web_address
from ..outgoing.failures import one_line
from ..sparql.terms import Iri, term_of
from .client import fetch
from .peers import Caller, Peer

_BATCH: Final = 10
"""Queries that are sent at once, where the service does not want fewer."""
_TEXT: Final = 500
"""The most characters of a name or description; the rest is cut."""
_MENDS: Final = "see whether its address in peers.toml is that of a reconciliation service."


@dataclass(frozen=True)
class Service:
    """What a service says of itself."""

    peer: Peer
    identifier_space: str
    schema_space: str
    batch: int
    caller: Caller = field(default_factory=Caller)

    def iri(self, id_: str) -> str:
        """Return the IRI of an item ("Identifier and Schema Spaces"); empty when it makes none."""
        # This engine itself returns CURIEs, which correspond to paths.
        local = id_.replace(":", "/", 1) if self.schema_space == f"{AKB}Entity" else id_
        iri = self.identifier_space + local
        try:
            term_of(Iri(iri))
        except ValueError:
            return ""
        return iri if is_web_address(iri) else ""


@dataclass(frozen=True)
class Question:
    """What is looked for: a name, and the values of properties, by the names that the service has for those."""

    name: str
    values: Mapping[str, str]
    limit: int = 3


@dataclass(frozen=True)
class Item:
    """A candidate of the service."""

    iri: str
    name: str
    description: str
    score: float
    match: bool
    """Whether the service is sure."""


def service_of(peer: Peer, caller: Caller | None = None) -> Service:
    """Return what a service says of itself ("Service Manifest"). Raises PeerError and its kin as `fetch` does."""
    caller = caller or Caller()
    manifest = _json(peer, caller, {})
    spaces = [manifest.get(key) for key in ("identifierSpace", "schemaSpace")]
    if not all(isinstance(space, str) and space for space in spaces):
        raise PeerError(f"The service {peer.name} has a manifest without identifierSpace or schemaSpace.", _MENDS)
    batch = manifest.get("batchSize")
    most = batch if isinstance(batch, int) and batch > 0 else _BATCH
    return Service(peer, str(spaces[0]), str(spaces[1]), min(most, _BATCH), caller)


def ask(service: Service, questions: Sequence[Question]) -> Iterator[list[Item]]:
    """Yield the candidates for each question, in batches ("Sending Reconciliation Queries to a Service").

    Raises PeerError and its kin as `fetch` does; what was yielded before stays good.
    """
    for start in range(0, len(questions), service.batch):
        part = questions[start : start + service.batch]
        batch = {
            f"q{place}": {
                "query": one.name,
                "limit": one.limit,
                **({"properties": [{"pid": pid, "v": v} for pid, v in one.values.items()]} if one.values else {}),
            }
            for place, one in enumerate(part)
        }
        answer = _json(service.peer, service.caller, {"queries": json.dumps(batch)})
        for place, one in enumerate(part):
            result = answer.get(f"q{place}")
            found = result.get("result") if isinstance(result, dict) else None
            if not isinstance(found, list):
                raise PeerError(f"The service {service.peer.name} did not answer each query of a batch.", _MENDS)
            items = (_item(service, record) for record in found[: one.limit])
            yield [item for item in items if item is not None]


def _json(peer: Peer, caller: Caller, form: Mapping[str, str]) -> dict[str, Any]:
    try:
        body = fetch(peer, caller, form)
    except PeerBusyError:
        raise
    except PeerError as error:
        # What `fetch` says of queries with SERVICE does not help here.
        raise type(error)(error.message, "try again later, or ask for less; peers.toml has its limits.") from error
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PeerError(f"The service {peer.name} sent what is not JSON.", _MENDS) from error
    if not isinstance(value, dict):
        raise PeerError(f"The service {peer.name} sent JSON that is not an object.", _MENDS)
    return value


def _item(service: Service, record: Any) -> Item | None:
    """Return a candidate, or None when it is not whole."""
    if not isinstance(record, dict):
        return None
    id_, name, score = (record.get(key) for key in ("id", "name", "score"))
    iri = service.iri(id_) if isinstance(id_, str) else ""
    if not iri or not isinstance(name, str) or isinstance(score, bool) or not isinstance(score, int | float):
        return None
    description = record.get("description")
    return Item(
        iri,
        one_line(name)[:_TEXT],
        one_line(description)[:_TEXT] if isinstance(description, str) else "",
        min(max(float(score), 0.0), 100.0),
        record.get("match") is True,
    )
