"""The reader that keeps places agrees with the parser (RDF 1.1 Turtle, section 6.5), and its places are right."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import XSD, BNode, Literal, URIRef

from server.store.parsing import read_ntriples
from server.turtle.positions import NotTurtleError, PlacedTriple, Places
from server.turtle.resolving import resolve
from server.turtle.statements import iri_of, is_blank, statements, value_of
from tests.thorough import examples, part

ROOT = Path(__file__).parent.parent.parent
KNOWLEDGE = sorted((ROOT / "kb").rglob("*.ttl"))
OTHERS = sorted(path for folder in ("ontology", "shapes", "tests") for path in (ROOT / folder).rglob("*.ttl"))

Engine = ox.NamedNode | ox.BlankNode | ox.Literal


def canonical(triples: list[ox.Triple]) -> set[str]:
    """The triples with canonical names for their blank nodes."""
    dataset = ox.Dataset(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


def by_the_parser(text: str) -> set[str]:
    return canonical(list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)))


def by_us(text: str) -> set[str]:
    return canonical([ox.Triple(*map(engine_term, triple[:3])) for triple in Places(text).triples])


def engine_term(term: object) -> Engine:
    if isinstance(term, BNode):
        return ox.BlankNode(str(term))
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    assert isinstance(term, Literal)
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)


# ---- the files that there are -----------------------------------------------------------------------------


def test_every_turtle_file_of_the_repository_has_the_triples_that_the_parser_reads() -> None:
    compared = 0
    for path in (*OTHERS, *part(KNOWLEDGE, 60)):
        # One fault of the corpus is a file that is not UTF-8.
        text = path.read_text(encoding="utf-8", errors="replace")
        try:
            expected = by_the_parser(text)
        except SyntaxError:
            continue  # a fault that tests keep on purpose
        assert by_us(text) == expected, path
        compared += 1
    assert compared >= 76


def test_every_term_of_the_base_stands_where_it_is_said_to() -> None:
    """In canonical form a term is written as its CURIE, in quotes, or bare."""
    looked_at = 0
    for path in part(KNOWLEDGE, 250):
        text = path.read_text(encoding="utf-8")
        prefixes = dict(
            line.removeprefix("@prefix ").removesuffix("> .").split(": <")
            for line in text.splitlines()
            if line.startswith("@prefix")
        )
        for triple in Places(text).triples:
            for term, offset in zip(triple[:3], triple[3:], strict=True):
                assert any(text.startswith(form, offset) for form in written_forms(str(term), prefixes)), (path, term)
                looked_at += 1
    assert looked_at > 6000


def written_forms(value: str, prefixes: dict[str, str]) -> list[str]:
    curies = [f"{name}:{value.removeprefix(iri)}" for name, iri in prefixes.items() if value.startswith(iri)]
    return [*curies, f"<{value}>", '"' + value.replace("\\", "\\\\").replace('"', '\\"'), value, "a "]


# ---- texts that nobody has written ------------------------------------------------------------------------

GAPS = st.sampled_from(["", " ", "\n", "\t ", ' # a comment . ; <urn:x> "\n', "\r\n"])
SPACE = GAPS.filter(bool)
LETTERS = "aZé\u0391漢\U00010400"
LOCALS = st.lists(
    st.sampled_from([*LETTERS, "0", "-", "_", ":", "..x", "%41", "\\~", "\\'", "\\,", "\u00b7", "prefix"]), max_size=5
).map("".join)
PREFIXES = {
    "": "urn:empty/",
    "p": "http://a.example/p#",
    "p.q-r": "urn:dots:",
    "é": "http://b.example/é/",
    "a": "urn:a:",
}
PNAMES = st.builds(
    lambda prefix, local: f"{prefix}:{local}",
    st.sampled_from([*PREFIXES]),
    LOCALS.filter(lambda local: not local or local[0] not in "-.\u00b7"),
)
IRIS = st.sampled_from(
    [
        "<urn:x>",
        "<http://a.example/?q=1#f>",
        "<#f>",
        "<../up/./x>",
        "<>",
        "<?q>",
        "<//h.example/p>",
        "</r>",
        r"<urn:\u00e9>",
    ]
)
LABELS = st.sampled_from(["_:b", "_:0x", "_:b.c", "_:é-\u00b7"])
WORDS = st.sampled_from(["1", "-0", "+12", "1.5", "-.5", "00.10", "1e3", "1.E-3", ".5e+1", "true", "false"])
PIECES = st.lists(
    st.sampled_from(
        [*LETTERS, "x", " ", r"\n", r"\"", r"\'", r"\\", r"\u00e9", r"\U0001F600", "#", ".", "<", "@en", ";"]
    ),
    max_size=6,
).map("".join)
QUOTED = st.one_of(
    PIECES.map('"{}"'.format),
    PIECES.map("'{}'".format),
    PIECES.map(lambda text: f'"""{text} "" \n \' x"""'),
    PIECES.map(lambda text: f"'''{text} '' \n \" x'''"),
)
DATATYPES = st.one_of(PNAMES, IRIS).map("^^{}".format)
LITERALS = st.builds(
    lambda text, kind: text + kind,
    QUOTED,
    st.one_of(st.sampled_from(["", "@en", "@de-AT", "@en-GB-oxendict"]), DATATYPES),
)
VERBS = st.one_of(PNAMES, IRIS, st.just("a"))
PLAIN = st.one_of(PNAMES, IRIS, LABELS, LITERALS, WORDS)


