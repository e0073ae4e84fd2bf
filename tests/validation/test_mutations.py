"""Whatever a file holds, no error but ours leaves what reads it: real files, changed at random.

More of the kind, hours of it, is a matter of the seed and the counts.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.main import main
from server.errors import AkbError
from server.serialization import read_formats
from server.turtle.parsing import graph_of, ntriples_of
from server.turtle.prefixes import declared_in, used_prefixes
from server.turtle.source_files import SourceFile, read_content
from server.validation.shape_syntax import circles, faults_of, well_formed
from server.validation.shape_words import in_words
from tests.faults.corpus import lay_out
from tests.validation.asked import HEAD
from tests.validation.test_shape_syntax import ILL_FORMED, OTHER

ROOT = Path(__file__).parent.parent.parent
FILES = sorted(path for part in ("shapes", "tests/bases", "tests/faults") for path in (ROOT / part).rglob("*.ttl"))
PIECES = [
    *("[", "]", "(", ")", ".", ";", ",", "_:b", "a", "<", "<>", '"', '"""', "^^", "^^xsd:integer", '"9"^^xsd:date'),
    *("1e999", "-", "@prefix", "@base", 'VERSION "1.2"', '@version "1.2" .', "# -----", "# version", "{|", "~", "\\"),
    *('"x"@en--ltr', "<<( <a> <b> <c> )>>", "\\uD800", "\0", "\ufeff", "\u00a0", "\u2028", "😀", "nope:y", "rdf:nil"),
    *("sh:path", "sh:in", 'sh:pattern "[a-"', "sh:or ()", "sh:node", '"1"^^xsd:boolean', "9" * 5000, "null", '"@id"'),
    *("<?xml", "<![CDATA[", "&", 'rdf:parseType="Literal"', "urn:\u00a0x"),
]


def changed(chance: random.Random, text: str) -> str:
    """A text with up to three changes."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.choice([0, 1, 2, 9, 40]))
        piece = chance.choice(PIECES)
        other = chr(chance.choice([chance.randrange(128), chance.randrange(0xE000, 0x10FFFF)]))
        new = chance.choice(["", piece, f" {piece} ", text[at:end] * 2, other])
        text = text[:at] + new + text[end:]
    return text


def read_as_turtle(chance: random.Random, text: str) -> None:
    read = read_content("kb/concept/x.ttl", changed(chance, text).encode())
    list(declared_in([text]))
    used_prefixes(text)
    if isinstance(read, SourceFile):
        assert read.places.triples is not None
        assert len(read.graph) <= len(list(read.statements))


def read_as_bytes(chance: random.Random, text: str) -> None:
    content = bytearray(text.encode())
    for _ in range(chance.randint(1, 4)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    read_content("kb/concept/x.ttl", bytes(content))


def read_as_any_format(chance: random.Random, text: str) -> None:
    read = ntriples_of(changed(chance, text), chance.choice(list(read_formats().values())), "file:///x")
    if isinstance(read, str):
        graph_of(read)


def read_as_shapes(chance: random.Random, text: str) -> None:
    shapes = HEAD + chance.choice(ILL_FORMED)[2].replace("«", "") + OTHER if chance.random() < 0.5 else text
    read = ntriples_of(changed(chance, shapes), base="file:///x")
    if isinstance(read, str):
        graph = graph_of(read)
        left = well_formed(graph, faults_of(graph))
        assert faults_of(left) == []
        list(circles(left))
        for shape in set(left.subjects()):
            list(in_words(left, shape, str))


@pytest.mark.parametrize(
    ("read", "count"),
    [(read_as_turtle, 1500), (read_as_bytes, 2000), (read_as_any_format, 2000), (read_as_shapes, 500)],
)
def test_no_error_but_ours_leaves_a_reader(read: Callable[[random.Random, str], None], count: int) -> None:
    texts = [text for path in FILES if len(text := path.read_text(encoding="utf-8", errors="replace")) < 6000]
    assert len(texts) > 100
    for seed in range(count):
        chance = random.Random(seed)
        try:
            read(chance, chance.choice(texts))
        except AkbError:
            continue
        except Exception as error:
            error.add_note(f"the seed is {seed}")
            raise


def test_whatever_a_project_holds_a_check_ends_with_one_of_its_exit_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for seed in range(25):
        chance = random.Random(seed)
        for name in ("data.ttl", "shapes.ttl"):
            text = HEAD + ":a a :T ; :p 1 , 2 .\n" + chance.choice(ILL_FORMED)[2].replace("«", "") + OTHER
            (tmp_path / name).write_text(changed(chance, text), encoding="utf-8")
        result = CliRunner().invoke(main, ["check", "--data", "data.ttl", "--shapes", "shapes.ttl"])
        assert result.exit_code in {0, 1, 3}, (seed, result.output)


@pytest.mark.parametrize("part", ["ontology", "shapes", "shapes/rules", "kb/concept"])
def test_whatever_a_base_holds_a_check_ends_with_one_of_its_exit_codes(part: str, tmp_path: Path) -> None:
    root = tmp_path / "base"
    lay_out(root, None)
    files = sorted(path for path in (root / part).iterdir() if path.is_file())
    for seed in range(3):
        chance = random.Random(seed)
        path = chance.choice(files)
        text = path.read_text(encoding="utf-8")
        path.write_text(changed(chance, text), encoding="utf-8")
        result = CliRunner(env={"AKB_STATE": str(tmp_path / "state")}).invoke(main, ["check", "--root", str(root)])
        assert result.exit_code in {0, 1, 3}, (path, seed, result.output)
        path.write_text(text, encoding="utf-8")
