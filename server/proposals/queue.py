"""The queue of proposals: a folder with one file each, outside of `kb/`.

A file that waits is `<id>.json`. One that was accepted moves to `accepted/` until it is in the files of the base, and
then to `decided/`, where rejected ones go at once; it says by whom and why. A file is written at its new place before
it is taken from the old one, and the place farthest on counts, so that whoever is killed between loses nothing.
`queue.lock` lets one process at a time move files.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ..errors import AkbError, BusyError, NotFoundError, UnreadableError, UsageError
from ..locks import locked
from ..settings import Settings
from ..text.spelling import is_same_but_for_spelling
from ..turtle.writer import write_atomically
from .records import VERDICTS, Decision, NearEntity
from .sameness import are_same, key_of_parts

_ACCEPTED: Final = "accepted"
_DECIDED: Final = "decided"
_ID: Final = re.compile(r"[0-9a-f]{10}")
_MOST_WAITING: Final = 10
"""How many times as many proposals may wait as one caller may have waiting."""


@dataclass(frozen=True)
class Landing:
    """What an accepted proposal makes of files: their texts before and after, by their paths."""

    before: Mapping[str, str | None]
    after: Mapping[str, str]


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
    edited: Sequence[Mapping[str, Any]] | None = None
    """Its parts as the reviewer changed them; None where they are as they were proposed."""
    number: int = 0
    """Its place among those that wait, or of an accepted one among these."""
    landing: Landing | None = None
    """Of an accepted one: what it makes of files."""
    earlier: Decision | None = None
    """What was decided when the same was proposed before."""

    @property
    def proposal(self) -> Mapping[str, Any]:
        """The proposal, as it can be sent again."""
        found: Mapping[str, Any] = self.record["proposal"]
        return found

    @property
    def parts(self) -> Sequence[Mapping[str, Any]]:
        """Its parts, as they count now."""
        found: Sequence[Mapping[str, Any]] = self.proposal["parts"] if self.edited is None else self.edited
        return found

    @property
    def waits(self) -> bool:
        """Whether it waits for a decision; what is left for later does."""
        return self.decision is None or self.decision.outcome == "later"


class Queue:
    """The proposals of a base."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.proposals_folder
        self._of_caller = settings.proposals_waiting

    def add(self, record: Mapping[str, Any], caller: str = "") -> tuple[Queued, bool]:
        """Put a proposal that was not refused into the queue; tell also whether it was not there yet.

        One that differs from another in spelling alone is the same. Raises UsageError for one that was decided on
        before, BusyError where too many wait, of this caller or of all.
        """
        id_ = id_of(record)
        parts = record["proposal"]["parts"]
        with locked(self.folder / "queue.lock"):
            _read(self.folder / f"{id_}.json")  # one that was damaged by hand is not written over
            waiting = self.waiting()
            for known in (*waiting, *self.accepted()):
                if known.id == id_ or are_same(known.proposal["parts"], parts):
                    return known, False
            earlier = self._repeated(id_, record["proposal"])
            own = sum(1 for one in waiting if one.caller == self._mark(caller))
            if (caller and own >= self._of_caller) or len(waiting) >= _MOST_WAITING * self._of_caller:
                raise BusyError(
                    f"{own if caller else len(waiting)} proposals wait for a decision already.",
                    "wait until some are decided on, and send those first that matter most.",
                )
            number = max((one.number for one in waiting), default=0) + 1
            queued = Queued(id_, _now(), self._mark(caller), record, earlier=earlier, number=number)
            self._move(queued, self.folder)
            return queued, True

    def waiting(self) -> tuple[Queued, ...]:
        """Return the proposals that wait, in the order in which they came, those that were left for later last.

        A file that cannot be read is passed over: `damaged` names it.
        """
        return tuple(
            sorted(
                (one for one in self._all(self.folder) if one.waits and not self._is_farther_on(one.id)),
                key=lambda one: (one.decision.when if one.decision else "", one.when, one.number, one.id),
            )
        )

    def accepted(self) -> tuple[Queued, ...]:
        """Return those that are accepted and not in the files yet, in the order in which they were."""
        found = (one for one in self._all(self.folder / _ACCEPTED) if not self._is_farther_on(one.id, 1))
        return tuple(sorted(found, key=lambda one: (one.number, one.id)))

    def is_to_be_written(self, id_: str) -> bool:
        """Tell whether a proposal is accepted and not in the files yet."""
        return (self.folder / _ACCEPTED / f"{id_}.json").exists() and not self._is_farther_on(id_, 1)

    def decided(self) -> tuple[Queued, ...]:
        """Return those on which somebody decided, and that are done with, the last ones first."""
        found = self._all(self.folder / _DECIDED)
        return tuple(sorted(found, key=lambda one: (one.decision.when if one.decision else "", one.id), reverse=True))

    def damaged(self) -> tuple[AkbError, ...]:
        """Return what is wrong with files that cannot be read, as after they were changed by hand."""
        found = []
        for folder in self._folders():
            for path in sorted(folder.glob("*.json")):
                try:
                    _read(path)
                except UnreadableError as error:
                    found.append(error)
        return tuple(found)

    def get(self, id_: str) -> Queued:
        """Return a proposal. Raises NotFoundError where no one has this id, UnreadableError for a damaged one."""
        # What is moved between two looks is found by the second.
        for folder in 2 * self._folders() if _ID.fullmatch(id_) else ():
            if (found := _read(folder / f"{id_}.json")) is not None:
                return found
        raise NotFoundError(f"There is no proposal {id_[:40]!r}.", "`akb review proposals` lists those that wait.")

    def decide(self, id_: str, decision: Decision) -> Queued:
        """Write down that a proposal is rejected, or left for later.

        Raises NotFoundError as `get` does, UsageError for one on which somebody decided meanwhile.
        """
        with locked(self.folder / "queue.lock"):
            decided = replace(self.open(id_), decision=decision)
            self._move(decided, self.folder if decision.outcome == "later" else self.folder / _DECIDED)
            return decided

    def accept(
        self, id_: str, decision: Decision, landing: Landing, edited: Sequence[Mapping[str, Any]] | None = None
    ) -> Queued:
        """Write down that a proposal is accepted, and what it makes of files; `settle` says that it has.

        Raises as `decide` does.
        """
        with locked(self.folder / "queue.lock"):
            number = max((one.number for one in self.accepted()), default=0) + 1
            found = replace(self.open(id_), decision=decision, landing=landing, edited=edited, number=number)
            self._move(found, self.folder / _ACCEPTED)
            return found

    def land(self, id_: str, landing: Landing) -> Queued:
        """Write down that an accepted proposal makes something else of files, which have changed meanwhile."""
        with locked(self.folder / "queue.lock"):
            found = replace(self.get(id_), landing=landing)
            self._write(self.folder / _ACCEPTED, found)
            return found

    def settle(self, id_: str) -> Queued:
        """Write down that what was accepted is in the files, or with whoever puts it there."""
        with locked(self.folder / "queue.lock"):
            found = self.get(id_)
            self._move(found, self.folder / _DECIDED)
            return found

    def reopen(self, id_: str) -> Queued:
        """Take a decision back: the proposal waits again. What it has made of files is not taken back here."""
        with locked(self.folder / "queue.lock"):
            found = replace(self.get(id_), decision=None, landing=None, edited=None, number=0)
            self._move(found, self.folder)
            return found

    def open(self, id_: str) -> Queued:
        """Return a proposal that waits. Raises UsageError for one on which somebody decided."""
        found = self.get(id_)
        if found.waits:
            return found
        assert found.decision is not None, "what does not wait has a decision"
        raise UsageError(
            f"Proposal {id_} was {found.decision.outcome} already, by {found.decision.who}.",
            f"see `akb review show {id_}`.",
        )

    def _repeated(self, id_: str, proposal: Mapping[str, Any]) -> Decision | None:
        """Return what was decided on the same proposal before, if anything was.

        Raises UsageError for what somebody rejected, or accepted with changes: a person may propose it again for
        another reason, but a model finds another reason each time it is asked.
        """
        key, earlier = key_of_parts(proposal["parts"]), None
        for path in sorted((self.folder / _DECIDED).glob("*.json")):
            if not _ID.fullmatch(path.stem) or _key_of_file(path, path.stat().st_mtime_ns) != key:
                continue
            before = _read(path)
            if before is None or before.decision is None or not are_same(before.proposal["parts"], proposal["parts"]):
                continue
            if before.id == id_:
                earlier = before.decision
            if before.decision.outcome == "accepted" and before.edited is None:
                continue
            is_new = not proposal["model"] and not is_same_but_for_spelling(before.proposal["why"], proposal["why"])
            if not is_new:
                how = "accepted with changes" if before.decision.outcome == "accepted" else "rejected"
                why = f": {before.decision.why}" if before.decision.why else "."
                raise UsageError(
                    f"The same was {how} before{why}",
                    "a person may propose it again when something else speaks for it, and says that in why.",
                )
        return earlier

    def _folders(self) -> tuple[Path, ...]:
        return self.folder / _DECIDED, self.folder / _ACCEPTED, self.folder

    def _is_farther_on(self, id_: str, folders: int = 2) -> bool:
        return any((folder / f"{id_}.json").exists() for folder in self._folders()[:folders])

    def _all(self, folder: Path) -> Iterator[Queued]:
        if folder.is_dir():
            for path in folder.glob("*.json"):
                if _ID.fullmatch(path.stem):
                    try:
                        found = _read(path)
                    except UnreadableError:
                        continue
                    if found is not None:
                        yield found

    def _move(self, queued: Queued, into: Path) -> None:
        """Write a file at its new place, then take it from the others."""
        self._write(into, queued)
        for folder in self._folders():
            if folder != into:
                (folder / f"{queued.id}.json").unlink(missing_ok=True)

    @staticmethod
    def _write(folder: Path, queued: Queued) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        said = {name: value for name, value in asdict(queued).items() if value is not None or name == "decision"}
        write_atomically(folder / f"{queued.id}.json", json.dumps(said, indent=1, ensure_ascii=False) + "\n")

    def _mark(self, caller: str) -> str:
        """Return what tells callers apart and does not say who they are to who reads a file: the queue is the salt."""
        if not caller:
            return ""
        return hashlib.blake2b(caller.encode(), key=str(self.folder).encode()[:64], digest_size=6).hexdigest()


