"""How classes look: what the ontology says of it, and what they get where it says nothing."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from server.records.terms import ClassTerm
from server.schema.looks import _HUES, CONTRAST, GROUNDS, contrast, looks_of, style_of
from server.schema.schema import Schema


def term(name: str, order: int = 1, **look: str) -> ClassTerm:
    return ClassTerm(f"http://kb.example/{name}", f"kb:{name}", name, name, "", display_order=order, **look)


def test_what_the_ontology_says_counts() -> None:
    said = {"glyph": "M0 0H1V1Z", "hue": "#123456", "dark_hue": "#fedcba"}
    assert vars(looks_of([term("ship", **said)])["ship"]) == said


def test_what_it_does_not_say_is_what_no_other_class_has() -> None:
    first = looks_of([term("ship")])["ship"]
    taken = term("buoy", glyph=first.glyph, hue=first.hue, dark_hue=first.dark_hue)
    looks = looks_of([*(term(f"ship-{number}") for number in range(8)), taken])
    assert len({look.glyph for look in looks.values()}) == 9
    assert len({look.hue for look in looks.values()}) == 9
    many = looks_of([term(f"ship-{number}") for number in range(60)])
    assert len({(look.glyph, look.hue) for look in many.values()}) == 60


def test_what_is_neither_colour_nor_path_is_passed_over() -> None:
    look = looks_of([term("ship", glyph='"/><script>', hue="red;}", dark_hue="#12345")])["ship"]
    assert re.fullmatch(r"[MHVAZLQ0-9 .-]+", look.glyph)
    assert (look.hue, look.dark_hue) == _HUES[0]


def test_the_palette_can_be_told_from_the_ground(repository: Path) -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    for hues in _HUES:
        for hue, grounds in zip(hues, GROUNDS, strict=True):
            assert all(contrast(hue, ground) >= CONTRAST for ground in grounds), hue
    style = (repository / "server/web/static/style.css").read_text()
    papers, cards = (re.findall(rf"--{name}: (#\w+);", style) for name in ("paper", "card"))
    assert tuple(zip(papers, cards, strict=True)) == GROUNDS


def test_our_own_classes_can_too(schema: Schema) -> None:
    for look in schema.looks.values():
        for hue, grounds in zip((look.hue, look.dark_hue), GROUNDS, strict=True):
            assert all(contrast(hue, ground) >= CONTRAST for ground in grounds)


def test_names_of_classes_cannot_break_the_style_sheet() -> None:
    style = style_of(looks_of([term("card"), term("a.b {}")]))
    assert ".class-card { --hue: var(--class-card); }" in style
    assert r".class-a\.b\ \{\} { --hue: var(--class-a\.b\ \{\}); }" in style


def test_no_class_of_a_base_meets_a_rule_of_the_layout(repository: Path) -> None:
    for path in (repository / "server/web/static").glob("*.css"):
        assert ".class-" not in path.read_text()


def test_the_head_of_pages_links_to_the_first_classes_where_none_is_chosen(schema: Schema) -> None:
    assert [term.plural for term in schema.navigation] == ["Concepts", "Claims", "Questions", "Papers"]
    classes = {f"http://kb.example/{n}": term(f"c{n}", n) for n in range(9, 0, -1)}
    plain = dataclasses.replace(schema, classes=classes, properties={})
    assert [one.notation for one in plain.navigation] == ["c1", "c2", "c3", "c4"]
