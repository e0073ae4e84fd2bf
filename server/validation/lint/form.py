"""The form of files: whether they are as `akb fmt` writes them, and their prefixes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from ...errors import UsageError
from ...namespaces import Namespaces
from ...records.findings import Finding, Severity
from ...turtle.prefixes import declared_prefixes, used_prefixes
from ...turtle.source_files import SourceFile
from ...turtle.writer import canonical_text, comment_offset
from ..rule_text import RuleText

NOT_CANONICAL = RuleText(
    "not-canonical",
    "Each file of kb/ is as `akb fmt` writes it, so that a change shows what it changes and no more.",
    "The file is not in canonical form: {difference}.",
    "run `akb fmt {file}`.",
)
COMMENT = RuleText(
    "comment",
    "Files of kb/ have no comments, which `akb fmt` cannot keep.",
    "The file has a comment, so that `akb fmt` refuses it.",
    "move what it says into akb:note, or into the commit message, and delete it.",
)
UNUSED_PREFIX = RuleText(
    "unused-prefix",
    "Each prefix that a file declares is used in it.",
    "The prefix {prefix}: is declared and never used.",
    "delete the line.",
    Severity.INFO,
)
REBOUND_PREFIX = RuleText(
    "prefix-rebound",
    "A prefix is bound to one namespace everywhere.",
    "The prefix {prefix}: is bound to <{namespace}> here, and to <{expected}> everywhere else.",
    "declare it with <{expected}>, or choose another prefix.",
)

RULES = (NOT_CANONICAL, COMMENT, UNUSED_PREFIX, REBOUND_PREFIX)


def prefix_findings(files: Iterable[SourceFile], namespaces: Namespaces) -> Iterator[Finding]:
    """Yield what is wrong with the prefixes of files."""
    known = namespaces.prefixes()
    for file in files:
        used = used_prefixes(file.text)
        for declaration in declared_prefixes(file.text):
            line, column = _place(file.text, declaration.start)
            prefix, namespace = declaration.prefix, declaration.namespace
            if prefix not in used:
                yield UNUSED_PREFIX.broken_at(file.path, line, column, prefix=prefix)
            expected = known.get(prefix, namespace)
            if expected != namespace:
                words = {"prefix": prefix, "namespace": namespace, "expected": expected}
                yield REBOUND_PREFIX.broken_at(file.path, line, column, **words)


def form_findings(files: Iterable[SourceFile], namespaces: Namespaces) -> Iterator[Finding]:
    """Yield for each file where it first differs from its canonical form, unless a prefix too many is all.

    Faults of its prefixes are reported too; a file in canonical form has no unused ones.
    """
    for file in files:
        offset = comment_offset(file.text)
        if offset is not None:
            yield COMMENT.broken_at(file.path, *_place(file.text, offset))
            written = ""
        else:
            try:
                written = canonical_text(file.statements, namespaces)
            except UsageError:
                # It has a blank node, which is said elsewhere.
                written = ""
            if written == file.text:
                continue
        yield from prefix_findings((file,), namespaces)
        if written and written != _without_unused(file.text):
            line, found, expected = _first_difference(file.text, written)
            yield NOT_CANONICAL.broken_at(file.path, line, 1, file=file.path, difference=_difference(found, expected))


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _without_unused(text: str) -> str:
    used = used_prefixes(text)
    for declaration in reversed(list(declared_prefixes(text))):
        if declaration.prefix not in used:
            text = text[: declaration.start] + text[declaration.end :].removeprefix("\n")
    return text


def _first_difference(found: str, expected: str) -> tuple[int, str, str]:
    # A line that is missing at the end differs from an empty one.
    pairs = enumerate(zip_longest(found.split("\n"), expected.split("\n")), 1)
    return next((number, one or "", other or "") for number, (one, other) in pairs if one != other)


def _difference(found: str, expected: str) -> str:
    if found.split() == expected.split():
        return "the line has other white space than `akb fmt` writes"
    return f"here is {_shown(found)}, where `akb fmt` writes {_shown(expected)}"


def _shown(line: str) -> str:
    if not line.strip():
        return "an empty line"
    return f"“{line.strip() if len(line) <= 90 else line.strip()[:89] + '…'}”"
