"""Text that is broken, unfinished or empty of meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import takewhile

from rdflib import RDF, RDFS, SKOS, XSD

from ...namespaces import Namespaces
from ...records.findings import Finding, Severity
from ...text.forms import composed as normalized
from ...text.words import words_of
from ...turtle.base import ByPredicate
from ...turtle.statements import iri_of, literal_of
from ..locating import Locator
from ..rule_text import RuleText

WHITESPACE = RuleText(
    "text-whitespace",
    "Text neither starts nor ends with white space, and has no line break, tab or double space in it.",
    "The text {fault}: {excerpt}.",
    "write single spaces between words, and none at the ends.",
)
INVISIBLE = RuleText(
    "text-invisible",
    "Text has no control character, no invisible one, and no replacement character.",
    "The text holds {fault}, which no reader can see or use: {excerpt}.",
    "type the passage again, or delete the character.",
    Severity.VIOLATION,
)
MOJIBAKE = RuleText(
    "text-mojibake",
    "Text was never decoded with the wrong encoding.",
    "The text looks as if UTF-8 had been read as Latin-1: {excerpt}.",
    "copy the passage again from its source; here it may have been {expected}.",
)
NOT_NFC = RuleText(
    "text-not-nfc",
    "Text is in Unicode's composed form (NFC), so that equal words are equal characters.",
    "The text has letters and accents apart, so that a search for the word does not find it: {excerpt}.",
    "type the accented letters again (Unicode normal form NFC); {expected}.",
)
MARKUP = RuleText(
    "text-markup",
    "Text is plain: no HTML tag, no character entity.",
    "The text holds {fault}, which pages show as it is: {excerpt}.",
    "write plain text, with the character itself instead of its code.",
)
LANGUAGE = RuleText(
    "text-language",
    "Where texts of a property carry a language, all of them do.",
    "The text carries no language, while others of {property} do: {excerpt}.",
    "end it with its language, such as @en.",
)
PLACEHOLDER = RuleText(
    "placeholder",
    "No text waits to be written.",
    "The text is a placeholder: {fault}.",
    "write the text, or delete the statement.",
    Severity.VIOLATION,
)
RESTATES = RuleText(
    "definition-restates-label",
    "A definition says more than the label does.",
    "The definition only says the label again: {excerpt}.",
    "say what the thing is, in one or two sentences that a newcomer can follow.",
)

RULES = (WHITESPACE, INVISIBLE, MOJIBAKE, NOT_NFC, MARKUP, LANGUAGE, PLACEHOLDER, RESTATES)

_TEXTS = {"", str(XSD.string), str(RDF.langString)}
# Joiners are left out: Persian and many emoji need them.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]"
)
_MOJIBAKE = re.compile(
    r"Ã[\x80-\xbf]|Â[\x80-\xbf]|â\u20ac[\u2122\u0153\u02dc\u201c\u201d\u2013\u2014\u00a6]?|â[\x80-\xbf]{2}"
)
_MARKUP = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-zA-Z]{2,8}|#[0-9]{1,6}|#x[0-9a-fA-F]{1,6});")
_MARKS = r"[\s!-/:-@\[-`{-~\u2026]*"
_WHAT = "definition|description|label|name|note|text|title|summary"
_PLACEHOLDER = re.compile(
    r"\b(?:TODO|TBD|FIXME|XXX)\b"
    r"|(?i:lorem\s+ipsum)"
    rf"|(?i:\b(?:{_WHAT})\s+(?:goes\s+here|to\s+come|here)\W*\Z)"
    rf"|(?i:\A\W*(?:add|insert|write|fill\s+in|enter)\s+(?:an?\s+|the\s+|your\s+)?(?:{_WHAT})\W*\Z)"
    rf"|(?i:\A{_MARKS}(?:placeholder|dummy|untitled|unknown|none|n/?a|asdf|foo|bar)?{_MARKS}\Z)"
)
_WORD = re.compile(r"[^\W_]+")
_EMPTY_WORDS = frozenset(
    _WORD.findall(
        "a an the of is are was be being been to in on for by with from as at and or that which who this these it its "
        "one some any something someone thing things kind sort type form act term concept idea notion called named "
        "known refers means used when where"
    )
)


def text_findings(
    said: ByPredicate,
    tagged: Collection[str],
    namespaces: Namespaces,
    locator: Locator,
    elsewhere: Collection[str] = (),
) -> Iterator[Finding]:
    """Yield what is wrong with the texts of what is said.

    `tagged` are the properties whose texts a shape holds to a language, of which nothing more is said here;
    `elsewhere` are those that carry one outside of it.
    """
    labels = _labels(said)
    for predicate, pairs in said.items():
        texts = [
            (iri_of(node), literal)
            for node, value in pairs
            if (literal := literal_of(value)) and literal.datatype in _TEXTS
        ]
        tag_expected = predicate not in tagged and (
            predicate in elsewhere or any(literal.language for _, literal in texts)
        )
        for subject, literal in texts:
            text = literal.text
            for rule, words in _faults(text):
                yield rule.broken_by(locator, subject, predicate, text, **words)
            if tag_expected and not literal.language:
                words = {"property": namespaces.compact(predicate), "excerpt": excerpt(text)}
                yield LANGUAGE.broken_by(locator, subject, predicate, text, **words)
            if predicate == _DEFINITION and _restates(labels.get(subject, ()), text):
                yield RESTATES.broken_by(locator, subject, predicate, text, excerpt=excerpt(text))


_DEFINITION = str(SKOS.definition)


def _labels(said: ByPredicate) -> dict[str, list[str]]:
    labels: dict[str, list[str]] = {}
    for property_ in (SKOS.prefLabel, SKOS.altLabel, RDFS.label):
        for node, value in said.get(str(property_), ()):
            if literal := literal_of(value):
                labels.setdefault(iri_of(node), []).append(literal.text)
    return labels


def excerpt(text: str, start: int = 0, around: int = 24) -> str:
    """Return a piece of a text on one line in quotes, in which nothing is invisible."""
    piece = text[max(0, start - around) : start + around]
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in piece)
    return f"“{'…' if start > around else ''}{shown}{'…' if start + around < len(text) else ''}”"


@lru_cache(maxsize=100_000)
def _faults(text: str) -> tuple[tuple[RuleText, dict[str, str]], ...]:
    """Return what is wrong with a text; the same one is often in many places."""
    return () if _PLAIN.fullmatch(text) and not _PLACEHOLDER.search(text) else tuple(_look_for_faults(text))


_PLAIN = re.compile(r"[!-%'-;=?-~]+(?: [!-%'-;=?-~]+)*")
"""Words in ASCII with one space between them, and nothing that markup starts with: most texts."""


def _look_for_faults(text: str) -> Iterator[tuple[RuleText, dict[str, str]]]:
    for fault, pattern in _WHITE:
        if match := pattern.search(text):
            yield WHITESPACE, {"fault": fault, "excerpt": excerpt(text, match.start())}
            break
    if match := _INVISIBLE.search(text):
        name = unicodedata.name(match[0], "a control character").lower()
        yield INVISIBLE, {"fault": f"U+{ord(match[0]):04X} ({name})", "excerpt": excerpt(text, match.start())}
    if match := _MOJIBAKE.search(text):
        yield MOJIBAKE, {"excerpt": excerpt(text, match.start()), "expected": excerpt(_decoded(text), match.start())}
    composed = normalized(text)
    if composed != text:
        start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, composed, strict=False)))
        yield NOT_NFC, {"excerpt": excerpt(text, start), "expected": excerpt(composed, start)}
    if match := _MARKUP.search(text):
        yield MARKUP, {"fault": match[0], "excerpt": excerpt(text, match.start())}
    if text.strip() and (match := _PLACEHOLDER.search(text)):
        yield PLACEHOLDER, {"fault": excerpt(match[0])}


# An empty text is a shape's matter: here are texts that hold something.
_WHITE = (
    ("has a line break", re.compile(r"(?<=\S)\s*[\n\r\u2028\u2029]\s*(?=\S)")),
    ("has a tab", re.compile(r"(?<=\S)\t(?=\S)")),
    ("starts with white space", re.compile(r"\A\s+(?=\S)")),
    ("ends with white space", re.compile(r"(?<=\S)\s+\Z")),
    ("has two spaces in a row", re.compile(r"(?<=\S)\s{2,}(?=\S)")),
)


def _decoded(text: str) -> str:
    """Undo the wrong decoding, run by run of characters outside ASCII."""

    def undo(run: re.Match[str]) -> str:
        for encoding in ("cp1252", "latin-1"):
            with suppress(UnicodeError):
                return run[0].encode(encoding).decode("utf-8")
        return run[0]

    return re.sub(r"[^\x00-\x7f]+", undo, text)


def _restates(labels: Iterable[str], definition: str) -> bool:
    said = {_stem(word) for word in _words(definition)}
    return bool(said) and any(said <= {_stem(word) for word in words_of(label)} for label in labels)


def _words(text: str) -> list[str]:
    return [word for word in words_of(text) if word not in _EMPTY_WORDS]


def _stem(word: str) -> str:
    return re.sub(r"(?<=\w{3})(?:ing|ed|es|s|e)\Z", "", word)
