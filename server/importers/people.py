"""Which author of a work is which thinker of the base, and who has none yet.

An ORCID iD decides; else a whole name does, accents folded. Initials, a name that is left out, and one of two people of
the same name need co-authors that speak for them. What stays unsure is told, with the reason: a person decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import Final

from ..records.names import looks_like_a_person, parts_of
from ..text.names import name_words
from .known import Known, KnownPerson
from .works import Author

_SPELLED_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe"})
"""Letters that are also written as two, where a keyboard has not got them."""
_MOST_CANDIDATES: Final = 5


class Likeness(IntEnum):
    """How much two names are those of one person."""

    NONE = 0
    NEAR = 1
    """Another form of the given name: Sam and Samuel."""
    INITIALS = 2
    """An initial in place of a given name."""
    PARTLY = 3
    """The same first and family name; one has more names between, or they are the other way round."""
    SAME = 4


@dataclass(frozen=True)
class _Name:
    """A name, folded."""

    family: tuple[str, ...]
    given: tuple[str, ...]
    spelled: tuple[str, ...]
    """The whole with letters such as ö as two."""

    @property
    def words(self) -> tuple[str, ...]:
        """The whole."""
        return (*self.given, *self.family)


@dataclass(frozen=True)
class Listed:
    """A work with all its authors, as it is looked through."""

    work: str
    """Its IRI."""
    authors: tuple[Author, ...]
    is_new: bool
    """Whether a record speaks of it now."""


@dataclass(frozen=True)
class Joined:
    """An author of a work who is a thinker."""

    work: str
    place: int
    """The author's place in the list, from 0."""
    person: str
    """The IRI."""
    confidence: float
    orcid: str = ""
    """One that the record has and the thinker has not, where it is sure that they are one."""


@dataclass(frozen=True)
class Unsure:
    """An author of a work who may be a thinker."""

    work: str
    place: int
    name: str
    person: str
    why: str


@dataclass(frozen=True)
class NewPerson:
    """An author of several works who has no page."""

    name: str
    orcid: str
    works: tuple[tuple[str, int], ...]
    """The IRIs of the works, each with the author's place in the list."""


