"""What holds for every kind of page in a browser: axe-core finds nothing, the console is silent, the policy strict.

axe-core checks what a program can of WCAG 2.2, levels A and AA; the rest is for the tests by keyboard here and in
test_browser.py, test_editor.py and test_search.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from server.settings import Settings
from tests.conftest import running_server
from tests.e2e.browsing import Visit, Windows, only_from, weight
from tests.thorough import NIGHTLY, part

pytestmark = pytest.mark.slow

PAGES = {
    "home": "",
    "artifact": "artifact/alignment-faking-code",
    "claim": "claim/alignment-faking-emerges-with-scale",
    "concept": "concept/alignment-faking",
    "framework": "framework/constitutional-ai",
    "method": "method/reinforcement-learning-from-human-feedback",
    "paper": "paper/alignment-faking-in-llms",
    "question": "question/what-causes-the-other-compliance-gaps",
    "quote": "quote/scratchpad-reason-for-complying",
    "thinker": "thinker/anthropic",
    "list of a class": "concept",
    "list as a table": "paper?organization=thinker:anthropic&columns=authors&columns=topics&columns=doi",
    "classes": "browse",
    "topic by year": "concept/alignment-faking/by-year",
    "comparison": "compare?id=claim:an-8b-model-shows-it&id=claim:alignment-faking-emerges-with-scale",
    "comparison not asked yet": "compare?id=claim:an-8b-model-shows-it",
    "reading list": "reading-list?id=paper:alignment-faking-in-llms&id=concept:alignment-faking",
    "card for other sites": "concept/alignment-faking/embed",
    "neighbourhood": "concept/alignment-faking/neighbourhood?size=5",
    "search": "search?q=alignment",
    "search that finds nothing": f"search?q={'x' * 40}",
    "path": "path?from=concept:alignment-faking&to=claim:an-8b-model-shows-it",
    "path not asked yet": "path",
    "picture that grows": "explore?open=concept:alignment-faking&open=paper:alignment-faking-in-llms&predicate=studies",
    "picture that grows, not asked yet": "explore",
    "debates": "debates",
    "open questions": "open-questions",
    "timeline": "timeline",
    "gaps": "gaps",
    "gap": "gaps/claims-without-evidence",
    "review": "review",
    "matches": "review/matches",
    "proposals": "review/proposals",
    "proposing": "propose",
    "ontology": "ontology",
    "code lists": "schemes",
    "shapes": "shapes",
    "data": ".well-known/void",
    "examples": "examples",
    "profiles": "profiles",
    "about": "about",
    "contents of the manual": "docs",
    "page of the manual": "docs/pages",
    "page of the manual with tables and code": "docs/api",
    "API": "openapi",
    "downloads": "download",
    "editor": "sparql",
    "answer": f"sparql?query={quote('SELECT * WHERE { GRAPH ?graph { ?s ?predicate ?o } } LIMIT 20')}",
    "answer that is empty": f"sparql?query={quote('SELECT * { ?s a akb:Clam }')}",
    "query explained": f"sparql?explain=yes&query={quote('SELECT * { ?s a akb:Claim ; akb:about ?o }')}",
    "query for words": "sparql?words=open+questions",
    "kept query, as a graph": "query/evidence-on-a-claim?view=graph",
    "kept query, as bars": "query/papers-by-year?view=bar",
    "error": "concept/alignment-fakin",
}

WIDTHS = (1200, 320)
ONE_WIDTH = (
    *("artifact", "claim", "framework", "method", "question", "quote", "thinker"),
    *("comparison not asked yet", "path not asked yet", "picture that grows, not asked yet"),
    *("search that finds nothing", "answer that is empty", "query for words"),
    *("code lists", "shapes", "gap", "open questions", "matches", "proposals", "page of the manual"),
)
"""Pages that are laid out as others here are; a nightly run looks at them at both widths too."""
DARK = part(list(PAGES), 18)
"""Those of which the colours are looked at in the dark scheme too."""

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
    # Nothing here reads these, and long pages take twice as long with them.
    "selectors": False,
    "preload": False,
}
OF_COLOURS = RULES | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""Of all those rules the ones that a change of the colour scheme can affect."""
LAID_OUT = RULES | {"rules": {name: {"enabled": False} for name in OF_COLOURS["runOnly"]["values"]}}
"""All rules but those."""
ALIKE = tuple(f"{kind}:nth-of-type(n+6)" for kind in ("section.term", "tr", "li", "dt", "dd"))
"""What a long page repeats: five of each will do, save once in a nightly run."""
AT_FIRST = () if NIGHTLY else ALIKE

