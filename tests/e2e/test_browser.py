"""What a reader sees in a real browser: headless Chromium against a real server."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from server.turtle.base import Base
from tests.e2e.browsing import WIDE, Visit, only_from
from tests.thorough import part

pytestmark = pytest.mark.slow

GROUPS = [
    "Papers (2)",
    "Thinkers (3)",
    "Frameworks (1)",
    "Methods (1)",
    "Concepts (13)",
    "Artifacts (2)",
    "Quotes (2)",
]
"""The neighbourhood of alignment faking, as the page from which this base grew has it."""

ENTITY = "concept/alignment-faking"

PAGES = {
    "home": "",
    "entity": ENTITY,
    "class": "concept",
    "neighbourhood": f"{ENTITY}/neighbourhood?size=5",
    "ontology": "ontology",
    "shapes": "shapes",
    "data": ".well-known/void",
    "examples": "examples",
    "search": "search?q=alignment",
    "search with facets": "search?q=alignmnt&class=concept&size=5&page=2",
    "search that finds nothing": f"search?q={'x' * 200}",
    "what links two": "path?from=thinker:joseph-carlsmith&to=concept:goal-misgeneralization",
    "what links two, of whom one is unknown": "path?from=alignmnt&to=concept:goal-misgeneralization",
    "sparql": "sparql",
    "sparql answer": f"sparql?query={quote('SELECT * WHERE { GRAPH ?graph { ?s ?predicate ?o } } LIMIT 50')}",
    "sparql triples": f"sparql?query={quote('DESCRIBE concept:alignment-faking')}",
    "unknown entity": "concept/alignment-fakin",
    "unknown entity with a long name": f"concept/{'a' * 300}",
    "unknown address": "no/such/page",
    "malformed query": f"sparql?query=SELECT+{'x' * 300}",
}

NARROW = {"width": 320, "height": 640}

TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  const scrolls = e => e && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
  return [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > edge + 0.5 && !scrolls(e.parentElement))
    .map(e => `${e.outerHTML.slice(0, 120)} ends at ${Math.round(e.getBoundingClientRect().right)}`);
}"""
"""Names the elements that stick out on the right, save those in a box that scrolls by itself."""


def headings(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("section.group h2").all_inner_texts()]


def test_a_reader_sees_the_neighbourhood_and_walks_along_its_edges(server: str, visit: Callable[..., Visit]) -> None:
    seen = visit()
    page = seen.page
    with only_from(server, seen):
        page.goto(ENTITY)
        expect(page.get_by_role("heading", level=1)).to_have_text("Alignment Faking")
        page.get_by_role("link", name="All as a list").click()
        title = re.compile("^Neighbourhood of .*Alignment Faking")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        assert headings(page) == GROUPS
        for group in page.locator("section.group").all():
            link = group.locator(".neighbour .head a.entity").first
            name = link.inner_text()
            link.click()
            expect(page.get_by_role("heading", level=1)).to_have_text(name)
            back = page.locator('.told a.entity[href="/concept/alignment-faking"]')
            expect(back.first).to_be_attached()
            page.go_back()
            expect(page.get_by_role("heading", level=1)).to_have_text(title)
        assert headings(page) == GROUPS


def test_as_many_neighbours_are_listed_as_the_headings_say(visit: Callable[..., Visit]) -> None:
    page = visit().page
    page.goto(f"{ENTITY}/neighbourhood")
    for group in page.locator("section.group").all():
        number = int(re.search(r"\((\d+)\)", group.locator("h2").inner_text())[1])
        expect(group.locator("li.neighbour")).to_have_count(number)


def test_every_link_of_the_contents_leads_to_its_section(visit: Callable[..., Visit]) -> None:
    page = visit(viewport={"width": 800, "height": 400}).page
    page.goto(ENTITY)
    for link in page.locator(".contents a").all():
        link.click()
        expect(page.locator(".told :target")).to_be_in_viewport()
        assert page.locator(".told :target").inner_text().startswith(link.inner_text().rstrip("0123456789 "))


def test_the_address_of_an_edge_leads_to_its_place_on_the_page(visit: Callable[..., Visit]) -> None:
    page = visit().page
    page.goto(ENTITY)
    # One that a section shows, and one in the fold of what none shows; both start at the entity.
    for phrase in ("extends", "is associated with"):
        item = page.locator(".told li[id^=edge-]").filter(has=page.get_by_text(phrase, exact=True)).first
        edge = item.get_attribute("id")
        page.goto(edge.replace("-", "/", 1))
        expect(page.locator(":target")).to_be_in_viewport()
        expect(page.locator(":target")).to_have_id(edge)


def test_without_javascript_a_keyboard_is_enough(server: str, visit: Callable[..., Visit]) -> None:
    seen = visit(java_script_enabled=False)
    page = seen.page
    with only_from(server, seen):
        page.goto(f"{ENTITY}/neighbourhood")
        assert headings(page) == GROUPS
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to the content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"#content$"))
        page.keyboard.press("Tab")
        first = page.locator("main a").first
        expect(first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page).to_have_url(server)


