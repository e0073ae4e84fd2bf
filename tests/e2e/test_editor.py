"""The query editor of /sparql in a real browser: headless Chromium against a real server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle, product
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from server.turtle.base import Base
from tests.e2e.browsing import Windows
from tests.thorough import NIGHTLY

pytestmark = pytest.mark.slow

CLAIMS = "SELECT ?claim ?label WHERE { ?claim a akb:Claim ; skos:prefLabel ?label } ORDER BY ?claim"
BROKEN = "SELECT ?claim WHERE { ?claim a akb:Claim"

UNNAMED = """() => [...document.querySelectorAll('input, select, textarea, button, [role=textbox]')]
  .filter(e => !e.closest('[hidden]') && e.type !== 'hidden' && getComputedStyle(e).display !== 'none')
  .filter(e => !(e.ariaLabel || e.getAttribute('aria-labelledby') || e.labels?.length || e.textContent.trim()))
  .map(e => e.outerHTML.slice(0, 160))"""


@pytest.fixture
def opened(windows: Windows, server: str) -> Callable[..., Any]:
    """Open an address in a window of its own; at the end it must have asked no other host, and not have complained."""

    @contextmanager
    def opening(path: str = "sparql", status_complaints: int = 0, **options: Any) -> Iterator[Page]:
        page = windows.open(server, **options)
        requests: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        if options.get("java_script_enabled", True):
            expect(editor(page)).to_be_visible()
        yield page
        # The browser itself notes an answer of 400; no other complaint is expected.
        noted = [text for text in complaints if "status of 400" in text]
        assert len(noted) == status_complaints
        assert [text for text in complaints if text not in noted] == []
        assert any(one.startswith(f"{server}static/style.css") for one in requests), (
            "the recording of requests did not work"
        )
        assert [url for url in requests if not url.startswith((server, "data:"))] == []
        page.close()

    return opening


def editor(page: Page) -> Any:
    return page.get_by_role("textbox", name="Query", exact=True)


def write(page: Page, text: str) -> None:
    editor(page).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)
    expect(page.locator("textarea[name=query]")).to_have_value(text)


def written(page: Page) -> str:
    return page.locator("textarea[name=query]").input_value()


def run(page: Page) -> None:
    page.get_by_role("button", name="Run the query").click()


def rows(page: Page) -> Any:
    return page.locator(".yasr tbody tr")


def claims(base: Base) -> int:
    return sum(1 for file in base.files if file.path.startswith("kb/claim/"))


def offered(page: Page) -> list[str]:
    page.keyboard.press("Control+Space")
    expect(page.get_by_role("listbox", name="Completions")).to_be_visible()
    return page.locator(".CodeMirror-hint .name").all_inner_texts()


def test_a_query_runs_and_shows_rows_with_links_into_this_site(base: Base, server: str, opened: Any) -> None:
    with opened() as page:
        write(page, CLAIMS)
        run(page)
        expect(page.get_by_role("heading", name="Answer")).to_be_visible()
        expect(rows(page)).to_have_count(claims(base))
        expect(page.get_by_role("status")).to_have_text(f"{claims(base)} rows.")
        link = rows(page).first.get_by_role("link")
        assert link.inner_text().startswith("claim:")
        link.click()
        expect(page).to_have_url(re.compile(rf"^{re.escape(server)}claim/[a-z-]+"))


def test_ctrl_enter_runs_and_filter_raw_view_and_formats_work(opened: Any) -> None:
    with opened() as page:
        write(page, CLAIMS)
        page.keyboard.press("Control+Enter")
        expect(rows(page).first).to_be_visible()
        page.get_by_label("Filter query results").press_sequentially("emerges-with-scale")
        expect(rows(page)).to_have_count(1)
        page.get_by_role("button", name="Shows Response view").click()
        expect(page.locator(".yasr_results .CodeMirror")).to_contain_text("bindings")
        for label in ("JSON", "XML", "CSV for spreadsheets", "TSV for spreadsheets"):
            link = page.locator(".formats").get_by_role("link", name=label, exact=True)
            assert page.request.get(link.get_attribute("href")).ok


def test_yes_or_no_and_triples_are_shown_too(opened: Any) -> None:
    with opened() as page:
        write(page, "ASK { concept:alignment-faking a akb:Concept }")
        run(page)
        expect(page.locator("section p.definition")).to_have_text("Yes.")
        write(page, "CONSTRUCT { ?c a akb:Question } WHERE { ?c a akb:Question }")
        run(page)
        expect(rows(page)).to_have_count(4)
        expect(page.get_by_role("status")).to_have_text("4 triples.")


def test_values_are_shown_as_they_are(opened: Any) -> None:
    with opened() as page:
        write(page, "SELECT ('{{x}} <b>&amp;</b>' AS ?v) (1 AS ?x) (<javascript:alert(1)> AS ?no) {}")
        run(page)
        expect(rows(page).locator("td").filter(has_text="{{x}}")).to_have_text("{{x}} <b>&amp;</b>")
        expect(rows(page).get_by_role("link")).to_have_count(0)


@pytest.mark.parametrize(
    ("start", "name"),
    [
        ("SELECT * { ?c a akb:Cl", "akb:Claim"),
        ("SELECT * { ?c a clai", "akb:Claim"),
        ("SELECT * { ?c akb:exte", "akb:extends"),
        ("SELECT * { ?c pref", "skos:prefLabel"),
        ("SELECT * { ?c akb:extends concept:alignment-f", "concept:alignment-faking"),
        ("SELECT * { ?c akb:extends fak", "concept:alignment-faking"),
        ("PREFIX akb", "akb: <https://w3id.org/alignment-kb/ontology#>"),
    ],
)
def test_our_own_names_are_completed(start: str, name: str, opened: Any) -> None:
    with opened() as page:
        write(page, start)
        names = offered(page)
        assert name in names
        whole = page.locator(".CodeMirror-hint .name").filter(has_text=re.compile(f"^{re.escape(name)}$"))
        whole.click()
        assert written(page).endswith(name)
        assert "PREFIX" not in written(page).removeprefix("PREFIX"), "declared prefixes need no declaration"


def test_names_without_a_prefix_of_ours_are_not_offered(opened: Any) -> None:
    with opened() as page:
        write(page, "PREFIX ")
        prefixes = {name.partition(":")[0] for name in offered(page)}
        page.keyboard.press("Escape")
        page.get_by_text("Declared prefixes").click()
        assert prefixes == {name.rstrip(":") for name in page.locator("details dt").all_inner_texts()}


# Examples are of every form: rows, triples, yes or no.
ANSWERED = re.compile(r"^([1-9]\d* (rows?|triples?)|Yes)\.$")


def test_an_example_is_one_click_away_and_back_leads_back(opened: Any) -> None:
    with opened() as page:
        examples = page.locator("section[aria-labelledby=examples] a")
        for title in examples.all_inner_texts():
            page.get_by_role("link", name=title, exact=True).click()
            expect(page.get_by_role("status")).to_have_text(ANSWERED)
            asked = parse_qs(urlsplit(page.url).query)["query"][0]
            assert asked.strip() == written(page).strip()
        write(page, CLAIMS)
        run(page)
        expect(page).to_have_url(re.compile("prefLabel"))
        page.go_back()
        expect(page.locator("textarea[name=query]")).to_have_value(asked)


def test_a_link_opens_with_its_query_and_its_answer(base: Base, opened: Any) -> None:
    with opened() as page:
        write(page, CLAIMS)
        page.get_by_text("Copy a link").click()
        expect(page.get_by_role("status")).to_have_text(re.compile("link"))
        link = page.url
    for scripts in (True, False):
        with opened(link, java_script_enabled=scripts) as page:
            assert written(page) == CLAIMS
            expect(page.locator("section tbody tr")).to_have_count(claims(base))
            if scripts:
                run(page)
                expect(rows(page)).to_have_count(claims(base))


def test_a_malformed_query_is_marked_and_shows_the_message_of_the_server(opened: Any) -> None:
    with opened(status_complaints=1) as page:
        write(page, BROKEN)
        run(page)
        expect(page.get_by_role("heading", name="Bad Request")).to_be_visible()
        expect(page.get_by_role("alert")).to_have_text(re.compile(r"^Line 1, column \d+: "))
        expect(page.locator("section")).to_contain_text(["What to do:"])
        assert written(page) == BROKEN
        write(page, "SELECT * { ?a ?b }")
        expect(page.locator(".parseErrorIcon")).to_have_attribute("title", re.compile("Expected"))
        page.locator(".parseErrorIcon").hover()


def test_a_moment_of_the_past_goes_with_the_query_and_into_its_link(opened: Any) -> None:
    with opened(status_complaints=1) as page:
        write(page, CLAIMS)
        page.get_by_label("As of").fill("1999-12-32")
        run(page)
        expect(page.get_by_role("alert")).to_have_text(re.compile("1999-12-32"))
        assert page.url.endswith("&at=1999-12-32")
        page.get_by_label("As of").fill("")
        page.get_by_role("button", name="Cite its answer").click()
        expect(page.get_by_role("heading", name="How to cite it")).to_be_visible()


def test_what_is_declared_for_everybody_is_no_fault(opened: Any) -> None:
    with opened() as page:
        for example in page.locator("section[aria-labelledby=examples] a").all():
            example.click()
            expect(page.get_by_role("status")).to_have_text(ANSWERED)
            expect(page.locator(".parseErrorIcon")).to_have_count(0)
        write(page, "SELECT * { ?a unheard:of ?b }")
        expect(page.locator(".parseErrorIcon")).to_have_count(1)


def test_tab_enters_and_leaves_the_editor(opened: Any) -> None:
    with opened() as page:
        before = written(page)
        editor(page).focus()
        page.keyboard.press("Tab")
        expect(page.get_by_label("As of")).to_be_focused()
        page.keyboard.press("Shift+Tab")
        expect(editor(page)).to_be_focused()
        page.keyboard.press("Escape")
        expect(editor(page)).to_be_focused()
        page.keyboard.press("Shift+Tab")
        expect(editor(page)).not_to_be_focused()
        assert written(page) == before
        expect(page.get_by_text("leaves the editor")).to_be_visible()


OF_EACH_KIND = (CLAIMS, "DESCRIBE concept:alignment-faking", "SELECT * { ?a ?b ?c } LIMIT 120")
SCHEMES = ("light", "dark")
BOTH = list(product(OF_EACH_KIND, SCHEMES) if NIGHTLY else zip(OF_EACH_KIND, cycle(SCHEMES), strict=False))


@pytest.mark.parametrize(("query", "scheme"), BOTH)
def test_the_answer_fits_a_small_phone_and_everything_has_a_name(query: str, scheme: str, opened: Any) -> None:
    with opened(viewport={"width": 320, "height": 640}, color_scheme=scheme) as page:
        for _ in range(2):
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
            assert page.evaluate(UNNAMED) == []
            write(page, query)
            run(page)
            # The answer before stands there until this one has come.
            expect(page.locator("#status")).to_have_text(re.compile(r"^[\d,]+ (rows?|triples?)\.$"))
            expect(rows(page).first).to_be_visible()
        page.get_by_role("button", name="Shows Response view").click()
        expect(page.locator(".yasr_results .CodeMirror")).to_be_visible()
        assert page.evaluate(UNNAMED) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        told = page.locator("body").aria_snapshot().splitlines()
        assert [
            line for line in told if re.match(r"\s*- (link|button|textbox|combobox|checkbox|region)(?! \")", line)
        ] == []
        colour = page.evaluate("getComputedStyle(document.querySelector('.editor .CodeMirror')).backgroundColor")
        brightness = sum(int(part) for part in re.findall(r"\d+", colour)[:3])
        assert (brightness < 3 * 64) == (scheme == "dark")


def test_the_editor_takes_the_place_of_the_field_and_nothing_jumps(opened: Any) -> None:
    place = "document.querySelector('form.query .button').getBoundingClientRect().top"
    tops = []
    for scripts in (False, True):
        with opened(java_script_enabled=scripts) as page:
            tops.append(page.evaluate(place))
    assert abs(tops[0] - tops[1]) <= 12


def test_without_scripts_the_form_works_as_before(base: Base, opened: Any) -> None:
    with opened(java_script_enabled=False) as page:
        page.get_by_label("Query").fill(CLAIMS)
        run(page)
        expect(page.locator("section tbody tr")).to_have_count(claims(base))
        expect(page.get_by_text("Copy a link")).to_be_hidden()
        expect(page.get_by_text("leaves the editor")).to_be_hidden()


def test_when_the_vendored_script_is_missing_the_form_stays(base: Base, windows: Windows, server: str) -> None:
    page = windows.open(server)
    page.route("**/vendor/**", lambda route: route.abort())
    page.goto(f"sparql?query={quote(CLAIMS)}")
    expect(page.get_by_label("Query")).to_be_visible()
    run(page)
    expect(page.locator("section tbody tr")).to_have_count(claims(base))


def test_an_empty_answer_says_why_and_a_query_is_explained(opened: Callable[..., Any]) -> None:
    with opened() as page:
        write(page, "SELECT * WHERE { ?s a akb:Clam }")
        run(page)
        explained = page.locator("section.explained")
        expect(explained).to_contain_text("Write akb:Claim for akb:Clam")
        write(page, CLAIMS)
        run(page)
        expect(explained).to_have_count(0)
        page.get_by_role("button", name="Explain it").click()
        expect(explained).to_contain_text("What its parts find")
        assert written(page) == CLAIMS
        page.get_by_role("textbox", name="Or ask in words").fill("how many claims")
        page.get_by_role("button", name="Write the query").click()
        expect(page.get_by_role("heading", name="The query for these words")).to_be_visible()
        assert "COUNT(DISTINCT ?claim)" in written(page)
        expect(page.locator("#result")).to_have_count(0)


def test_an_answer_has_labels_views_and_programs_and_is_in_view(opened: Any) -> None:
    with opened() as page:
        write(page, "SELECT ?paper ?claim ?date { ?paper akb:asserts ?claim ; dcterms:issued ?date }")
        run(page)
        expect(page.locator(".yasr thead")).to_contain_text("claimLabel")
        expect(page.get_by_role("heading", name="Answer")).to_be_in_viewport()
        page.locator("nav.views").get_by_role("link", name="Timeline").click()
        expect(page.locator("svg.timeline")).to_be_visible()
        assert parse_qs(urlsplit(page.url).query)["view"] == ["timeline"]
        page.get_by_label("What").select_option("paper")
        page.get_by_role("button", name="Draw").click()
        expect(page.locator("svg.timeline a").first).to_have_attribute("href", re.compile("/paper/"))
        page.get_by_text("Ask this from a program").click()
        expect(page.locator("details.snippets h3")).to_have_text(["curl", "Python", "R", "JavaScript"])
        page.go_back()
        page.go_back()
        expect(rows(page).first).to_be_visible()


def test_a_fault_is_marked_at_its_column_and_predicates_that_fit_come_first(opened: Any) -> None:
    with opened(status_complaints=1) as page:
        write(page, "SELECT * { ?claim a akb:Claim ; unheard:of ?x }")
        run(page)
        expect(page.locator(".at-fault")).to_have_text("unheard:of")
        write(page, "SELECT * { ?x a akb:Person . ?x ")
        page.keyboard.press("ControlOrMeta+Space")
        first = page.locator(".CodeMirror-hint").first
        expect(first.locator(".label")).not_to_be_empty()
        expect(first.locator("small")).not_to_be_empty()
        names = page.locator(".CodeMirror-hint .name").all_inner_texts()
        assert names.index("akb:affiliatedWith") < names.index("akb:answers"), "what a person cannot have comes later"
