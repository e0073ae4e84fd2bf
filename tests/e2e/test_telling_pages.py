"""Entities, lists and overviews in a real browser: copying, filtering, no sideways scrolling, no script needed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import Visit, only_from

pytestmark = pytest.mark.slow

CONCEPT = "/concept/alignment-faking.html"
PAGES = [
    CONCEPT,
    "/claim/alignment-faking-emerges-with-scale.html",
    "/paper/alignment-faking-in-llms.html",
    "/thinker/evan-hubinger.html",
    "/debates",
    "/timeline",
    "/open-questions",
    "/paper?since=2024&sort=newest",
]


def test_an_iri_is_copied_by_keyboard(visit: Callable[..., Visit], server: str) -> None:
    seen = visit(permissions=["clipboard-read", "clipboard-write"])
    with only_from(server, seen):
        seen.page.goto(CONCEPT)
        button = seen.page.get_by_role("button", name="Copy the IRI")
        button.focus()
        seen.page.keyboard.press("Enter")
        expect(button).to_have_text("Copied")
        expect(button).to_be_focused()
        copied = seen.page.evaluate("navigator.clipboard.readText()")
        assert copied == "https://w3id.org/alignment-kb/concept/alignment-faking"


def test_a_patch_is_copied_so_that_git_takes_it(visit: Callable[..., Visit], server: str, tmp_path: Path) -> None:
    seen = visit(permissions=["clipboard-read", "clipboard-write"])
    page = seen.page
    with only_from(server, seen):
        page.goto("/review")
        page.locator('main a[href^="/candidate/"]').first.click()
        form = page.locator("form").filter(has=page.get_by_role("button", name="Not related"))
        form.get_by_label("Why").fill("They share words only.")
        form.get_by_label("Who decides").fill("A reader")
        form.get_by_role("button", name="Not related").click()
        button = page.get_by_role("button", name="Copy the patch")
        button.press("Enter")
        expect(button).to_have_text("Copied")
        patch = page.evaluate("navigator.clipboard.readText()")
    # Without its last line end it would be a corrupt one.
    subprocess.run(["git", "apply"], input=patch, text=True, cwd=tmp_path, check=True)
    [written] = (tmp_path / "kb" / "review").iterdir()
    assert '"They share words only."' in written.read_text()


def test_without_scripts_there_is_no_button_that_does_nothing(visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).page
    page.goto(CONCEPT)
    assert page.locator("button.copy").count() == 0
    expect(page.get_by_text("https://w3id.org/alignment-kb/concept/alignment-faking", exact=True)).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [320, 1200])
def test_no_page_scrolls_sideways(width: int, path: str, visit: Callable[..., Visit], server: str) -> None:
    """WCAG 2.2, 1.4.10: reflow at 320 CSS pixels."""
    seen = visit(viewport={"width": width, "height": 900})
    with only_from(server, seen):
        seen.page.goto(path)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_list_is_filtered_by_keyboard_without_scripts(visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).page
    page.goto("/paper")
    page.get_by_label("From year").fill("2025")
    page.keyboard.press("Enter")
    page.wait_for_url("**since=2025**")
    expect(page.get_by_label("From year")).to_have_value("2025")
