"""Papers through the desk of a reviewer, in a terminal and in a browser: keystrokes and seconds for each.

    python bench/desk.py --papers 50

It makes a base with papers and what is proposed of each (`tests/papers.py`: four right, one misspelt, one wrong), and
lets a scripted curator decide on all, once at a real terminal and once in Chromium, key by key, as the screen asks for.
The curator reads nothing and never pauses, so that the seconds are those of the program alone. At the end the files
must say what was decided, and `akb check` must find nothing; the exit code is 1 when that is not so.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from clients import cpu_seconds, free_port, running
from playwright.sync_api import Page, sync_playwright

from server.build.build import build
from server.proposals.deciding import Desk
from server.proposals.queue import Queue
from server.proposals.submitting import submit
from server.records.findings import Severity
from server.schema.reading import schema_of
from server.settings import Settings, read_settings
from server.turtle.reader import read_base
from server.validation.check import check
from tests.conftest import KNOWLEDGE, copy_base
from tests.e2e.browsing import ARGUMENTS
from tests.papers import MadeUpPaper, Proposed, papers, write_papers
from tests.terminals import Terminal

WHO, KEY = "Ada Lind", "a key of this run"
KEYS = "q quit"
END_OF_WORD = "\x01\x04\x04\x04The"
"""At a terminal: to the beginning of the line, three letters deleted, and written anew."""


@dataclass
class Measured:
    """What it took."""

    name: str
    keys: int
    seconds: float
    cpu: float
    """CPU seconds of the program: they depend less on what else the machine does."""
    papers: int

    def __str__(self) -> str:
        return (
            f"{self.name:22} {self.keys:6} keys, {self.keys / self.papers:5.1f} a paper;"
            f" {self.seconds:6.1f} s, {self.seconds / self.papers:5.2f} a paper;"
            f" {self.cpu:6.1f} s of CPU, {self.cpu / self.papers:5.2f} a paper"
        )


def main() -> int:
    """Measure, print, and check what must hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=50, help="how many (default 50, which is the most)")
    parser.add_argument("--only", choices=("terminal", "browser"), help="one of the two")
    options = parser.parse_args()
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "base"
        made, verdicts = prepared(root, options.papers)
        for name, way in (("terminal", at_a_terminal), ("browser", in_a_browser)):
            if options.only in {None, name}:
                own = Path(folder) / name
                shutil.copytree(root, own)
                settings = read_settings({"AKB_REVIEW_KEY": KEY}, root=own)
                print(way(settings, verdicts, len(made)), flush=True)
                wrong += [f"{name}: {one}" for one in what_is_wrong(settings, made)]
    print("\n".join(wrong) or "The files say what was decided, and akb check finds nothing.")
    return int(bool(wrong))


def prepared(root: Path, count: int) -> tuple[list[MadeUpPaper], dict[str, Proposed]]:
    """Make a base with papers, and put what is proposed of them into its queue; return what is to become of each."""
    copy_base(root, KNOWLEDGE)
    settings = read_settings({}, root=root)
    made, verdicts = write_papers(root, papers(count)), {}
    started = time.monotonic()
    for paper in made:
        for one in paper.proposals:
            found = submit(settings, one.given, lands=True)
            assert found.queued, (paper.curie, found.record["findings"])
            verdicts[found.queued.id] = one
    print(
        f"{len(verdicts)} proposals about {len(made)} papers, tried in {time.monotonic() - started:.0f} s", flush=True
    )
    return made, verdicts


def at_a_terminal(settings: Settings, verdicts: dict[str, Proposed], count: int) -> Measured:
    """Decide on everything at a terminal, one key for each decision."""
    terminal = Terminal("review", "--who", WHO, "--root", str(settings.root), cwd=settings.root, state=settings.state)
    shown = terminal.expect(KEYS)
    started = time.monotonic()
    for number in range(len(verdicts)):
        [id_] = re.findall(r"· proposal ([0-9a-f]{10})", shown)[-1:]
        one = verdicts[id_]
        if one.verdict == "edit":
            terminal.press("e")
            terminal.expect("ends it.")
            terminal.press("1")
            terminal.expect("1.label: ")
            terminal.type(f"{END_OF_WORD}\r")
            terminal.expect("ends it.")
            terminal.press(" ")
            terminal.expect(KEYS)
        terminal.press("1" if one.verdict == "reject" else "a")
        shown = terminal.expect(KEYS if number + 1 < len(verdicts) else "No more proposals wait.", 120)
    seconds = time.monotonic() - started
    assert terminal.end() == 0
    return Measured("in a terminal", terminal.keys, seconds, terminal.cpu, count)


def in_a_browser(settings: Settings, verdicts: dict[str, Proposed], count: int) -> Measured:
    """Decide on everything in a browser, one key for each decision, and write what was accepted."""
    build(settings)
    port, keys = free_port(), Counter[str]()
    command = [sys.executable, "-m", "server.cli.main", "serve", "--root", str(settings.root), "--port", str(port)]
    with (
        running([*command, "--workers", "1"], port, lambda: _answers(port), env={**os.environ, "AKB_REVIEW_KEY": KEY}),
        _page(f"http://127.0.0.1:{port}/") as page,
    ):
        page.goto("review/proposals")
        page.locator(".choice a").first.click()
        page.get_by_label("Who decides").fill(WHO)
        page.get_by_label("Key of the reviewers").fill(KEY)
        page.locator("h1").click()
        started, cpu = time.monotonic(), cpu_seconds(port)
        for number in range(len(verdicts)):
            one = verdicts[page.url.rpartition("/")[2][:10]]

            def press(key: str) -> None:
                keys["pressed"] += 1
                page.keyboard.press(key)

            if one.verdict == "edit":
                press("e")
                for key in ("Home", "Delete", "Delete", "Delete", *"The", "Escape"):
                    press(key)
            with page.expect_navigation():
                press("1" if one.verdict == "reject" else "a")
            assert number + 1 == len(verdicts) or page.locator(".then").count() == 1, page.content()
        seconds, cpu = time.monotonic() - started, cpu_seconds(port) - cpu
        written = time.monotonic()
        Desk(settings).write()
        print(f"akb review write after the browser: {time.monotonic() - written:.1f} s")
    return Measured("in a browser", keys["pressed"], seconds, cpu, count)


def what_is_wrong(settings: Settings, made: list[MadeUpPaper]) -> Iterator[str]:
    """Yield what is not as the curator decided, and what the check finds."""
    queue, base = Queue(settings), read_base(settings.root, settings.namespaces)
    outcomes = Counter(one.decision.outcome for one in queue.decided() if one.decision)
    wanted = Counter("rejected" if one.verdict == "reject" else "accepted" for paper in made for one in paper.proposals)
    if outcomes != wanted or queue.waiting() or queue.accepted():
        yield f"{outcomes} was decided in place of {wanted}"
    labels = " ".join(file.text for file in base.files if file.path.startswith("kb/claim/"))
    for paper in made:
        for one in paper.proposals:
            label = one.better or one.given["parts"][0].get("label", "")
            if label and (f'"{label}"' in labels) is (one.verdict == "reject"):
                yield f"{label!r} is {'there' if one.verdict == 'reject' else 'missing'}"
    report = check(base, schema_of(base))
    yield from (f"{one.file}: {one.message}" for one in report.findings if one.severity is Severity.VIOLATION)


@contextmanager
def _page(address: str) -> Iterator[Page]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser.new_page(base_url=address)
        browser.close()


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
