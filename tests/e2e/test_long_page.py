"""An entity with 2,000 neighbours: its page shows those that matter most, and leads to the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from server.namespaces import Namespaces
from server.publishing.build import build
from server.settings import read_settings
from server.turtle.edges import edge_id
from tests.e2e.browsing import Visit, weight

pytestmark = pytest.mark.slow

OF_EACH_CLASS = 1000
SHOWN = 50
ENTITY = "concept/known-to-everyone"
NAMESPACES = Namespaces()
KINDS = {
    "claim": ("akb:Claim", "akb:about", "akb:claimKind akbv:finding ;"),
    "paper": ("akb:Paper", "akb:studies", 'dcterms:issued "2024-12-18"^^xsd:date ;'),
}


def record(curie: str, type_: str, extra: str = "") -> str:
    """Return the file of an entity."""
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMESPACES.prefixes().items())
    label = curie.partition(":")[2].replace("-", " ")
    return f"""{prefixes}
{curie} a {type_} ;
    dcterms:identifier "{curie}" ;
    skos:prefLabel "{label}"@en ;
    skos:definition "Made by a test, as {label}."@en ;
    {extra}
    akb:status akbv:active ;
    dcterms:source "a test" .
"""


def edge(subject: str, predicate: str, object_: str) -> str:
    """Return an edge with its node."""
    name = edge_id(*(NAMESPACES.expand(curie) for curie in (subject, predicate, object_)))
    return f"""
{subject} {predicate} {object_} .
edge:{name} a akb:Edge ;
    akb:subject {subject} ;
    akb:predicate {predicate} ;
    akb:object {object_} ;
    akb:note "As long as a note is, it says why {subject} stands where it does."@en ;
    akb:confidence 0.8 ;
    akb:status akbv:active ;
    akb:agentType akbv:machine-extracted ;
    prov:generatedAtTime "2026-11-21T02:00:00Z"^^xsd:dateTime ;
    dcterms:source "a test" .
"""


@pytest.fixture(scope="module")
def crowded(
    tmp_path_factory: pytest.TempPathFactory, make_base: Callable[[Path], Path], start_server: Callable[..., object]
) -> Iterator[str]:
    """The address of a server whose base has an entity with 2,000 neighbours."""
    folder = tmp_path_factory.mktemp("crowded")
    root = make_base(folder / "base")
    (root / "akb.toml").write_text('embedding = "none"\n')
    hub = ENTITY.replace("/", ":")
    (root / "kb" / f"{ENTITY}.ttl").write_text(record(hub, "akb:Concept"))
    for name, (type_, predicate, extra) in KINDS.items():
        for number in range(OF_EACH_CLASS):
            curie = f"{name}:made-{number}"
            text = record(curie, type_, extra) + edge(curie, predicate, hub)
            (root / "kb" / name / f"made-{number}.ttl").write_text(text)
    build(read_settings({"AKB_STATE": str(folder / "state")}, root=root))
    with start_server(root, folder / "state") as address:
        yield address


def test_a_crowded_entity_shows_the_first_of_each_class_and_leads_to_the_rest(
    crowded: str, visit: Callable[..., Visit]
) -> None:
    page = visit(java_script_enabled=False).page
    page.goto(crowded + ENTITY)
    expect(page.locator("section.neighbourhood > h2")).to_contain_text(f"{2 * OF_EACH_CLASS} neighbours")
    for name in ("Papers", "Claims"):
        group = page.locator("section.group").filter(has=page.get_by_role("heading", name=f"{name} ({OF_EACH_CLASS})"))
        expect(group.locator("li.neighbour")).to_have_count(SHOWN)
        shown = group.locator(".neighbour .head a.entity").all_inner_texts()
        group.get_by_role("link", name="the rest of them").click()
        expect(page).to_have_url(re.compile("/neighbourhood"))
        following = page.locator(".neighbour .head a.entity").all_inner_texts()
        assert len(following) == SHOWN
        assert not set(shown) & set(following)
        expect(page.get_by_text(f"Page 2 of {OF_EACH_CLASS // SHOWN}")).to_be_visible()
        page.go_back()


def test_a_crowded_entity_weighs_no_more_than_others_may(crowded: str) -> None:
    assert weight(crowded + ENTITY) < 40_000


def test_a_crowded_entity_is_no_wider_than_a_phone(crowded: str, visit: Callable[..., Visit]) -> None:
    page = visit(viewport={"width": 320, "height": 640}).page
    page.goto(crowded + ENTITY)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_data_has_all_neighbours(crowded: str, visit: Callable[..., Visit]) -> None:
    answer = visit().page.request.get(f"{crowded}{ENTITY}.json").json()
    assert {group["class"]: len(group["neighbours"]) for group in answer["neighbourhood"]} == dict.fromkeys(
        KINDS, OF_EACH_CLASS
    )
