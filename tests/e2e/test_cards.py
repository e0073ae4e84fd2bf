"""The cards of entities in a real browser: WCAG 2.2, 1.4.13 (Content on Hover or Focus), and that they are calm."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.browsing import WIDE, Visit, only_from
from tests.e2e.test_accessibility import WIDTHS, violations

pytestmark = pytest.mark.slow

ENTITY = "concept/alignment-faking/neighbourhood.html"
PHONE = {"width": 320, "height": 640}
SOON = 1000
"""Milliseconds after which whatever was to open or close by itself has done so."""


def card(page: Page) -> Locator:
    return page.get_by_role("tooltip")


def links(page: Page) -> Locator:
    return page.locator(".neighbour .head a.entity")


def point_at(link: Locator) -> tuple[float, float]:
    """Move the pointer onto a link as a hand does, and return where it then is."""
    link.evaluate("one => one.scrollIntoView({ block: 'center' })")
    box = link.bounding_box()
    x, y = box["x"] + min(box["width"] / 2, 40), box["y"] + box["height"] / 2
    link.page.mouse.move(x - 3, y - 2)
    link.page.mouse.move(x, y)
    return x, y


def focus(link: Locator) -> None:
    """Give a link the focus as keys do."""
    link.page.keyboard.press("Shift")
    link.evaluate("one => { one.scrollIntoView({ block: 'center' }); one.focus(); }")


def stop_the_clock(page: Page) -> None:
    """From here on the timers of a page go on only as `pass_time` says, however slow the machine is."""
    assert len(page.context.pages) == 1, "it is the clock of all pages of the context: open a fresh one"
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)


def pass_time(page: Page, milliseconds: int) -> None:
    """Let the timers of a page go on, and what they ask the server for come back."""
    page.clock.run_for(milliseconds)
    page.evaluate("fetch(location.href).then((answer) => answer.text())")


def test_a_card_tells_what_a_link_leads_to(opened: Callable[..., Any]) -> None:
    with opened(ENTITY) as page:
        link = page.locator('.neighbour .head a.entity[href$="/method/reinforcement-learning-from-human-feedback"]')
        point_at(link)
        expect(card(page)).to_contain_text("method:reinforcement-learning-from-human-feedback")
        expect(card(page).locator(".chip.class-method")).to_have_text("method")
        expect(card(page).locator(".name")).to_have_text(link.inner_text())
        expect(card(page)).to_contain_text(re.compile(r"Also: .*RLHF"))
        expect(card(page)).to_contain_text(re.compile(r"\d+ edges?\s*$"))
        expect(link).to_have_accessible_description(re.compile(r"^method .* edges?$", re.DOTALL))
        assert card(page).locator("a, button, [tabindex], h1, h2").count() == 0, "nothing in it asks for the keyboard"
        page.mouse.move(5, 5)
        expect(card(page)).to_have_count(0)
        expect(link).to_have_accessible_description("")


def test_a_card_is_dismissed_by_escape_and_neither_pointer_nor_focus_moves(opened: Callable[..., Any]) -> None:
    """WCAG 2.2, 1.4.13, dismissible."""
    with opened(ENTITY) as page:
        link = links(page).nth(4)
        x, y = point_at(link)
        expect(card(page)).to_be_visible()
        page.keyboard.press("Escape")
        expect(card(page)).to_have_count(0)
        page.mouse.move(x + 4, y)
        page.wait_for_timeout(SOON)
        expect(card(page)).to_have_count(0)  # it comes again only for a pointer that comes again
        page.mouse.move(5, 5)
        page.mouse.move(x, y)
        expect(card(page)).to_be_visible()
        page.mouse.move(5, 5)
        expect(card(page)).to_have_count(0)
        focus(link)
        expect(card(page)).to_be_visible()
        page.keyboard.press("Escape")
        expect(card(page)).to_have_count(0)
        expect(link).to_be_focused()
        page.wait_for_timeout(SOON)
        expect(card(page)).to_have_count(0)


@pytest.mark.parametrize("block", ["start", "end"])
def test_the_pointer_reaches_the_card_and_rests_on_it(block: str, opened: Callable[..., Any]) -> None:
    """WCAG 2.2, 1.4.13, hoverable: also for a hand that takes its time between the two."""
    with opened(ENTITY, fresh=True) as page:
        link = links(page).nth(4)
        link.evaluate(f"one => one.scrollIntoView({{ block: '{block}' }})")
        box = link.bounding_box()
        x, y = box["x"] + 30, box["y"] + box["height"] / 2
        page.mouse.move(x - 3, y)
        page.mouse.move(x, y)
        expect(card(page)).to_be_visible()
        place = card(page).bounding_box()
        is_below = place["y"] > y
        assert is_below == (block == "start")
        between = place["y"] - 3 if is_below else place["y"] + place["height"] + 3
        for stop in (between, place["y"] + place["height"] / 2):
            page.mouse.move(x, stop, steps=4)
            page.wait_for_timeout(SOON)
            expect(card(page)).to_be_visible()
        card(page).locator(".name").click(click_count=3)
        assert page.evaluate("getSelection().toString().trim()") == card(page).locator(".name").inner_text()
        page.mouse.move(5, y)
        expect(card(page)).to_have_count(0)
        # Not every hand takes the straight way.
        page.mouse.move(x, y)
        expect(card(page)).to_be_visible()
        stop_the_clock(page)
        page.mouse.move(5, y)
        pass_time(page, SOON // 10)
        page.mouse.move(x, place["y"] + place["height"] / 2)
        pass_time(page, SOON)
        expect(card(page)).to_be_visible()


def test_a_card_stays_until_pointer_or_focus_leave(opened: Callable[..., Any]) -> None:
    """WCAG 2.2, 1.4.13, persistent."""
    with opened(ENTITY) as page:
        link = links(page).nth(4)
        point_at(link)
        expect(card(page)).to_be_visible()
        page.wait_for_timeout(5 * SOON)
        expect(card(page)).to_be_visible()
        page.mouse.move(5, 5)
        expect(card(page)).to_have_count(0)
        focus(link)
        expect(card(page)).to_be_visible()
        page.mouse.move(8, 400, steps=5)
        page.mouse.wheel(0, 60)
        page.wait_for_timeout(5 * SOON)
        expect(card(page).locator(".name")).to_have_text(link.inner_text())
        page.keyboard.press("Tab")
        expect(link).not_to_be_focused()
        expect(card(page).filter(has_text=link.inner_text())).to_have_count(0)


def test_who_walks_by_keyboard_is_not_bothered_by_a_pointer_at_rest(opened: Callable[..., Any]) -> None:
    with opened(ENTITY) as page:
        one, other = links(page).nth(3), links(page).nth(6)
        focus(one)
        one.evaluate("one => one.scrollIntoView()")
        expect(card(page)).to_be_visible()
        shown, box = card(page).inner_text(), other.bounding_box()
        assert box["y"] < WIDE["height"]
        page.mouse.move(5, box["y"] - 95)
        page.mouse.move(box["x"] + 20, box["y"] - 95)
        page.evaluate("scrollBy(0, 100)")
        # Another link has come to lie under the pointer, which did not move.
        page.wait_for_function("one => one.matches(':hover')", arg=other.element_handle())
        page.wait_for_timeout(SOON)
        assert card(page).inner_text() == shown


def test_a_pointer_that_only_passes_opens_nothing(opened: Callable[..., Any], server: str) -> None:
    with opened(ENTITY, fresh=True) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        stop_the_clock(page)
        point_at(links(page).nth(2))
        pass_time(page, SOON // 10)
        page.mouse.move(5, 5)
        pass_time(page, SOON)
        expect(card(page)).to_have_count(0)
        assert [url for url in asked if url.endswith("/card")] == []


def test_a_finger_opens_no_card(opened: Callable[..., Any], server: str) -> None:
    with opened(ENTITY, PHONE, has_touch=True) as page:
        link = links(page).first
        link.evaluate("one => one.scrollIntoView({ block: 'center' })")
        box = link.bounding_box()
        finger = {"x": box["x"] + 10, "y": box["y"] + 10}
        screen = page.context.new_cdp_session(page)
        page.evaluate("addEventListener('pointerdown', (event) => { window.kind = event.pointerType })")
        screen.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
        page.wait_for_timeout(SOON)
        for step in range(3):
            moved = {"x": finger["x"] + 2 * step, "y": finger["y"]}
            screen.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [moved]})
        page.wait_for_timeout(SOON)
        expect(card(page)).to_have_count(0)
        screen.send("Input.dispatchTouchEvent", {"type": "touchCancel", "touchPoints": []})
        page.wait_for_timeout(SOON)
        expect(card(page)).to_have_count(0)
        assert page.evaluate("kind") == "touch"
        link.tap()
        expect(page).not_to_have_url(f"{server}{ENTITY}")


def test_a_card_is_asked_for_once_and_by_no_other_host(server: str, visit: Callable[..., Visit]) -> None:
    seen = visit()
    page = seen.page
    with only_from(server, seen):
        page.goto(ENTITY)
        link = links(page).nth(1)
        for _ in range(3):
            point_at(link)
            expect(card(page)).to_be_visible()
            page.mouse.move(5, 5)
            expect(card(page)).to_have_count(0)
    assert len([url for url in seen.requests if url.endswith("/card")]) == 1


def test_a_card_that_comes_too_late_is_dropped(opened: Callable[..., Any]) -> None:
    waiting: list[Route] = []
    with opened(ENTITY, fresh=True) as page:
        page.route("**/card", lambda route: waiting.append(route))  # noqa: PLW0108 - playwright takes no method of a list
        stop_the_clock(page)
        point_at(links(page).nth(1))
        with page.expect_request("**/card"):
            page.clock.run_for(SOON)
        page.mouse.move(5, 5)
        pass_time(page, SOON)
        assert len(waiting) == 1
        with page.expect_response("**/card") as came:
            waiting[0].continue_()
        came.value.finished()
        pass_time(page, SOON)
        expect(card(page)).to_have_count(0)
        point_at(links(page).nth(1))
        pass_time(page, SOON)
        expect(card(page)).to_be_visible()


def test_a_card_that_cannot_be_had_is_not_missed(visit: Callable[..., Visit]) -> None:
    seen = visit()
    page = seen.page
    page.goto(ENTITY)
    page.route("**/card", lambda route: route.abort())
    point_at(links(page).nth(1))
    page.wait_for_timeout(SOON)
    expect(card(page)).to_have_count(0)
    # That much the browser says by itself of any request that fails.
    assert [one for one in seen.complaints if "Failed to load resource" not in one] == []
    page.unroute("**/card")
    page.mouse.move(5, 5)
    point_at(links(page).nth(1))
    expect(card(page)).to_be_visible()


@pytest.mark.parametrize("viewport", [WIDE, PHONE, {"width": 700, "height": 600}], ids=str)
@pytest.mark.parametrize("path", [ENTITY, "claim/alignment-faking-emerges-with-scale.html", "open-questions"])
def test_a_card_is_in_sight_beside_its_link_and_moves_nothing(
    path: str, viewport: dict[str, int], opened: Callable[..., Any]
) -> None:
    where = "one => [one.scrollWidth, one.scrollHeight, ...[...one.querySelectorAll('main *')].map((e) => e.offsetTop)]"
    with opened(path, viewport) as page:
        # What is in a fold that is shut has no card.
        found = [one for one in page.locator("main a.entity").all() if one.is_visible()]
        assert len(found) > 3
        root = page.locator(":root")
        before = root.evaluate(where)
        for place, link in enumerate(found[:: max(len(found) // 3, 1)]):
            block = ("start", "center", "end")[place % 3]
            page.keyboard.press("Shift")
            link.evaluate(
                f"one => {{ one.scrollIntoView({{ block: '{block}' }}); one.focus({{ preventScroll: true }}) }}"
            )
            expect(link).to_have_attribute("aria-describedby", "entity-card")
            shown, box = card(page).bounding_box(), link.bounding_box()
            assert shown["x"] >= 0
            assert shown["x"] + shown["width"] <= viewport["width"]
            assert shown["y"] >= 0
            assert shown["y"] + shown["height"] <= viewport["height"]
            assert shown["y"] >= box["y"] + box["height"] or shown["y"] + shown["height"] <= box["y"]
            after = root.evaluate(where)
            assert after[: len(before)] == before


def test_near_the_right_edge_a_card_keeps_within_the_window(opened: Callable[..., Any]) -> None:
    with opened("open-questions", {"width": 700, "height": 560}) as page:
        link = page.locator("a.entity").first
        page.evaluate("document.querySelector('a.entity').style.marginLeft = '12rem'")
        box = link.bounding_box()
        page.mouse.move(box["x"] + box["width"] - 6, box["y"] + 8)
        page.mouse.move(box["x"] + box["width"] - 5, box["y"] + 8)
        expect(card(page)).to_be_visible()
        shown = card(page).bounding_box()
        assert shown["x"] > box["x"], "it is near the pointer"
        assert shown["x"] + shown["width"] <= 700


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_card(scheme: str, opened: Callable[..., Any]) -> None:
    """What is around it is looked at by test_accessibility.py."""
    with opened(ENTITY, color_scheme=scheme) as page:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            focus(links(page).nth(width // 300))
            expect(card(page)).to_be_visible()
            assert violations(page, within="#entity-card") == [], f"at {width} pixels"
            page.keyboard.press("Escape")


def test_a_card_has_its_borders_in_forced_colours_and_is_not_printed(opened: Callable[..., Any]) -> None:
    with opened(ENTITY, forced_colors="active") as page:
        focus(links(page).nth(2))
        expect(card(page)).to_be_visible()
        assert card(page).evaluate("one => { const s = getComputedStyle(one); return s.borderTopColor === s.color }")
        page.emulate_media(media="print")
        expect(card(page)).to_be_hidden()
        assert page.locator("#entity-card").count() == 1


def test_a_page_that_is_left_keeps_no_card_open(opened: Callable[..., Any]) -> None:
    """Browsers may show a page as it was left to whoever comes back (HTML, section 7.4.6.1, "pagehide")."""
    with opened(ENTITY) as page:
        point_at(links(page).nth(1))
        expect(card(page)).to_be_visible()
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
        expect(card(page)).to_have_count(0)


def test_cards_are_switched_off_for_good(opened: Callable[..., Any]) -> None:
    with opened("search") as page:
        switch = page.get_by_role("checkbox", name=re.compile("^Links to entities show a preview"))
        expect(switch).to_be_checked()
        switch.uncheck()
        page.goto(ENTITY)
        point_at(links(page).nth(1))
        page.wait_for_timeout(SOON)
        expect(card(page)).to_have_count(0)
        page.goto("search")
        expect(switch).not_to_be_checked()
        expect(page.get_by_role("checkbox", name="The key / opens the search")).to_be_checked()
        switch.check()
        page.goto(ENTITY)
        point_at(links(page).nth(1))
        expect(card(page)).to_be_visible()


def test_without_scripts_there_is_no_trace_of_cards(visit: Callable[..., Visit]) -> None:
    seen = visit(java_script_enabled=False)
    seen.page.goto(ENTITY)
    links(seen.page).nth(1).hover()
    seen.page.wait_for_timeout(SOON)
    expect(seen.page.locator("[role=tooltip], #entity-card")).to_have_count(0)
    assert [url for url in seen.requests if url.endswith("/card")] == []
    seen.page.goto("search")
    expect(seen.page.get_by_text("Links to entities show")).to_be_hidden()


@pytest.mark.parametrize("path", ["concept", "search?q=faking"])
def test_a_list_that_tells_the_same_has_no_cards(path: str, opened: Callable[..., Any]) -> None:
    with opened(path) as page:
        point_at(links(page).first)
        page.wait_for_timeout(SOON)
        expect(card(page)).to_have_count(0)
