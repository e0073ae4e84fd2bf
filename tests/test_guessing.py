"""What a wrong name was meant to be."""

from __future__ import annotations

from server.guessing import nearest


def test_the_nearest_of_known_names_is_found() -> None:
    assert nearest("lable", ("label", "table", "definition")) == "label"


def test_a_name_like_no_other_is_not_guessed() -> None:
    assert nearest("xyz", ("label", "definition")) == ""
    assert nearest("label", ()) == ""
    assert nearest("lable", ("label",), least=90) == ""
