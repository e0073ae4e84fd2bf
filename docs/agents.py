"""Asks the questions of tests/questions/agents.toml, and writes the table of calls and bytes into `docs/agents.md`.

Run it from the root of the repository: `python -m docs.agents`. A test holds the answers to what they must say.
"""

from __future__ import annotations

import re
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from flask.testing import FlaskClient

from server.agents.registry import tools_of
from server.agents.tools import tool_named
from server.build.build import build
from server.errors import AkbError
from server.settings import read_settings
from server.web.app import create_app
from server.web.data.agents import base_of

ROOT = Path(__file__).parent.parent
PAGE = Path(__file__).with_suffix(".md")
QUESTIONS = ROOT / "tests" / "questions" / "agents.toml"
BEGIN, END = "<!-- measured: written by `python -m docs.agents` -->\n", "<!-- end of measured -->\n"
MOST_CALLS, MOST_BYTES = 3, 6_000
"""What an answer may take, the bytes in the median."""


@dataclass(frozen=True)
class Asked:
    """What asking a question took, and what the last answer lacks of what it must hold."""

    calls: int
    bytes: int
    """Of all answers together, as UTF-8."""
    missing: tuple[str, ...]


def questions() -> list[dict[str, Any]]:
    """Return the questions, each with the calls and the addresses by which it is asked, and what must be answered."""
    found: list[dict[str, Any]] = tomllib.loads(QUESTIONS.read_text(encoding="utf-8"))["question"]
    return found


def by_tools(client: FlaskClient, question: Mapping[str, Any]) -> Asked:
    """Ask a question by calls of tools."""
    with client.application.app_context():
        base = base_of(client.application.extensions["akb"].release())
    tools, answers = tools_of(base), [""]
    for call in question["tools"]:
        [(name, given)] = call.items()
        arguments = {key: _id(answers[-1], value) if _is_taken(value) else value for key, value in given.items()}
        try:
            answers.append(tool_named(tools, name).call(base, arguments).text)
        except AkbError as error:
            answers.append(str(error))
    return _asked(question, answers[1:])


def by_http(client: FlaskClient, question: Mapping[str, Any]) -> Asked:
    """Ask a question by addresses, as `llms.txt` has them; whoever asks follows redirects and prefers Markdown."""
    answers = [""]
    for path in question["http"]:
        address = re.sub(r"@\w+", lambda taken: _id(answers[-1], taken[0]).replace(":", "/"), path)
        found = client.get(address, headers={"Accept": "text/markdown, */*;q=0.5"}, follow_redirects=True)
        answers.append(found.get_data(as_text=True))
    return _asked(question, answers[1:])


def _is_taken(value: object) -> bool:
    return isinstance(value, str) and value.startswith("@")


def _id(answer: str, wanted: str) -> str:
    """Return the first id of a class in an answer; the text as it is where there is none, which then finds nothing."""
    found = re.search(rf"\b{wanted[1:]}:[a-z0-9-]+", answer)
    return found[0] if found else wanted


def _asked(question: Mapping[str, Any], answers: list[str]) -> Asked:
    missing = tuple(text for text in question["answer"] if text not in answers[-1])
    return Asked(len(answers), sum(len(answer.encode()) for answer in answers), missing)


def asked(client: FlaskClient) -> Iterator[tuple[str, Asked, Asked]]:
    """Yield each question with what it took by tools, and by plain HTTP."""
    for question in questions():
        yield question["text"], by_tools(client, question), by_http(client, question)


def table(rows: list[tuple[str, Asked, Asked]], llms: int) -> str:
    """Return what was measured as Markdown; `llms` is the size of llms.txt."""
    lines = [
        "| Question | Calls of tools | Bytes | Requests by HTTP | Bytes |\n",
        "|---|---|---|---|---|\n",
        *(f"| {text} | {one.calls} | {one.bytes:,} | {other.calls} | {other.bytes:,} |\n" for text, one, other in rows),
    ]
    sums = [
        (median(one.calls for one in way), max(one.calls for one in way), median(one.bytes for one in way),
         sum(not one.missing for one in way))
        for way in zip(*((one, other) for _, one, other in rows), strict=True)
    ]  # fmt: skip
    names = ("By tools", "By plain HTTP")
    lines += [
        "\n",
        *(
            f"{name}: {right} of {len(rows)} answered right, with {calls:g} calls in the median and {most} at most, "
            f"and {size:,.0f} bytes in the median.\n"
            for name, (calls, most, size, right) in zip(names, sums, strict=True)
        ),
        f"Plain HTTP needs `llms.txt` before, {llms:,} bytes, once.\n",
    ]
    return "".join(lines)


def with_table(page: str, made: str) -> str:
    """Return the page with another table."""
    before, rest = page.split(BEGIN)
    return before + BEGIN + "\n" + made + "\n" + END + rest.split(END)[1]


def main() -> None:
    """Ask all questions, and write the page; exit with 1 where an answer is wrong."""
    with tempfile.TemporaryDirectory() as state:
        settings = read_settings({"AKB_STATE": sys.argv[1] if sys.argv[1:] else state}, root=ROOT)
        if not sys.argv[1:]:
            build(settings)
        app = create_app(settings)
        client = app.test_client()
        rows = list(asked(client))
        PAGE.write_text(
            with_table(PAGE.read_text(encoding="utf-8"), table(rows, len(client.get("/llms.txt").data))),
            encoding="utf-8",
        )
        app.extensions["akb"].close()
    wrong = [(text, one.missing, other.missing) for text, one, other in rows if one.missing or other.missing]
    for text, by_tool, by_request in wrong:
        print(f"{text} By tools: {by_tool or 'right'}. By HTTP: {by_request or 'right'}.")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
