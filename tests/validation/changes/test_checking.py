"""The check of a change finds what the whole check finds where the change reaches, and nothing else.

That is held by the corpus of faults, each of which is a change of a clean base, and by edits made at random.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from server.history.snapshots import PARTS
from server.records.findings import Change, Finding, Stage
from server.schema.reading import schema_of
from server.settings import Settings, read_settings
from server.turtle.reader import read_base
from server.validation.changes.checking import check_changed, read_part
from server.validation.check import check
from tests.faults.corpus import KEYS, Fault, faults, lay_out, telling
from tests.made import NAMESPACES
from tests.thorough import NIGHTLY

FAULTS = faults()
SOME = FAULTS[:: len(FAULTS) // 12]
HEADS = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMESPACES.prefixes().items())


def texts(root: Path) -> dict[str, str]:
    files = (path for part in PARTS for path in (root / part).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes().decode(errors="replace") for path in files}


def differences(before: dict[str, str], after: dict[str, str]) -> list[Change]:
    names = sorted(before.keys() | after.keys())
    return [Change(name, before.get(name)) for name in names if before.get(name) != after.get(name)]


def whole(settings: Settings) -> dict[Stage, set[Finding]]:
    base = read_base(settings.root, settings.namespaces)
    schema = schema_of(base)
    return {stage: set(check(base, schema, stages=[stage]).findings) for stage in Stage}


# ---- the corpus -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The texts of the base without a fault."""
    root = tmp_path_factory.mktemp("clean") / "base"
    lay_out(root, None)
    return texts(root)


def holds(fault: Fault, clean: dict[str, str], folder: Path) -> None:
    root = folder / "base"
    lay_out(root, fault)
    changes = differences(clean, texts(root))
    report = check_changed(read_settings({}, root=root), changes)
    found = [{key: asdict(finding)[key] for key in KEYS} for finding in report.findings]
    reached = [one for one in fault.findings if report.is_whole or one["file"].startswith("kb/")]
    assert found == reached
    assert report.is_whole >= any(not change.path.startswith("kb/") for change in changes)


@pytest.mark.parametrize("fault", SOME, ids=lambda fault: fault.name)
def test_a_fault_is_found_by_the_check_of_its_change(fault: Fault, clean: dict[str, str], tmp_path: Path) -> None:
    holds(fault, clean, tmp_path)


# Of a change of the ontology or the shapes everything is checked, as tests/validation/test_faults.py does.
# What that leaves out is here, so that each fault is found by the one or the other, and in a nightly run by both.
TOLD = [] if NIGHTLY else telling(FAULTS)
OTHERS = [fault for fault in FAULTS if fault.is_of_kb and fault not in SOME and fault not in TOLD]


@pytest.mark.slow
@pytest.mark.parametrize("fault", OTHERS, ids=lambda fault: fault.name)
def test_other_faults_are_found_by_the_checks_of_their_changes(
    fault: Fault, clean: dict[str, str], tmp_path: Path
) -> None:
    holds(fault, clean, tmp_path)


# ---- edits at random --------------------------------------------------------------------------------------

Edit = Callable[[random.Random, str, str, str], str | None]
"""From chance, a text, the CURIE of its entity and another's, to the text after it, or None for no file."""
PREDICATES = ("extends", "partOf", "specializes", "requires", "asserts", "analogousTo", "mergedInto", "cites")

