"""What the page of each class tells first: which edges stand under which heading, and what to do without any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..records.pages import Direction

OUT: Final = Direction.OUT
IN: Final = Direction.IN
BOTH: Final = Direction.BOTH


@dataclass(frozen=True)
class Heading:
    """A heading on the pages of a class; `ways` are the predicates and directions of its edges, in order."""

    name: str
    text: str
    ways: tuple[tuple[str, Direction], ...]
    empty: str = ""
    """What to do when there are none; `THIS` stands for the CURIE of the entity."""
    in_full: bool = False
    by_date: bool = False


def _ways(direction: Direction, *predicates: str) -> tuple[tuple[str, Direction], ...]:
    return tuple((f"akb:{name}", direction) for name in predicates)


_QUOTES: Final = Heading("words", "In so many words", _ways(IN, "illustrates"), in_full=True)
_INTRODUCED: Final = Heading(
    "introduced",
    "Who introduced it",
    _ways(IN, "introduces"),
    "No source is named yet. If a work here coined or defined it: `akb link WORK introduces THIS`.",
    in_full=True,
)
_DISTINGUISHED: Final = Heading(
    "distinguished",
    "What distinguishes it",
    (*_ways(BOTH, "distinguishedFrom", "analogousTo"), *_ways(OUT, "specializes", "extends")),
    "Nothing is set apart from it yet: `akb link THIS distinguishedFrom OTHER`, with a note on how they differ.",
    in_full=True,
)
_CLAIMS: Final = Heading("claims", "Claims and questions about it", _ways(IN, "about"))

SIDES: Final[dict[str, tuple[Heading, ...]]] = {
    "claim": (
        Heading(
            "for",
            "Evidence for",
            _ways(IN, "supports", "asserts"),
            "Nothing speaks for it yet: `akb link SOURCE asserts THIS`, or `akb link ENTITY supports THIS`.",
            in_full=True,
        ),
        Heading(
            "against",
            "Evidence against",
            (*_ways(IN, "opposes", "disputes", "critiques"), *_ways(BOTH, "contradicts")),
            "Nothing speaks against it yet. If a source does: `akb link ENTITY opposes THIS`.",
            in_full=True,
        ),
    ),
    "question": (
        Heading(
            "answers",
            "What bears on it",
            _ways(IN, "answers", "addresses", "supports", "opposes"),
            "Nothing bears on it yet. If a claim answers a part of it: `akb link CLAIM answers THIS`.",
            in_full=True,
        ),
    ),
}
"""The headings that stand first and side by side on the pages of a class, also when nothing is under them."""

ASPECTS: Final[dict[str, tuple[Heading, ...]]] = {
    "claim": (
        _QUOTES,
        Heading("qualified", "What qualifies it", _ways(IN, "qualifies"), in_full=True),
        Heading("bears-on", "What it bears on", _ways(OUT, "answers", "addresses", "supports", "opposes", "qualifies")),
        Heading("about", "What it is about", _ways(OUT, "about")),
    ),
    "question": (
        Heading("raised", "Who raises it", _ways(IN, "raises"), in_full=True),
        _QUOTES,
        Heading("about", "What it is about", _ways(OUT, "about")),
    ),
    "paper": (
        Heading(
            "authors",
            "Authors with a page here",
            _ways(OUT, "authoredBy"),
            "None of its authors has a page yet: `akb new thinker`, then `akb link THIS authoredBy THINKER`.",
        ),
        Heading(
            "studies",
            "What it studies",
            _ways(OUT, "introduces", "studies"),
            "It is not said yet what it is about: `akb link THIS studies CONCEPT`.",
        ),
        Heading(
            "asserts",
            "What it asserts",
            _ways(OUT, "asserts", "disputes"),
            "None of its claims is here yet: `akb new claim`, then `akb link THIS asserts CLAIM`.",
        ),
        Heading("raises", "Questions it raises or takes up", _ways(OUT, "raises", "addresses")),
        Heading(
            "released",
            "What it released",
            _ways(OUT, "produces"),
            "No model, code or data of it is here. If it released any: `akb link THIS produces ARTIFACT`.",
        ),
        Heading("uses", "What it uses", _ways(OUT, "uses")),
        Heading("builds-on", "What it builds on", _ways(OUT, "buildsOn", "replicates", "critiques", "cites")),
        Heading(
            "came-of-it",
            "What came of it",
            (*_ways(IN, "buildsOn", "replicates", "critiques", "cites"), *_ways(OUT, "motivates")),
        ),
        Heading("quotes", "Quotes from it", _ways(IN, "quotedFrom")),
    ),
    "thinker": (
        Heading(
            "works",
            "Works by date",
            _ways(IN, "authoredBy"),
            "None of their works is here yet: `akb link WORK authoredBy THIS`.",
            by_date=True,
        ),
        Heading(
            "positions",
            "Positions",
            _ways(OUT, "asserts", "disputes", "supports", "opposes", "critiques"),
            in_full=True,
        ),
        Heading("studies", "What they study", _ways(OUT, "introduces", "studies", "raises")),
        Heading("quotes", "In their own words", _ways(IN, "spokenBy"), in_full=True),
        Heading("released", "What they released", _ways(OUT, "produces")),
        Heading("affiliation", "Where they belong", _ways(OUT, "affiliatedWith", "partOf")),
        Heading("members", "Who belongs there", _ways(IN, "affiliatedWith", "partOf")),
    ),
    "concept": (
        _INTRODUCED,
        _DISTINGUISHED,
        Heading(
            "measured",
            "What measures it",
            _ways(IN, "measures"),
            "No measure of it is here yet: `akb link METHOD measures THIS`.",
        ),
        Heading(
            "mitigated",
            "What mitigates it",
            _ways(IN, "mitigates"),
            "Nothing that mitigates it is here yet. If it is a risk: `akb link METHOD mitigates THIS`.",
        ),
        Heading("causes", "What contributes to it", _ways(IN, "contributesTo")),
        Heading("effects", "What it contributes to", _ways(OUT, "contributesTo")),
        Heading("exhibited", "Where it was seen", _ways(IN, "exhibits")),
        _CLAIMS,
        _QUOTES,
    ),
    "framework": (
        _INTRODUCED,
        Heading("parts", "Its parts", _ways(IN, "partOf")),
        _DISTINGUISHED,
        Heading("used", "Who uses it", _ways(IN, "uses", "extends")),
        _CLAIMS,
        _QUOTES,
    ),
    "method": (
        _INTRODUCED,
        _DISTINGUISHED,
        Heading("aims", "What it is for", _ways(OUT, "measures", "mitigates")),
        Heading("parts", "Its parts", _ways(IN, "partOf")),
        Heading("used", "Who uses it", _ways(IN, "uses", "extends", "implements")),
        _CLAIMS,
        _QUOTES,
    ),
    "artifact": (
        Heading(
            "released",
            "Who released it",
            _ways(IN, "produces"),
            "It is not said yet where it comes from: `akb link SOURCE produces THIS`.",
        ),
        Heading("shows", "What it shows or measures", _ways(OUT, "exhibits", "measures", "implements")),
        Heading("used", "Who uses it", _ways(IN, "uses")),
        _CLAIMS,
    ),
    "quote": (
        Heading(
            "from",
            "Where it stands",
            _ways(OUT, "quotedFrom"),
            "Its work is not named yet: `akb link THIS quotedFrom WORK`.",
            in_full=True,
        ),
        Heading("speaker", "Who said it", _ways(OUT, "spokenBy")),
        Heading("illustrates", "What it illustrates", _ways(OUT, "illustrates", "about"), in_full=True),
    ),
}
"""The headings of each class, in their order on the page."""
