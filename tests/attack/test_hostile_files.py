"""Files that are made to take all memory or time are refused within limits, which are named with their options."""

from __future__ import annotations

import gzip
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from server.cli.main import main
from server.namespaces import Namespaces
from server.records.findings import Finding
from server.records.limits import ReadLimits
from server.serialization import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from server.store.parsing import SyntaxProblem
from server.turtle.files import fingerprint
from server.turtle.limits import NotReadError, content_of, is_plain, read_within, use_limits, written_out
from server.turtle.reader import read_base
from tests.made import NAMESPACES

SMALL = ReadLimits(file_mb=1, memory_mb=64, seconds=1)
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e"'


@pytest.fixture(autouse=True)
def limits() -> Iterator[None]:
    """Small limits, so that a test need not fill a machine to meet them."""
    use_limits(SMALL)
    yield
    use_limits(ReadLimits())


def xml(body: str, doctype: str = "") -> str:
    return f"{doctype}<rdf:RDF {RDF}>{body}</rdf:RDF>"


def bomb(levels: int) -> str:
    """Return RDF/XML in which each of some entities is ten times the one before it."""
    rest = "".join(f'<!ENTITY a{level + 1} "{f"&a{level};" * 10}">' for level in range(levels))
    text = f"<e:a><e:b>&a{levels};</e:b></e:a>"
    return xml(text, f'<!DOCTYPE r [<!ENTITY a0 "aaaaaaaaaa">{rest}]>')


NESTED = [
    (TURTLE, "<urn:a> <urn:b> {0} .", "(", ")"),
    (TURTLE, "<urn:a> <urn:b> {0} .", "[<urn:b> ", "]"),
    (TRIG, "{{<urn:a> <urn:b> {0} .}}", "(", ")"),
    (N_TRIPLES, "<urn:a> <urn:b> {0} .", "<<( <urn:a> <urn:b> ", ")>> "),
    (N_QUADS, "<urn:a> <urn:b> {0} .", "<<( <urn:a> <urn:b> ", ")>> "),
    (JSON_LD, "{0}", '{"urn:b":', "}"),
    (JSON_LD, '{{"@id": "urn:a", "urn:b": {0}}}', '{"@list":[', "]}"),
    (JSON_LD, '{{"@context": {{"a": {0}}}}}', '{"@id":"urn:a","@context":{"a":', "}}"),
    (RDF_XML, xml("{0}"), "<e:a><e:b>", "</e:b></e:a>"),
    (RDF_XML, xml('<e:a><e:b rdf:parseType="Literal">{0}</e:b></e:a>'), "<x>", "</x>"),
]
INNER = {
    TURTLE: "<urn:c> ",
    TRIG: "<urn:c> ",
    N_TRIPLES: "<urn:c> ",
    N_QUADS: "<urn:c> ",
    JSON_LD: '"urn:c"',
    RDF_XML: "",
}


@pytest.mark.parametrize(("syntax", "frame", "opening", "closing"), NESTED)
@pytest.mark.parametrize("is_closed", [True, False])
def test_endless_nesting_ends(syntax: Format, frame: str, opening: str, closing: str, is_closed: bool) -> None:
    def nested(levels: int) -> str:
        return frame.format(opening * levels + INNER.get(syntax, "<urn:c> ") + closing * (levels * is_closed))

    before = time.process_time()
    read = read_within(nested(100_000), syntax, "urn:base")
    assert time.process_time() - before < 60, "of this process; the other one has its limit"
    assert isinstance(read, (str, SyntaxProblem))
    if is_closed:
        assert isinstance(read_within(nested(5), syntax, "urn:base"), str)
    # Whatever happened to the process that read it, the next file is read.
    assert read_within("<urn:a> a <urn:B> .", TURTLE, "") != ""
    assert isinstance(read_within('{"@id": "urn:a", "urn:b": 1}', JSON_LD, ""), str)


