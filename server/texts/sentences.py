"""Divides a paragraph into its sentences, by rules for English prose with abbreviations, citations and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_END: Final = re.compile(
    r"[.!?\u2026]+"  # what ends a sentence
    r"(?:[\"'\u201d\u2019)\]]|\s?\[\d+(?:\s*[,\u2013-]\s*\d+)*\])*"  # what closes behind it
    r"(?=\s+[\"'\u201c\u2018(\[]*(?:[^\W\d_]|\d|\u2026\])|\s*\Z)"
)
_WORD_BEFORE: Final = re.compile(r"[^\s(\[\"\u201c\u2018]+\Z")
_ABBREVIATIONS: Final = frozenset(
    re.findall(
        r"[^|]+",
        "e.g.|i.e.|cf.|vs.|al.|etc.|resp.|approx.|ca.|viz.|fig.|figs.|eq.|eqs.|eqn.|sec.|"
        "secs.|ref.|refs.|app.|ch.|no.|nos.|vol.|pp.|p.|tab.|dr.|mr.|mrs.|ms.|prof.|st.|"
        "dept.|inc.|ltd.|co.|jr.|sr.|est.|incl.|excl.|esp.|w.r.t.|w.l.o.g.|i.i.d.|s.t.|a.k.a.|"
        "jan.|feb.|mar.|apr.|jun.|jul.|aug.|sep.|sept.|oct.|nov.|dec.|thm.|lem.|prop.|def.|"
        "cor.",
    )
)
_MAY_END: Final = frozenset(["etc.", "al.", "inc.", "ltd.", "co.", "jr.", "sr.", "i.i.d.", "a.k.a."])
"""Of these, a capital letter behind them begins a sentence."""
_INITIAL: Final = re.compile(r"(?:[A-Z]\.)+\Z")
LONGEST: Final = 2_000
"""Characters: whatever is longer without an end is divided at a blank."""


def sentences_of(paragraph: str) -> tuple[str, ...]:
    """Return the sentences of a paragraph, each as one line.

    >>> sentences_of("It rose by 3.5% (Fig. 2). Others, e.g. Lee et al., saw none.")
    ('It rose by 3.5% (Fig. 2).', 'Others, e.g. Lee et al., saw none.')
    """
    return tuple(paragraph[start:end] for start, end in spans_of(paragraph))


def spans_of(paragraph: str) -> tuple[tuple[int, int], ...]:
    """Return from where to where the sentences of a paragraph are."""
    found = []
    for start, end in _cut(paragraph):
        piece = paragraph[start:end]
        left = len(piece) - len(piece.lstrip())
        if piece.strip():
            found.append((start + left, start + len(piece.rstrip())))
    return tuple(found)


def _cut(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in (*_ends(text), len(text)):
        while end - start > LONGEST:
            cut = text.rfind(" ", start + 1, start + LONGEST)
            cut = cut if cut > start else start + LONGEST
            yield start, cut
            start = cut
        yield start, end
        start = end


def _ends(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        after = text[match.end() :].lstrip()[:24]
        if after and not _is_end(text, match, after):
            continue
        yield match.end()


def _is_end(text: str, match: re.Match[str], after: str) -> bool:
    if after.startswith("[\u2026]"):
        return True
    first = after.lstrip("\"'\u201c\u2018([")[:1]
    if "!" in match[0] or "?" in match[0]:
        return not first.islower()
    # A citation or a bracket behind the stop: "(see App. B) shows".
    before = text[max(0, match.start() - 24) : match.start() + 1]
    word = _WORD_BEFORE.search(before)
    last = word[0] if word else before
    if first.islower():
        return False
    if last.lower() in _ABBREVIATIONS:
        return last.lower() in _MAY_END and first.isupper()
    # The initials of a person, but not of a vitamin or a variable at the end: those follow no capital.
    return not (_INITIAL.fullmatch(last) and first.isupper() and last != "I.")
