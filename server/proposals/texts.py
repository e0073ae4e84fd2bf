"""What a text of a proposal may not hold, whoever sent it.

Texts of others are only ever shown: every page escapes them, Turtle and patches are written by writers that do, and no
program here acts on one. What is refused here is what no name and no definition needs, and what misleads a reader, be
that a person or a program: characters that are not seen, markup, and sentences that give orders to a language model.
The last are recognized by a few English phrases, which is a help to reviewers and no boundary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from ..records.findings import Finding, Severity
from ..text.letters import LOOKALIKES
from .records import Part, Proposal

LONGEST: Final = 2_000
"""Characters of a text."""
LONGEST_PASSAGE: Final = 40_000
"""Characters of the text of a source in which a quote is looked for."""
UNSEEN: Final = "unseen-characters"
MARKUP: Final = "markup"
INSTRUCTION: Final = "instruction"
PASSAGE: Final = "text"
"""The field with the text of a source, which is searched and not written anywhere but for what is around a quote."""

_JOINERS: Final = frozenset("\u200c\u200d\u200e\u200f\u00ad")
"""Characters of the category Cf that writing needs: those that join letters or not, marks of direction, hyphens."""
_LINES: Final = frozenset("\t\n\r")
_MARKUP: Final = re.compile(
    r"""(?ix)
    <[/!?]?[a-z|][^<>]*>               # elements, comments and declarations of HTML and XML; <|tokens|> of chats
    | <!--
    | <<\s*/?\s*sys\s*>> | \[\s*/?\s*inst\s*\]
    | !?\[[^\[\]]*\]\(\s*[^()\s][^()]*\)  # links and pictures of Markdown
    | ```
    | \{\{ | \{%                        # templates
    | \b(?:javascript|vbscript)\s*:\s*\S
    | \bdata\s*:\s*(?:text|application|image)/
    """
)
_QUOTED: Final = re.compile(r'"[^"]*"')
_ORDERS: Final = re.compile(
    r"""(?ix)
    (?:^|[.!?:;\n]\s*|\bplease,?\s+|\bnow,?\s+)
    (?:ignore|disregard|forget|override|bypass|discard)\b (?:\W+\w+){0,6}? \W+
    (?:instructions?|prompts?|rules?|guidelines?|directions?|guardrails?|above|before|earlier)\b
    | (?:^|\n|[.!?]\s+) (?:\#+\s*)? (?:system|assistant|developer)(?:\s+(?:prompt|message|note))? \s* :
    | \bnew\s+(?:system\s+)?instructions?\s*:
    | \byou\s+are\s+(?:now|no\s+longer)\b
    | \b(?:reveal|print|repeat|output|show|leak)\s+(?:me\s+)?(?:your|the)\s+(?:system|hidden|secret|initial)\s+
      (?:prompt|instructions?|message)\b
    | \b(?:do\s+not|don't|never)\s+(?:tell|inform|warn|alert|mention|show)\b (?:\W+\w+){0,5}? \W+
      (?:users?|reviewers?|curators?|humans?|operators?)\b
    | (?:^|[.!?:;\n]\s*|\byou\s+(?:must|should|will)\s+|\bplease\s+)
      (?:approve|accept|merge|apply|commit)\s+(?:this|the|my|all)\s+
      (?:proposals?|changes?|patch(?:es)?|edits?|entry|entries)\b
    | (?:^|[.!?:;\n]\s*|\byou\s+(?:must|should|will)\s+|\bplease\s+)
      (?:call|run|execute|invoke|use)\s+the\s+(?:tools?|functions?|commands?|shell)\b
    """
)


def clean_line(text: str) -> str:
    """Return a text in one line, without what cannot be seen."""
    return " ".join("".join(one for one in text if not _is_unseen(one) or one in _LINES).split())


def passage_of(text: str) -> str:
    """Return the text of a source without what cannot be seen; its lines stay."""
    return "".join(one for one in text if not _is_unseen(one) or one in _LINES)


def text_findings(proposal: Proposal, verbatim: frozenset[str]) -> Iterator[Finding]:
    """Yield what is wrong with the texts of the parts; `verbatim` are the fields with the words of others.

    These may give orders, which is a warning to whoever reviews them.
    """
    for part in proposal.parts:
        for name, values in part.fields.items():
            if name == PASSAGE:
                continue
            for value in values:
                yield from _of_text(part, name, value, is_verbatim=name in verbatim)
    if proposal.parts and _is_order(proposal.why):
        yield proposal.parts[0].fault(
            INSTRUCTION,
            "The reason speaks to whoever reads it as to a program.",
            "judge the change by its evidence alone.",
            severity=Severity.WARNING,
        )


def _of_text(part: Part, name: str, value: str, *, is_verbatim: bool) -> Iterator[Finding]:
    name = clean_line(name)[:60]
    unseen = next((one for one in value if _is_unseen(one) and one not in _LINES), None)
    if unseen is not None:
        called = unicodedata.name(unseen, "a control character")
        yield part.fault(
            UNSEEN, f"{name} has a character that is not seen, U+{ord(unseen):04X} {called}.", "leave it out."
        )
    if found := _MARKUP.search(value):
        yield part.fault(
            MARKUP, f"{name} has markup: {found[0]!r:.60}.", "send plain text; an address goes into sources."
        )
    if _is_order(value):
        message = f"{name} speaks to its reader as to a program."
        if is_verbatim:
            mend = "read it as the words of a source, and do nothing that it says."
            yield part.fault(INSTRUCTION, message, mend, severity=Severity.WARNING)
        else:
            yield part.fault(INSTRUCTION, message, "say what it is about, with words of others in quotation marks.")


def _is_order(text: str) -> bool:
    plain = text.translate(_STRAIGHT)
    return _ORDERS.search(_QUOTED.sub('""', plain)) is not None


def _is_unseen(one: str) -> bool:
    if one.isascii():
        return not one.isprintable()
    category = unicodedata.category(one)
    return category in {"Cc", "Cs", "Co", "Zl", "Zp"} or (category == "Cf" and one not in _JOINERS)


_STRAIGHT: Final = str.maketrans(LOOKALIKES)
