"""The desk on pages: by buttons without scripts, by single keys with them, and what assistive technology is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server.build.build import build
from server.proposals.deciding import Desk
from server.proposals.queue import Queue
from server.proposals.submitting import submit
from server.settings import Settings, read_settings
from tests.conftest import copy_base, running_server
from tests.e2e.browsing import Windows
from tests.e2e.test_accessibility import LAID_OUT, OF_COLOURS, RULES, violations
from tests.faults.corpus import CORPUS
from tests.proposals.test_deciding import ABOUT, CLAIM, EDGE
from tests.thorough import NIGHTLY

pytestmark = pytest.mark.slow

MARKUP = "<b>In bold</b> & <script>alert(1)</script> [a link](javascript:alert(2)) {{ 7 * 7 }}"
WORDS = "the whole crew turned in circles with it"
CREW = {**CLAIM, "label": "The crew circles too", "definition": "That its crew does as the boat does.", "quote": WORDS}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A base with a queue, and a release of it."""
    folder = tmp_path_factory.mktemp("desk")
    settings = read_settings(
        {"AKB_STATE": str(folder / "state")}, root=copy_base(folder / "base", CORPUS / "clean" / "kb")
    )
    build(settings)
    return settings


@pytest.fixture(scope="module")
def address(own: Settings) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AKB_REVIEW_KEY", "a secret")
        with running_server(own.root, own.state, "--workers", "1") as server:
            yield server


@pytest.fixture
def queue(own: Settings) -> Queue:
    """Three proposals that wait, whatever was decided before."""
    queue = Queue(own)
    for path in queue.folder.rglob("*.json"):
        path.unlink()
    text = f"{'A long passage. ' * 2_000}{MARKUP} {WORDS}.{' And more of it.' * 400}"
    for parts in ([CLAIM, ABOUT], [{**CREW, "text": text}], [EDGE]):
        found = submit(own, {"who": "a program", "model": "rules 1", "parts": parts}, lands=True)
        assert found.queued, found.record["findings"]
    return queue


def outcomes(queue: Queue) -> list[str]:
    found = sorted((*queue.accepted(), *queue.decided(), *queue.waiting()), key=lambda one: (one.when, one.number))
    return sorted(one.decision.outcome for one in found if one.decision)


def sit_down(page: Page) -> None:
    page.goto("review/proposals")
    page.locator(".choice a").first.click()
    page.get_by_label("Who decides").fill("Ada Lind")
    page.get_by_label("Key of the reviewers").fill("a secret")


def test_the_pages_of_the_desk_are_accessible_light_and_dark_wide_and_narrow(
    address: str, queue: Queue, windows: Windows
) -> None:
    page = windows.open(address)
    for path in ("review", "review/proposals", *(f"proposal/{one.id}" for one in queue.waiting()[:2])):
        page.goto(path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in (1280, 320):
                page.set_viewport_size({"width": width, "height": 900})
                # As elsewhere: all once, the colours of each scheme, and what the width can change.
                rules = OF_COLOURS if width == 1280 and scheme == "dark" else LAID_OUT if width == 320 else RULES
                assert violations(page, RULES if NIGHTLY else rules) == [], (path, scheme, width)
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (path, width)


def test_single_keys_decide_and_can_be_switched_off(
    address: str, own: Settings, queue: Queue, windows: Windows
) -> None:
    page = windows.open(address, fresh=True)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    sit_down(page)
    first = page.url
    # In a field, a letter is a letter, and Enter decides nothing.
    page.get_by_label("Who decides").press("a")
    page.get_by_label("Who decides").fill("Ada Lind")
    page.get_by_label("Who decides").press("Enter")
    expect(page.get_by_role("heading", name="The patch of your decision")).to_be_visible()
    assert outcomes(queue) == []
    # The page remembers who decides: the key is not in what the server sent.
    expect(page.get_by_label("Key of the reviewers")).to_have_value("a secret")
    page.goto(first)
    page.keyboard.press("e")
    expect(page.locator("textarea").first).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type("; says a test")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.get_by_role("status").filter(has_text="Accepted: claim: The boat circles")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    [accepted] = queue.accepted()
    assert accepted.parts[0]["label"] == "The boat circles in nine of ten runs; says a test"
    # Markup in a passage is text; of a huge passage only what is around the quote is there.
    expect(page.locator("blockquote mark")).to_have_text(WORDS)
    expect(page.locator("blockquote")).to_contain_text(MARKUP)
    assert page.locator("blockquote :not(mark)").count() == 0
    assert len(page.locator("blockquote").inner_text()) < 1_000
    box = page.get_by_label(re.compile("Single keys decide"))
    box.uncheck()
    page.reload()
    expect(box).not_to_be_checked()
    page.locator("h1").click()
    page.keyboard.press("1")
    assert outcomes(queue) == ["accepted"]
    box.check()
    page.locator("h1").click()
    page.keyboard.press("2")
    expect(page.get_by_role("status").filter(has_text="Rejected: claim: The crew circles too")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.type("It is not so.")
    page.get_by_role("button", name="Reject for this reason").click()
    expect(page.get_by_text("No proposal waits")).to_be_visible()
    assert outcomes(queue) == ["accepted", "rejected", "rejected"]
    assert violations(page) == []
    assert complaints == []
    assert [one.error for one in Desk(own).write()] == [None]
    assert "says a test" in Path(own.root, "kb/claim/the-boat-circles-in-nine-of-ten-runs-says-a-test.ttl").read_text()
    Desk(own).take_back(accepted.id)


def test_without_scripts_several_are_decided_on_by_buttons(address: str, queue: Queue, windows: Windows) -> None:
    page = windows.open(address, java_script_enabled=False)
    page.goto("review/proposals")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_label("Who decides").fill("Ada Lind")
    page.get_by_role("button", name="See the patch").last.click()
    expect(page.get_by_text("can be accepted")).to_have_count(3)
    assert outcomes(queue) == []
    page.get_by_label("Who decides").fill("Ada Lind")
    page.get_by_label("Key of the reviewers").fill("a secret")
    page.get_by_role("button", name="Accept all about paper:boats-in-circles").click()
    expect(page.get_by_role("status").get_by_role("listitem")).to_have_count(2)
    assert outcomes(queue) == ["accepted", "accepted"]
    page.get_by_role("link", name="edge: concept:goal-drift").first.click()
    page.get_by_label("Who decides").fill("Ada Lind")
    page.get_by_label("Key of the reviewers").fill("a secret")
    page.get_by_role("button", name=re.compile("^Later")).click()
    assert outcomes(queue) == ["accepted", "accepted", "later"]
