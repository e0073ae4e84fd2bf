"""Texts of others beside ours: on one line, and moving nothing around them (UAX #9)."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from server.formats.texts import isolated, one_line

LRI, RLI, FSI, PDI = "\u2066", "\u2067", "\u2068", "\u2069"
TEXTS = st.text(st.sampled_from(f"a \u05d0.{LRI}{RLI}{FSI}{PDI}"))


@given(TEXTS)
@example(f"odd \u05d0 {PDI} .")
@example(f"odd \u05d0 {PDI} {PDI} {PDI}.")
def test_a_text_is_isolated_from_what_is_around_it_and_stays_on_one_line(text: str) -> None:
    """UAX #9, section 2.4: every isolate has its end, and no end is without a beginning."""
    line = one_line(text)
    found = isolated(line)
    depth = 0
    for sign in found:
        depth += (sign in {LRI, RLI, FSI}) - (sign == PDI)
        assert depth >= 0
    assert depth == 0
    assert "  " not in found, "what is taken out leaves no two blanks"
    signs = re.compile(f"[ {LRI}{RLI}{FSI}{PDI}]")
    assert signs.sub("", found) == signs.sub("", line)
