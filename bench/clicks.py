"""How many clicks lead to the answers of six questions that readers come with.

    python bench/clicks.py http://127.0.0.1:8000 [--deepest 3]

Follows the links of the pages of a running server as a reader without scripts would, nearest first, until a page has
the answer in the section that the question is about. Prints for each question the least number of clicks from the home
page by links alone, and from the home page by its search (typing and sending are one click), with the way there.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from html import unescape
from urllib.parse import quote_plus, urldefrag, urljoin, urlsplit
from urllib.request import Request, urlopen

from lxml import etree, html


@dataclass(frozen=True)
class Question:
    """What a reader wants to know, what they type to find it, and how a page is known to answer it."""

    asked: str
    typed: str
    heading: str
    """A pattern of the heading whose section answers it."""
    path: str
    """A pattern of the address of the page that answers it."""
    answer: str
    """A pattern of an address that the section must lead to."""


QUESTIONS = (
    Question(
        "Who first described alignment faking?",
        "alignment faking",
        r"introduced",
        r"/concept/alignment-faking$",
        r"/(paper|thinker)/",
    ),
    Question(
        "What speaks against the claim that truth can be found from consistency alone?",
        "truth can be found from consistency alone",
        r"against",
        r"/claim/truth-can-be-found-from-consistency-alone$",
        r"/(claim|paper|concept|method)/",
    ),
    Question(
        "Which systems showed alignment faking?",
        "alignment faking systems",
        r"seen|exhibit",
        r"/concept/alignment-faking$",
        r"/artifact/",
    ),
    Question(
        "What is the newest on sandbagging?",
        "sandbagging",
        r"newest|20\d\d",
        r"/concept/[\w-]*sandbagging[\w-]*(/by-year)?$",
        r"/paper/",
    ),
    Question(
        "Which works build on or cite Alignment faking in large language models?",
        "alignment faking in large language models",
        r"came of it|[Cc]ited",
        r"/paper/alignment-faking-in-llms$",
        r"/paper/",
    ),
    Question(
        "What is open about alignment faking?",
        "alignment faking open question",
        r"question",
        r"/(concept/alignment-faking|open-questions|debates)$",
        r"/question/",
    ),
)


def reader(base: str) -> Callable[[str], etree._Element | None]:
    """Return what reads a page by its path, each once; None for what is no page."""

    @cache
    def read(path: str) -> etree._Element | None:
        try:
            with urlopen(Request(urljoin(base, path), headers={"Accept": "text/html"}), timeout=30) as answer:
                if "text/html" not in answer.headers.get("Content-Type", ""):
                    return None
                return html.fromstring(answer.read())
        except OSError as error:
            print(f"{path}: {error}", file=sys.stderr)
            return None

    return read


def links(page: etree._Element, at: str) -> Iterable[str]:
    """Yield the paths of a page's own site to which its links lead, in the order of the page."""
    for link in page.iter("a"):
        address = link.get("href", "")
        # Queries behind counts and other formats are no pages to read on the way.
        if not address or link.get("type") or link.get("rel") == "nofollow":
            continue
        parts = urlsplit(urljoin(at, urldefrag(address).url))
        if not parts.netloc and parts.path.startswith("/") and not re.search(r"\.(?!html)\w+$", parts.path):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def answers(page: etree._Element, path: str, question: Question) -> bool:
    """Return whether a page has the section that the question is about, with what answers it."""
    if not re.search(question.path, path.split("?", maxsplit=1)[0].removesuffix(".html")):
        return False
    for heading in page.iter("h2", "h3", "h4"):
        if re.search(question.heading, " ".join(heading.itertext())):
            part = heading.getparent()
            if part is not None and any(re.search(question.answer, link.get("href", "")) for link in part.iter("a")):
                return True
    return False


def way(
    read: Callable[[str], etree._Element | None], start: str, question: Question, deepest: int
) -> tuple[str, ...] | None:
    """Return the shortest way from a page to the answer, as the paths that were clicked; None within so many clicks."""
    seen = {start}
    ways: list[tuple[str, ...]] = [(start,)]
    while ways:
        following: list[tuple[str, ...]] = []
        for one in ways:
            page = read(one[-1])
            if page is None:
                continue
            if answers(page, one[-1], question):
                return one[1:]
            if len(one) <= deepest:
                for path in links(page, one[-1]):
                    if path not in seen:
                        seen.add(path)
                        following.append((*one, path))
        # What looks like the answer's page is looked at first: the number of clicks is the same.
        ways = sorted(following, key=lambda one: not re.search(question.path, one[-1]))
    return None


def said(found: tuple[str, ...] | None, first: int, deepest: int) -> str:
    """Return a way as text: its clicks and its pages."""
    if found is None:
        return f"more than {deepest + first}"
    return f"{len(found) + first}  {' > '.join(unescape(one) for one in found)}"


def main() -> int:
    """Follow the links, and print the ways; exit code 1 where an answer is not reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", help="of the server, such as http://127.0.0.1:8000")
    parser.add_argument("--deepest", type=int, default=2, help="clicks after which a way is given up (2)")
    given = parser.parse_args()
    read = reader(given.address)
    if read("/") is None:
        parser.exit(2, f"{given.address} shows no home page. Start a server with `akb serve`, and name its address.\n")
    missed = 0
    for question in QUESTIONS:
        by_search = way(read, f"/search?q={quote_plus(question.typed)}", question, given.deepest)
        by_links = way(read, "/", question, given.deepest)
        missed += by_search is None and by_links is None
        print(question.asked)
        print(f"    by the search: {said(by_search, 1, given.deepest)}")
        print(f"    by links:      {said(by_links, 0, given.deepest)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
