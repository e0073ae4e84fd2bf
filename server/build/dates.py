"""The modification dates of documents, for Last-Modified and sitemaps (RFC 9110, 8.8.2)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime

from ..history.dates import FileHistory
from ..turtle.base import DEFAULTS, Base
from ..turtle.reader import CORE

ALL = ""
"""The key of the latest of all dates."""


def document_dates(
    base: Base, commits: Mapping[str, datetime], built: datetime, named: Mapping[str, Collection[str]]
) -> dict[str, datetime]:
    """Return the date of each entity and class by its path (`concept/deception`, `concept`), and of ALL.

    An entity's page has its edges, which may be in other files, and the names of its neighbours: its date is the latest
    of its own file, the files that name it, and those of the entities that it names. `commits` has the dates of files;
    the date of any other file is that of the build, and none is later. `named` is what `entities_named` returns.
    """

    def date_of(path: str) -> datetime:
        return min(commits.get(path, built), built)

    own = {_path_of(file.path): date_of(file.path) for file in base.files}
    dates = dict(own)

    def note(path: str, date: datetime) -> None:
        dates[path] = max(date, dates.get(path, date))

    for file in base.files:
        path = _path_of(file.path)
        note(path.partition("/")[0], own[path])
        for other in own.keys() & named[file.path]:
            note(other, own[path])
            note(path, own[other])
    # The vocabulary of the engine and the defaults for that of the base are in no repository.
    ontology = [file for file in base.ontology_files if file.path not in {CORE.name, DEFAULTS}]
    dates[ALL] = max((date_of(file.path) for file in (*base.files, *ontology)), default=built)
    return dates


def entities_named(base: Base, known: Mapping[str, Collection[str]]) -> dict[str, Collection[str]]:
    """Return the paths of the entities that each file names, by the path of the file; some may not exist.

    A file that is in `known` is not read again.
    """
    start = re.escape(base.namespaces.base)
    # A literal ends in a quote, a tag or a datatype, so its line is never mistaken for one that ends in a node.
    nodes = re.compile(rf"^<{start}([^>]*)>| <{start}([^>]*)> \.$", re.MULTILINE)
    return {
        file.path: known[file.path]
        if file.path in known
        else sorted({subject or value for subject, value in nodes.findall(file.ntriples)})
        for file in base.files
    }


def _path_of(file: str) -> str:
    return file.removeprefix("kb/").removesuffix(".ttl")


def entity_histories(base: Base, histories: Mapping[str, FileHistory]) -> dict[str, FileHistory]:
    """Return the history of each entity's file, by its path, without those whose files git does not know."""
    return {_path_of(file.path): one for file in base.files if (one := histories.get(file.path))}
