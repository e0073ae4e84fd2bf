"""Words that say in which language they are."""

from __future__ import annotations

import json
import pickle

import pytest

from server.records.languages import OtherLanguages, Said, Text, is_english

SAID = {
    ("concept:a", "label"): {"de": "Täuschung", "fr": "tromperie"},
    ("edge:e", "note"): {"de": "Nur auf Deutsch."},
}
WORDS = OtherLanguages(("de", "fr"), lambda curie, what: SAID.get((curie, what), {}))


def test_a_text_is_a_string_and_keeps_its_language() -> None:
    text = Text("Täuschung", "de")
    assert text == "Täuschung"
    assert pickle.loads(pickle.dumps(text)).language == "de"
    assert json.dumps([text], ensure_ascii=False) == '["Täuschung"]'


@pytest.mark.parametrize(
    ("curie", "what", "english", "wanted", "expected"),
    [
        ("concept:a", Said.LABEL, "Deception", (), ("Deception", "")),
        ("concept:a", Said.LABEL, "Deception", ("de",), ("Täuschung", "de")),
        ("concept:a", Said.LABEL, "Deception", ("fr", "de"), ("tromperie", "fr")),
        ("concept:a", Said.LABEL, "Deception", ("it", "de"), ("Täuschung", "de")),
        ("concept:a", Said.LABEL, "Deception", ("it",), ("Deception", "")),
        ("concept:a", Said.DEFINITION, "To deceive.", ("de",), ("To deceive.", "")),
        ("concept:b", Said.LABEL, "Other", ("de",), ("Other", "")),
        # Better words in a language that nobody asked for than none.
        ("edge:e", Said.NOTE, "", (), ("Nur auf Deutsch.", "de")),
        ("edge:f", Said.NOTE, "", ("de",), ("", "")),
    ],
)
def test_what_is_wanted_comes_before_english_and_any_language_before_silence(
    curie: str, what: Said, english: str, wanted: tuple[str, ...], expected: tuple[str, str]
) -> None:
    said = WORDS.said(curie, what, english, wanted)
    assert (said, getattr(said, "language", "")) == expected


@pytest.mark.parametrize(
    ("tag", "expected"), [("en", True), ("en-GB", True), ("EN-us", True), ("enm", False), ("de", False)]
)
def test_english_has_varieties(tag: str, *, expected: bool) -> None:
    # RFC 4647, section 3.3.1: a range means the tags that begin with it and a hyphen.
    assert is_english(tag) is expected
