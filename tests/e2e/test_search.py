"""The search in a real browser: what is suggested as one types, by keyboard and by mouse, and without scripts.

The roles and keys are those of the pattern "combobox" in the ARIA Authoring Practices Guide.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.slow


def finder(page: Page) -> Locator:
    """Return the form that every page has: at its head, and on the home page in the middle."""
    return page.get_by_role("search", name="Search", exact=True)


def box(page: Page) -> Locator:
    return finder(page).get_by_role("combobox")


def options_of(page: Page) -> Locator:
    return finder(page).get_by_role("option")


def test_arrows_choose_a_suggestion_and_enter_leads_to_it(opened: Callable[..., Any], server: str) -> None:
    with opened() as page:
        expect(box(page)).to_have_attribute("aria-expanded", "false")
        box(page).focus()
        with page.expect_response(re.compile(r"suggest\?q=alignment%20faking$")):
            page.keyboard.type("alignment faking")
        expect(options_of(page).first).to_contain_text(re.compile("^Alignment Faking"))
        expect(box(page)).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        expect(options_of(page).first).to_have_attribute("aria-selected", "true")
        expect(box(page)).to_have_attribute("aria-activedescendant", options_of(page).first.get_attribute("id"))
        page.keyboard.press("ArrowUp")
        expect(box(page)).not_to_have_attribute("aria-activedescendant", re.compile("."))
        page.keyboard.press("ArrowUp")
        expect(options_of(page).last).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{server}concept/alignment-faking.html")


def test_escape_and_tab_close_the_list_and_enter_alone_searches(opened: Callable[..., Any]) -> None:
    with opened() as page:
        box(page).focus()
        page.keyboard.type("sycoph")
        expect(options_of(page).first).to_be_visible()
        page.keyboard.press("Escape")
        expect(options_of(page)).to_have_count(0)
        expect(box(page)).to_have_value("sycoph")
        page.keyboard.press("ArrowDown")
        expect(options_of(page).first).to_be_visible()
        page.keyboard.press("Tab")
        expect(options_of(page)).to_have_count(0)
        box(page).focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/search\?q=sycoph$"))
        expect(page.locator("main li.neighbour").first).to_be_visible()


def test_a_click_leads_to_a_suggestion(opened: Callable[..., Any]) -> None:
    with opened("concept") as page:
        box(page).click()
        page.keyboard.type("compliance gap")
        options_of(page).filter(has_text="Compliance Gap").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Compliance Gap")


def test_how_many_there_are_is_told(opened: Callable[..., Any]) -> None:
    with opened() as page:
        box(page).focus()
        page.keyboard.type("zzzzqqqq")
        expect(finder(page).locator("[aria-live]")).to_have_text("No suggestions")
        expect(box(page)).to_have_attribute("aria-expanded", "false")


def test_the_slash_leads_to_the_search_and_can_be_switched_off(opened: Callable[..., Any]) -> None:
    with opened() as page:
        page.keyboard.press("/")
        expect(box(page)).to_be_focused()
        page.keyboard.type("a/b")
        expect(box(page)).to_have_value("a/b")
        page.goto("search")
        switch = page.get_by_role("checkbox", name="The key / opens the search")
        expect(switch).to_be_checked()
        switch.uncheck()
        page.goto("concept")
        page.keyboard.press("/")
        expect(box(page)).not_to_be_focused()
        page.goto("search")
        expect(switch).not_to_be_checked()
        switch.check()
        page.locator("h1").click()
        page.keyboard.press("/")
        expect(page.locator("#q")).to_be_focused()


def test_without_scripts_the_form_the_facets_and_the_pages_work(opened: Callable[..., Any]) -> None:
    with opened("concept", java_script_enabled=False) as page:
        page.get_by_role("banner").get_by_role("searchbox").fill("alignmnt")
        page.get_by_role("banner").get_by_role("button", name="Search").click()
        expect(page.get_by_text("No results for")).to_be_visible()
        expect(page.get_by_text("The key / opens")).to_be_hidden()
        page.get_by_role("checkbox", name=re.compile("^Concepts")).check()
        page.locator("main").get_by_role("button", name="Search").click()
        expect(page).to_have_url(re.compile("class=concept"))
        kinds = page.locator("main .neighbour .chip.class").all_inner_texts()
        assert kinds
        assert set(kinds) == {"concept"}
