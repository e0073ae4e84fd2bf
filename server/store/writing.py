"""Writes triples in the formats that there are, and refuses by name what one of them has no way to say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import IO, Final, cast

import pyoxigraph as ox

from ..errors import UnwritableError
from ..serialization import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, Format
from .rdf_xml import OTHERS, no_character, write_rdf_xml

_NOT_XML: Final = re.compile(b"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""The characters that XML 1.0 cannot have (section 2.2), in UTF-8; surrogates are in no text of ours."""
_SOME: Final = 1 << 20
"""Bytes of lines that are copied at a time."""
_BEHIND: Final = 300
"""Bytes before such a character that are looked at to say where it is."""


def write_triples(
    triples: Iterable[ox.Triple] | Iterable[ox.Quad], output: IO[bytes], chosen: Format, prefixes: Mapping[str, str]
) -> None:
    """Write triples, or quads in a format for these, to `output` one by one, by a writer of it, else by the engine.

    Raises UnwritableError for what the format cannot say.
    """
    if chosen.write is not None:
        chosen.write((f"{triple} .\n" for triple in triples), output, prefixes)
    elif chosen is RDF_XML:
        write_rdf_xml(cast("Iterable[ox.Triple]", triples), output, prefixes)
    else:
        written = map(_for_json_ld, cast("Iterable[ox.Triple]", triples)) if chosen is JSON_LD else triples
        ox.serialize(written, output, format=_engine_format(chosen), prefixes=dict(prefixes))


def write_ntriples(ntriples: str, output: IO[bytes], chosen: Format, prefixes: Mapping[str, str]) -> None:
    """Write valid N-Triples in another format; see `write_triples`."""
    quads = ox.parse(ntriples.encode(), format=ox.RdfFormat.N_TRIPLES)
    write_triples((quad.triple for quad in quads), output, chosen, prefixes)


def convert_ntriples(path: Path, graph: str, output: IO[bytes], chosen: Format, prefixes: Mapping[str, str]) -> None:
    """Write a file of N-Triples in a format without graphs, or as N-Quads of a graph; see `write_triples`."""
    if chosen in {N_TRIPLES, N_QUADS}:
        end = f" <{graph}> .\n".encode() if chosen is N_QUADS else b" .\n"
        with path.open("rb") as lines:
            while some := lines.readlines(_SOME):
                # In N-Triples a line ends nowhere else: a newline in a literal is escaped.
                output.write(b"".join(some).replace(b" .\n", end))
        return
    quads = ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES)
    write_triples((quad.triple for quad in quads), output, chosen, prefixes)


def write_nquads(nquads: str, output: IO[bytes], chosen: Format, prefixes: Mapping[str, str]) -> None:
    """Write valid N-Quads in another format of the engine; one that cannot name graphs has those of the default one."""
    found = ox.parse(nquads.encode(), format=ox.RdfFormat.N_QUADS)
    if _engine_format(chosen).supports_datasets:
        ox.serialize(found, output, format=_engine_format(chosen), prefixes=dict(prefixes))
    else:
        ox.serialize((quad.triple for quad in found), output, format=_engine_format(chosen), prefixes=dict(prefixes))


def as_xml(output: IO[bytes], chosen: Format) -> IO[bytes]:
    """Return what takes the XML that the engine writes for `output`; it raises UnwritableError for what is none."""
    return cast("IO[bytes]", _Xml(output.write, chosen.label))


class _Xml:
    """Passes XML on, with carriage returns as readers take them for what they are (XML 1.0, section 2.11)."""

    def __init__(self, write: Callable[[bytes], object], label: str) -> None:
        self._write, self._label = write, label
        self._before = b""

    def write(self, data: bytes) -> int:
        # The last character may be cut in two.
        together = self._before + data
        if found := _NOT_XML.search(together, max(0, len(self._before) - 2)):
            text = together[max(0, found.start() - _BEHIND) : found.start()].decode("utf-8", "ignore")
            raise no_character(found[0].decode(), text.rpartition(">")[2], f"SPARQL results as {self._label}")
        self._before = together[-_BEHIND:]
        self._write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        """Do nothing: nothing is held back."""


def _for_json_ld(triple: ox.Triple) -> ox.Triple:
    if isinstance(triple.object, ox.Triple):
        raise UnwritableError(
            f"<<( {triple.object} )>> is a triple term, which JSON-LD 1.1 has no way to write.", OTHERS
        )
    return triple


@cache
def _engine_format(chosen: Format) -> ox.RdfFormat:
    found = ox.RdfFormat.from_media_type(chosen.media_type)
    assert found is not None, f"{chosen.label} has neither a writer nor one of the engine"
    return found
