"""Reads a proposal from JSON, and says what is wrong with its form."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from ..errors import TooLargeError, UsageError
from ..guessing import guess
from ..records.findings import Finding
from .records import KINDS, PLACE, Part, Proposal
from .texts import LONGEST, LONGEST_PASSAGE, clean_line

MOST_PARTS: Final = 50
_MOST_VALUES: Final = 100
_SAID: Final = ("who", "model", "why")
_SCORE: Final = "score"
_LINES: Final = re.compile(r"[ \t\r\n]+")
_DEEP: Final = "It nests too deeply."
FORM: Final = "proposal-form"
SIZE: Final = "proposal-size"


def parsed(text: str | bytes, kilobytes: int) -> Any:
    """Return the JSON of a proposal (RFC 8259). Raises TooLargeError and UsageError."""
    size = len(text)
    if size > kilobytes * 1024:
        raise TooLargeError(
            f"The proposal has {size:,} bytes, and the limit is {kilobytes:,} KB.",
            "send one change at a time, with the passage that holds the quote in place of the whole text.",
        )
    try:
        return json.loads(text)
    except RecursionError:
        raise UsageError(f"The proposal cannot be read: {_DEEP}", "send it as docs/proposing.md shows.") from None
    except ValueError as error:
        raise UsageError(f"The proposal is not JSON: {error}.", "send it as docs/proposing.md shows.") from error


def proposal_of(given: Any) -> tuple[Proposal, list[Finding]]:
    """Return a proposal, and what is wrong with its form.

    It is an object with `who`, `model`, `why`, `score` and `parts`, or with the fields of its only part beside those.
    """
    faults: list[Finding] = []
    if not isinstance(given, Mapping):
        return Proposal(()), [_fault(0, "A proposal is a JSON object, and this is none.", "send an object with parts.")]
    said: dict[str, str] = {}
    for name in _SAID:
        value = given.get(name, "")
        if not isinstance(value, str):
            faults.append(_fault(0, f"{name} is not a text.", "send a string."))
        elif len(value) > LONGEST:
            faults.append(_too_long(0, name, len(value), LONGEST))
        else:
            said[name] = clean_line(value)
    score = given.get(_SCORE)
    if score is not None and (isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1):
        faults.append(_fault(0, "score is no number from 0 to 1.", "send a number, or leave it out."))
        score = None
    rest = {name: value for name, value in given.items() if name not in (*_SAID, _SCORE)}
    if "parts" in rest and len(rest) > 1:
        wrong = next(name for name in rest if name != "parts")
        faults.append(_unknown(0, str(wrong), (*_SAID, _SCORE, "parts")))
    listed = rest.get("parts", [rest])
    if not isinstance(listed, list) or not listed:
        faults.append(_fault(0, "The proposal has no parts.", "send a list of one object or more."))
        listed = []
    if len(listed) > MOST_PARTS:
        message = f"The proposal has {len(listed)} parts, and the limit is {MOST_PARTS}."
        faults.append(_fault(0, message, "send it in several proposals.", SIZE))
        listed = []
    parts = []
    for number, one in enumerate(listed, 1):
        part, wrong_here = _part(number, one)
        faults += wrong_here
        if part is not None:
            parts.append(part)
    return Proposal(tuple(parts), **said, score=None if score is None else float(score)), faults


def _part(number: int, given: Any) -> tuple[Part | None, list[Finding]]:
    if not isinstance(given, Mapping):
        return None, [_fault(number, "A part is a JSON object, and this is none.", "send an object with a kind.")]
    kind = next((one for one in KINDS if one == given.get("kind")), None)
    if kind is None:
        what = f"{given['kind']!r:.60} is not a kind of part" if "kind" in given else "The part has no kind"
        return None, [_fault(number, f"{what}.", f"give kind: one of {', '.join(KINDS)}.")]
    fields: dict[str, tuple[str, ...]] = {}
    faults = []
    for name, value in given.items():
        if name == "kind" or value is None:
            continue
        values = value if isinstance(value, list) else [value]
        if len(values) > _MOST_VALUES:
            faults.append(_fault(number, f"{name!r:.60} has {len(values)} values.", "send fewer.", SIZE))
            continue
        texts = [_text(one) for one in values]
        if None in texts:
            mend = "send a string, a number, true or false, or a list of those."
            faults.append(_fault(number, f"{name!r:.60} is neither a text nor a list of texts.", mend))
            continue
        most = LONGEST_PASSAGE if name == "text" else LONGEST
        sizes = [len(text) for text in texts if text is not None]
        if max(sizes, default=0) > most:
            faults.append(_too_long(number, str(name)[:60], max(sizes), most))
            continue
        keeps_lines = name in {"text", "quote"}
        fields[str(name)] = tuple(
            text if keeps_lines else _LINES.sub(" ", text) for text in texts if text is not None and text
        )
    return Part(number, kind, fields), faults


def unknown_fields(part: Part, known: tuple[str, ...]) -> list[Finding]:
    """Return what is wrong with the names of the fields of a part, of those that its kind has."""
    return [_unknown(part.number, name, known) for name in part.fields if name not in known]


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return value.strip() if isinstance(value, str) else None


def _unknown(number: int, name: str, known: tuple[str, ...]) -> Finding:
    return _fault(number, f"{name!r:.60} is not a field of it.", f"{guess(name, known)}it has {', '.join(known)}.")


def _too_long(number: int, name: str, size: int, most: int) -> Finding:
    mend = "shorten it; of a source, send the passage that holds the quote."
    return _fault(number, f"{name} has {size:,} characters, and the limit is {most:,}.", mend, SIZE)


def _fault(number: int, message: str, mend: str, rule: str = FORM) -> Finding:
    return Finding(PLACE, number, 0, "", "", rule, message, mend)
