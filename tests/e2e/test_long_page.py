"""Much of one kind: an entity with 300 neighbours, and a class with over 200 entities. Pages show them in parts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from server.build.build import build
from server.settings import read_settings
from tests.e2e.browsing import Visit, weight
from tests.made import CROWDED, KINDS, crowd, edge, record

pytestmark = pytest.mark.slow

SHOWN = 12
IN_A_SECTION = 7
PAGE = 50
OF_EACH_CLASS = 3 * PAGE
LISTED = 210
MOVER, MOVED = "concept:mover", 120
"""Where edges to several pages of neighbours start."""


@pytest.fixture(scope="module")
def crowded(
    tmp_path_factory: pytest.TempPathFactory, make_base: Callable[[Path], Path], start_server: Callable[..., object]
) -> Iterator[str]:
    """The address of a server whose base has an entity with 300 neighbours."""
    folder = tmp_path_factory.mktemp("crowded")
    root = make_base(folder / "base")
    crowd(root, OF_EACH_CLASS)
    for number in range(LISTED):
        (root / "kb" / "method" / f"made-{number}.ttl").write_text(record(f"method:made-{number}", "akb:Method"))
    edges = "".join(edge(MOVER, "akb:motivates", f"method:made-{number}") for number in range(MOVED))
    (root / "kb" / "concept" / "mover.ttl").write_text(record(MOVER, "akb:Concept") + edges)
    build(read_settings({"AKB_STATE": str(folder / "state")}, root=root))
    with start_server(root, folder / "state") as address:
        yield address


def test_a_crowded_entity_shows_the_first_of_each_class_and_leads_to_the_rest(
    crowded: str, visit: Callable[..., Visit]
) -> None:
    page = visit(java_script_enabled=False).page
    page.goto(crowded + CROWDED)
    expect(page.locator("section.neighbourhood > h2")).to_contain_text(f"{2 * OF_EACH_CLASS:,} neighbours")
    for name in ("Papers", "Claims"):
        page.locator("details.beyond > summary").click()
        group = page.locator("section.group").filter(has=page.get_by_role("heading", name=name, exact=True))
        # The others are in the section that asks for them.
        expect(group.locator("li.link")).to_have_count(SHOWN - IN_A_SECTION)
        shown = page.locator(".told li > a.entity").all_text_contents()
        rest = page.locator(".formats").filter(has_text=f"{SHOWN} {name.lower()} with the most edges")
        rest.get_by_role("link", name="all of them").click()
        expect(page).to_have_url(re.compile("/neighbourhood"))
        listed = page.locator(".neighbour .head a.entity").all_inner_texts()
        assert len(listed) == PAGE
        assert len(set(shown) & set(listed)) == SHOWN
        expect(page.get_by_text(f"Page 1 of {OF_EACH_CLASS // PAGE}")).to_be_visible()
        page.go_back()


def test_a_crowded_entity_tells_programs_no_more_than_they_read(crowded: str, visit: Callable[..., Visit]) -> None:
    # How fast it opens is measured in bench/crowded.py; this holds what makes it slow: to write out all that is there.
    page = visit(java_script_enabled=False).page
    page.goto(crowded + CROWDED)
    [data] = page.locator('script[type="application/ld+json"]').all_text_contents()
    assert len(json.loads(data)["@graph"]) == 1 + 8


def test_a_crowded_entity_weighs_no_more_than_others_may(crowded: str) -> None:
    assert weight(crowded + CROWDED) < 10_000


def test_a_crowded_entity_is_no_wider_than_a_phone(crowded: str, visit: Callable[..., Visit]) -> None:
    page = visit(viewport={"width": 320, "height": 640}).page
    page.goto(crowded + CROWDED)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_data_has_all_neighbours(crowded: str, visit: Callable[..., Visit]) -> None:
    answer = visit().page.request.get(f"{crowded}{CROWDED}.json").json()
    assert {group["class"]: len(group["neighbours"]) for group in answer["neighbourhood"]} == dict.fromkeys(
        KINDS, OF_EACH_CLASS
    )


def test_an_edge_leads_to_the_page_that_shows_it_and_stands_out_there(
    crowded: str, visit: Callable[..., Visit]
) -> None:
    page = visit(viewport={"width": 360, "height": 640}, java_script_enabled=False).page
    answer = page.request.get(f"{crowded}concept/mover.json").json()
    edges = [neighbour["links"][0]["edge"] for neighbour in answer["neighbourhood"][0]["neighbours"]]
    assert len(edges) == MOVED
    rest = "concept/mover/neighbourhood.html?class=method"
    places = {
        0: "concept/mover.html",
        SHOWN - 1: "concept/mover.html",
        SHOWN: rest,
        PAGE: f"{rest}&page=2",
        MOVED - 1: f"{rest}&page=3",
    }
    for place, path in places.items():
        name = edges[place].replace(":", "-")
        page.goto(f"{crowded}edge/{edges[place].partition(':')[2]}")
        assert page.url == f"{crowded}{path}#{name}"
        link = page.locator(f"#{name}")
        expect(link).to_be_in_viewport()
        neighbour = page.locator("li").filter(has=link).or_(page.locator(f"li#{name}"))
        expect(neighbour.locator("a.entity").first).to_be_in_viewport()
        other = page.locator(".link:not(:target)").first
        colours = [one.evaluate("it => getComputedStyle(it).backgroundColor") for one in (link, other)]
        assert colours[0] != colours[1]


def test_a_long_list_weighs_little(crowded: str, visit: Callable[..., Visit]) -> None:
    for page in (1, 2, LISTED // 100):
        address = f"{crowded}method?page={page}"
        with urlopen(Request(address, headers={"Accept": "text/html"})) as answer:
            text, headers = answer.read().decode(), answer.headers
        assert text.count('<li class="neighbour">') == 100
        assert len(headers["Link"]) < 2000
        assert weight(address) < 40_000
    page = visit(viewport={"width": 320, "height": 640}, java_script_enabled=False).page
    page.goto(f"{crowded}method")
    seen = page.locator(".neighbour a.entity").all_inner_texts()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text(f"Page 2 of {LISTED // 100 + 1}")).to_be_visible()
    assert not set(seen) & set(page.locator(".neighbour a.entity").all_inner_texts())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    whole = page.request.get(f"{crowded}method.json?page=2").json()
    assert len(whole["entities"]) == whole["count"] >= LISTED