def join(parts: list[str], mark: str, gap: str) -> str:
    return f"{gap}{mark}{gap}".join(parts)


def lists_of(objects: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Predicates, each with its objects."""
    pairs = st.builds(
        lambda verb, space, found, gap: f"{verb}{space}{join(found, ',', gap)}",
        VERBS,
        SPACE,
        st.lists(objects, min_size=1, max_size=3),
        GAPS,
    )
    return st.builds(
        lambda found, gap, more: join(found, ";", gap) + more,
        st.lists(pairs, min_size=1, max_size=3),
        GAPS,
        st.sampled_from(["", " ;", " ;; "]),
    )


def nested(objects: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    collections = st.builds(
        lambda found, space, gap: f"({gap}{space.join(found)}{gap})", st.lists(objects, max_size=3), SPACE, GAPS
    )
    blanks = st.builds(lambda inner, gap: f"[{gap}{inner}{gap}]", st.one_of(st.just(""), lists_of(objects)), GAPS)
    return st.one_of(collections, blanks)


OBJECTS = st.recursive(PLAIN, nested, max_leaves=8)
SUBJECTS = st.one_of(PNAMES, IRIS, LABELS, nested(PLAIN))
STATEMENTS = st.one_of(
    st.builds(
        lambda subject, space, rest, gap, end: f"{subject}{space}{rest}{gap}.{end}",
        SUBJECTS,
        SPACE,
        lists_of(OBJECTS),
        GAPS,
        SPACE,
    ),
    lists_of(PLAIN).map("[ {} ] .\n".format),
    st.sampled_from(
        ["@base <http://c.example/x/> .\n", "BASE <sub/y>\n", "@prefix p: <#moved> .\n", "pReFiX p: <urn:m:> "]
    ),
)
HEAD = "@base <http://base.example/a/b/c?q#f> .\n" + "".join(
    f"@prefix {name}: <{iri}> .\n" if number % 2 else f"PREFIX {name}: <{iri}>\n"
    for number, (name, iri) in enumerate(PREFIXES.items())
)
TEXTS = st.lists(STATEMENTS, max_size=5).map(lambda found: HEAD + "".join(found))


@settings(max_examples=examples(150), deadline=None)
@given(TEXTS)
def test_a_generated_text_has_the_triples_that_the_parser_reads(text: str) -> None:
    assert by_us(text) == by_the_parser(text)


@settings(max_examples=examples(80), deadline=None)
@given(TEXTS)
def test_blank_nodes_have_the_labels_that_the_parser_gave_them(text: str) -> None:
    written = read_ntriples(text)
    assert isinstance(written, str)
    read = Places(text, ntriples=written).triples
    assert sorted(tuple(map(str, triple[:3])) for triple in read) == sorted(
        (iri_of(subject), iri_of(predicate), value_of(value)) for subject, predicate, value in statements(written)
    )


def test_blank_nodes_are_found_by_what_a_reader_made_of_a_part_of_the_text() -> None:
    """As of an excerpt, where what is said of blank nodes is beside each subject of its file."""
    text = "<urn:b> <urn:p> [ <urn:q> 1 ] .\n<urn:a> <urn:p> [ <urn:q> [ <urn:r> 2 ] ] ."
    written = read_ntriples(text)
    assert isinstance(written, str)
    part = "".join(line for line in written.splitlines(keepends=True) if "urn:b" not in line)
    places = Places(text, ntriples=part + part)
    labels = [iri_of(value) for subject, _, value in statements(part) if is_blank(value)]
    assert sorted(place.column for label in labels if (place := places.find(label))) == [17, 27]


def test_blank_nodes_have_no_place_where_the_triples_are_those_of_another_text() -> None:
    text, other = "<urn:a> <urn:p> [ <urn:q> 1 ] .", read_ntriples("<urn:a> <urn:p> [ <urn:q> 2 ] .")
    assert isinstance(other, str)
    [label] = {iri_of(subject) for subject, _, _ in statements(other) if is_blank(subject)}
    assert Places(text, ntriples=other).find(label) is None


@pytest.mark.parametrize(
    "text",
    [
        '@version "1.2" . <urn:a> <urn:p> 1 .',
        "<urn:a> u:p 1 . # version",
        "<urn:a> <urn:p> 1 .\n# -----\nu:a <urn:p> 2 .",
        "1 <urn:p> 2 .",
        "<urn:a> 1 2 .",
        "<urn:a> _:b 2 .",
        "@prefix",
        "PREFIX",
        "@base 1 .",
        '<urn:a> <urn:p> "x"^^',
        "]",
        ")",
        r'<urn:a> <urn:p> "\UFFFFFFFF" .',
    ],
)
def test_no_error_but_ours_leaves_the_reader(text: str) -> None:
    with pytest.raises(NotTurtleError):
        Places(text)


@settings(max_examples=examples(80), deadline=None)
@given(
    st.one_of(
        st.text(),
        st.builds(
            lambda text, at, new: text[:at] + new + text[at + 1 :], TEXTS, st.integers(0, 300), st.text(max_size=2)
        ),
    )
)
def test_whatever_is_read_no_error_but_ours_leaves_the_reader(text: str) -> None:
    with suppress(NotTurtleError):
        Places(text)


@settings(max_examples=examples(80), deadline=None)
@given(st.lists(st.tuples(SPACE, PNAMES, SPACE, VERBS, SPACE, PLAIN, SPACE), min_size=1, max_size=4))
def test_generated_terms_stand_where_they_are_said_to(parts: list[tuple[str, ...]]) -> None:
    text = HEAD + "".join("".join(part) + "." + part[0] for part in parts)
    triples = Places(text).triples
    assert len(triples) == len(parts)
    for (_, subject, _, verb, _, value, _), triple in zip(parts, triples, strict=True):
        assert text.startswith(subject, triple.subject_at)
        assert text.startswith(verb, triple.predicate_at)
        assert text.startswith(value, triple.object_at)


# ---- places -----------------------------------------------------------------------------------------------

TEXT = """@prefix c: <urn:c:> .

# é
c:x a c:T ;
    c:label "漢字"@zh, "two" ; c:other [ c:in 1 ] .
c:y c:to c:x, ( c:z ) .
c:x c:late 2 .
"""


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        (("urn:c:x",), (4, 1)),
        (("urn:c:x", "urn:c:label"), (5, 5)),
        (("urn:c:x", "urn:c:label", "two"), (5, 22)),
        (("urn:c:x", "urn:c:late", "2"), (7, 12)),
        (("urn:c:x", "", "urn:c:T"), (4, 7)),
        (("urn:c:y", "urn:c:to", "urn:c:x"), (6, 10)),
        (("urn:c:x", "urn:c:late", "none"), None),
        (("urn:c:x", "urn:c:none"), None),
        (("urn:c:z",), None),
    ],
)
def test_a_triple_is_found_where_it_stands(wanted: tuple[str, ...], place: tuple[int, int] | None) -> None:
    assert Places(TEXT).find(*wanted) == place


@pytest.mark.parametrize(
    ("term", "place"), [("urn:c:z", (6, 17)), ("urn:c:T", (4, 7)), ("urn:c:y", (6, 1)), ("urn:nowhere", None)]
)
def test_a_term_is_found_where_it_is_first_named(term: str, place: tuple[int, int] | None) -> None:
    assert Places(TEXT).mention(term) == place


def test_the_first_blank_node_is_found() -> None:
    assert Places(TEXT).first_blank() == (5, TEXT.splitlines()[4].index("[") + 1)
    assert Places("_:b <urn:p> 1 .").first_blank() == (1, 1)
    assert Places("# none").first_blank() == (1, 1)


def test_terms_inside_brackets_have_places_of_their_own() -> None:
    [inner] = [triple for triple in Places(TEXT).triples if str(triple.predicate) == "urn:c:in"]
    assert Places(TEXT).place(inner.object_at) == (5, TEXT.splitlines()[4].index("1") + 1)


def test_a_value_is_found_by_the_whole_term() -> None:
    places = Places('<urn:a> <urn:p> "5" , 5 , "Berg" , "Berg"@de , <urn:b> , "urn:b" , 0 , "" .')
    five = Literal("5", datatype=XSD.integer)
    wanted = (Literal("5"), five, Literal("Berg"), Literal("Berg", lang="de"), URIRef("urn:b"), Literal("urn:b"))
    found = [places.find("urn:a", "urn:p", term) for term in (*wanted, Literal("0", datatype=XSD.integer), Literal(""))]
    assert [place and place.column for place in found] == [17, 23, 27, 36, 48, 58, 68, 72]


def test_columns_count_characters() -> None:
    [triple] = Places('<urn:😀> <urn:é> "漢" .').triples
    assert triple == PlacedTriple(URIRef("urn:😀"), URIRef("urn:é"), Literal("漢"), 0, 8, 16)


@pytest.mark.parametrize(
    "text",
    [
        "<urn:a> <urn:p> " + "[ <urn:p> " * 5000 + "1" + " ]" * 5000 + " .",
        "<urn:a> <urn:p> " + "( " * 5000 + ") " * 5000 + ".",
        "<urn:a> <urn:p> " + " , ".join(str(number) for number in range(20_000)) + " .",
        '<urn:a> <urn:p> """' + '\\"" ' * 50_000 + '""" .',
        "<urn:a> <urn:p> 1 .\n#" + "." * 200_000,
    ],
    ids=["blank nodes", "collections", "objects", "quotes", "comment"],
)
@pytest.mark.usefixtures("in_linear_time")
def test_a_large_or_deep_text_is_read_in_time(text: str) -> None:
    assert Places(text).triples


@pytest.mark.parametrize(
    ("text", "place"), [("<urn:a> <urn:p> \\ .", (1, 17)), ("<urn:a>\n <urn:p> << .", (2, 10)), ("x", (1, 1))]
)
def test_what_is_not_turtle_is_refused(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(NotTurtleError) as caught:
        Places(text)
    assert caught.value.place == place


# RFC 3986, sections 5.4.1 and 5.4.2.
EXAMPLES = """g:h g:h|g http://a/b/c/g|./g http://a/b/c/g|g/ http://a/b/c/g/|/g http://a/g|//g http://g|?y http://a/b/c/d;p?y
g?y http://a/b/c/g?y|#s http://a/b/c/d;p?q#s|g#s http://a/b/c/g#s|g?y#s http://a/b/c/g?y#s|;x http://a/b/c/;x
g;x http://a/b/c/g;x|g;x?y#s http://a/b/c/g;x?y#s|. http://a/b/c/|./ http://a/b/c/|.. http://a/b/|../ http://a/b/
../g http://a/b/g|../.. http://a/|../../ http://a/|../../g http://a/g|../../../g http://a/g|../../../../g http://a/g
/./g http://a/g|/../g http://a/g|g. http://a/b/c/g.|.g http://a/b/c/.g|g.. http://a/b/c/g..|..g http://a/b/c/..g
./../g http://a/b/g|./g/. http://a/b/c/g/|g/./h http://a/b/c/g/h|g/../h http://a/b/c/h|g;x=1/./y http://a/b/c/g;x=1/y
g;x=1/../y http://a/b/c/y|g?y/./x http://a/b/c/g?y/./x|g#s/../x http://a/b/c/g#s/../x"""


@pytest.mark.parametrize("example", EXAMPLES.replace("\n", "|").split("|"))
def test_references_are_resolved_as_the_standard_shows(example: str) -> None:
    reference, expected = example.split(" ")
    assert resolve("http://a/b/c/d;p?q", reference) == expected


def test_an_empty_reference_is_the_base_without_its_fragment() -> None:
    assert resolve("http://a/b?q#f", "") == "http://a/b?q"
    assert resolve("http://a", "g") == "http://a/g"
    assert resolve("", "g") == "g"
