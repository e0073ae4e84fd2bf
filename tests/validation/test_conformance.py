"""As many findings as SHACL has results for what its sections say, and exit status as `sh:conforms` says.

Every row is made from a clause of SHACL (W3C Recommendation, 2017), which its first column names.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.main import main
from server.records.engines import Engine
from server.validation.shacl import Asking
from tests.validation.asked import HEAD, found

OF_A = ":S sh:targetNode :a ; sh:property [ sh:path :p ; "
ROWS = [
    # clause, shape, data, how many results
    ("2.1.3.1 a target need not be in the data", ":S sh:targetNode :n , 5 ; sh:nodeKind sh:BlankNode .", ":a :p 1 .", 2),
    ("2.1.3.2 class targets reach subclasses", ":S sh:targetClass :T ; sh:class :N .",
     ":U rdfs:subClassOf :T . :a a :U . :b a :T .", 2),
    ("2.1.3.3 implicit class targets", ":T a rdfs:Class , sh:NodeShape ; sh:nodeKind sh:Literal .", ":a a :T .", 1),
    ("2.1.3.4 subjects of", ":S sh:targetSubjectsOf :p ; sh:class :N .", ":a :p 1 , 2 . :b :p 3 .", 2),
    ("2.1.3.5 objects of", ":S sh:targetObjectsOf :p ; sh:class :N .", ":a :p 1 , 2 .", 2),
    ("2.1.3 a target of two kinds is one target", ":S sh:targetNode :a ; sh:targetClass :T ; sh:class :N .", ":a a :T .", 1),
    ("2.1.4 infos do not conform", ":S sh:targetNode :a ; sh:class :N ; sh:severity sh:Info .", ":a :p 1 .", 1),
    ("2.1.6 deactivated", ":S sh:targetNode :a ; sh:class :N ; sh:deactivated true .", ":a :p 1 .", 0),
    ("2.3.1.2 sequence path", ":S sh:targetNode :a ; sh:property [ sh:path ( :p :q ) ; sh:nodeKind sh:IRI ] .",
     ":a :p :b , :c . :b :q 1 . :c :q 1 , 2 .", 2),
    ("2.3.1.3 alternative path", ":S sh:targetNode :a ; sh:property [ sh:path [ sh:alternativePath ( :p :q ) ] ; sh:maxCount 1 ] .",
     ":a :p 1 ; :q 2 .", 1),
    ("2.3.1.4 inverse path", ":S sh:targetNode :a ; sh:property [ sh:path [ sh:inversePath :p ] ; sh:maxCount 1 ] .",
     ":b :p :a . :c :p :a .", 1),
    ("2.3.1.5 zero or more", ":S sh:targetNode :a ; sh:property [ sh:path [ sh:zeroOrMorePath :p ] ; sh:class :N ] .",
     ":a :p :b . :b :p :a .", 2),
    ("2.3.1.7 zero or one", ":S sh:targetNode :a ; sh:property [ sh:path [ sh:zeroOrOnePath :p ] ; sh:class :N ] .",
     ":a :p :b . :b :p :c .", 2),
    ("4.1.1 class", OF_A + "sh:class :N , :M ] .", ":a :p :b , 1 . :b a :N .", 3),
    ("4.1.2 datatype", OF_A + "sh:datatype xsd:integer ] .", ':a :p 1 , "1" , "x"^^xsd:integer , :b .', 3),
    ("4.1.3 nodeKind", OF_A + "sh:nodeKind sh:BlankNodeOrIRI ] .", ":a :p 1 , :b , [ ] .", 1),
    ("4.2.1 minCount", OF_A + "sh:minCount 2 ] .", ":a :p 1 .", 1),
    ("4.2.2 maxCount", OF_A + "sh:maxCount 1 ] .", ":a :p 1 , 2 , 3 .", 1),
    ("4.3.1 minExclusive", OF_A + "sh:minExclusive 2 ] .", ":a :p 1 , 2 , 3 .", 2),
    ("4.3.2 minInclusive, not comparable", OF_A + "sh:minInclusive 2 ] .", ':a :p 2 , "x" , :b .', 2),
    ("4.3.3 maxExclusive", OF_A + "sh:maxExclusive 2 ] .", ":a :p 1 , 2 .", 1),
    ("4.3.4 maxInclusive", OF_A + "sh:maxInclusive 2 ] .", ":a :p 1 , 2 , 3 .", 1),
    ("4.4.1 minLength", OF_A + "sh:minLength 2 ] .", ':a :p "a" , "ab" , 1 , [ ] .', 3),
    ("4.4.2 maxLength", OF_A + "sh:maxLength 1 ] .", ':a :p "a" , "ab" , 10 .', 2),
    ("4.4.3 pattern", OF_A + 'sh:pattern "^A" ; sh:flags "i" ] .', ':a :p "ab" , "ba" , 1 .', 2),
    ("4.4.4 languageIn", OF_A + 'sh:languageIn ( "en" ) ] .', ':a :p "a"@en-GB , "a"@de , "a" , 1 .', 3),
    ("4.4.5 uniqueLang: one result for each language", OF_A + "sh:uniqueLang true ] .",
     ':a :p "a"@en , "b"@en , "c"@en , "a"@de , "b"@de , "a"@fr .', 2),
    ("4.5.1 equals, in both directions", OF_A + "sh:equals :q ] .", ":a :p 1 , 2 ; :q 2 , 3 .", 2),
    ("4.5.2 disjoint", OF_A + "sh:disjoint :q ] .", ":a :p 1 , 2 ; :q 2 , 3 .", 1),
    ("4.5.3 lessThan: one result for each pair", OF_A + "sh:lessThan :q ] .", ":a :p 1 , 5 ; :q 2 , 3 .", 2),
    ("4.5.4 lessThanOrEquals", OF_A + "sh:lessThanOrEquals :q ] .", ":a :p 2 ; :q 2 , 1 .", 1),
    ("4.6.1 not", OF_A + "sh:not [ sh:datatype xsd:integer ] ] .", ':a :p 1 , "1" .', 1),
    ("4.6.2 and", OF_A + "sh:and ( [ sh:nodeKind sh:IRI ] [ sh:class :N ] ) ] .", ":a :p 1 , :b .", 2),
    ("4.6.3 or", OF_A + "sh:or ( [ sh:nodeKind sh:IRI ] [ sh:datatype xsd:integer ] ) ] .", ':a :p 1 , :b , "x" .', 1),
    ("4.6.4 xone", OF_A + "sh:xone ( [ sh:nodeKind sh:Literal ] [ sh:datatype xsd:integer ] ) ] .", ':a :p 1 , "x" , :b .', 2),
    ("4.7.1 node: what explains it is no result", OF_A + "sh:node [ sh:property [ sh:path :q ; sh:minCount 1 ; sh:maxCount 0 ] ] ] .",
     ":a :p :b , :c . :c :q 1 .", 2),
    ("4.7.2 property: results of the inner shape", OF_A + "sh:property [ sh:path :q ; sh:minCount 1 ] ] .", ":a :p :b , :c . :c :q 1 .", 1),
    ("4.7.3 qualifiedValueShape", OF_A + "sh:qualifiedValueShape [ sh:class :N ] ; sh:qualifiedMinCount 2 ; sh:qualifiedMaxCount 2 ] .",
     ":a :p :b , :c . :b a :N .", 1),
    ("4.8.1 closed: one result for each value", ":S sh:targetNode :a ; sh:closed true ; sh:ignoredProperties ( :i ) ; sh:property [ sh:path :p ] .",
     ":a :p 1 ; :i 2 ; :q 3 , 4 ; :r 5 .", 3),
    ("4.8.2 hasValue", OF_A + "sh:hasValue 1 , 2 ] .", ":a :p 1 .", 1),
    ("4.8.3 in", OF_A + 'sh:in ( 1 "x" ) ] .', ':a :p 1 , "x" , "x"@en , 2 .', 2),
    ("5.3 SPARQL, a result for each value",
     ':S sh:targetNode :a ; sh:sparql [ sh:select "SELECT $this ?value WHERE { $this <urn:x:p> ?value }" ] .', ":a :p 1 , 2 .", 2),
]  # fmt: skip


@pytest.mark.parametrize("engine", [Engine.FAST, Engine.REFERENCE])
@pytest.mark.parametrize(("clause", "shape", "data", "count"), ROWS, ids=[row[0] for row in ROWS])
def test_there_are_as_many_findings_as_results(clause: str, shape: str, data: str, count: int, engine: Engine) -> None:
    findings = found(data, shape, Asking(engine))
    assert len(findings) == count
    assert len({one.identity for one in findings}) == count
    assert all(one.constraint and not one.blocks for one in findings)


@pytest.mark.parametrize("row", ROWS[::6], ids=[row[0] for row in ROWS[::6]])
def test_the_exit_status_says_whether_the_data_conform(
    row: tuple[str, str, str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SHACL, section 3.6.1.1: any result, of whatever severity, and the data do not conform."""
    _, shape, data, count = row
    (tmp_path / "data.ttl").write_text(HEAD + data)
    (tmp_path / "shapes.ttl").write_text(HEAD + shape)
    monkeypatch.chdir(tmp_path)
    words = ["check", "--data", "data.ttl", "--shapes", "shapes.ttl", "--only", "shapes", "--fail-on", "info"]
    assert CliRunner().invoke(main, words).exit_code == min(count, 1)
