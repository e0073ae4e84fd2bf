"""Whether a quote is in the text that it is said to be from, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ..records.findings import Finding
from ..text.names import same_name
from ..texts.passages import Passage, Passages
from .records import Evidence, Part
from .texts import PASSAGE, passage_of

NO_TEXT: Final = "quote-without-text"
NOT_THERE: Final = "quote-not-in-text"
TOO_SHORT: Final = "quote-too-short"
NO_LOCATOR: Final = "quote-without-locator"
_LEAST: Final = 12
"""Characters: a shorter quote is in any text."""
_AROUND: Final = 240
"""Characters of the text before and after the quote that go with it to the reviewer."""
_HYPHENATED: Final = re.compile(r"(?<=\w)(?:-|\u2010|\u00ad)\s*\n\s*(?=[a-z])")
_ELLIPSIS: Final = re.compile(r"\s*(?:\[\s*(?:\.\.\.|\u2026)\s*\]|\(\s*(?:\.\.\.|\u2026)\s*\)|\.\.\.|\u2026)\s*")
_NEAR: Final = 70
"""From which likeness, of 100, a passage is what was perhaps meant."""


def quote_findings(part: Part, quote: str, source: str, stored: Passages | None = None) -> Iterator[Finding | Evidence]:
    """Yield what is wrong with a quote of a part, or where it is; `stored` is the text of its source, if it is here.

    That decides, whatever text was sent.

    It is compared as a reader does: case, blanks, line ends, shapes of quotation marks and dashes do not count (Unicode
    Standard, section 3.13), words divided at the end of a line are one, and an ellipsis stands for what is left out.
    """
    whole = _joined(passage_of(part.get(PASSAGE)))
    if len(same_name(quote)) < _LEAST:
        yield part.fault(TOO_SHORT, f"The quote has fewer than {_LEAST} characters.", "quote a whole clause.")
        return
    if not part.get("locator"):
        yield part.fault(
            NO_LOCATOR, "The quote does not say where it is.", "give locator: a section, a page or a figure."
        )
    if stored is not None:
        yield _in_stored(part, quote, source, stored)
        return
    if not whole:
        yield part.fault(
            NO_TEXT,
            "The text that the quote is from is not given, so that nobody can tell whether it is there.",
            "send the passage of the source that holds the quote in the field text.",
        )
        return
    place = _place(whole, quote)
    if place is None:
        yield part.fault(
            NOT_THERE,
            f"The text does not have the quote {quote!r:.80}.",
            _mend(whole, quote),
        )
        return
    start, end = place
    passage = " ".join(whole[max(0, start - _AROUND) : end + _AROUND].split())
    yield Evidence(part.number, " ".join(quote.split()), passage, source, part.get("locator"))


def _in_stored(part: Part, quote: str, source: str, stored: Passages) -> Finding | Evidence:
    found = stored.find(quote)
    if isinstance(found, Passage):
        first = found.spots[0]
        around = " ".join(sentence.text for sentence in first.paragraph.sentences)
        passage = around if found.text in around else found.text
        start = max(0, passage.find(found.text))
        passage = passage[max(0, start - _AROUND) : start + len(found.text) + _AROUND]
        return Evidence(
            part.number, " ".join(quote.split()), passage, source, part.get("locator"), first.sentence.anchor
        )
    nearest = found.nearest
    mend = f"quote the words as they are: the nearest are {nearest!r:.300}." if nearest else "leave the quote out."
    return part.fault(NOT_THERE, f"The text of {source} does not have the quote {quote!r:.80}.", mend)


def once(evidence: Iterable[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], tuple[int, ...]]]:
    """Return what a proposal quotes, each passage once, with the numbers of the parts that rest on it."""
    found: dict[tuple[Any, ...], tuple[Mapping[str, Any], set[int]]] = {}
    for one in evidence:
        key = tuple(one.get(name) for name in ("quote", "passage", "source", "locator", "anchor"))
        found.setdefault(key, (one, set()))[1].add(one["part"])
    return [(one, tuple(sorted(parts))) for one, parts in found.values()]


def parted(passage: str, quote: str) -> tuple[str, str, str]:
    """Return a passage in three parts: what is before a quote, the quote as the passage has it, and what is after."""
    whole = _joined(passage)
    start, end = _place(whole, quote) or (0, 0)
    # Words are found with the signs at them; those at the ends belong to the quote only if it has some there.
    found = quote.strip()
    if found[:1].isalnum():
        start = next((at for at in range(start, end) if whole[at].isalnum()), start)
    if found[-1:].isalnum():
        end = next((at for at in range(end, start, -1) if whole[at - 1].isalnum()), end)
    return whole[:start], whole[start:end], whole[end:]


def _place(text: str, quote: str) -> tuple[int, int] | None:
    """Return from where to where a text has the parts of a quote, in their order; None where it lacks one."""
    # Words, by which places in the folded text are places in the text as it is.
    words = [(same_name(match[0]), match.start(), match.end()) for match in re.finditer(r"\S+", text)]
    folded, starts = "", []
    for word, _, _ in words:
        starts.append(len(folded))
        folded += f"{word} "
    first, at = None, 0
    for piece in filter(None, (same_name(one) for one in _ELLIPSIS.split(_joined(quote)))):
        found = folded.find(piece, at)
        if found < 0:
            return None
        first = found if first is None else first
        at = found + len(piece)
    if first is None:
        return None
    begin = max(number for number, start in enumerate(starts) if start <= first)
    last = max(number for number, start in enumerate(starts) if start < at)
    return words[begin][1], words[last][2]


def _joined(text: str) -> str:
    """Return a text in which words that were divided at the end of a line are one."""
    return _HYPHENATED.sub("", text)


def _mend(text: str, quote: str) -> str:
    from rapidfuzz import fuzz  # noqa: PLC0415 - a quote is seldom wrong, and it takes long to import

    whole, wanted = same_name(text), same_name(_joined(quote))
    found = fuzz.partial_ratio_alignment(wanted, whole, score_cutoff=_NEAR)
    if found is None or not found.score:
        return "quote the words as the source has them, or leave the quote out."
    nearest = whole[found.dest_start : found.dest_end].strip()
    return f"quote the words as they are: the nearest are {nearest!r:.300}."