@pytest.mark.parametrize(
    ("syntax", "text", "option"),
    [
        pytest.param(
            JSON_LD,
            json.dumps(
                {
                    "@context": {"a": {"@id": "urn:a", "@context": {f"t{i}": f"urn:{i}" for i in range(4000)}}},
                    "@graph": [{"a": {"a": "x"}}] * 4000,
                }
            ),
            "AKB_READ_SECONDS",
            id="a context within a context",
        ),
        pytest.param(
            JSON_LD, '{"urn:b":' * 30_000 + '"x"' + "}" * 30_000, "AKB_READ_MEMORY_MB", id="much memory for each level"
        ),
        pytest.param(
            TURTLE,
            f"@prefix p: <urn:{'x' * 30_000}> . p:a p:b {','.join(f'p:{i}' for i in range(3000))} .",
            "AKB_READ_MEMORY_MB",
            id="a long prefix",
        ),
        pytest.param(
            RDF_XML,
            xml("<l:a>" + "<l:b>1</l:b>" * 3000 + "</l:a>").replace("xmlns:e", f'xmlns:l="urn:{"x" * 30_000}" xmlns:e'),
            "AKB_READ_MEMORY_MB",
            id="a long namespace",
        ),
        pytest.param(RDF_XML, bomb(9), "AKB_FILE_MB", id="entities of entities"),
        pytest.param(
            RDF_XML,
            xml(f"<e:a><e:b>{'&a;' * 1000}</e:b></e:a>", f'<!DOCTYPE r [<!ENTITY a "{"x" * 2000}">]>'),
            "AKB_FILE_MB",
            id="one entity often",
        ),
    ],
)
def test_a_limit_is_named_with_the_option_that_raises_it(syntax: Format, text: str, option: str) -> None:
    read = read_within(text, syntax, "urn:base")
    assert isinstance(read, SyntaxProblem)
    assert "It cannot be read within the limits" in read.sentence(syntax.label)
    assert option in read.mend


def test_what_is_larger_than_a_limit_is_read_when_that_is_raised() -> None:
    text = f"@prefix p: <urn:{'x' * 30_000}> . p:a p:b {','.join(f'p:{i}' for i in range(800))} ."
    assert isinstance(read_within(text, TURTLE, ""), SyntaxProblem)
    use_limits(ReadLimits(file_mb=1, memory_mb=1024, seconds=30))
    read = read_within(text, TURTLE, "")
    assert isinstance(read, str)
    assert read.count("\n") == 800


def test_entities_as_editors_of_ontologies_write_them_are_read() -> None:
    doctype = '<!DOCTYPE rdf:RDF [\n <!ENTITY e "urn:e#" >\n <!ENTITY d "&e;d" >\n]>'
    read = read_within(xml('<e:A rdf:about="&d;"/>', doctype), RDF_XML, "urn:base")
    assert read == "<urn:e#d> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:eA> .\n"


def test_nothing_outside_of_a_file_is_read_for_it() -> None:
    doctype = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    read = read_within(xml("<e:a><e:b>&x;</e:b></e:a>", doctype), RDF_XML, "urn:base")
    assert isinstance(read, SyntaxProblem)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text("xyz&abc;", max_size=8)), max_size=5), st.text("x&abc;"))
def test_entities_are_never_larger_than_they_were_counted(entities: list[tuple[str, str]], body: str) -> None:
    declared = "".join(f'<!ENTITY {name} "{value}">' for name, value in entities)
    text = xml(f"<e:a><e:b>{body}</e:b></e:a>", f"<!DOCTYPE r [{declared}]>")
    read = read_within(text, RDF_XML, "urn:base")
    if isinstance(read, str):
        literals = [line.split('"')[1] for line in read.splitlines() if '"' in line]
        assert sum(map(len, literals)) <= written_out(text)


def test_a_huge_literal_is_read_or_refused_with_a_reason() -> None:
    assert isinstance(read_within(f'<urn:a> <urn:b> "{"x" * 1_000_000}" .', TURTLE, ""), str)
    read = read_within(f'<urn:a> <urn:b> "{"x" * 17_000_000}" .', TURTLE, "")
    assert isinstance(read, SyntaxProblem)
    assert "longer than 16 MB" in read.message


def test_usual_files_are_read_without_another_process() -> None:
    assert is_plain('<urn:a> <urn:b> [ <urn:c> ( 1 2 "((((" ) ] .' * 5000, TURTLE)
    assert is_plain("<urn:a> <urn:b> <urn:c> ." * 100_000, N_TRIPLES)
    assert not is_plain("{}", JSON_LD)


