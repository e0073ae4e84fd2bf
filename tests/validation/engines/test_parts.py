"""Validation in parts finds what validation of the whole finds (SHACL, section 3.4), here and by a pool."""

from __future__ import annotations

import errno
import os
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bench.bases import generate
from server.errors import RemoteError, ScarceError
from server.full_disks import is_full
from server.turtle.parsing import parse
from server.turtle.pieces import Pieces
from server.turtle.reader import read_base
from server.turtle.statements import lines_of
from server.validation.engines import fast, parts, reference, running
from server.validation.engines.parts import validate_in_parts
from server.validation.engines.results import Request, Result
from server.validation.engines.running import key, validate
from server.validation.targets import looks_far
from tests.made import NAMESPACES
from tests.pools import PicklingPool

from .generating import HEAD

pytestmark = pytest.mark.skipif(not fast.is_installed(), reason="the package shacl has no wheel for this platform")


def agree(asked: Request, size: int) -> int:
    """Compare parts, of a text and of pieces, with the whole; return how many results there are."""
    assert isinstance(asked.data, str)
    whole = Counter(map(key, fast.validate(asked)))
    pool = PicklingPool()
    lines = Pieces(lambda: iter(lines_of(asked.data)))
    for found in (
        validate_in_parts(asked, size),
        validate_in_parts(asked, size, pool),
        validate_in_parts(replace(asked, data=lines), size),
    ):
        assert Counter(map(key, found)) == whole
    assert sum(map(len, pool.sizes)) == (1 if looks_far(asked.shapes) else -(-len(asked.data) // size))
    return whole.total()


def test_our_shapes_in_three_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pool gets two at a time."""
    monkeypatch.setattr(parts, "_SENT_AT_ONCE", 2)
    base = read_base(generate(tmp_path / "base", 150, fault_every=3), NAMESPACES)
    asked = Request(base.ntriples, base.ontology, base.shapes)
    assert agree(asked, len(asked.data) // 3 + 1) > 20


def test_every_kind_of_target_blank_nodes_and_literals() -> None:
    """With classes that the ontology and the data put under each other, and a class that is a shape (section 2.1.3)."""
    shapes = HEAD + (
        ":s sh:targetClass :A ; sh:property [ sh:path :p ; sh:class :C ] .\n"
        ":t sh:targetSubjectsOf :q ; sh:closed true .\n"
        ":u sh:targetObjectsOf :q ; sh:property [ sh:path [ sh:inversePath :p ] ; sh:minCount 1 ] ;\n"
        "    sh:nodeKind sh:IRI .\n"
        ":C a sh:NodeShape, owl:Class ; sh:property [ sh:path :p ; sh:minCount 1 ] .\n"
        ":v sh:targetNode :n1 ; sh:in ( 1 ) .\n"
    )
    data = (
        HEAD
        + ":B2 rdfs:subClassOf :B .\n"
        + "\n".join(
            f':n{number} a :{"ABC"[number % 3]} ; :p :n{number * 7 % 20} ; :q _:b{number}, "{number}", :n{number + 1} .'
            f" _:b{number} a :B2 ; :p :n{number} ."
            for number in range(20)
        )
    )
    ontology = parse(HEAD + ":B rdfs:subClassOf :A . :i a owl:NamedIndividual, :A ; :p :n1 .")
    asked = Request(parse(data).serialize(format="nt"), ontology, parse(shapes))
    assert agree(asked, len(asked.data) // 4 + 1) > 40


def test_the_classes_of_values_are_known_wherever_the_value_is_owned() -> None:
    """Of values on the way there and back (sh:inversePath, section 2.3.1.3), and of classes as values of rdf:type."""
    shapes = HEAD + (
        ":s sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:class :A ] ;\n"
        "    sh:property [ sh:path rdf:type ; sh:class :Kind ] .\n"
        ":t sh:targetObjectsOf :p ; sh:property [ sh:path [ sh:inversePath :p ] ; sh:class :B ] ;\n"
        "    sh:property [ sh:path [ sh:inversePath :p ] ; sh:qualifiedValueShape [ sh:class :A ] ;\n"
        "        sh:qualifiedMaxCount 0 ] .\n"
        ":A sh:property [ sh:path [ sh:inversePath rdf:type ] ; sh:class :B ] ; a sh:NodeShape ; sh:targetNode :A .\n"
    )
    data = (
        HEAD
        + ":A a :Kind . :B2 rdfs:subClassOf :B .\n"
        + "\n".join(f':n{one} a :{["A", "B2", "C"][one % 3]} ; :p :n{one * 11 % 30}, "{one}" .' for one in range(30))
    )
    asked = Request(parse(data).serialize(format="nt"), parse(""), parse(shapes))
    assert agree(asked, len(asked.data) // 7 + 1) > 60


def test_all_parts_together_are_not_much_more_than_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are: each has the types of what it names, a third of the data at most, and not of all."""
    base = read_base(generate(tmp_path / "base", 200, fault_every=0), NAMESPACES)
    asked = Request(base.ntriples, parse(""), base.shapes)
    written: list[int] = []

    def weigh(some: Sequence[parts.Part]) -> list[Result]:
        written.append(sum(part.data.stat().st_size for part in some if isinstance(part.data, Path)))
        return []

    monkeypatch.setattr(parts, "_one_by_one", weigh)
    for count in (1, 10, 80):
        validate_in_parts(asked, len(asked.data) // count + 1)
    assert max(written) < written[0] * 1.4


def test_shapes_that_look_far_are_asked_of_the_whole() -> None:
    shapes = parse(HEAD + ":s sh:targetNode :a ; sh:property [ sh:path [ sh:oneOrMorePath :p ] ; sh:hasValue :z ] .")
    data = "".join(f"<urn:x:{one}> <urn:x:p> <urn:x:{two}> .\n" for one, two in ("ab", "bc", "cd", "dz", "yy"))
    assert agree(Request(data, parse(""), shapes), 10) == 0


def test_a_worker_is_sent_what_a_part_names_and_no_more(tmp_path: Path) -> None:
    base = read_base(generate(tmp_path / "base", 300, fault_every=0), NAMESPACES)
    asked = Request(base.ntriples, base.ontology, base.shapes)
    sizes = []
    for count in (2, 8):
        pool = PicklingPool()
        assert validate_in_parts(asked, len(asked.data) // count + 1, pool) == []
        sizes.append(max(pool.sizes[0]))
    # A fourth of the data, and the ontology and the shapes, which are sent with each.
    assert sizes[1] < sizes[0] * 0.6


def test_where_processes_cannot_have_locks_this_one_does_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container may lack /dev/shm, or have it read-only."""

    def refuse(*_words: object, **_more: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(parts, "ProcessPoolExecutor", refuse)
    shapes = parse(HEAD + ":s sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:hasValue :z ] .")
    data = "".join(f"<urn:x:{one}> <urn:x:p> <urn:x:y> .\n" for one in "abc")
    assert len(validate_in_parts(Request(data, parse(""), shapes), 40)) == 3


def test_a_cluster_that_fails_is_an_error_and_no_reason_to_ask_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "SENT", 40)
    shapes = parse(HEAD + ":s sh:targetNode :a ; sh:property [ sh:path :p ; sh:hasValue :z ] .")
    asked = Request("".join(f"<urn:x:{one}> <urn:x:p> <urn:x:y> .\n" for one in "abc"), parse(""), shapes)
    notes: list[str] = []
    pool = PicklingPool()
    assert len(validate(asked, note=notes.append, pool=pool)) == 1
    assert len(pool.sizes[0]) > 1

    def lose(*_words: object) -> None:
        raise RemoteError("It has no workers left.", "start some.")

    monkeypatch.setattr(pool, "map", lose)
    with pytest.raises(RemoteError):
        validate(asked, note=notes.append, pool=pool)
    assert notes == []


LARGE = Request(
    "".join(f"<urn:x:{one}> <urn:x:p> <urn:x:y> .\n" for one in "abc"),
    parse(""),
    parse(HEAD + ":s sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:hasValue :z ] ."),
)
"""Data of more than one part, where a part is as small as `small_parts` makes it."""


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (parts, running):
        monkeypatch.setattr(module, "PART", 40)
    monkeypatch.setattr(reference, "validate", lambda _: pytest.fail("the reference has far less room"))


@pytest.mark.usefixtures("small_parts")
def test_what_ends_for_want_of_memory_is_an_error_and_no_reason_to_ask_the_reference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The system ends a process that takes too much, here the one that does a part."""
    monkeypatch.setattr(parts, "results_of", end_at_once)
    with pytest.raises(ScarceError, match=r"could not be checked over .* terminated abruptly"):
        validate(LARGE)


def end_at_once(_: object) -> None:
    """End as the system ends a process."""
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.usefixtures("small_parts")
def test_a_full_disk_is_said_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(parts, "_write", fill)
    with pytest.raises(OSError, match="No space left") as raised:
        validate(LARGE)
    assert is_full(raised.value)
