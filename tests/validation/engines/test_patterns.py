"""What a regular expression matches is the same for both engines (SHACL, section 4.4.3)."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest

from server.turtle.parsing import parse
from server.validation.engines import fast, patterns
from server.validation.engines.results import Request

from .generating import HEAD

pytestmark = pytest.mark.skipif(not fast.is_installed(), reason="the package shacl has no wheel for this platform")


def matched(pattern: str, texts: list[str]) -> set[str]:
    escaped = pattern.replace("\\", "\\\\").replace('"', '\\"')
    shapes = parse(HEAD + f':s sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:pattern "{escaped}" ] .')
    written = [text.translate({92: "\\\\", 34: '\\"', 10: "\\n", 13: "\\r"}) for text in texts]
    data = "".join(f'<urn:n:{number}> <urn:x:p> "{text}" .\n' for number, text in enumerate(written))
    broken = {int(result.focus.rpartition(":")[2]) for result in fast.validate(Request(data, parse(""), shapes))}
    return {text for number, text in enumerate(texts) if number not in broken}


@pytest.mark.parametrize("pattern", [r"^\w$", r"^\W$", r"^\d$", r"^[^\s]$", r"^\s$", "^.$"])
def test_kinds_of_characters(pattern: str) -> None:
    """Characters of all planes, but for those that are newer than Python's tables."""
    known = [
        chr(code)
        for code in (*range(1, 0x1000), *range(0x1000, 0xD800, 7), *range(0xE000, sys.maxunicode, 301))
        if unicodedata.category(chr(code)) != "Cn"
    ]
    assert matched(pattern, known) == {text for text in known if re.search(pattern, text)}


@pytest.mark.parametrize(
    "pattern",
    [
        r"^10\.[0-9]{4,9}/\S+$", "a$|^b", "(a$|b)", r"[a-c\-]+", r"[\w.]+@[^@\s]+$", "[-a]", "[a-]", "[^^]",
        "(?:ab)+?c", "a{2}", "a{2,}b", r"\(x\)", "x$", "^$", "", "a|", "[|]",
    ],
)  # fmt: skip
def test_expressions(pattern: str) -> None:
    texts = [
        "", "a", "b", "aa", "aab", "abc", "ababc", "x", "x\n", "a\n", "(x)", "10.1234/x", "10.1234/x\n", "10.1/x", "a-",
        "me@here", "me@he re", "^", "-", "|", "\n",
    ]  # fmt: skip
    assert matched(pattern, texts) == {text for text in texts if re.search(pattern, text)}


@pytest.mark.parametrize(
    "pattern",
    [
        "(?=a)b", "(?!a)b", "(?<=a)b", r"(a)\1", "(?i)a", r"\bword", r"\p{L}", r"[\p{L}]", "[a-z-[aeiou]]",
        "[[:alpha:]]", "a++", "^*", "(a$|b)c", "a$b", "(", ")", "[a", r"\Z", "[a&&b]", "(?P<x>a)", "{", "a{,2}",
    ],
)  # fmt: skip
def test_what_need_not_mean_the_same_is_left_to_the_reference(pattern: str) -> None:
    assert patterns.translated(pattern) is None
