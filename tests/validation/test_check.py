"""Each fault is found, at its place, with its mend; a clean base has none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.namespaces import Namespaces
from server.records import Report, Stage
from server.turtle.reader import read_base
from server.validation.check import check
from server.vocabulary.reading import read_vocabulary

NAMESPACES = Namespaces()
AF = "kb/concept/alignment-faking.ttl"
PAPER = "kb/paper/alignment-faking-in-llms.ttl"
QUOTE = "kb/quote/prediction-does-not-rule-out-faking.ttl"
CLAIM = "kb/claim/setup-functions-as-jailbreak.ttl"
QUESTION = "kb/question/could-malicious-preferences-drive-alignment-faking.ttl"
BEFORE_LINT = (Stage.SYNTAX, Stage.SHAPES, Stage.RULES, Stage.CONSISTENCY)
PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMESPACES.prefixes().items())


def run(root: Path, *stages: Stage) -> Report:
    base = read_base(root, NAMESPACES)
    return check(base, read_vocabulary(base.ontology, NAMESPACES), stages=stages or tuple(Stage))


@dataclass(frozen=True)
class Fault:
    """A change to one file, and the rules that must find it there; `mend` is a pattern that a mend matches."""

    name: str
    file: str
    old: str
    new: str
    rules: set[str]
    mend: str
    focus: str = "concept:alignment-faking"
    has_consequences: bool = False
    """Whether other rules are broken by it as well: an entity of no known class has every edge in the wrong place."""


EXTENDS = "concept:alignment-faking akb:extends concept:goal-misgeneralization .\n"
LABEL = '    skos:prefLabel "Alignment Faking"@en ;\n'
IDENTIFIER = '    dcterms:identifier "concept:alignment-faking" ;\n'
STATUS = "    akb:status akbv:active ;\n    dcterms:source"
DEFINITION = r'    skos:definition "[^"]*"@en ;\n'
P = "paper:alignment-faking-in-llms"

FAULTS = [
    Fault("missing label", AF, LABEL, "", {"entity-label", "entity-english-label"}, "skos:prefLabel"),
    Fault("empty label", AF, LABEL, '    skos:prefLabel " "@en ;\n', {"entity-label"}, "skos:prefLabel"),
    Fault(
        "label without a language",
        AF,
        LABEL,
        LABEL.replace("@en", ""),
        {"entity-label-language", "entity-english-label"},
        "@en",
    ),
    Fault(
        "two labels of one language",
        AF,
        LABEL,
        LABEL + LABEL.replace("Faking", "Fake"),
        {"entity-label-language"},
        "skos:altLabel",
    ),
    Fault("label in another language only", AF, LABEL, LABEL.replace("@en", "@de"), {"entity-english-label"}, "@en"),
    Fault(
        "missing definition",
        AF,
        f"re:{DEFINITION}",
        "",
        {"entity-definition", "entity-english-definition"},
        "skos:definition",
    ),
    Fault(
        "empty definition",
        AF,
        f"re:{DEFINITION}",
        '    skos:definition ""@en ;\n',
        {"entity-definition"},
        "skos:definition",
    ),
    Fault("missing identifier", AF, IDENTIFIER, "", {"entity-identifier"}, "dcterms:identifier"),
    Fault(
        "empty identifier",
        AF,
        IDENTIFIER,
        '    dcterms:identifier "" ;\n',
        {"entity-identifier", "identifier-disagrees"},
        "dcterms:identifier",
    ),
    Fault(
        "identifier of another entity",
        AF,
        IDENTIFIER,
        '    dcterms:identifier "concept:other" ;\n',
        {"identifier-disagrees"},
        'write dcterms:identifier "concept:alignment-faking"',
    ),
    Fault("missing status", AF, STATUS, "    dcterms:source", {"entity-status"}, "akbv:draft"),
    Fault("unknown status", AF, STATUS, STATUS.replace("akbv:active", "akbv:done"), {"entity-status"}, "akbv:draft"),
    Fault(
        "type of another folder",
        AF,
        "a akb:Concept",
        "a akb:Method",
        {"type-disagrees", "measures-object", "contradiction"},
        "kb/method/",
    ),
    Fault(
        "two types",
        AF,
        "a akb:Concept ;",
        "a akb:Concept ;\n    a akb:Idea ;",
        {"several-types", "class-not-for-kb"},
        "most exact",
    ),
    Fault(
        "unknown class",
        AF,
        "a akb:Concept",
        "a akb:Concpet",
        {"unknown-class"},
        "did you mean akb:Concept",
        has_consequences=True,
    ),
    Fault("abstract class", AF, "a akb:Concept", "a akb:Entity", {"class-not-for-kb", "measures-object"}, "page class"),
    Fault(
        "unknown predicate",
        AF,
        LABEL,
        LABEL.replace("prefLabel", "prefLable"),
        {"unknown-predicate", "entity-label", "entity-english-label"},
        "did you mean skos:prefLabel",
    ),
    Fault(
        "predicate of no vocabulary",
        AF,
        STATUS,
        "    <http://example.org/p> 1 ;\n" + STATUS,
        {"unknown-predicate"},
        "docs/ontology.md",
    ),
    Fault(
        "edge with an unknown predicate",
        AF,
        "akb:predicate akb:extends ;",
        "akb:predicate akb:extend ;",
        {"unknown-edge-predicate", "edge-without-triple", "triple-without-edge", "edge-name"},
        "did you mean akb:extends",
        focus="*",
    ),
    Fault(
        "edge to an entity that does not exist",
        AF,
        "concept:goal-misgeneralization",
        "concept:goal-misgeneralisation",
        {"dangling-end", "extends-object", "edge-name"},
        "did you mean concept:goal-misgeneralization",
        focus="*",
    ),
    Fault("edge without its plain triple", AF, EXTENDS, "", {"edge-without-triple"}, "add the plain triple", focus="*"),
    Fault(
        "plain triple without an edge",
        AF,
        EXTENDS,
        EXTENDS + "concept:alignment-faking akb:uses concept:compliance-gap .\n",
        {"triple-without-edge"},
        "akb link",
    ),
    Fault(
        "wrong domain",
        AF,
        EXTENDS,
        EXTENDS + "concept:alignment-faking akb:asserts claim:rl-raises-strategic-reasoning .\n",
        {"asserts-subject", "triple-without-edge"},
        "turn the edge round",
    ),
    Fault(
        "wrong range",
        AF,
        EXTENDS,
        EXTENDS + f"concept:alignment-faking akb:specializes {P} .\n",
        {"specializes-object", "triple-without-edge", "contradiction"},
        "turn the edge round",
        focus="*",
    ),
    Fault(
        "an inverse that is stored",
        AF,
        EXTENDS,
        EXTENDS + "concept:alignment-faking akb:generalizes concept:compliance-gap .\n",
        {"inverse-stored", "triple-without-edge"},
        "use akb:specializes",
    ),
    Fault(
        "related, asserted",
        AF,
        EXTENDS,
        EXTENDS + "concept:alignment-faking akb:related concept:compliance-gap .\n",
        {"related-stored"},
        "say how",
    ),
    Fault(
        "wrong edge name",
        AF,
        "edge:e939a43396",
        "edge:e939a43397",
        {"edge-name"},
        "rename it to edge:e939a43396",
        focus="edge:e939a43397",
    ),
    Fault(
        "blank node",
        AF,
        EXTENDS,
        EXTENDS + 'concept:alignment-faking akb:note [ akb:note "x"@en ] .\n',
        {"blank-node"},
        "IRI of its own",
    ),
    Fault(
        "bad DOI",
        PAPER,
        "10.48550/arXiv.2412.14093",
        "https://doi.org/10.48550/x",
        {"paper-doi"},
        "without https://doi.org/",
        focus=P,
    ),
    Fault(
        "bad arXiv id", PAPER, '"2412.14093"', '"arXiv:2412.14093v2"', {"paper-arxiv-id"}, "without a version", focus=P
    ),
    Fault("impossible arXiv month", PAPER, '"2412.14093"', '"2413.14093"', {"paper-arxiv-id"}, "YYMM", focus=P),
    Fault(
        "impossible date",
        PAPER,
        '"2024-12-18"^^xsd:date',
        '"2024-13-18"^^xsd:date',
        {"paper-issued"},
        "xsd:gYearMonth",
        focus=P,
    ),
    Fault(
        "date without a datatype",
        PAPER,
        '"2024-12-18"^^xsd:date',
        '"2024-12-18"',
        {"paper-issued"},
        "xsd:date",
        focus=P,
    ),
    Fault("missing date", PAPER, 're:    dcterms:issued "[^;]*;\n', "", {"paper-issued"}, "dcterms:issued", focus=P),
    Fault(
        "thinker without a kind",
        "kb/thinker/evan-hubinger.ttl",
        "a akb:Person",
        "a akb:Thinker",
        {"Thinker"},
        "akb:Person",
        focus="thinker:evan-hubinger",
    ),
    Fault(
        "concept with a date",
        AF,
        STATUS,
        '    dcterms:issued "2024"^^xsd:gYear ;\n' + STATUS,
        {"concept-issued"},
        "delete dcterms:issued",
    ),
    Fault(
        "artifact with a bad date",
        "kb/artifact/claude-3-opus.ttl",
        "akb:status",
        'dcterms:issued "soon" ;\n    akb:status',
        {"artifact-issued"},
        "xsd:gYear",
        focus="artifact:claude-3-opus",
    ),
    Fault(
        "quote without a locator",
        QUOTE,
        're:    akb:locator "[^"]*" ;\n    akb:status',
        "    akb:status",
        {"quote-locator"},
        "akb:locator",
        focus="quote:prediction-does-not-rule-out-faking",
    ),
    Fault(
        "quote that is too long",
        QUOTE,
        "akb:status akbv:active",
        f'akb:quotedText "{"x" * 301}"@en ;\n    akb:status akbv:active',
        {"quote-text"},
        "shorten",
        focus="quote:prediction-does-not-rule-out-faking",
    ),
    Fault(
        "claim without a kind",
        CLAIM,
        "re: ;\n    akb:claimKind akbv:[a-z]+",
        "",
        {"claim-kind"},
        "akbv:finding",
        focus="claim:setup-functions-as-jailbreak",
    ),
    Fault(
        "question without a state",
        QUESTION,
        "re: ;\n    akb:questionStatus akbv:[a-z-]+",
        "",
        {"question-status"},
        "akbv:open",
        focus="question:could-malicious-preferences-drive-alignment-faking",
    ),
    Fault(
        "edge without a note",
        AF,
        're:    akb:note "Both bend[^"]*"@en ;\n',
        "",
        {"edge-note"},
        "akb:note",
        focus="edge:e939a43396",
    ),
    Fault(
        "confidence above one",
        AF,
        "akb:confidence 0.7 ;",
        "akb:confidence 1.7 ;",
        {"edge-confidence"},
        "from 0 to 1|0.8",
        focus="*",
    ),
    Fault(
        "confidence in quotes",
        AF,
        "akb:confidence 0.7 ;",
        'akb:confidence "0.7" ;',
        {"edge-confidence"},
        "without quotes",
        focus="*",
    ),
    Fault(
        "edge time without a datatype",
        AF,
        '"2026-11-21T02:00:00Z"^^xsd:dateTime',
        '"2026-11-21"',
        {"edge-time"},
        "xsd:dateTime",
        focus="*",
    ),
    Fault(
        "edge with an unknown agent",
        AF,
        "akbv:machine-extracted",
        "akbv:robot",
        {"edge-agent-type"},
        "akbv:human",
        focus="*",
    ),
    Fault(
        "merged into nothing",
        "kb/method/rlhf.ttl",
        "re: ;\n    akb:mergedInto [^;.]*",
        "",
        {"merged-without-successor"},
        "owl:deprecated",
        focus="method:rlhf",
    ),
    Fault(
        "merged into what does not exist",
        "kb/method/rlhf.ttl",
        "akb:mergedInto method:reinforcement-learning-from-human-feedback",
        "akb:mergedInto method:nowhere",
        {"entity-successor", "dangling-end"},
        "CURIE",
        focus="method:rlhf",
    ),
    Fault(
        "active and deprecated",
        AF,
        STATUS,
        "    owl:deprecated true ;\n" + STATUS,
        {"merged-without-successor", "edge-to-retired"},
        "owl:deprecated",
    ),
    Fault(
        "statements about another entity",
        AF,
        EXTENDS,
        EXTENDS + 'concept:compliance-gap skos:altLabel "gap"@en .\n',
        {"foreign-subject"},
        "own file",
        focus="concept:compliance-gap",
    ),
    Fault(
        "home page that is no address",
        "kb/artifact/alignment-faking-code.ttl",
        "re:foaf:homepage <[^>]*>",
        'foaf:homepage "github"',
        {"entity-homepage"},
        "<https://",
        focus="artifact:alignment-faking-code",
    ),
]


def spoil(root: Path, fault: Fault) -> None:
    path = root / fault.file
    text = path.read_text()
    if fault.old.startswith("re:"):
        changed, count = re.subn(fault.old.removeprefix("re:"), fault.new, text, count=1)
        assert count == 1, "the fault changes its file"
    else:
        assert fault.old in text, "the fault changes its file"
        changed = text.replace(fault.old, fault.new)
    own = set(re.findall(r"@prefix (\w+):", text))
    extra = "".join(line + "\n" for line in PREFIXES.splitlines() if line.split()[1].rstrip(":") not in own)
    path.write_text(extra + changed)


def test_the_base_of_this_repository_is_clean(root: Path) -> None:
    report = run(root)
    assert report.findings == ()
    assert report.clean
    assert (report.files, report.entities, report.edges) == (62, 62, 112)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_found_with_its_file_entity_and_mend(fault: Fault, root: Path) -> None:
    spoil(root, fault)
    report = run(root, *BEFORE_LINT)
    assert not report.clean
    rules = {finding.rule for finding in report.findings}
    assert rules >= fault.rules if fault.has_consequences else rules == fault.rules
    found = [finding for finding in report.findings if finding.rule in fault.rules]
    assert any(re.search(fault.mend, finding.mend) for finding in found), [finding.mend for finding in found]
    assert any(fault.focus in ("*", finding.focus) for finding in found), [finding.focus for finding in found]
    for finding in report.findings:
        assert finding.file.startswith("kb/"), finding
        assert finding.line >= 1
        assert finding.column >= 1
        assert finding.focus
        assert finding.message.endswith((".", "?")), finding.message
        assert "{" not in finding.message + finding.mend, "every placeholder is filled"
    assert any(finding.file == fault.file for finding in found)


PLACES: list[tuple[str, Callable[[Path], object], str, str]] = [
    ("renamed file", lambda root: (root / AF).rename(root / "kb/concept/faking.ttl"), "file-name", "rename the file"),
    (
        "moved to another class",
        lambda root: (root / AF).rename(root / "kb/method/alignment-faking.ttl"),
        "file-name",
        "rename the file",
    ),
    (
        "unknown folder",
        lambda root: (root / "kb/idea").mkdir() or (root / AF).rename(root / "kb/idea/a.ttl"),
        "folder",
        "kb/<class>/",
    ),
    ("file at the top", lambda root: (root / AF).rename(root / "kb/alignment-faking.ttl"), "folder", "kb/<class>/"),
    (
        "name that is no slug",
        lambda root: (root / AF).rename(root / "kb/concept/Alignment_Faking.ttl"),
        "file-name",
        "lower-case",
    ),
    ("not Turtle", lambda root: (root / AF).write_text("a b"), "syntax", "; . or quote"),
    ("another kind of file", lambda root: (root / "kb/concept/notes.md").write_text("x"), "syntax", "<slug>.ttl"),
]


@pytest.mark.parametrize(
    ("change", "rule", "mend"), [place[1:] for place in PLACES], ids=[place[0] for place in PLACES]
)
def test_a_file_in_the_wrong_place_or_form_is_found(
    change: Callable[[Path], object], rule: str, mend: str, root: Path
) -> None:
    change(root)
    findings = [finding for finding in run(root).findings if finding.rule == rule]
    assert findings
    assert any(mend in finding.mend for finding in findings), findings


def test_an_edge_in_the_file_of_another_entity_is_found(root: Path) -> None:
    path = root / AF
    head, edge, tail = re.split(r"(?s)(concept:alignment-faking akb:extends .*? \.\nedge:.*? \.\n)", path.read_text())
    path.write_text(head + tail)
    other = root / "kb/concept/goal-misgeneralization.ttl"
    other.write_text(PREFIXES + re.sub(r"@prefix.*\n", "", other.read_text()) + "\n" + edge)
    findings = {(finding.rule, finding.file) for finding in run(root, *BEFORE_LINT).findings}
    assert findings == {
        ("foreign-subject", "kb/concept/goal-misgeneralization.ttl"),
        ("edge-in-wrong-file", "kb/concept/goal-misgeneralization.ttl"),
    }


def test_symmetric_ends_out_of_order_are_found(root: Path) -> None:
    """The pair is moved to the other file whole, so that the order is all that is wrong."""
    path = root / AF
    text = path.read_text()
    swapped = text.replace(
        "akb:subject concept:alignment-faking ;\n    akb:predicate akb:analogousTo",
        "akb:subject concept:sycophancy-in-llms ;\n    akb:predicate akb:analogousTo",
    ).replace("akb:object concept:sycophancy-in-llms", "akb:object concept:alignment-faking")
    assert swapped != text
    path.write_text(swapped)
    assert "symmetric-order" in {finding.rule for finding in run(root).findings}


def test_one_bad_file_does_not_hide_the_faults_of_the_others(root: Path) -> None:
    (root / "kb/claim/setup-functions-as-jailbreak.ttl").write_text("not turtle")
    spoil(root, next(fault for fault in FAULTS if fault.name == "bad DOI"))
    rules = {finding.rule for finding in run(root, *BEFORE_LINT).findings}
    assert {"syntax", "paper-doi"} <= rules


ANALOGY = "concept:alignment-faking akb:analogousTo concept:sycophancy-in-llms"
PLACED = [
    ("missing label", "entity-label", "concept:alignment-faking a akb:Concept", ""),
    ("label without a language", "entity-label-language", '"Alignment Faking" ;', "Alignment Faking"),
    ("identifier of another entity", "identifier-disagrees", '"concept:other" ;', "Alignment Faking"),
    ("unknown class", "unknown-class", "akb:Concpet", "Alignment Faking"),
    ("two types", "several-types", "akb:Idea ;", "Alignment Faking"),
    ("wrong range", "specializes-object", f"{P} .", "Alignment faking in large language models"),
    ("wrong range", "triple-without-edge", f"{P} .", "Alignment Faking"),
    ("wrong range", "contradiction", f"{P} .", "Alignment faking in large language models"),
    (
        "confidence above one",
        "edge-confidence",
        "1.7",
        "concept:alignment-faking akb:analogousTo concept:sycophancy-in-llms",
    ),
    (
        "edge without a note",
        "edge-note",
        "edge:e939a43396 a akb:Edge",
        "concept:alignment-faking akb:analogousTo concept:sycophancy-in-llms",
    ),
    ("merged into what does not exist", "dangling-end", "method:nowhere", "RLHF"),
    ("statements about another entity", "foreign-subject", "concept:compliance-gap skos:altLabel", "Compliance Gap"),
]


@pytest.mark.parametrize(
    ("name", "rule", "text", "label"), PLACED, ids=[f"{name}, {rule}" for name, rule, *_ in PLACED]
)
def test_a_finding_stands_at_the_triple_that_is_wrong(name: str, rule: str, text: str, label: str, root: Path) -> None:
    spoil(root, next(fault for fault in FAULTS if fault.name == name))
    finding = next(finding for finding in run(root).findings if finding.rule == rule)
    line = (root / finding.file).read_text().splitlines()[finding.line - 1]
    assert line[finding.column - 1 :].startswith(text)
    assert finding.label == label


def test_an_entity_whose_file_cannot_be_read_is_not_missing(root: Path) -> None:
    """Else one slip in a paper would be a finding at every edge that cites it."""
    for path in (PAPER, CLAIM):
        with (root / path).open("a") as file:
            file.write("\nparper:x a")
    (root / QUOTE).unlink()
    findings = run(root, *BEFORE_LINT).findings
    assert {finding.file for finding in findings if finding.rule == "syntax"} == {PAPER, CLAIM}
    others = {finding.message for finding in findings if finding.rule not in {"syntax", "dangling-end"}}
    assert others == set()
    assert all("quote:" in finding.message for finding in findings if finding.rule == "dangling-end")


def test_stages_can_be_left_out(root: Path) -> None:
    spoil(root, next(fault for fault in FAULTS if fault.name == "wrong range"))
    (root / CLAIM).write_text("not turtle")
    base = read_base(root, NAMESPACES)
    vocabulary = read_vocabulary(base.ontology, NAMESPACES)
    rules = {
        stage: {finding.rule for finding in check(base, vocabulary, stages=[stage]).findings}
        for stage in (Stage.SYNTAX, Stage.SHAPES, Stage.RULES, Stage.CONSISTENCY)
    }
    assert rules == {
        Stage.SYNTAX: {"syntax"},
        Stage.SHAPES: {"specializes-object"},
        Stage.RULES: {"triple-without-edge"},
        Stage.CONSISTENCY: {"contradiction"},
    }
    assert check(base, vocabulary, stages=()).findings == ()
