"""What is joined to an entity, class by class and by date: the works on a topic, the people of an organization."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .dates import by_time, date_of
from .lists import Facet, ListedEntity
from .pages import EntityRef


@dataclass(frozen=True)
class Met:
    """An entity of a class, and since when it belongs there."""

    listed: ListedEntity
    issued: str = ""
    """When it came out, or else when the first work came out by which it is joined; empty where none is known."""
    by: EntityRef | None = None
    """That work, where the date is not its own."""

    @property
    def year(self) -> str:
        """The year as people write it; empty for what has no date."""
        date = date_of(self.issued)
        return date.year_in_words if date else ""


@dataclass(frozen=True)
class Kin:
    """The entities of one class, the newest first, and then those without a date."""

    class_name: str
    plural: str
    found: tuple[Met, ...]
    facet: Facet | None = None
    """By which the list of the class is narrowed to most of them; None where it is not."""


@dataclass(frozen=True)
class ByYear:
    """All that is joined to an entity, by class and year."""

    entity: EntityRef
    kinds: tuple[Kin, ...]

    @property
    def total(self) -> int:
        """How many entities there are."""
        return sum(len(kin.found) for kin in self.kinds)

    @property
    def years(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Each year, the newest first, with how many entities of each kind it has."""
        counts = [Counter(met.year for met in kin.found) for kin in self.kinds]
        dates = {met.year: by_time(met.issued) for kin in self.kinds for met in kin.found if met.year}
        years = sorted(dates, key=lambda year: dates[year], reverse=True)
        return tuple((year, tuple(count[year] for count in counts)) for year in years)
