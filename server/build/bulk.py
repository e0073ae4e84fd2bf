"""Publishes a release through a store's bulk loader: that of Virtuoso, or QLever's index builder.

Both read N-Quads. Virtuoso loads them into graphs beside those in use, which they replace in one transaction at the
end; a run that was killed is simply run again. Before and after that readers have one release; a query that runs while
it is committed may find a part of both: Virtuoso reads what is committed, row by row. A store without a release, which
nobody reads yet, is loaded straight into the graphs in use: that saves the change at the end, which writes every triple
anew. QLever builds an index in a folder of its own, and its server is started on the newer one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Final

from ..errors import RemoteError, UsageError
from ..locks import locked
from ..namespaces import Namespaces
from ..records.progress import Progress, no_progress
from ..records.releases import ReleaseInfo
from ..settings import Settings
from ..store.isql import PROGRAMS, Isql
from ..store.remote_store import MARK
from .publish import release_graph
from .quads import PART, write_quads
from .releases import Releases

KINDS: Final = ("virtuoso", "qlever")
_SCRIPTS: Final = ("prepare.sql", "load.sql", "swap.sql")


@dataclass(frozen=True)
class Bulk:
    """The folder of the files for a store's loader, and the address of the loader, if any."""

    kind: str
    """One of KINDS."""
    directory: Path
    """Where the store reads the files; Virtuoso by the same path, which its setting DirsAllowed has."""
    isql: str = ""
    """HOST:PORT of Virtuoso's SQL port; empty to write the files only."""
    loaders: int = 2
    """The number of Virtuoso's loaders that run in parallel."""
    part: int = PART
    """The approximate number of lines of a file."""


@dataclass(frozen=True)
class Handed:
    """The outcome: loaded, already there, or written for commands that the user runs."""

    info: ReleaseInfo
    triples: int
    state: str
    """`loaded`, `there` or `written`."""
    folder: Path
    commands: tuple[str, ...] = ()


def hand_over(settings: Settings, bulk: Bulk, *, force: bool = False, progress: Progress = no_progress) -> Handed:
    """Write the current release for a store's loader, and load it if `bulk` has an address.

    Raises NotFoundError when there is no release, UnreadableError when it is damaged,
    UsageError for a directory that is not there, and RemoteError when
    the store refuses or ends up with another number of triples; the release before then stays in it, or none, if there
    was none.
    """
    release, _hold, _ = Releases(settings.releases).held_current()
    if not bulk.directory.is_dir():
        raise UsageError(f"{bulk.directory} is not a folder.", "make it, or name another with --directory.")
    isql = Isql(bulk.isql, settings.credentials) if bulk.isql else None

    def refuse() -> None:
        raise UsageError(f"Another akb publish into {bulk.directory} is running.", "wait for it to end.")

    with locked(bulk.directory / ".akb-bulk.lock", refuse):
        return _Run(settings, bulk, release, isql, progress).run(force=force)


