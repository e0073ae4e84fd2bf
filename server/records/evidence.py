"""What speaks for something and what against it, weighed: the one place that says how.

Things count, not edges: what supports a claim by two sources is one thing, as sure as its surest edge. Who says or
disputes it takes a position, which is counted apart and weighs nothing. docs/evidence.md explains it to readers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .dates import by_time, date_of
from .sentences import Sentence, Series, sentence, sentence_of

FOR, AGAINST, QUALIFYING, BETWEEN = "for", "against", "qualifying", "between"
UNSAID: Final = Decimal("0.5")
"""The weight of evidence whose edges do not say how sure they are."""
_SIDES: Final[dict[str, Callable[[int], Sentence]]] = {
    FOR: lambda number: sentence_of("%(num)s for", "%(num)s for", number),
    AGAINST: lambda number: sentence_of("%(num)s against", "%(num)s against", number),
    QUALIFYING: lambda number: sentence_of("%(num)s qualifying", "%(num)s qualifying", number),
}
_ANSWERS: Final[dict[str, Callable[[int], Sentence]]] = {
    FOR: lambda number: sentence_of("%(num)s yes", "%(num)s yes", number),
    AGAINST: lambda number: sentence_of("%(num)s no", "%(num)s no", number),
    BETWEEN: lambda number: sentence_of("%(num)s in between", "%(num)s in between", number),
}
_EVEN: Final = Decimal("0.1")
"""Two sides that differ by less than this share of both together are even."""


@dataclass(frozen=True)
class Item:
    """One thing on one side."""

    entity: str
    """Its IRI."""
    side: str
    """`for`, `against`, `qualifying`, or `between` for an answer that is neither yes nor no."""
    is_position: bool = False
    """Whether it only says which side somebody takes."""
    confidence: Decimal | None = None
    """The highest that its edges have."""
    issued: str = ""
    """When it, or the source that says so, came out: the latest date."""
    edges: tuple[str, ...] = ()
    """The CURIEs of its edges."""

    @property
    def weight(self) -> Decimal:
        """What it weighs on its side."""
        return UNSAID if self.confidence is None else self.confidence


@dataclass(frozen=True)
class Weight:
    """What speaks for something, against it, and qualifies it."""

    items: tuple[Item, ...] = ()
    is_answered: bool = False
    """Whether it is a question, so that the sides are yes and no."""

    def of(self, side: str, *, positions: bool = False) -> tuple[Item, ...]:
        """Return the evidence of one side, or the positions."""
        return tuple(one for one in self.items if one.side == side and one.is_position == positions)

    @property
    def counts(self) -> dict[str, int]:
        """How many things are on each side, positions apart."""
        return {
            **{side: len(self.of(side)) for side in (FOR, AGAINST, QUALIFYING, BETWEEN)},
            "asserting": len(self.of(FOR, positions=True)),
            "disputing": len(self.of(AGAINST, positions=True)),
        }

    @property
    def is_contested(self) -> bool:
        """Whether both sides have something, be it evidence or a position: what `/debates` lists."""
        return {FOR, AGAINST} <= {one.side for one in self.items}

    @property
    def newest(self) -> str:
        """The year of the newest evidence or position; empty where none has a date."""
        latest = max((one.issued for one in self.items if date_of(one.issued)), key=by_time, default="")
        date = date_of(latest)
        return date.year_in_words if date else ""

    def total(self, side: str, without: Iterable[str] = ()) -> Decimal:
        """Return what the evidence of a side weighs together, without that of some entities."""
        left_out = frozenset(without)
        return sum((one.weight for one in self.of(side) if one.entity not in left_out), Decimal(0))

    def total_in_words(self, side: str) -> str:
        """Return the same with as many decimals as it has, and two at most."""
        return f"{self.total(side):.2f}".rstrip("0").rstrip(".")

    def lean(self, without: Iterable[str] = ()) -> str:
        """Return the side that weighs more, or an empty string where they are even or nothing is there."""
        left_out = frozenset(without)
        one, other = self.total(FOR, left_out), self.total(AGAINST, left_out)
        if abs(one - other) <= _EVEN * (one + other):
            return ""
        return FOR if one > other else AGAINST

    @property
    def tipping(self) -> tuple[Item, ...]:
        """The fewest things of the side that weighs more without which it would not; empty where the sides are even.

        The heaviest are taken first, so that no smaller number would do.
        """
        leading = self.lean()
        taken: list[Item] = []
        if leading:
            for one in sorted(self.of(leading), key=lambda item: (-item.weight, item.entity)):
                taken.append(one)
                if self.lean(item.entity for item in taken) != leading:
                    break
        return tuple(taken)

    @property
    def words(self) -> str:
        """The evidence in a few words, the same wherever it is shown; empty where there is nothing.

        >>> Weight((Item("a", "for"), Item("b", "against", issued="2025-03"))).words
        '1 for, 1 against, contested; newest 2025'
        """
        if not self.items:
            return ""
        names = _ANSWERS if self.is_answered else _SIDES
        counts = self.counts
        parts: list[str] = [names[side](counts[side]) for side in names if counts[side] or side in (FOR, AGAINST)]
        if not any(counts[side] for side in names):
            return sentence("no evidence yet, contested") if self.is_contested else sentence("no evidence yet")
        if self.is_contested:
            parts.append(sentence("contested"))
        said = Series(parts)
        return sentence("%(evidence)s; newest %(year)s", evidence=said, year=self.newest) if self.newest else said

    @property
    def positions(self) -> str:
        """Who takes a side, counted in a few words; empty where nobody does."""
        counts = self.counts
        asserting, disputing = counts["asserting"], counts["disputing"]
        said = (
            sentence_of("%(num)s asserts it", "%(num)s assert it", asserting) if asserting else "",
            sentence_of("%(num)s disputes it", "%(num)s dispute it", disputing) if disputing else "",
        )
        return Series(filter(None, said))
