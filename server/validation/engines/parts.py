"""Large data is validated in parts, one after the other, each in a process that gives its memory back.

A part holds what is said of the nodes that it owns, and besides that of every node its types. Where no shape looks
farther than to the values of a focus node and their types, that is all on which the results of the owned nodes depend.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final
from zlib import crc32

from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from ..targets import looks_far
from .fast import Compiled, leading_to
from .results import Request, Result, blanks_of

PART: Final = 96_000_000
"""Up to this many characters of N-Triples are validated at once, which takes about half a gigabyte."""

_TARGET: Final = "urn:akb:shacl:target:"
_TYPE, _SUBCLASS = RDF.type.n3(), RDFS.subClassOf.n3()
_CLASSES: Final = (RDFS.Class, OWL.Class)
_Triples = list[tuple[Node, Node, Node]]


def validate_in_parts(request: Request, size: int = PART) -> list[Result]:
    """Return what `fast.validate` returns, with less memory. Raises ValueError as that does."""
    count = 1 if looks_far(request.shapes) else -(-len(request.data) // size)
    shapes, classes = _targets_as_objects(request.shapes)
    blanks = blanks_of(request.data)
    results: list[Result] = []
    with TemporaryDirectory(prefix="akb-shapes-") as folder:
        files = [Path(folder) / f"{number}.nt" for number in range(count)]
        _write(request, files, shapes, classes, blanks)
        # Each process ends after its part: what Rust has allocated goes back to the system.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
            for number, file in enumerate(files):
                results += pool.submit(_results_of, file, number, count, list(shapes), blanks).result()
                file.unlink()
    return results


def _results_of(file: Path, number: int, count: int, shapes: _Triples, blanks: list[str]) -> list[Result]:
    """Validate one part; return the results of the nodes that it owns."""
    graph = Graph(bind_namespaces="none")
    for triple in shapes:
        graph.add(triple)
    compiled = Compiled(graph, Graph(bind_namespaces="none"))
    found = compiled.results(compiled.asked_of(file), blanks)
    return [result for result in found if _owner(result.focus.n3(), count) == number]


def _owner(term: str, count: int) -> int:
    # The text of a literal may be written in more than one way.
    return 0 if term.startswith('"') else crc32(term.encode()) % count


def _targets_as_objects(shapes: Graph) -> tuple[Graph, dict[Node, URIRef]]:
    """Return the shapes with each target class (SHACL, section 2.1.3.2) replaced by a predicate that leads to it.

    Else a part would judge nodes of which it knows the type and nothing more.
    """
    classes: dict[Node, URIRef] = {}
    result = Graph(bind_namespaces="none")
    for subject, predicate, value in shapes:
        is_implicit = predicate == RDF.type and value in _CLASSES
        if predicate == SH.targetClass or (is_implicit and isinstance(subject, URIRef)):
            target = subject if is_implicit else value
            name = classes.setdefault(target, URIRef(f"{_TARGET}{len(classes)}"))
            result.add((subject, SH.targetObjectsOf, name))
        elif not is_implicit:
            result.add((subject, predicate, value))
    return result, classes


def _write(request: Request, files: list[Path], shapes: Graph, classes: dict[Node, URIRef], blanks: list[str]) -> None:
    ontology = Compiled(Graph(bind_namespaces="none"), request.ontology).ontology
    backward = {one.n3() for one in shapes.objects(None, SH.targetObjectsOf)}
    backward |= {one.n3() for one in shapes.objects(None, SH.inversePath)}
    typed: defaultdict[str, list[str]] = defaultdict(list)
    below: defaultdict[str, set[str]] = defaultdict(set)
    with ExitStack() as stack:
        outputs = [stack.enter_context(file.open("w", encoding="utf-8")) for file in files]
        for text, is_shared in ((request.data, False), (ontology, True)):
            for line in _lines(text):
                subject, predicate, rest = line.split(" ", 2)
                if predicate == _TYPE:
                    typed[rest.rstrip(" .\n")].append(subject)
                elif predicate == _SUBCLASS:
                    below[rest.rstrip(" .\n")].add(subject)
                _write_line(line, subject, predicate, rest, outputs, backward, is_shared)
        for target, name in classes.items():
            for subject in {one for kind in _under(target.n3(), below) for one in typed[kind]}:
                outputs[_owner(subject, len(outputs))].write(f"<{_TARGET}> {name.n3()} {subject} .\n")
        for output in outputs:
            output.write(leading_to(blanks))


def _write_line(
    line: str, subject: str, predicate: str, rest: str, outputs: Sequence[IO[str]], backward: set[str], is_shared: bool
) -> None:
    if is_shared or predicate in {_TYPE, _SUBCLASS}:
        for output in outputs:
            output.write(line)
        return
    owners = {_owner(subject, len(outputs))}
    if predicate in backward:
        owners.add(_owner(rest.rpartition(" .")[0], len(outputs)))
    for owner in owners:
        outputs[owner].write(line)


def _lines(text: str) -> Iterator[str]:
    for match in re.finditer(r"[^\n]+\n", text):
        yield match.group()


def _under(kind: str, below: dict[str, set[str]]) -> set[str]:
    """Return a class and all that are under it."""
    found, rest = {kind}, [kind]
    while rest:
        for one in below.get(rest.pop(), ()):
            if one not in found:
                found.add(one)
                rest.append(one)
    return found