class _Run:
    """One run of `hand_over`."""

    def __init__(self, settings: Settings, bulk: Bulk, release: Path, isql: Isql | None, progress: Progress) -> None:
        self._bulk, self._isql, self._progress = bulk, isql, progress
        self._info, self._namespaces, self._local = Releases(settings.releases).open(release, settings.namespaces, 0)
        self._folder = bulk.directory.resolve() / f"{self._info.name}-{bulk.kind}"
        self._ending = "/next" if bulk.kind == "virtuoso" else ""
        """The suffix of the names of the graphs that are loaded."""

    def run(self, *, force: bool) -> Handed:
        steps = 4 if self._isql else 1
        self._progress("bulk", 0, steps)
        if self._isql:
            there = self._release_there(self._isql)
            if there == self._info.name and not force:
                return self._handed("there")
            if there is None:
                # The store has no release yet, so no reader can be disturbed.
                self._folder = self._folder.with_name(f"{self._folder.name}-first")
                self._ending = ""
        if force or not self._folder.is_dir():
            self._write()
        self._progress("bulk", 1, steps)
        if self._isql is None:
            return self._handed("written", _commands(self._bulk, self._folder))
        scripts = [(self._folder / name).read_text(encoding="utf-8") for name in _SCRIPTS]
        self._isql.run(scripts[0])
        self._progress("bulk", 2, steps)
        self._isql.run_side_by_side(scripts[1], self._bulk.loaders)
        self._progress("bulk", 3, steps)
        self._isql.run(scripts[2])
        if self._release_there(self._isql) != self._info.name:
            raise RemoteError(f"Virtuoso at {self._bulk.isql} does not hold {self._info.name}.", "publish again.")
        shutil.rmtree(self._folder, ignore_errors=True)
        self._progress("bulk", 4, steps)
        return self._handed("loaded")

    def _handed(self, state: str, commands: tuple[str, ...] = ()) -> Handed:
        return Handed(self._info, len(self._local), state, self._folder, commands)

    def _release_there(self, isql: Isql) -> str | None:
        """Return the name of the release in the store."""
        graph = release_graph(self._namespaces)
        rows = isql.run(f"sparql select ?name where {{ graph <{graph}> {{ ?base <{MARK}> ?name }} }};")
        return rows[0][0] if rows else None

    def _write(self) -> None:
        """Write the files under a temporary name first: a folder with the name of the release is complete."""
        part = self._folder.with_name(f".{self._folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(self._folder, ignore_errors=True)
        part.mkdir()
        files: list[Path] = []
        counts: dict[str, int] = {}
        for graph in self._namespaces.graphs:
            made, counts[graph] = write_quads(self._local, graph, f"{graph}{self._ending}", part, self._bulk.part)
            files += [self._folder / file.name for file in made]
        if self._bulk.kind == "virtuoso":
            texts = _virtuoso_scripts(self._namespaces, counts, files, self._info, self._ending)
        else:
            texts = _qlever_files(self._namespaces, self._info)
        for name, text in texts.items():
            (part / name).write_text(text, encoding="utf-8")
        part.rename(self._folder)


def _commands(bulk: Bulk, folder: Path) -> tuple[str, ...]:
    """Return the commands that the user runs."""
    if bulk.kind == "qlever":
        return (f"cd {quote(str(folder))}", "qlever index", "qlever stop", "qlever start")
    # isql asks for the password, and reads the file then.
    isql = f"{PROGRAMS[0]} 127.0.0.1:1111 dba"
    return tuple(f"{isql} {quote(f'exec=load {folder / name};')}" for name in _SCRIPTS)


def _mark(namespaces: Namespaces, info: ReleaseInfo) -> str:
    return f'<{namespaces.base}> <{MARK}> "{info.name}"'


def _virtuoso_scripts(
    namespaces: Namespaces, counts: Mapping[str, int], files: list[Path], info: ReleaseInfo, ending: str
) -> dict[str, str]:
    """Return the SQL script for Virtuoso: clear the remains of a killed run, load, and swap in one transaction.

    If the graphs are loaded under their own names, there is nothing to swap, and only the release is named.
    """
    names = ", ".join(_text(str(file)) for file in files)
    forget = f"delete from DB.DBA.load_list where ll_file in ({names});"  # noqa: S608 - strings of SQL, quoted
    staged = {graph: f"{graph}{ending}" for graph, count in counts.items() if count}
    prepare = [
        forget,
        "log_enable (3, 1);",
        *(f"sparql clear silent graph <{graph}{ending}>;" for graph in counts),
        *(f"ld_add ({_text(str(file))}, {_text(namespaces.base)});" for file in files),
    ]
    # The loader writes no log, so what it loaded lasts from the checkpoint at the end on; one here would abort what
    # another session loads at that moment.
    load = ["rdf_loader_run ();"]
    marked = release_graph(namespaces)
    checks = [
        f"  if ((sparql select count(*) where {{ graph <{place}> {{ ?s ?p ?o }} }}) <> {counts[graph]})\n"
        f"    signal ('AKB02', {_text(f'{place} does not hold the {counts[graph]} triples of the release')});"
        for graph, place in staged.items()
    ]
    moves = [
        f"sparql move graph <{staged[graph]}> to graph <{graph}>"
        if graph in staged
        else f"sparql drop silent graph <{graph}>"
        for graph in counts
        if ending
    ]
    moves += [
        f"sparql drop silent graph <{marked}>",
        f"sparql insert data {{ graph <{marked}> {{ {_mark(namespaces, info)} }} }}",
    ]
    # A procedure is one transaction. Without a log it has no limit of size; the checkpoint makes it last.
    swap = [
        "create procedure DB.DBA.AKB_SWAP () {",
        "  declare why varchar;",
        "  why := (select top 1 concat (ll_file, ' was not loaded: ', coalesce (ll_error, 'no loader took it up'))",
        f"    from DB.DBA.load_list where ll_file in ({names}) and (ll_state <> 2 or ll_error is not null));",
        "  if (why is not null)",
        "    signal ('AKB01', why);",
        *checks,
        "  log_enable (0, 1);",
        *(f"  exec ({_text(move)});" for move in moves),
        "};",
        "DB.DBA.AKB_SWAP ();",
        "checkpoint;",
        forget,
    ]
    return dict(zip(_SCRIPTS, ("\n".join(lines) + "\n" for lines in (prepare, load, swap)), strict=True))


def _text(value: str) -> str:
    """Return a text as a string literal of SQL."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _qlever_files(namespaces: Namespaces, info: ReleaseInfo) -> dict[str, str]:
    """Return the configuration of `qlever index` and `qlever start`, and the graph that names the release."""
    settings = {"ascii-prefixes-only": False, "num-triples-per-batch": 1_000_000}
    qleverfile = f"""\
# The release {info.name} of {namespaces.base}, for https://github.com/ad-freiburg/qlever: qlever index, qlever start

[data]
NAME        = akb
DESCRIPTION = {namespaces.base}, release {info.name}
FORMAT      = nq

[index]
INPUT_FILES     = *.nq.gz release.nq
CAT_INPUT_FILES = zcat --force *.nq.gz release.nq
SETTINGS_JSON   = {json.dumps(settings)}
STXXL_MEMORY    = 5G

[server]
HOST_NAME          = 127.0.0.1
PORT               = 7019
ACCESS_TOKEN       =
MEMORY_FOR_QUERIES = 5G
TIMEOUT            = 60s

[runtime]
SYSTEM = docker
IMAGE  = docker.io/adfreiburg/qlever:latest
"""
    release = f"{_mark(namespaces, info)} <{release_graph(namespaces)}> .\n"
    return {"Qleverfile": qleverfile, "akb.settings.json": json.dumps(settings) + "\n", "release.nq": release}
