"""The difference on a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.comparison.records import Difference
from server.comparison.reports.text import render
from tests.comparison.samples import differ, entity

EXPECTED = """\
before → after: 1 entity added, 1 removed, 1 renamed, 1 merged, 1 retired, 1 changed; \
1 edge added, 1 removed, 1 changed; 1 ontology term changed; 1 shape added; 1 other file changed.

added concept:b “Beta” (akb:Concept)
  + akb:status: akbv:active
  + skos:definition: What comes second.
  + akb:requires concept:a: New here. (paper:p, active)

removed concept:e “Epsilon” (akb:Concept)
  - akb:status: akbv:active
  - skos:definition: To go.

renamed concept:z “Delta” (was concept:d, 1 reference follows)

merged concept:c “Gamma” (into concept:a)
  + akb:mergedInto: concept:a
  ~ akb:status: akbv:active → akbv:merged
  + owl:deprecated: true

retired concept:r “Rho”
  ~ akb:status: akbv:active → akbv:deprecated
  + owl:deprecated: true

changed concept:a “Alpha”
  ~ skos:definition
      - The first of them.
      + The first among them.
  ~ akb:extends concept:z
    ~ akb:confidence: 0.7 → 0.8
  - akb:requires concept:c: No more. (paper:p, active)
"""


def test_everything_has_its_place(difference: Difference) -> None:
    text = render(difference)
    knowledge, _, rest = text.partition("\nOntology:\n")
    assert knowledge == EXPECTED
    assert "changed akb:t “new”\n  ~ rdfs:label: old → new" in rest
    assert "Shapes:\nadded x:s (sh:NodeShape)" in rest
    assert rest.endswith("Other files:\nchanged shapes/rules/r.rq\n")


def test_colours_go_to_what_differs(difference: Difference) -> None:
    text = render(difference, lambda part, role: f"<{role}:{part}>" if part.strip() else part)
    assert "<added:added> <place:concept:b>" in text
    assert "<removed:0.7> → <added:0.8>" in text
    assert "<removed:-> The first <removed:of> them." in text
    assert "<added:+> The first <added:among> them." in text


def test_nothing_and_form_alone_are_told_apart() -> None:
    one = entity("concept:a", "Alpha")
    assert render(differ({}, {})) == "before → after: No difference.\n"
    assert render(differ(one, f"{one}# comment\n")) == (
        "before → after: No difference in meaning (1 file written differently).\n"
    )


def test_no_text_steers_the_terminal_or_breaks_a_line(differences: st.SearchStrategy[Difference]) -> None:
    @given(differences)
    def holds(difference: Difference) -> None:
        assert all(char.isprintable() or char == "\n" for char in render(difference))

    holds()


def test_a_difference_in_white_space_alone_can_be_seen() -> None:
    text = render(differ(entity("concept:a", "A label"), entity("concept:a", "A label ")))
    assert '- "A label"@en' in text
    assert '+ "A label "@en' in text