EDITS: tuple[Edit, ...] = (
    lambda _c, _t, _m, _o: None,
    lambda _c, t, _m, _o: t[: len(t) * 2 // 3],
    lambda c, t, _m, _o: re.sub(
        r'prefLabel "[^"]*', f'prefLabel "Goal {c.choice(["drift", "drifts", "Drift", "rift"])}', t
    ),
    lambda c, t, _m, _o: re.sub(
        r" a akb:\w+", f" a akb:{c.choice(['Concept', 'Claim', 'Paper', 'Edge', 'Person'])}", t, count=1
    ),
    lambda c, t, m, o: f"{HEADS}{t}\n{m} akb:{c.choice(PREDICATES)} {o} .\n",
    lambda c, t, _m, _o: "\n\n".join(p for p in t.split("\n\n") if p.startswith("@") or c.random() < 0.7),
    lambda _c, t, _m, o: HEADS + re.sub("status akbv:active", f"status akbv:merged ; akb:mergedInto {o}", t, count=1),
    lambda _c, t, m, o: f'{HEADS}{t}\n{o} akb:extends {m} ; skos:altLabel "other", "Other"@de .\n',
    lambda c, t, m, _o: (
        f'{HEADS}{t}\n{m} bibo:doi "10.1/{c.randrange(2)}" ; akb:arxivId "2401.0000{c.randrange(2)}" .\n'
    ),
    lambda c, t, m, _o: f'{HEADS}{t}\n{m} akb:authorList "Ada Byron; Goal {c.choice(["drift", "rift"])}" .\n',
    lambda _c, t, m, _o: f"{HEADS}{t}\n{m} akb:supports [ a akb:Concept ] ; akb:partOf {m} .\n",
    lambda _c, t, m, o: t.replace(m, o),
    lambda c, t, m, o: re.sub(r"akb:object \S+ ;", f"akb:object {c.choice([m, o, 'concept:nowhere'])} ;", t, count=1),
)


def edit(chance: random.Random, root: Path, files: list[Path]) -> None:
    path, other = chance.sample(files, 2)
    text = path.read_text() if path.exists() else f"{path.parent.name}:{path.stem} a akb:Concept ."
    curies = [f"{one.parent.name}:{one.stem}" for one in (path, other)]
    edited = chance.choice(EDITS)(chance, text, *curies)
    if edited is None:
        path.unlink(missing_ok=True)
    else:
        path.write_text(edited)


def random_edits(seed: int, root: Path, steps: int) -> int:
    """Edit a base again and again; return how many findings were compared."""
    chance = random.Random(seed)
    lay_out(root, None)
    settings = read_settings({}, root=root)
    files = sorted((root / "kb").rglob("*.ttl"))
    before, found_before = texts(root), whole(settings)
    compared = 0
    for _ in range(steps):
        for _ in range(chance.choice([1, 1, 2])):
            edit(chance, root, files)
        after = texts(root)
        changes = differences(before, after)
        found = set(check_changed(settings, changes).findings)
        all_found = whole(settings)
        part = read_part(settings, changes)
        expected = {
            finding
            for stage, findings in all_found.items()
            for finding in findings
            if part is None
            or (stage not in {Stage.ONTOLOGY, Stage.SHAPES_LINT} and part[1].covers(stage, finding, NAMESPACES))
        }
        assert found == expected
        compared += len(found)
        # Nor does the reach leave anything out: what is new lies within it. A place may move without a change of fault.
        for stage in Stage:
            if stage is not Stage.SHAPES_LINT:
                old = {unplaced(finding) for finding in found_before[stage]}
                new = {one for one in all_found[stage] if unplaced(one) not in old}
                assert new <= found
        before, found_before = after, all_found
    return compared


def unplaced(finding: Finding) -> tuple[str, ...]:
    return finding.rule, finding.focus, finding.message, finding.mend


def test_edits_at_random_are_checked_as_the_whole_is(tmp_path: Path) -> None:
    assert random_edits(1, tmp_path / "base", 4) > 10


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 5 if NIGHTLY else 3))
def test_many_edits_at_random_are_checked_as_the_whole_is(seed: int, tmp_path: Path) -> None:
    assert random_edits(seed, tmp_path / "base", 8) > 20


# ---- where all could be affected --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "add"),
    [
        ("ontology/akb.ttl", "akb:partOf a owl:FunctionalProperty ."),
        ("shapes/rules/dangling-end.rq", "# more"),
        ("shapes/work.ttl", "# more"),
        ("kb/concept/x.ttl", "<urn:a> <http://www.w3.org/2002/07/owl#sameAs> <urn:b> ."),
        ("kb/concept/x.ttl", "<https://w3id.org/alignment-kb/schemes#active> <urn:p> 1 ."),
        ("kb/concept/x.ttl", '<urn:a> <urn:new> "the first text of it with a language"@en .'),
    ],
)
def test_a_change_that_reaches_everything_is_a_whole_check(name: str, add: str, root: Path) -> None:
    path = root / name
    before = path.read_text() if path.exists() else None
    path.write_text(f"{before or ''}\n{add}\n")
    settings = read_settings({}, root=root)
    report = check_changed(settings, [Change(name, before)])
    assert report.is_whole
    assert set(report.findings) == set().union(*whole(settings).values())


@pytest.mark.parametrize(
    "text",
    [
        "akb:x a owl:FunctionalProperty , owl:ObjectProperty .",
        "akb:x a owl:ObjectProperty ; owl:propertyChainAxiom ( akb:cites akb:cites ) .",
    ],
)
def test_an_ontology_from_which_more_follows_is_checked_whole(text: str, root: Path) -> None:
    path = root / "ontology/akb.ttl"
    path.write_text(f"{path.read_text()}\n{text}\n")
    assert check_changed(read_settings({}, root=root), [Change("kb/concept/none.ttl", None)]).is_whole


def test_nothing_changed_is_nothing_found(root: Path) -> None:
    (root / "kb/concept/bad.ttl").write_text("not Turtle")
    report = check_changed(read_settings({}, root=root), [])
    assert (report.findings, report.files, report.entities, report.is_whole) == ((), 0, 0, False)


def test_a_file_of_an_unreadable_entity_is_no_dangling_end(root: Path) -> None:
    path = root / "kb/paper/alignment-faking-in-llms.ttl"
    before = path.read_text()
    path.write_text(before + "\nparper:x a")
    report = check_changed(read_settings({}, root=root), [Change("kb/paper/alignment-faking-in-llms.ttl", before)])
    assert {finding.rule for finding in report.findings} == {"syntax"}


def test_a_damaged_index_is_made_anew_in_passing(root: Path, tmp_path: Path) -> None:
    settings = read_settings({}, root=root)
    index = settings.state / "checked.sqlite"
    index.parent.mkdir()
    index.write_bytes(b"SQLite format 3\0 and then something else")
    assert check_changed(settings, []).findings == ()
    shutil.rmtree(settings.state)
    assert check_changed(settings, []).findings == ()
