"""What of RDF/XML is not well-formed (XML 1.0, section 2.1) is refused, at its place."""

from __future__ import annotations

import pytest

from server.serialization import RDF_XML
from server.store.parsing import SyntaxProblem
from server.turtle.limits import read_within

HEAD = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">\n'
NODE = '<rdf:Description rdf:about="http://a">\n<e:p>é x</e:p>\n</rdf:Description>\n'
WHOLE = HEAD + NODE + NODE.replace("http://a", "http://b") + "</rdf:RDF>"


@pytest.mark.parametrize("end", range(1, len(WHOLE)))
def test_a_file_that_was_cut_off_is_never_read_as_whole(end: int) -> None:
    """RDF/XML has an end; whatever comes before a cut is no less than the file that it was."""
    assert isinstance(read_within(WHOLE[:end], RDF_XML, ""), SyntaxProblem)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (f"{HEAD}<rdf:Description>\n<e:p>é x</e:q>", 3, 10),
        (f'{HEAD}<e:C rdf:about="http://a" e:p="1" e:p="2"/></rdf:RDF>', 2, 35),
        (f"{HEAD}<e:C><e:p>a &nbsp; b</e:p></e:C></rdf:RDF>", 2, 13),
        (f"{HEAD}{NODE}", 5, 1),
    ],
)
def test_what_is_wrong_has_its_place(text: str, line: int, column: int) -> None:
    problem = read_within(text, RDF_XML, "")
    assert isinstance(problem, SyntaxProblem)
    assert (problem.line, problem.column) == (line, column), problem


def test_what_is_well_formed_is_read() -> None:
    read = read_within(WHOLE, RDF_XML, "")
    assert isinstance(read, str)
    assert read.count("\n") == 2
    assert read_within("", RDF_XML, "") == ""
