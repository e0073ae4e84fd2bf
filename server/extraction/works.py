"""The work whose text is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import RDF, SKOS, URIRef

from ..errors import NotFoundError, UsageError
from ..guessing import nearest
from ..schema.schema import Schema
from ..turtle.base import Base
from ..turtle.files import kb_names
from ..turtle.source_files import SourceFile, read_file


@dataclass(frozen=True)
class Work:
    """A work of the base."""

    iri: str
    name: str
    """Its CURIE."""
    label: str
    class_iri: str


def work_named(base: Base, schema: Schema, name: str) -> Work:
    """Return a work by its CURIE or IRI; of the base, only its file is read.

    Raises NotFoundError where it is not there, UsageError for what is no work.
    """
    name = base.namespaces.compact(name)
    paths = [path for path in kb_names(base.root) if path.endswith(".ttl")]
    names = {f"{path.split('/')[-2]}:{path.split('/')[-1].removesuffix('.ttl')}": path for path in paths}
    file = read_file(base.root / names[name], base.root) if name in names else None
    if not isinstance(file, SourceFile):
        close = nearest(name, names, 80)
        mend = f"did you mean {close}?" if close else "name a work as class:name, such as `akb search` shows it."
        raise NotFoundError(f"There is no {name[:80]!r} in the base.", mend)
    node = URIRef(base.namespaces.expand(name))
    kind = str(file.graph.value(node, RDF.type))
    if not any(schema.is_under(kind, work) for work in schema.works):
        raise UsageError(f"{name} is no work, and has no text.", "name a paper, or what else is cited.")
    labels = sorted(
        file.graph.objects(node, SKOS.prefLabel), key=lambda one: (getattr(one, "language", "") != "en", one)
    )
    return Work(str(node), name, str(labels[0]) if labels else name, kind)
