"""Pictures in a real browser: whole without scripts, taken hold of with them, and never in the way of the keyboard."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import WIDE

pytestmark = pytest.mark.slow

ENTITY = "concept/alignment-faking/neighbourhood.html"
NARROW = {"width": 320, "height": 640}


def place(mark: Locator) -> tuple[float, float]:
    x, y = re.findall(r"-?[\d.]+", mark.get_attribute("transform"))[:2]
    return float(x), float(y)


def places(page: Page) -> list[tuple[float, float]]:
    return [place(mark) for mark in page.locator(".pictured .wide .mark").all()]


def middle(mark: Locator) -> tuple[float, float]:
    box = mark.locator(".shape").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize(("viewport", "shown", "hidden"), [(WIDE, "wide", "narrow"), (NARROW, "narrow", "wide")])
def test_without_a_script_the_picture_that_fits_is_there_and_its_marks_are_links(
    viewport: dict[str, int], shown: str, hidden: str, opened: Callable[..., Any], server: str
) -> None:
    with opened(ENTITY, viewport, java_script_enabled=False) as page:
        expect(page.locator(f".pictured .{shown}")).to_be_visible()
        expect(page.locator(f".pictured .{hidden}")).to_be_hidden()
        mark = page.locator(f".pictured .{shown}").get_by_role("link", name=re.compile("^Goal Misgeneralization"))
        mark.focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{server}concept/goal-misgeneralization.html")


def test_a_mark_is_dragged_and_settles_where_it_was(opened: Callable[..., Any], server: str) -> None:
    with opened(ENTITY) as page:
        mark = page.locator(".pictured .wide .mark").nth(9)
        mark.scroll_into_view_if_needed()
        home, (x, y) = place(mark), middle(mark)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 120, y - 60, steps=6)
        expect(mark).not_to_have_attribute("transform", re.compile(rf"translate\({home[0]:g} {home[1]:g}\)"))
        dragged = place(mark)
        assert abs(dragged[0] - home[0]) > 50
        page.mouse.up()
        page.wait_for_function(
            """([x, y]) => { const [a, b] = document.querySelectorAll('.pictured .wide .mark')[9]
                 .getAttribute('transform').match(/-?[\\d.]+/g); return Math.hypot(a - x, b - y) < 2; }""",
            arg=list(home),
        )
        expect(page).to_have_url(f"{server}{ENTITY}")  # to drag is not to click
        mark.click()
        expect(page).not_to_have_url(f"{server}{ENTITY}")


def test_by_a_button_all_is_arranged_by_edges_and_by_class_again(opened: Callable[..., Any]) -> None:
    # Who wants less motion gets the end at once.
    with opened(ENTITY, reduced_motion="reduce") as page:
        before = places(page)
        page.get_by_role("button", name="Arrange by edges").click()
        expect(page.get_by_role("button", name="Arrange by class")).to_be_visible()
        page.wait_for_function(
            "() => window.d3 && document.querySelector('.pictured .wide .chord').getAttribute('d').includes('L')"
        )
        free = places(page)
        assert sum(one != other for one, other in zip(before, free, strict=True)) > 10
        _, _, width, height = map(float, page.locator(".pictured .wide").get_attribute("viewBox").split())
        assert all(0 <= x <= width and 0 <= y <= height for x, y in free)
        page.get_by_role("button", name="Arrange by class").click()
        page.wait_for_function("() => document.querySelector('.pictured .wide .chord').getAttribute('d').includes('Q')")
        assert all(abs(x - a) < 2 and abs(y - b) < 2 for (x, y), (a, b) in zip(before, places(page), strict=True))


def test_what_is_pointed_at_shows_what_it_is_joined_to(opened: Callable[..., Any]) -> None:
    with opened(ENTITY) as page:
        mark = page.locator(".pictured .wide .mark").nth(5)
        mark.focus()
        expect(mark).not_to_have_class(re.compile(r"\bdim\b"))
        assert page.locator(".pictured .wide .mark.dim").count() > 5
        page.locator("#picture").click()
        page.evaluate("document.activeElement.blur()")
        expect(page.locator(".pictured .wide .dim")).to_have_count(0)


def test_a_picture_alone_has_the_colours_of_the_scheme(opened: Callable[..., Any]) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        with opened("concept/alignment-faking/picture.svg", color_scheme=scheme) as page:
            grounds.append(page.evaluate("getComputedStyle(document.querySelector('.ground')).fill"))
            expect(page.locator("a.mark").first).to_be_visible()
    assert len(set(grounds)) == 2
    assert "rgb(0, 0, 0)" not in grounds  # the policy let the style sheet in


def test_without_a_script_the_map_is_a_picture(opened: Callable[..., Any]) -> None:
    with opened("", java_script_enabled=False) as page:
        picture = page.get_by_role("img", name=re.compile("^The map of all entities"))
        picture.scroll_into_view_if_needed()
        expect(picture).to_be_visible()


@pytest.mark.parametrize("viewport", [WIDE, NARROW])
def test_the_map_is_searched_filtered_and_zoomed_by_the_keyboard_alone(
    viewport: dict[str, int], opened: Callable[..., Any], server: str
) -> None:
    with opened("", viewport) as page:
        page.locator(".map-of-all").scroll_into_view_if_needed()
        live = page.get_by_role("group", name=re.compile("^Map of the entities"))
        expect(live).to_be_visible()
        whole = live.get_attribute("viewBox")
        thinkers = live.locator(".mark.class-thinker:visible")
        assert thinkers.count() > 2
        page.get_by_role("checkbox", name="Thinkers").focus()
        page.keyboard.press("Space")
        expect(thinkers).to_have_count(0)
        live.focus()
        page.keyboard.press("+")
        near = live.get_attribute("viewBox")
        assert float(near.split()[2]) < float(whole.split()[2])
        page.keyboard.press("ArrowRight")
        assert live.get_attribute("viewBox") != near
        page.keyboard.press("0")
        expect(live).to_have_attribute("viewBox", whole)
        page.get_by_label("Find on the map").focus()
        page.keyboard.type("goal misgen")
        expect(page.locator(".map-of-all").get_by_role("status")).to_contain_text("on the map")
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        page.locator(".map-found").get_by_role("link", name="Goal Misgeneralization", exact=True).focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{server}concept/goal-misgeneralization.html")


def map_of(page: Page) -> Locator:
    """Bring the map into the middle of the window, and return it."""
    page.locator(".map-of-all").scroll_into_view_if_needed()
    live = page.get_by_role("group", name=re.compile("^Map of the entities"))
    live.evaluate("one => one.scrollIntoView({ block: 'center' })")
    return live


def view_of(live: Locator) -> list[float]:
    """The part of the map that is shown: left, top, width, height."""
    return [float(part) for part in live.get_attribute("viewBox").split()]


def scrolled(page: Page) -> float:
    return page.evaluate("scrollY")


def test_the_wheel_scrolls_past_the_map_and_zooms_it_with_a_key_held(opened: Callable[..., Any]) -> None:
    with opened("") as page:
        live = map_of(page)
        whole, start, box = view_of(live), scrolled(page), live.bounding_box()
        x, y = box["x"] + box["width"] / 4, box["y"] + box["height"] / 4
        page.mouse.move(x, y)
        for key in ("Control", "Meta"):
            page.keyboard.down(key)
            page.mouse.wheel(0, -120)
            page.keyboard.up(key)
        page.wait_for_function("() => document.querySelector('.picture.live').classList.contains('zoomed')")
        near = view_of(live)
        assert whole[2] / near[2] == pytest.approx(math.exp(1.2), rel=0.01)
        # What was under the pointer is there still.
        assert near[0] + near[2] / 4 == pytest.approx(whole[2] / 4, abs=2)
        assert near[1] + near[3] / 4 == pytest.approx(whole[3] / 4, abs=2)
        assert scrolled(page) == start
        page.mouse.wheel(0, 120)
        page.wait_for_function("start => scrollY > start", arg=start)
        assert view_of(live) == near


def test_a_map_that_is_zoomed_is_dragged_and_leads_nowhere_by_that(opened: Callable[..., Any], server: str) -> None:
    with opened("") as page:
        live = map_of(page)
        live.focus()
        page.keyboard.press("+")
        before, box = view_of(live), live.bounding_box()
        x, y = next(
            (x, y)
            for x, y in map(middle, live.locator(".mark:visible").all())
            if 100 < x - box["x"] < box["width"] - 100 and 100 < y - box["y"] < box["height"] - 100
        )
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 60, y + 30, steps=6)
        page.mouse.up()
        after, unit = view_of(live), before[2] / live.evaluate("one => one.clientWidth")
        assert before[0] - after[0] == pytest.approx(60 * unit, abs=1)
        assert before[1] - after[1] == pytest.approx(30 * unit, abs=1)
        expect(page).to_have_url(server)


def touch(page: Page, live: Locator, *paths: tuple[tuple[int, int], tuple[int, int]]) -> None:
    """Put fingers on the map, take each from one point to another (from the middle of the map), and lift them."""
    box = live.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    screen = page.context.new_cdp_session(page)
    for step in range(11):
        points = [
            {"x": x + a + (c - a) * step / 10, "y": y + b + (d - b) * step / 10, "id": number}
            for number, ((a, b), (c, d)) in enumerate(paths)
        ]
        kind = "touchMove" if step else "touchStart"
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    screen.detach()


def test_two_fingers_zoom_and_move_the_map_and_one_scrolls_past_it(opened: Callable[..., Any], server: str) -> None:
    with opened("", NARROW, has_touch=True, is_mobile=True) as page:
        live = map_of(page)
        whole, start = view_of(live), scrolled(page)
        touch(page, live, ((-30, -10), (-60, -20)), ((30, 10), (60, 20)))
        near = view_of(live)
        assert whole[2] / near[2] == pytest.approx(2, rel=0.05)
        assert near[0] + near[2] / 2 == pytest.approx(whole[2] / 2, abs=10), "what is between the fingers stays there"
        assert near[1] + near[3] / 2 == pytest.approx(whole[3] / 2, abs=10)
        touch(page, live, ((-30, 0), (-10, 30)), ((30, 0), (50, 30)))
        moved, unit = view_of(live), near[2] / live.evaluate("one => one.clientWidth")
        assert moved[2] == pytest.approx(near[2], rel=0.02)
        assert near[0] - moved[0] == pytest.approx(20 * unit, rel=0.2)
        assert near[1] - moved[1] == pytest.approx(30 * unit, rel=0.2)
        # The page has neither moved nor grown meanwhile.
        assert (scrolled(page), page.evaluate("visualViewport.scale")) == (start, 1)
        # One finger moves it sideways ...
        touch(page, live, ((-40, 0), (40, 2)))
        assert view_of(live)[0] < moved[0]
        assert scrolled(page) == start
        # ... and upwards scrolls the page, zoomed in as it is.
        touch(page, live, ((0, 60), (0, -90)))
        page.wait_for_function("start => scrollY > start + 50", arg=start)
        touch(page, live, ((-60, 0), (-15, 0)), ((60, 0), (15, 0)))
        touch(page, live, ((-60, 0), (-15, 0)), ((60, 0), (15, 0)))
        assert view_of(live) == whole
        expect(page).to_have_url(server)


def test_two_are_linked_by_the_keyboard_alone(opened: Callable[..., Any]) -> None:
    with opened("path") as page:
        page.get_by_label(re.compile("^From")).focus()
        page.keyboard.type("joseph carls")
        expect(page.get_by_role("main").get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.get_by_label(re.compile("^From"))).to_have_value("thinker:joseph-carlsmith")
        page.get_by_label(re.compile("^To")).focus()
        page.keyboard.type("Goal Misgeneralization")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text="steps apart")).to_be_visible()
        expect(page.locator("figure .picture")).to_be_visible()
