"""Programs on pages: each runs as it is, against a server, in its own language; so do those of docs/api.md."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pygments.lexers import get_lexer_by_name
from pygments.token import Error

from server.web.data.snippets import QUERY, entity_snippets, query_snippets

LANGUAGES = ("curl", "Python", "R", "JavaScript")
ODD = 'https://kb.example/it\'s "odd" $HOME `x` \\n é/'


def run(language: str, text: str) -> str:
    """Run a program, and return what it prints."""
    node = shutil.which("node")
    if language == "JavaScript" and node is None:
        if os.environ.get("CI"):
            pytest.fail("Node.js is missing: CI must install it (Debian: apt-get install nodejs).")
        pytest.skip("Node.js is not installed: the programs in JavaScript did not run.")
    command = {"curl": ["sh", "-c", text], "Python": [sys.executable, "-c", text], "JavaScript": [node, "-e", text]}
    done = subprocess.run(command[language], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{text}\n{done.stderr}"
    return done.stdout


def of_manual(repository: Path) -> list[tuple[str, str]]:
    """Return the programs of docs/api.md with their languages."""
    names = {"console": "curl", "python": "Python", "r": "R", "javascript": "JavaScript"}
    text = (repository / "docs/api.md").read_text(encoding="utf-8")
    return [(names[kind], body) for kind, body in re.findall(r"^```(\w+)\n(.*?)```", text, re.MULTILINE | re.DOTALL)]


def test_the_page_of_an_entity_shows_how_to_get_it_without_scripts(client: FlaskClient) -> None:
    text = client.get("/concept/alignment-faking.html").text
    fold = re.search(
        r'<details class="snippets">\n  <summary>Use this data from a program</summary>(.*?)</details>', text, re.DOTALL
    )
    shown = re.findall(r'<h4>(\w+)</h4>\s*<pre tabindex="0"><code>(.*?)</code></pre>', fold[1], re.DOTALL)
    wanted = entity_snippets("https://w3id.org/alignment-kb/concept/alignment-faking")
    assert [(language, unescape(text)) for language, text in shown] == [(one.language, one.text) for one in wanted]
    assert tuple(language for language, _ in shown) == LANGUAGES


def test_an_address_is_one_text_in_every_language() -> None:
    for snippet in (*entity_snippets(ODD), *query_snippets(ODD, ODD)):
        if snippet.language == "curl":
            assert ODD in shlex.split(snippet.text)
        else:
            assert json.dumps(ODD, ensure_ascii=False) in snippet.text


def test_programs_in_r_have_only_what_the_language_has(repository: Path) -> None:
    """R is no part of what the tests need: its programs are read token by token, and are not run."""
    snippets = (*entity_snippets(ODD), *query_snippets(ODD, ODD))
    texts = [one.text for one in snippets if one.language == "R"]
    texts += [text for language, text in of_manual(repository) if language == "R"]
    assert len(texts) == 6
    for text in texts:
        tokens = [*get_lexer_by_name("r").get_tokens(text)]
        assert [value for kind, value in tokens if kind in Error] == [], text
        code = "".join(value for kind, value in tokens if "String" not in str(kind))
        assert [code.count(one) for one in "([{"] == [code.count(one) for one in ")]}"], text


@pytest.mark.slow
@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "R"])
def test_the_programs_run(language: str, server: str, repository: Path) -> None:
    entity = f"{server}concept/alignment-faking"
    query = QUERY % "https://w3id.org/alignment-kb/concept/alignment-faking"
    texts = [
        one.text
        for one in (*entity_snippets(entity), *query_snippets(f"{server}sparql", query))
        if one.language == language
    ]
    assert "Alignment Faking" in run(language, texts[0])
    # Some statements about it, whichever come first.
    assert re.search(r"property\b.*https?://", run(language, texts[1]), re.DOTALL)
    if language == "curl":
        return  # those of the manual run in tests/docs/test_docs.py, as all examples of curl do
    programs = [
        text.replace("http://127.0.0.1:8000/", server) for one, text in of_manual(repository) if one == language
    ]
    assert len(programs) == 4
    for text in programs:
        assert run(language, text).strip(), text
