"""The queue of proposals: a folder with one file each, outside of `kb/`.

A file that waits is `<id>.json`; one that was decided on moves to `decided/`, and says by whom and why.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ..errors import BusyError, NotFoundError, UnreadableError, UsageError
from ..locks import locked
from ..settings import Settings
from ..turtle.writer import write_atomically
from .records import Decision

_DECIDED: Final = "decided"
_ID: Final = re.compile(r"[0-9a-f]{10}")
_MOST_WAITING: Final = 10
"""How many times as many proposals may wait as one caller may have waiting."""


@dataclass(frozen=True)
class Queued:
    """A proposal that waits for a decision, or on which one was taken."""

    id: str
    when: str
    """When it came, as xsd:dateTime."""
    caller: str
    """A hash of the network address that sent it; empty for this machine."""
    record: Mapping[str, Any]
    """What was found of it: see `writing.outcome_record`."""
    decision: Decision | None = None

    @property
    def proposal(self) -> Mapping[str, Any]:
        """The proposal, as it can be sent again."""
        found: Mapping[str, Any] = self.record["proposal"]
        return found


class Queue:
    """The proposals of a base."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.proposals_folder
        self._of_caller = settings.proposals_waiting

    def add(self, record: Mapping[str, Any], caller: str = "") -> tuple[Queued, bool]:
        """Put a proposal that was not refused into the queue; tell also whether it was not there yet.

        Raises UsageError for one that was rejected before, BusyError where too many wait, of this caller or of all.
        """
        id_ = id_of(record)
        with locked(self.folder / "queue.lock"):
            if (known := self._read(self.folder / f"{id_}.json")) is not None:
                return known, False
            before = self._read(self.folder / _DECIDED / f"{id_}.json")
            is_rejected = before is not None and before.decision is not None and before.decision.outcome == "rejected"
            if before is not None and is_rejected and before.proposal["why"] == record["proposal"]["why"]:
                reason = before.decision.why if before.decision else ""
                raise UsageError(
                    f"The same was rejected before: {reason}",
                    "propose it again when something else speaks for it, and say that in why.",
                )
            waiting = self.waiting()
            own = sum(1 for one in waiting if one.caller == self._mark(caller))
            if (caller and own >= self._of_caller) or len(waiting) >= _MOST_WAITING * self._of_caller:
                raise BusyError(
                    f"{own if caller else len(waiting)} proposals wait for a decision already.",
                    "wait until some are decided on, and send those first that matter most.",
                )
            when = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
            queued = Queued(id_, when, self._mark(caller), record)
            self._write(self.folder / f"{id_}.json", queued)
            return queued, True

    def waiting(self) -> tuple[Queued, ...]:
        """Return the proposals that wait, in the order in which they came."""
        return tuple(sorted(self._all(self.folder), key=lambda one: (one.when, one.id)))

    def decided(self) -> tuple[Queued, ...]:
        """Return those on which somebody decided, the last ones first."""
        found = self._all(self.folder / _DECIDED)
        return tuple(sorted(found, key=lambda one: (one.decision.when if one.decision else "", one.id), reverse=True))

    def get(self, id_: str) -> Queued:
        """Return a proposal. Raises NotFoundError where there is none with this id."""
        if _ID.fullmatch(id_):
            for path in (self.folder / f"{id_}.json", self.folder / _DECIDED / f"{id_}.json"):
                if (found := self._read(path)) is not None:
                    return found
        raise NotFoundError(f"There is no proposal {id_[:40]!r}.", "`akb review proposals` lists those that wait.")

    def decide(self, id_: str, decision: Decision) -> Queued:
        """Write down a decision. Raises NotFoundError as `get` does."""
        with locked(self.folder / "queue.lock"):
            found = self.get(id_)
            decided = Queued(found.id, found.when, found.caller, found.record, decision)
            self._write(self.folder / _DECIDED / f"{id_}.json", decided)
            (self.folder / f"{id_}.json").unlink(missing_ok=True)
            return decided

    def _all(self, folder: Path) -> Iterator[Queued]:
        if folder.is_dir():
            for path in folder.glob("*.json"):
                if _ID.fullmatch(path.stem) and (found := self._read(path)) is not None:
                    yield found

    def _read(self, path: Path) -> Queued | None:
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            decision = said.pop("decision")
            return Queued(**said, decision=Decision(**decision) if decision else None)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise UnreadableError(f"{path} cannot be read: {error}", "mend it, or take it out of the queue.") from error

    @staticmethod
    def _write(path: Path, queued: Queued) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(asdict(queued), indent=1, ensure_ascii=False) + "\n")

    def _mark(self, caller: str) -> str:
        """Return what tells callers apart and does not say who they are to who reads a file: the queue is the salt."""
        if not caller:
            return ""
        return hashlib.blake2b(caller.encode(), key=str(self.folder).encode()[:64], digest_size=6).hexdigest()


def id_of(record: Mapping[str, Any]) -> str:
    """Return the id of a proposal: ten hexadecimal digits of SHA-256 over its parts, but for the texts of sources."""
    parts = [{name: value for name, value in part.items() if name != "text"} for part in record["proposal"]["parts"]]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:10]
