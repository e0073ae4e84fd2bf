"""Large data is validated in parts: one after the other, each in a process that gives its memory back, or by a pool.

A part holds what is said of the nodes that it owns, and besides that the types of every node, or, where it is sent to a
worker of a pool, of every node that it names. Where no shape looks farther than to the values of a focus node and their
types, that is all on which the results of the owned nodes depend.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Final
from zlib import crc32

from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from ...leftovers import temporary_folder
from ...records.pool import Pool
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
    count = 1 if looks_far(request.shapes) else -(-len(request.data) // (size or part_size(pool)))
    shapes, classes = _targets_as_objects(request.shapes)
    blanks = blanks_of(request.data)
    named = None if pool is None else _named(request.data, count)
    with temporary_folder("akb-shapes-") as folder:
        files = [folder / f"{number}.nt" for number in range(count)]
        _write(request, files, shapes, classes, blanks, named)
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


def _named(data: str, count: int) -> dict[str, int]:
    """Return of each node the parts that name it, as the bits of a number."""
    named: defaultdict[str, int] = defaultdict(int)
    for line in _lines(data):
        subject, _, rest = line.split(" ", 2)
        value = rest.rpartition(" .")[0]
        owner, other = _owner(subject, count), _owner(value, count)
        named[subject] |= 1 << owner | 1 << other
        if not value.startswith('"'):
            named[value] |= 1 << owner | 1 << other
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
    named: Mapping[str, int] | None,
) -> None:
    """Write the parts; with `named`, the types of a node go where that says, else to all."""
    ontology = mixed_in(request.ontology)
    backward = {one.n3() for one in shapes.objects(None, SH.targetObjectsOf)}
    backward |= {one.n3() for one in shapes.objects(None, SH.inversePath)}
    typed: defaultdict[str, list[str]] = defaultdict(list)
    below: defaultdict[str, set[str]] = defaultdict(set)
    with ExitStack() as stack:
        outputs = [stack.enter_context(file.open("w", encoding="utf-8")) for file in files]
        every = range(len(outputs))
        for text, is_shared in ((request.data, False), (ontology, True)):
            for line in _lines(text):
                subject, predicate, rest = line.split(" ", 2)
                if predicate == _TYPE:
                    typed[rest.rstrip(" .\n")].append(subject)
                elif predicate == _SUBCLASS:
                    below[rest.rstrip(" .\n")].add(subject)
                if is_shared or predicate == _SUBCLASS or (predicate == _TYPE and named is None):
                    chosen: Iterable[int] = every
                elif predicate == _TYPE and named is not None:
                    chosen = _bits(named[subject])
                else:
                    chosen = {_owner(subject, len(outputs))}
                    if predicate in backward:
                        chosen.add(_owner(rest.rpartition(" .")[0], len(outputs)))
                for number in chosen:
                    outputs[number].write(line)
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