@dataclass
class Who:
    """Who is who."""

    joined: list[Joined] = field(default_factory=list)
    unsure: list[Unsure] = field(default_factory=list)
    new: list[NewPerson] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class People:
    """The thinkers of a base, and how they are found by a name."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._by_word: defaultdict[str, list[str]] = defaultdict(list)
        self._by_orcid: dict[str, str] = {}
        self._coauthors: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        for iri, person in known.people.items():
            words = {word for name in person.names for word in _index_words(name)}
            for word in words:
                self._by_word[word].append(iri)
            self._by_orcid |= dict.fromkeys(person.orcids, iri)
        for work in known.works.values():
            self._learn(work.iri, [Author(name, is_group=name in work.groups) for name in work.authors])

    def _learn(self, work: str, authors: Sequence[Author]) -> None:
        """Take note of who wrote with whom: of those who are joined to the work, and of those with the same name."""
        joined = set(self._known.authors_of(work))
        names = {name_of(one.name).words for one in authors}
        names |= {name_of(name).words for one in joined for name in self._known.names.get(one, ())[:1]}
        for iri in joined | {iri for one in authors for iri, likeness in self._like(one) if likeness is Likeness.SAME}:
            own = (
                {name_of(name).words for name in self._known.people[iri].names} if iri in self._known.people else set()
            )
            self._coauthors[iri] |= names - own

    def join(self, works: Iterable[Listed], least: int) -> Who:
        """Say who the authors of works are, and who has written at least so many of them and has no page.

        New people are looked for among the authors of works of which a record speaks.
        """
        found = Who()
        works = list(works)
        for listed in works:
            if listed.is_new:
                self._learn(listed.work, listed.authors)
        strangers: defaultdict[tuple[str, ...], list[tuple[Listed, int]]] = defaultdict(list)
        for listed in works:
            for place, one in enumerate(listed.authors):
                if not self._join(listed, place, one, found):
                    strangers[name_of(one.name).words].append((listed, place))
        for words, places in strangers.items():
            self._add_new(words, places, least, found)
        return found

    def _join(self, listed: Listed, place: int, one: Author, found: Who) -> bool:
        """Say who an author is; tell whether somebody is, or may be, that author."""
        if one.orcid and (iri := self._by_orcid.get(one.orcid)):
            found.joined.append(Joined(listed.work, place, iri, 0.95))
            return True
        candidates = self._candidates(one)
        if not candidates:
            return False
        others = {name_of(other.name).words for at, other in enumerate(listed.authors) if at != place}
        sure = []
        for iri, likeness in candidates:
            shared = len(self._coauthors[iri] & others)
            if (
                (likeness is Likeness.SAME and (len(candidates) == 1 or shared))
                or (likeness is Likeness.PARTLY and shared)
                or (likeness is Likeness.INITIALS and shared > 1)
            ):
                sure.append((iri, likeness, shared))
        best = max((likeness for _, likeness, _ in sure), default=Likeness.NONE)
        first = [(iri, shared) for iri, likeness, shared in sure if likeness is best]
        if len(first) == 1:
            iri, shared = first[0]
            # The name alone does not say whose number it is.
            takes = one.orcid if best is Likeness.SAME and shared and not self._known.people[iri].orcids else ""
            found.joined.append(Joined(listed.work, place, iri, 0.9 if best is Likeness.SAME else 0.8, takes))
            return True
        for iri, likeness in candidates[:_MOST_CANDIDATES]:
            why = _why(one, self._known.people[iri], likeness, len(self._coauthors[iri] & others), len(candidates))
            found.unsure.append(Unsure(listed.work, place, one.name, iri, why))
        # Whoever is only near by name may be somebody else.
        return candidates[0][1] >= Likeness.INITIALS

    def _candidates(self, one: Author) -> list[tuple[str, Likeness]]:
        """Return the people who may be an author, the likeliest first; of those of the same name, no others."""
        found = []
        for iri, likeness in self._like(one):
            orcids = self._known.people[iri].orcids
            if not (one.orcid and orcids):  # one with another number is somebody else
                found.append((iri, likeness))
        found.sort(key=lambda pair: (-pair[1], pair[0]))
        if found and found[0][1] is Likeness.SAME:
            return [pair for pair in found if pair[1] is Likeness.SAME]
        return found

    def _like(self, one: Author) -> Iterator[tuple[str, Likeness]]:
        seen: dict[str, None] = {}
        for word in _index_words(one.name):
            seen |= dict.fromkeys(self._by_word.get(word, ()))
        for iri in seen:
            person = self._known.people[iri]
            is_person = not one.is_group and (looks_like_a_person(one.name) or " " not in one.name)
            likeness = max((likeness_of(one.name, name) for name in person.names), default=Likeness.NONE)
            if person.is_person and not one.is_group:
                if likeness:
                    yield iri, likeness
            elif likeness is Likeness.SAME and not (person.is_person and one.is_group and is_person):
                yield iri, likeness

    def _add_new(self, words: tuple[str, ...], places: list[tuple[Listed, int]], least: int, found: Who) -> None:
        one_of_each = list({listed.work: (listed, place) for listed, place in places}.values())
        if len(one_of_each) < least or not any(listed.is_new for listed, _ in one_of_each):
            return
        authors = [listed.authors[place] for listed, place in one_of_each]
        name = max(sorted({one.name for one in authors}), key=lambda name: (sum(not c.isascii() for c in name), name))
        orcids = {one.orcid for one in authors} - {""}
        folded = name_of(name)
        if any(one.is_group for one in authors) or not looks_like_a_person(name):
            found.notes.append(
                f"{name} is an author of {len(one_of_each)} works and may be a group: write the page by `akb new`."
            )
        elif len(orcids) > 1:
            found.notes.append(f"{name} is the name of several people by their ORCID iDs: {', '.join(sorted(orcids))}.")
        elif not folded.given or len(folded.given[0]) < 2 or not words:
            found.notes.append(
                f"{name} is an author of {len(one_of_each)} works, with an initial for a name: write the page yourself."
            )
        else:
            works = tuple((listed.work, place) for listed, place in one_of_each)
            found.new.append(NewPerson(name, next(iter(orcids), ""), works))


def likeness_of(one: str, other: str) -> Likeness:
    """Return how much two names are those of one person.

    >>> [likeness_of("Sören Mindermann", name).name for name in ("Soren Mindermann", "S. Mindermann", "Sam Marks")]
    ['SAME', 'INITIALS', 'NONE']
    """
    first, second = name_of(one), name_of(other)
    if not first.words or not second.words:
        return Likeness.NONE
    if first.words == second.words or _is_spelled_out(first, second, one, other):
        return Likeness.SAME
    if not first.given or not second.given:
        return Likeness.NONE
    if sorted(first.words) == sorted(second.words):
        return Likeness.PARTLY
    if first.family != second.family and first.family[-1:] != second.family[-1:]:
        return Likeness.NONE
    return _by_given_names(first.given, second.given)


def _by_given_names(one: tuple[str, ...], other: tuple[str, ...]) -> Likeness:
    """Return how much given names agree: each of the shorter list must be that at its place, or an initial of it."""
    if one[0] == other[0] and len(one[0]) > 1:
        between = [
            (a, b) for a, b in zip(one[1:], other[1:], strict=False) if not a.startswith(b) and not b.startswith(a)
        ]
        return Likeness.NONE if between else Likeness.PARTLY
    is_initial = len(one[0]) == 1 or len(other[0]) == 1
    if is_initial and one[0][0] == other[0][0]:
        between = [(a, b) for a, b in zip(one[1:], other[1:], strict=False) if a[0] != b[0]]
        return Likeness.NONE if between else Likeness.INITIALS
    short, long = sorted((one[0], other[0]), key=len)
    return Likeness.NEAR if len(short) > 2 and long.startswith(short) else Likeness.NONE


def _is_spelled_out(first: _Name, second: _Name, one: str, other: str) -> bool:
    return (first.spelled == second.words and one.lower() != one.lower().translate(_SPELLED_OUT)) or (
        second.spelled == first.words and other.lower() != other.lower().translate(_SPELLED_OUT)
    )


@lru_cache(maxsize=1 << 16)
def name_of(text: str) -> _Name:
    """Return a name as it is compared: its words folded, suffixes left out."""
    parts = parts_of(text)
    given = [word for part in name_words(parts.given) for word in _initials(part)]
    spelled = name_words(f"{parts.given} {parts.whole_family}".lower().translate(_SPELLED_OUT))
    return _Name(tuple(name_words(parts.whole_family)), tuple(given), tuple(spelled))


def _initials(word: str) -> Iterable[str]:
    """Return the initials that are written as one word: JB, but not Jo."""
    return list(word) if len(word) == 2 and not set(word) & set("aeiouy") else [word]


def _index_words(name: str) -> set[str]:
    found = name_of(name)
    words = {*found.family[-1:], *found.spelled[-1:]}
    # In some languages the family name is first.
    return words | ({found.given[0]} if found.given and len(found.given[0]) > 1 else set())


def _why(one: Author, person: KnownPerson, likeness: Likeness, shared: int, count: int) -> str:
    reasons = {
        Likeness.SAME: "the name is the same",
        Likeness.PARTLY: "one of the two has more names, or they are in another order",
        Likeness.INITIALS: "one of the two has an initial for a name",
        Likeness.NEAR: "the given names are alike",
    }
    with_whom = "no co-author is known of both" if not shared else f"{shared} co-authors are known of both"
    several = f"; {count} people may be meant" if count > 1 else ""
    return f"{one.name} on the work, {person.names[0]} in the base: {reasons[likeness]}; {with_whom}{several}"