def id_of(record: Mapping[str, Any]) -> str:
    """Return the id of a proposal: ten hexadecimal digits of SHA-256 over its parts, but for the texts of sources."""
    parts = [{name: value for name, value in part.items() if name != "text"} for part in record["proposal"]["parts"]]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:10]


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _read(path: Path) -> Queued | None:
    """Return what a file of the queue has; None where there is none. Raises UnreadableError for a damaged one."""
    try:
        # A file is never written into: it gives way to another one.
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}.", "let it be read.") from error
    return _read_once(path, (found.st_ino, found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=2_048)
def _read_once(path: Path, _file: tuple[int, int, int]) -> Queued | None:
    """Return what a file has, which is told from others at its path by what the system knows of it."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        decision, earlier, landing = said.pop("decision"), said.pop("earlier", None), said.pop("landing", None)
        found = Queued(
            **said,
            decision=Decision(**decision) if decision else None,
            earlier=Decision(**earlier) if earlier else None,
            landing=Landing(**landing) if landing else None,
        )
        _must_be_whole(found, path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        said_by = f"it has no {error}" if isinstance(error, KeyError) else str(error)
        raise UnreadableError(f"{path} cannot be read: {said_by}.", "mend it, or take it out of the queue.") from error
    return found


def _must_be_whole(found: Queued, path: Path) -> None:
    """Raise ValueError for a file that lacks what pages and commands read of it."""
    proposal = found.record["proposal"]
    texts = [found.when, found.record["summary"], *(proposal[name] for name in ("who", "model", "why"))]
    lists = [proposal["parts"], found.record["findings"], found.record["evidence"], found.record["shown"]]
    if found.id != path.stem:
        raise ValueError(f"its id is {found.id!r:.40}")
    if not all(isinstance(one, str) for one in (*texts, found.record["patch"])):
        raise ValueError("what should be a text is none")
    if not all(isinstance(one, list) and all(isinstance(item, dict) for item in one) for one in lists):
        raise ValueError("what should be a list of objects is none")
    if not all(isinstance(NearEntity(**one).cosine, int | float) for one in found.record.get("near") or ()):
        raise ValueError("what is nearest to it has no cosine")
    if not proposal["parts"] or not all(isinstance(one.get("kind"), str) for one in proposal["parts"]):
        raise ValueError("it has a part without a kind, or none")
    if found.decision is not None and found.decision.outcome not in VERDICTS:
        raise ValueError(f"its outcome is {found.decision.outcome!r:.40}")


@lru_cache(maxsize=1 << 16)
def _key_of_file(path: Path, _changed: int) -> tuple[tuple[str, ...], ...] | None:
    """Return the key of a proposal in a file that was last changed at some time; None for a damaged one."""
    try:
        found = _read(path)
    except UnreadableError:
        return None
    return key_of_parts(found.proposal["parts"]) if found else None
