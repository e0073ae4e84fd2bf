"""Large data is validated in parts: one after the other, each in a process that gives its memory back, or by a pool.

A part holds what is said of the nodes that it owns, and besides that the types of every node that it names. Where no
shape looks farther than to the values of a focus node and their types, that is all on which the results of the owned
nodes depend. So all parts together grow as the data do, however many there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Final
from zlib import crc32

from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from ...leftovers import temporary_folder
from ...records.pool import Pool
from ...turtle.pieces import Pieces, pieces_of, size_of
from ...turtle.statements import Statement, statements
from ..targets import looks_far
from .fast import Compiled, leading_to, mixed_in
from .results import PART, Request, Result, blanks_of

SENT: Final = 12_000_000
"""Up to this many characters of N-Triples are sent to one worker of a pool."""
_SENT_AT_ONCE: Final = 32
"""How many parts are in memory at once on their way to a pool."""

_TARGET: Final = "urn:akb:shacl:target:"
_TYPE, _SUBCLASS = RDF.type.n3(), RDFS.subClassOf.n3()
_CLASSES: Final = (RDFS.Class, OWL.Class)
_Triple = tuple[Node, Node, Node]


@dataclass(frozen=True)
class Part:
    """One part of the data, with all that a worker needs to validate it."""

    data: Path | str
    """A file of N-Triples, or N-Triples."""
    number: int
    count: int
    shapes: Sequence[_Triple]
    blanks: Sequence[str]


def part_size(pool: Pool | None) -> int:
    """Return up to how many characters of N-Triples a part has, here or in a pool."""
    return PART if pool is None else SENT


def validate_in_parts(request: Request, size: int = 0, pool: Pool | None = None) -> list[Result]:
    """Return what `fast.validate` returns, with less memory, or by a pool.

    A part has up to `size` characters, `part_size` where nothing is said. Raises ValueError as `fast.validate` does,
    and RemoteError when the workers of the pool fail.
    """
    count = 1 if looks_far(request.shapes) else -(-size_of(request.data) // (size or part_size(pool)))
    shapes, classes = _targets_as_objects(request.shapes)
    blanks = blanks_of(request.data)
    with temporary_folder("akb-shapes-") as folder:
        files = [folder / f"{number}.nt" for number in range(count)]
        _write(request, files, shapes, classes, blanks)
        parts = [Part(file, number, count, list(shapes), blanks) for number, file in enumerate(files)]
        if pool is None:
            return _one_by_one(parts)
        rounds = (parts[start : start + _SENT_AT_ONCE] for start in range(0, count, _SENT_AT_ONCE))
        return [result for some in rounds for found in pool.map(results_of, list(map(_sent, some))) for result in found]


def _sent(part: Part) -> Part:
    """Return a part with its data, since workers share no files; the file is gone afterwards."""
    assert isinstance(part.data, Path)
    text = part.data.read_text(encoding="utf-8")
    part.data.unlink()
    return replace(part, data=text)


def _one_by_one(parts: Sequence[Part]) -> list[Result]:
    results: list[Result] = []
    with _apart() as validate:
        for part in parts:
            results += validate(part)
            assert isinstance(part.data, Path)
            part.data.unlink()
    return results


@contextmanager
def _apart() -> Iterator[Callable[[Part], list[Result]]]:
    """Give what validates a part in a process that ends after it: what Rust has allocated goes back to the system."""
    try:
        executor = ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1)
    except (OSError, ImportError):
        # The locks between processes need /dev/shm, which a container may lack.
        yield results_of
        return
    with executor:
        yield lambda part: executor.submit(results_of, part).result()


def results_of(part: Part) -> list[Result]:
    """Validate one part; return the results of the nodes that it owns. Raises ValueError as `fast.validate` does."""
    graph = Graph(bind_namespaces="none")
    for triple in part.shapes:
        graph.add(triple)
    compiled = Compiled(graph, Graph(bind_namespaces="none"))
    report = compiled.asked_of(part.data) if isinstance(part.data, Path) else compiled.asked(part.data, [])
    found = compiled.results(report, list(part.blanks))
    return [result for result in found if _owner(result.focus.n3(), part.count) == part.number]


def _named(data: str | Pieces, count: int, backward: Container[str]) -> dict[str, int]:
    """Return of each node the parts that name it, as the bits of a number; not of one that only its owner names.

    What is said of a node is in the part of its owner, and with a predicate that is followed `backward` also in that of
    the value's.
    """
    named: dict[str, int] = {}
    for subject, predicate, value in _statements(data):
        is_backward = predicate in backward
        if value[0] == '"' and not is_backward:
            continue
        owner, other = _owner(subject, count), _owner(value, count)
        if owner != other:
            if value[0] != '"':
                named[value] = named.get(value, 0) | 1 << owner
            if is_backward:
                named[subject] = named.get(subject, 0) | 1 << other
    return named


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


def _write(
    request: Request,
    files: list[Path],
    shapes: Graph,
    classes: dict[Node, URIRef],
    blanks: list[str],
) -> None:
    """Write the parts."""
    ontology = mixed_in(request.ontology)
    backward = {one.n3() for one in shapes.objects(None, SH.targetObjectsOf)}
    backward |= {one.n3() for one in shapes.objects(None, SH.inversePath)}
    typed: defaultdict[str, list[str]] = defaultdict(list)
    below: defaultdict[str, set[str]] = defaultdict(set)
    count = len(files)
    named = _named(request.data, count, backward) if count > 1 else {}
    with ExitStack() as stack:
        outputs = [stack.enter_context(file.open("w", encoding="utf-8")) for file in files]
        for data, is_shared in ((request.data, False), (ontology, True)):
            for subject, predicate, value in _statements(data):
                owner = _owner(subject, count)
                chosen: Iterable[int] = (owner,)
                if predicate == _TYPE:
                    typed[value].append(subject)
                elif predicate == _SUBCLASS:
                    below[value].add(subject)
                if is_shared or predicate == _SUBCLASS:
                    chosen = range(count)
                elif predicate == _TYPE or predicate in backward:
                    parts = 1 << owner
                    parts |= named.get(subject, 0) if predicate == _TYPE else 0
                    parts |= 1 << _owner(value, count) if predicate in backward else 0
                    chosen = _bits(parts)
                for number in chosen:
                    outputs[number].write(f"{subject} {predicate} {value} .\n")
        for target, name in classes.items():
            for subject in {one for kind in _under(target.n3(), below) for one in typed[kind]}:
                outputs[_owner(subject, len(outputs))].write(f"<{_TARGET}> {name.n3()} {subject} .\n")
        for output in outputs:
            output.write(leading_to(blanks))


def _bits(number: int) -> Iterator[int]:
    """Yield the places of the bits that are set."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _statements(data: str | Pieces) -> Iterator[Statement]:
    return chain.from_iterable(map(statements, pieces_of(data)))


def _under(kind: str, below: dict[str, set[str]]) -> set[str]:
    """Return a class and all that are under it."""
    found, rest = {kind}, [kind]
    while rest:
        for one in below.get(rest.pop(), ()):
            if one not in found:
                found.add(one)
                rest.append(one)
    return found