@given(st.lists(st.binary(max_size=300), max_size=4), st.integers(0, 40))
def test_gzip_is_unpacked_as_others_do(parts: list[bytes], zeros: int) -> None:
    packed = b"".join(map(gzip.compress, parts)) + b"\0" * zeros * bool(parts)
    path = Path(f"/tmp/akb-test-{os.getpid()}.nt.gz")
    try:
        path.write_bytes(packed)
        assert content_of(path) == gzip.decompress(packed)
        if packed and not zeros:
            path.write_bytes(packed[:-1])
            with pytest.raises(EOFError):
                content_of(path)
    finally:
        path.unlink()


def test_a_gzip_bomb_stops_at_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "bomb.nt.gz"
    path.write_bytes(gzip.compress(b"#" * (50 << 20)))
    with pytest.raises(NotReadError, match="unpacked, it has more than 1 MB") as caught:
        content_of(path)
    assert "AKB_FILE_MB" in caught.value.mend
    large = tmp_path / "large.nt"
    large.write_bytes(b"#" * (3 << 20))
    with pytest.raises(NotReadError, match="it has 3 MB"):
        content_of(large)


def odd_files(folder: Path, outside: Path) -> dict[str, str]:
    """Put what is no file into a folder; return what is to be said of each, by name."""
    os.mkfifo(folder / "fifo.ttl")
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(folder)  # the name of a socket must be short
        one.bind("socket.ttl")
        os.chdir(here)
    (folder / "out.ttl").symlink_to(outside)
    (folder / "endless.ttl").symlink_to("/dev/zero")
    (folder / "nowhere.ttl").symlink_to("nothing")
    (folder / "circle.ttl").symlink_to("circle.ttl")
    return {
        "fifo.ttl": "It is a FIFO, and no file.",
        "socket.ttl": "It is a socket, and no file.",
        "out.ttl": f"It is a symbolic link out of {folder.name}, to {outside}, which is not followed.",
        "endless.ttl": f"It is a symbolic link out of {folder.name}, to /dev/zero, which is not followed.",
        "nowhere.ttl": "It is a symbolic link to nothing, which is not there.",
        "circle.ttl": "It is a symbolic link to circle.ttl, which is not there.",
    }


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    path = tmp_path / "outside.ttl"
    path.write_text("<urn:secret> <urn:is> <urn:here> .")
    return path


def check(*words: str) -> Result:
    return CliRunner().invoke(main, ["check", *words])


def test_of_data_what_is_no_file_is_named_and_not_waited_for(tmp_path: Path, outside: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "good.ttl").write_text("<urn:a> a <urn:B> .")
    (folder / "good-too.ttl").symlink_to("good.ttl")
    said = odd_files(folder, outside)
    (folder / "bomb.rdf").write_text(bomb(9))
    result = check("--data", str(folder))
    assert result.exit_code == 1, result.output
    for name, words in said.items():
        assert f"{folder / name}:1:1: violation [syntax] {words}" in result.output
    assert "its XML entities make" in result.output
    assert "secret" not in result.output
    assert "good" not in result.output
    # A file that is named is read wherever a link leads.
    assert check("--data", str(folder / "out.ttl")).exit_code == 0


def test_of_a_base_what_is_no_file_is_named_and_not_waited_for(root: Path, outside: Path) -> None:
    said = {
        f"kb/concept/{name}": words.replace("out of concept", f"out of {root.name}")
        for name, words in odd_files(root / "kb" / "concept", outside).items()
    }
    (root / "kb" / "concept" / "folder.ttl").symlink_to(root / "kb" / "claim")
    said["kb/concept/folder.ttl"] = "It is a folder, and no file."
    base = read_base(root, Namespaces())
    found = {finding.file: finding for finding in base.unreadable}
    assert {name: one.message for name, one in found.items()} == said
    assert all(isinstance(one, Finding) and one.mend for one in found.values())
    # What these files may mention is looked for in them too.
    assert base.half_known == frozenset()
    assert fingerprint(root, "") == fingerprint(root, "")
    assert NAMESPACES.base == base.namespaces.base


def test_a_link_within_a_base_is_followed(root: Path) -> None:
    path = root / "kb" / "concept" / "alignment-faking.ttl"
    path.rename(root / "kept.ttl")
    path.symlink_to(root / "kept.ttl")
    base = read_base(root, Namespaces())
    assert base.unreadable == ()
    assert "kb/concept/alignment-faking.ttl" in {file.path for file in base.files}