KILOBYTE = 1000


def violations(page: Page, rules: dict[str, Any] = RULES, but: Sequence[str] = (), within: str = "") -> list[str]:
    """Return what axe-core finds wrong on a page or within one element, save in others; a line for each element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    context = ({"include": [[within]]} if within else {}) | ({"exclude": [[one] for one in but]} if but else {})
    run = "([context, rules]) => axe.run(context ?? document, rules).then((found) => found.violations)"
    found = page.evaluate(run, [context or None, rules])
    return [f"{one['id']}: {node['html'][:160]} {node['failureSummary']}" for one in found for node in one["nodes"]]


def looked_at(page: Page, widths: tuple[int, ...] = WIDTHS) -> None:
    """Look at a page at each width, and at all its colours once: what is shown in which is the same at each."""
    rules, but = RULES, AT_FIRST
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page, rules, but) == [], f"{page.url}, at {width} pixels"
        rules, but = RULES if NIGHTLY else LAID_OUT, ALIKE


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_silent_its_policy_strict_and_axe_finds_nothing(
    name: str, server: str, visit: Callable[..., Visit]
) -> None:
    seen = visit(color_scheme="light")
    page = seen.page
    answer = page.goto(PAGES[name], wait_until="networkidle")
    # What lies further down may be loaded only when it is seen.
    page.keyboard.press("End")
    page.wait_for_load_state("networkidle")
    policy = answer.header_value("content-security-policy")
    if name == "card for other sites":
        policy = policy.replace("frame-ancestors *", "")
    assert re.search("default-src 'none'", policy)
    assert not re.search("unsafe|https?:|[*]", policy)
    assert answer.status == (404 if name == "error" else 200)
    if name == "error":
        # The browser says so of any page that is an error.
        seen.complaints[:] = [one for one in seen.complaints if f"status of {answer.status}" not in one]
    with only_from(server, seen):
        pass
    looked_at(page, WIDTHS[:1] if name in ONE_WIDTH and not NIGHTLY else WIDTHS)
    if name in DARK:
        page.emulate_media(color_scheme="dark")
        assert violations(page, OF_COLOURS, ALIKE) == [], "dark"


SHOWN = """all => all.map((one) => [one.querySelector("summary").textContent,
  [...one.children].slice(1).some((child) => child.checkVisibility())])"""


def test_on_paper_all_folds_are_open_without_scripts(visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).page
    page.goto(PAGES["concept"])
    folds = page.locator("main details:not([open])")
    assert not any(is_shown for _, is_shown in folds.evaluate_all(SHOWN))
    page.emulate_media(media="print")
    found = folds.evaluate_all(SHOWN)
    assert len(found) > 5
    assert [text for text, is_shown in found if not is_shown] == []


def test_axe_finds_nothing_on_pages_about_the_past(travelled: Settings, windows: Windows) -> None:
    with running_server(travelled.root, travelled.state) as past:
        page = windows.open(past)
        page.goto("concept/beta/history")
        of_then = page.get_by_role("link", name="The version of then").last.get_attribute("href")
        others = ("concept/beta/diff", "diff", "changes", "feed", "answers?query=ASK%7B%7D")
        for address in ("concept/beta/history", of_then, *others):
            page.goto(address.removeprefix("/"))
            assert page.locator("h1").count() == 1, address
            looked_at(page)


def test_axe_finds_what_is_wrong(visit: Callable[..., Visit]) -> None:
    page = visit().page
    page.goto("")
    added = '<img src="/static/icon.svg"><p id="faint">Faint</p>'
    page.evaluate("html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", added)
    # By script, since the policy lets in no attribute.
    page.evaluate("Object.assign(document.getElementById('faint').style, { color: '#eee', background: '#fff' })")
    assert sorted(one.partition(":")[0] for one in violations(page)) == ["color-contrast", "image-alt"]
    assert [one.partition(":")[0] for one in violations(page, OF_COLOURS)] == ["color-contrast"]
    assert violations(page, OF_COLOURS, ("#faint",)) == []
    assert [one.partition(":")[0] for one in violations(page, LAID_OUT)] == ["image-alt"]
    assert [one.partition(":")[0] for one in violations(page, within="#faint")] == ["color-contrast"]


# ---- by keyboard alone -----------------------------------------------------------------------------------


FOCUSED = """target => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const shown = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  return [shown, getComputedStyle(one).outlineStyle !== 'none' || 'ownerSVGElement' in one, one === target];
}"""
"""Of what has the focus: whether it is in the window, shows that it has the focus, and is what was looked for."""


def tab_to(page: Page, target: Locator, at_most: int = 200) -> None:
    """Press Tab until an element has the focus; whatever has it on the way can be seen, and shows that it has it."""
    element = target.element_handle()
    for _ in range(at_most):
        page.keyboard.press("Tab")
        shown, outlined, reached = page.evaluate(FOCUSED, element)
        focused = page.locator(":focus")
        if not shown:  # where the page still scrolls, it comes into view a little later
            expect(focused).to_be_in_viewport()
        assert outlined, focused.evaluate("one => one.outerHTML")
        if reached:
            return
    raise AssertionError(f"{target} was not reached by {at_most} presses of Tab.")


def test_without_scripts_and_mouse_an_entity_is_found_and_walked_from(server: str, visit: Callable[..., Visit]) -> None:
    seen = visit(java_script_enabled=False)
    page = seen.page
    title = page.get_by_role("heading", level=1)
    with only_from(server, seen):
        page.goto("")
        tab_to(page, page.get_by_role("search", name="Search", exact=True).get_by_role("searchbox"))
        page.keyboard.type("alignment faking")
        page.keyboard.press("Enter")
        expect(title).to_have_text("Search")
        tab_to(page, page.get_by_role("main").get_by_role("link", name="Alignment Faking", exact=True))
        page.keyboard.press("Enter")
        expect(title).to_have_text("Alignment Faking")
        edge = page.locator(".statements:not(.full) > li").filter(has=page.locator(".source a.entity")).first
        source = edge.locator(".source a.entity").first
        expect(source).to_be_hidden()
        tab_to(page, edge.locator("summary"))
        page.keyboard.press("Enter")
        expect(source).to_be_visible()
        work = source.inner_text()
        tab_to(page, source)
        page.keyboard.press("Enter")
        expect(title).to_have_text(work)
        tab_to(page, page.get_by_role("main").get_by_role("link", name="Alignment Faking", exact=True).first)
        page.keyboard.press("Enter")
        expect(title).to_have_text("Alignment Faking")


def test_without_scripts_and_mouse_a_neighbourhood_is_filtered(visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).page
    page.goto("concept/alignment-faking/neighbourhood")
    tab_to(page, page.get_by_label("Class"))
    page.keyboard.type("Thinkers")
    tab_to(page, page.get_by_role("button", name="Filter"))
    page.keyboard.press("Enter")
    expect(page.locator("section.group h2")).to_have_text([re.compile(r"^Thinkers \(\d+\)$")])


def test_without_scripts_and_mouse_a_query_is_run(visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).page
    page.goto("sparql")
    tab_to(page, page.get_by_label("Query"))
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT ?name WHERE { concept:alignment-faking skos:prefLabel ?name }")
    tab_to(page, page.get_by_role("button", name="Run the query"))
    page.keyboard.press("Enter")
    expect(page.locator("tbody td")).to_have_text(["Alignment Faking"])


@pytest.mark.parametrize("width", WIDTHS)
def test_without_scripts_and_mouse_the_menu_opens_and_leads_on(width: int, visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False, viewport={"width": width, "height": 700}).page
    page.goto("concept/alignment-faking")
    bar = page.get_by_role("banner")
    expect(bar.get_by_role("link", name="Docs")).to_be_hidden()
    tab_to(page, bar.locator("summary"))
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the menu is within the window"
    tab_to(page, bar.get_by_role("link", name="Docs"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The manual")


# ---- weight ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["concept/alignment-faking", "paper/alignment-faking-in-llms"])
def test_an_entity_with_all_its_assets_weighs_less_than_100_kilobytes(
    path: str, server: str, visit: Callable[..., Visit]
) -> None:
    seen = visit()
    seen.page.goto(path, wait_until="networkidle")
    icon = seen.page.locator("link[rel=icon]").evaluate("one => one.href")
    weights = {url: weight(url) for url in {*seen.requests, icon}}
    assert len(weights) >= 4, weights
    assert sum(weights.values()) < 100 * KILOBYTE, weights
