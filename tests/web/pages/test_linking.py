"""Names in texts become links, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from server.web.pages.linking import linked
from tests.made import CLASSES


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("each akb:Paper.", 'each <a href="/ontology#Paper">akb:Paper</a>.'),
        ("akbv:active or", '<a href="/schemes#active">akbv:active</a> or'),
        ("shape:edge-note", '<a href="/shapes#edge-note">shape:edge-note</a>'),
        ("(concept:a-b)", '(<a href="/concept/a-b">concept:a-b</a>)'),
        ("skos:prefLabel <b>", "skos:prefLabel &lt;b&gt;"),
        ("makb:Paper", "makb:Paper"),
        ('"claim:x"', '&#34;<a href="/claim/x">claim:x</a>&#34;'),
        ("", ""),
    ],
)
def test_a_name_of_ours_is_a_link(text: str, markup: str) -> None:
    assert linked(text, CLASSES) == markup


@given(st.text(alphabet="akbv:<>&\"' paperconcept-_X", max_size=60))
def test_the_words_stay_as_they_are(text: str) -> None:
    assert linked(text, CLASSES).striptags() == escape(text).striptags()