SHOW = """async path => {
  const answer = await fetch(path, { headers: { Accept: 'text/html' } });
  const { body } = new DOMParser().parseFromString(await answer.text(), 'text/html');
  document.body.replaceWith(body);
  return [answer.status, document.documentElement.scrollWidth];
}"""
"""Shows another page of the site within this one, without its scripts, for a third of the CPU time."""


def test_no_entity_is_wider_than_a_small_phone(base: Base, visit: Callable[..., Visit]) -> None:
    """With its scripts an entity is shown by the test of all pages."""
    page = visit(viewport=NARROW).page
    page.goto("")
    wide = {}
    for file in part(base.files, 25):
        path = file.path.removeprefix("kb/").removesuffix(".ttl")
        status, width = page.evaluate(SHOW, f"/{path}")
        # A base may hold retired entities, whose pages are errors or are elsewhere; those must fit as well.
        assert status in {200, 410}, path
        if width > 320:
            wide[path] = page.evaluate(TOO_WIDE)
    assert wide == {}


def test_dark_is_dark_and_light_is_light(visit: Callable[..., Visit]) -> None:
    brightness = {}
    for scheme in ("light", "dark"):
        page = visit(color_scheme=scheme).page
        page.goto("")
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        brightness[scheme] = sum(int(part) for part in re.findall(r"\d+", colour)[:3])
    assert brightness["dark"] < 3 * 64
    assert brightness["light"] > 3 * 192


def test_the_form_answers_with_a_table(base: Base, server: str, visit: Callable[..., Visit]) -> None:
    seen = visit(java_script_enabled=False)
    page = seen.page
    claims = sum(1 for file in base.files if file.path.startswith("kb/claim/"))
    query = "SELECT ?claim ?label WHERE { ?claim a akb:Claim ; skos:prefLabel ?label }"
    with only_from(server, seen):
        page.goto("sparql")
        page.get_by_label("Query").fill(query)
        page.get_by_role("button", name="Run the query").click()
        expect(page.get_by_role("heading", name="Answer")).to_be_visible()
        expect(page.get_by_role("columnheader")).to_have_text(["claim", "label"])
        expect(page.locator("tbody tr")).to_have_count(claims)
        expect(page.get_by_text(f"{claims} rows")).to_be_visible()
        expect(page.get_by_label("Query")).to_have_value(query)
        link = page.locator("tbody a").first
        path = link.inner_text().replace(":", "/")
        link.click()
        expect(page).to_have_url(re.compile(rf"^{re.escape(server + path)}\b"))


def test_every_example_of_the_form_answers_with_rows(visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).page
    page.goto("sparql")
    examples = page.locator("section[aria-labelledby=examples] a")
    titles = examples.all_inner_texts()
    assert titles
    for title in titles:
        page.get_by_role("link", name=title, exact=True).click()
        expect(page.get_by_role("heading", name="Answer")).to_be_visible()
        answer = page.locator("section[aria-labelledby=result]").inner_text()
        if not answer.startswith(("Answer\n\nYes.", "Answer\nYes.")):
            assert re.search(r"\b[1-9]\d* (row|triple)s?\b", answer), title


def test_a_malformed_query_says_where_it_is_wrong_and_what_to_do(visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).page
    page.goto("sparql")
    page.get_by_label("Query").fill("SELECT ?claim WHERE {\n  ?claim a akb:Claim\n")
    with page.expect_navigation() as navigation:
        page.get_by_role("button", name="Run the query").click()
    assert navigation.value.status == 400
    expect(page.get_by_role("heading", level=1)).to_have_text("Bad Request")
    expect(page.locator("main .definition")).to_have_text(re.compile(r"^Line [23], column \d+: "))
    expect(page.locator("main")).to_contain_text("What to do:")
    # Whoever made a slip gets back to what was typed.
    page.go_back()
    expect(page.get_by_label("Query")).to_be_visible()


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_a_page_fits_a_small_phone_and_has_a_title_headings_in_order_and_a_name_for_each_control_and_landmark(
    path: str, visit: Callable[..., Visit]
) -> None:
    page = visit(viewport=NARROW).page
    page.goto(path)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(TOO_WIDE) == [], scheme
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, scheme
    page.set_viewport_size(WIDE)
    assert page.title().endswith("Alignment KB") or page.title().startswith("Alignment KB")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all("all => all.map(one => Number(one.tagName[1]))")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []
    ids = page.locator("[id]").evaluate_all("all => all.map(one => one.getAttribute('id'))")
    assert sorted(ids) == sorted(set(ids)), "an id stands twice"
    # What a screen reader is told, one line each; a name stands in quotes after the role.
    told = page.locator("body").aria_snapshot().splitlines()
    assert [line for line in told if re.match(r"\s*- (link|button|textbox|region|navigation)(?! \")", line)] == []
    for landmark in ("main", "banner", "contentinfo"):
        assert sum(line.startswith(f"- {landmark}") for line in told) == 1
