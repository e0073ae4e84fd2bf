"""How long the pages of entities are, and how many things they name twice, as a reader's browser shows them.

    python bench/pages_seen.py http://127.0.0.1:8000 [--shots FOLDER] [PATH ...]

Opens pages of a running server in Chromium, without scripts, at the widths of a phone and of a desk. Prints for each:

- its size in bytes, as HTML and as it is sent (compressed by gzip);
- its length in screens of a phone (360 by 740 px), and in pixels at 1280 px, as it is first shown, with folds shut;
- how many screens of a phone come before the first fold;
- how many links to entities it shows in its content, and how many of these entities are linked more than once.

`--shots` also writes a picture of each page at both widths into a folder.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, sync_playwright

PHONE, DESK = (360, 740), (1280, 900)
PATHS = (
    "concept/alignment-faking.html",
    "claim/alignment-faking-emerges-with-scale.html",
    "claim/truth-can-be-found-from-consistency-alone.html",
    "question/why-do-most-chat-models-not-fake-alignment.html",
    "thinker/ethan-perez.html",
    "thinker/anthropic.html",
    "paper/model-written-evaluations.html",
    "paper/alignment-faking-in-llms.html",
    "artifact/claude-3-opus.html",
    "debates.html",
)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
MEASURE = """() => {
    const shown = (one) => one.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true});
    const main = document.querySelector("main");
    const here = location.pathname.replace(/[.]html$/, "");
    const links = [...main.querySelectorAll("a.entity, a.mark")].filter(shown)
        .map((one) => one.getAttribute("href")).filter((one) => one !== here);
    const times = new Map();
    for (const one of links) times.set(one, (times.get(one) || 0) + 1);
    const fold = [...main.querySelectorAll("details:not([open])")]
        .filter((one) => shown(one) && one.firstElementChild.checkVisibility())[0];
    return {
        height: document.documentElement.scrollHeight,
        wide: document.documentElement.scrollWidth,
        fold: fold ? fold.getBoundingClientRect().top + scrollY : document.documentElement.scrollHeight,
        links: links.length,
        twice: [...times.values()].filter((one) => one > 1).length,
    };
}"""


@dataclass(frozen=True)
class Seen:
    """What a browser shows of one page at one width."""

    height: int
    wide: int
    fold: float
    links: int
    twice: int


def seen(browser: Browser, address: str, size: tuple[int, int], shot: Path | None) -> Seen:
    """Open a page, measure it, and take its picture where that is wanted."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, java_script_enabled=True)
    try:
        # The scripts of the page do not run: what is measured needs none.
        page.route("**/*.js", lambda route: route.abort())
        page.goto(address)
        found = Seen(**page.evaluate(MEASURE))
        if shot:
            page.screenshot(path=shot, full_page=True)
        return found
    finally:
        page.close()


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", help="of the server, such as http://127.0.0.1:8000")
    parser.add_argument("paths", nargs="*", default=PATHS, help="of the pages (some of each kind)")
    parser.add_argument("--shots", type=Path, help="write pictures of the pages into this folder")
    given = parser.parse_intermixed_args()
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if program is None:
        sys.exit("Chromium is not installed.")
    if given.shots:
        given.shots.mkdir(parents=True, exist_ok=True)
    print(
        f"{'page':<55} {'bytes':>7} {'sent':>6} {'screens':>8} {'to fold':>8} {'1280 px':>8} {'links':>12} {'twice':>9}"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        for path in given.paths:
            address = urljoin(f"{given.address.rstrip('/')}/", path)
            with urlopen(Request(address, headers={"Accept-Encoding": "gzip"}), timeout=20) as answer:
                body = answer.read()
            size = len(gzip.decompress(body))
            name = path.removesuffix(".html").replace("/", "-")
            shots = [given.shots / f"{name}-{width}.png" if given.shots else None for width in (PHONE[0], DESK[0])]
            phone, desk = seen(browser, address, PHONE, shots[0]), seen(browser, address, DESK, shots[1])
            print(
                f"{path:<55} {size:>7} {len(body):>6} {phone.height / PHONE[1]:>8.1f} {phone.fold / PHONE[1]:>8.1f}"
                f" {desk.height:>8}"
                f" {phone.links:>5} /{desk.links:>5} {phone.twice:>3} /{desk.twice:>4}"
                + ("  wider than the phone" if phone.wide > PHONE[0] else "")
            )
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
