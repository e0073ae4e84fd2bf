"""A walk through the graph in a real browser: by keyboard, without scripts and on a phone; no name covers another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.slow

AF = "concept:alignment-faking"
PHONE = {"width": 360, "height": 740}
COVERED = """selector => {
  const boxes = [...document.querySelectorAll(selector)].filter((one) => one.getClientRects().length)
    .map((one) => [one.textContent, one.getBoundingClientRect()]);
  return [boxes.length, boxes.flatMap(([name, a], place) => boxes.slice(place + 1)
    .filter(([, b]) => a.left < b.right && b.left < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom)
    .map(([other]) => `${name} / ${other}`))];
}"""


def covered(page: Page, selector: str, least: int = 6) -> list[str]:
    """Return which of the texts in view cover each other, by what the browser says they take."""
    count, found = page.evaluate(COVERED, selector)
    assert count >= least
    return found


def test_the_picture_grows_by_the_keyboard_and_the_address_follows(opened: Callable[..., Any], server: str) -> None:
    with opened(f"explore?open={AF}") as page:
        drawn = page.locator("#explored .picture.wide")
        page.evaluate("window.isSame = true")
        drawn.locator(f"[data-id='{AF}']").focus()
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.dataset.id") != AF
        other = drawn.locator(".mark[aria-expanded=false]").nth(4).get_attribute("data-id")
        mark = drawn.locator(f"[data-id='{other}']")
        mark.focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{server}explore?open={AF}&open={other}")
        expect(mark).to_have_attribute("aria-expanded", "true")
        expect(mark).to_be_focused()
        expect(page.locator("#explored-said")).to_contain_text("2 of them open")
        assert covered(page, "#explored .wide .mark text") == []
        # What is typed is opened beside it, last in order.
        assert page.locator("form.filter input[name=open]").evaluate_all("all => all.map(({ value }) => value)") == [
            *(AF, other),
            "",
        ]
        page.get_by_text("Choose predicates").click()
        page.get_by_role("checkbox", name="extends").check()
        expect(page).to_have_url(f"{server}explore?open={AF}&open={other}&predicate=extends")
        expect(page.get_by_role("checkbox", name="extends")).to_be_focused()
        page.go_back()
        page.go_back()
        expect(mark).to_have_attribute("aria-expanded", "false")
        expect(page).to_have_url(f"{server}explore?open={AF}")
        assert page.evaluate("window.isSame"), "all of it was one page"


def test_on_a_phone_without_scripts_it_grows_by_links(opened: Callable[..., Any], server: str) -> None:
    with opened(f"explore?open={AF}", PHONE, java_script_enabled=False) as page:
        mark = page.locator("#explored .narrow .mark[aria-expanded=false]").nth(4)
        address = mark.get_attribute("href")[1:]
        mark.click()
        expect(page).to_have_url(f"{server}{address}")
    with opened(address, PHONE) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert covered(page, "#explored .narrow .mark text") == []


@pytest.mark.parametrize("viewport", [{"width": 1200, "height": 900}, PHONE])
def test_the_names_of_the_map_never_cover_each_other(viewport: dict[str, int], opened: Callable[..., Any]) -> None:
    with opened("", viewport) as page:
        page.locator(".map-of-all").scroll_into_view_if_needed()
        live = page.locator(".map-of-all .picture.live")
        expect(live).to_be_visible()
        live.focus()
        for _ in range(4):
            assert covered(page, ".picture.live .names text", least=1) == []
            page.keyboard.press("+")
    with opened("map.svg", viewport) as page:  # the same names, all in view
        assert covered(page, ".names text") == []
