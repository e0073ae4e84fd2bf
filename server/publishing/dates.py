"""When what each document says was last changed: what Last-Modified and a sitemap are made of (RFC 9110, 8.8.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath

from rdflib import URIRef

from ..history.dates import FileHistory
from ..turtle.reader import Base

ALL = ""
"""The path of everything."""


def document_dates(base: Base, commits: Mapping[str, datetime], built: datetime) -> dict[str, datetime]:
    """Return the date of each entity and class by its path (`concept/deception`, `concept`), and of ALL.

    An entity's page tells of its edges, which stand in other files too, and names its neighbours: it is as new as the
    newest of its own file, those that speak of it, and those of the entities that it speaks of. `commits` has the dates
    of files; one that it lacks is as new as the build, and none is newer.
    """

    def date_of(path: str) -> datetime:
        return min(commits.get(path, built), built)

    own = {PurePosixPath(file.path).with_suffix("").relative_to("kb").as_posix(): file for file in base.files}
    dates = {path: date_of(file.path) for path, file in own.items()}
    found: defaultdict[str, list[datetime]] = defaultdict(list)
    for path, file in own.items():
        iris = {str(term) for triple in file.graph for term in triple if isinstance(term, URIRef)}
        named = {iri.removeprefix(base.namespaces.base) for iri in iris} & own.keys()
        for other in named | {path}:
            found[other].append(dates[path])
            found[path].append(dates[other])
            found[path.partition("/")[0]].append(dates[path])
    files = [*base.files, *base.ontology_files]
    found[ALL] = [date_of(file.path) for file in files]
    return {path: max(several) for path, several in found.items()}


def entity_histories(base: Base, histories: Mapping[str, FileHistory]) -> dict[str, tuple[int, int | None, int]]:
    """Return of each entity, by its path, when its file came in and was last changed, and by how many commits.

    Dates are in seconds since 1970. Left out is an entity whose file git does not know.
    """
    return {
        PurePosixPath(file.path).with_suffix("").relative_to("kb").as_posix(): (
            int(one.entered.timestamp()),
            int(one.changed.timestamp()) if one.changed else None,
            one.commits,
        )
        for file in base.files
        if (one := histories.get(file.path))
    }
