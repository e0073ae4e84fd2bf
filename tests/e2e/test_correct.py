"""The form that corrects an entity, in a browser: it is checked as one types, and its two ends narrow each other."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import Visit
from tests.e2e.test_accessibility import violations

pytestmark = pytest.mark.slow

PATH = "/concept/compliance-gap/correct"


def test_it_is_checked_as_one_types(visit: Callable[..., Visit]) -> None:
    seen = visit()
    page = seen.page
    page.goto(PATH)
    name = page.get_by_label("Preferred label")
    name.fill("Compliance Gap, as a test calls it")
    outcome = page.get_by_role("region", name="What it changes")
    expect(outcome.locator("ins").first).to_be_visible(timeout=30_000)
    expect(page.get_by_role("status").filter(has_text="It can be taken")).to_be_visible()
    page.get_by_label(re.compile("which entity")).fill("paper:scheming-ais")
    page.get_by_label(re.compile("which entity")).blur()
    predicate = page.get_by_label("Compliance Gap …")
    expect(predicate.locator("option[value=specializes]")).to_be_disabled()
    expect(predicate.locator("option[value='^studies']")).to_be_enabled()
    predicate.select_option("^studies")
    wrong = page.locator("[id='wrong-edge.1.predicate']")
    expect(wrong).to_contain_text("note", timeout=30_000)
    expect(predicate).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Note", exact=True).fill("It looks at such gaps, a test says.")
    expect(wrong).to_be_empty(timeout=30_000)
    expect(predicate).not_to_have_attribute("aria-invalid", "true")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the patch").click()
    assert download.value.suggested_filename == "concept-compliance-gap.patch"
    assert violations(page) == []
