"""The folder of a copy: a base with a file for each entity, and how far the copy has come.

Changes are written to files first, and then it is noted that they are there; each says all that its entity is. So what
a killed run had begun is done once more by the next, and nothing is lost.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from ..errors import UnreadableError, UsageError
from ..full_disks import is_full
from ..locks import locked
from ..namespaces import Namespaces
from ..settings_file import FILE as SETTINGS
from ..turtle.files import names_in
from ..turtle.statements import is_blank, statements
from ..turtle.writer import canonical_text, write_atomically, write_together
from .nodes import Change

FOLDER: Final = ".akb-mirror"
"""The folder in that of a copy which tells of what it is one."""
_STATE: Final = "state.json"
_GRAPH_FILE: Final = "mirrored.ttl"
_ENTITY: Final = re.compile(r"[a-z][a-z0-9_-]*/[a-z0-9]+(?:-[a-z0-9]+)*")
"""What follows the base in the IRI of an entity of a base of our form: the path of its file."""
_ANEW: Final = "name an empty folder, or one that a run of `akb mirror` with the same address has made."


@dataclass(frozen=True)
class State:
    """How far a copy has come."""

    source: str
    """The address of the first node of the stream."""
    stream: str
    base: str
    position: int = 0
    """The place of the last change that is in the copy."""
    member: str = ""
    """The IRI of that change."""
    revision: str = ""
    at: str = ""
    """The commit after which the copy is what the base was then, and when that was."""
    tag: str = ""
    """The validator of the first node after which nothing is left to take."""
    stale: tuple[str, ...] = ()
    """Files of a history that was written anew since: those of which no change speaks are removed at the end."""


class Copy:
    """The copy in a folder, which is made when the first changes are there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / FOLDER / _STATE
        self.state: State | None = None

    @contextmanager
    def opened(self, source: str) -> Iterator[None]:
        """Hold the copy for one run, and read how far it has come.

        Raises UsageError where the folder holds something else, or the copy of another source.
        """
        if not self._file.exists() and self.folder.exists():
            there = (
                [path.name for path in self.folder.iterdir() if path.name != FOLDER] if self.folder.is_dir() else [""]
            )
            if there:
                raise UsageError(f"{self.folder} is there already, and is no copy of another base.", _ANEW)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            if is_full(error):
                raise
            mend = "name a folder that you can write."
            raise UsageError(f"{self.folder} cannot be made: {error.strerror}.", mend) from error
        with locked(self._file.with_name("lock")):
            self.state = self._read()
            if self.state and self.state.source != source:
                raise UsageError(f"{self.folder} is a copy of {self.state.source}, not of {source}.", _ANEW)
            yield

    def _read(self) -> State | None:
        try:
            said = json.loads(self._file.read_text(encoding="utf-8"))
            return State(**(said | {"stale": tuple(said["stale"])}))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise UnreadableError(f"{self._file} cannot be read: {error}.", f"remove it, and {_ANEW}") from error

    def begin(self, source: str, stream: str, base: str) -> State:
        """Begin a copy."""
        if not (self.folder / SETTINGS).exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self.folder / SETTINGS, f"base = {json.dumps(base)}\n")
        (self.folder / "kb").mkdir(exist_ok=True)
        return self.note(State(source, stream, base))

    def begin_anew(self, state: State) -> State:
        """Begin again at the first change: what was copied is of a history that its base no longer has."""
        stale = {*state.stale, *names_in(self.folder)}
        return self.note(replace(state, position=0, member="", tag="", stale=tuple(sorted(stale))))

    def take(self, state: State, changes: Sequence[Change]) -> State:
        """Put changes into the copy, in their order, and return how far it has come with them."""
        if not changes:
            return state
        latest = {one.entity: one for one in changes}
        paths = {entity: path_of(entity, state.base) for entity in latest}
        classes = sorted({path.split("/")[1] for path in paths.values()} | self._classes())
        namespaces = Namespaces(state.base, tuple(classes))
        write_together(
            {
                self.folder / paths[one.entity]: _turtle(one.ntriples, namespaces)
                for one in latest.values()
                if one.ntriples
            }
        )
        for one in latest.values():
            if not one.ntriples:
                (self.folder / paths[one.entity]).unlink(missing_ok=True)
        last = changes[-1]
        left = tuple(path for path in state.stale if path not in paths.values())
        return self.note(
            replace(state, position=last.position, member=last.iri, revision=last.revision, at=last.at, stale=left)
        )

    def finish(self, state: State, tag: str, graphs: Mapping[str, str]) -> State:
        """Note that all is there, with the graphs that go into folders by their names."""
        for path in state.stale:
            (self.folder / path).unlink(missing_ok=True)
        write_together({self.folder / name / _GRAPH_FILE: text for name, text in graphs.items()})
        return self.note(replace(state, tag=tag, stale=()))

    def note(self, state: State) -> State:
        """Note how far the copy has come."""
        write_atomically(self._file, json.dumps(asdict(state), indent=2, ensure_ascii=False) + "\n")
        self.state = state
        return state

    def _classes(self) -> set[str]:
        return {path.name for path in (self.folder / "kb").iterdir() if path.is_dir()}


def path_of(entity: str, base: str) -> str:
    """Return the path of the file of an entity within the copy, whatever its IRI is."""
    local = entity.removeprefix(base)
    if local != entity and _ENTITY.fullmatch(local):
        return f"kb/{local}.ttl"
    return f"kb/other/{hashlib.sha256(entity.encode()).hexdigest()[:32]}.ttl"


def _turtle(ntriples: str, namespaces: Namespaces) -> str:
    """Return N-Triples as files of a base are written; those with blank nodes as they are, which is Turtle too."""
    said = list(statements(ntriples))
    if any(is_blank(term) for one in said for term in one):
        return ntriples
    return canonical_text(said, namespaces)
