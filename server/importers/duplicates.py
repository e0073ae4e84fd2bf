"""Which records are about one work, and which works of the base they are about.

By identifiers first: a DOI, a number on arXiv, what a catalogue calls it. Then by title, year and authors. What is
near and not sure stays apart, with a reason: a person decides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from ..records.dates import Date
from ..records.findings import Finding
from ..records.names import parts_of
from ..text.names import name_words
from .dating import refined
from .known import Known, KnownWork
from .texts import keys_for
from .works import Author, Work

_SHORT: Final = 3
"""Words of a title that alone tell a work from others, with a year and an author."""
_NEAR: Final = 92
"""How alike two titles are, of 100, that may be one: a slip, or a word more."""
_ENDS: Final = 6
"""Letters of the beginning and the end of a title: one slip leaves one of the two as it was."""
_MOST_NEAR: Final = 50
"""Works of one author and year whose titles begin alike, beyond which that says nothing: they are a series."""
_VERSIONS: Final = 1
"""Years between a preprint and what it becomes."""


@dataclass
class Group:
    """The records that are about one work, and the work of the base that they are about, if there is one."""

    keys: set[str]
    titles: list[str]
    issued: Date | None
    families: set[str]
    work: Work | None = None
    known: KnownWork | None = None
    perhaps: tuple[Group, str] | None = None
    """What this may be the same as, and why nobody is sure."""
    is_absorbed: bool = False
    """Whether it turned out to be one with another."""


class Groups:
    """Puts records together as they come."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._by_key: dict[str, Group] = {}
        self._by_title: defaultdict[str, list[Group]] = defaultdict(list)
        self._near: defaultdict[tuple[str, int, str], list[Group]] = defaultdict(list)
        """Those with titles that begin or end alike, by an author, the year, and that beginning or end."""
        self._found: list[Group] = []
        self.faults: list[Finding] = []
        for work in known.works.values():
            families = {family_of(name) for name in work.authors}
            families |= {family_of(name) for one in known.authors_of(work.iri) for name in known.names.get(one, ())[:1]}
            self._index(Group({*work.keys}, list(work.titles), work.issued, families - {""}, known=work))

    @property
    def found(self) -> list[Group]:
        """Those with records, in the order of the records."""
        return [one for one in self._found if not one.is_absorbed]

    def add(self, work: Work) -> None:
        """Put a record where it belongs."""
        hits = list({id(group): group for key in sorted(work.keys) if (group := self._by_key.get(key))}.values())
        anchored = {id(group): group for group in hits if group.known}
        if len(anchored) > 1:
            names = " and ".join(sorted(self._name(group) for group in anchored.values()))
            self.faults.append(
                work.place.fault(
                    f"Its identifiers are those of several works of the base: {names}.",
                    "correct the record, or merge the two if they are one.",
                )
            )
            return
        if hits:
            first = next(iter(anchored.values()), hits[0])
            for other in hits:
                if other is not first:
                    self._absorb(first, other)
            self._take(first, work)
            return
        same, perhaps = self._by_names(work)
        if same is not None:
            self._take(same, work)
            return
        group = Group({*work.keys}, [work.title], work.issued, _families(work.authors), work)
        group.perhaps = perhaps
        self._found.append(group)
        self._index(group)

    def of_key(self, keys: Iterable[str]) -> Group | None:
        """Return the group with one of some identifiers."""
        return next((group for key in sorted(keys) if (group := self._by_key.get(key))), None)

    def of_title(self, title: str, year: int) -> Group | None:
        """Return the one group with a title, of about a year, where the title is long enough to tell works apart."""
        words = name_words(title)
        if len(words) < _SHORT or not year:
            return None
        groups = [
            one
            for one in self._by_title.get("".join(words), ())
            if not one.is_absorbed and _is_near_in_time(one.issued, Date(year))
        ]
        return groups[0] if len(groups) == 1 else None

    def _by_names(self, work: Work) -> tuple[Group | None, tuple[Group, str] | None]:
        """Return the group whose title, year and authors are those of a record, or what it may be, and why."""
        words = name_words(work.title)
        families = _families(work.authors)
        perhaps: tuple[Group, str] | None = None
        for group in self._by_title.get("".join(words), ()):
            if group.is_absorbed:
                continue
            doubts = self._doubts(group, work, families, len(words))
            if not doubts:
                return group, None
            perhaps = perhaps or (group, f"the titles are the same, and {doubts}")
        return None, perhaps or self._nearly(work, families)

    def _doubts(self, group: Group, work: Work, families: set[str], words: int) -> str:
        """Return why a group with the title of a record may be another work; empty where it is not."""
        if conflict := _conflict(group.keys, work.keys):
            return conflict
        if not _is_near_in_time(group.issued, work.issued):
            return (
                f"the years are {group.issued.year if group.issued else 0} and {work.issued.year if work.issued else 0}"
            )
        if group.families and families and not group.families & families:
            return "no author is the same"
        if words < _SHORT and not group.families & families:
            return "it is a short title, and no author is known to be the same"
        return ""

    def _nearly(self, work: Work, families: set[str]) -> tuple[Group, str] | None:
        if work.issued is None or not families:
            return None
        from rapidfuzz import fuzz  # noqa: PLC0415 - it takes long to import

        title = " ".join(name_words(work.title))
        for family in sorted(families):
            for year in range(work.issued.year - _VERSIONS, work.issued.year + _VERSIONS + 1):
                for group in (one for end in _ends(title) for one in self._near.get((family, year, end), ())):
                    for other in group.titles:
                        words = " ".join(name_words(other))
                        is_like = fuzz.ratio(title, words) >= _NEAR and _numbers(title) == _numbers(words)
                        if is_like and not group.is_absorbed and not _conflict(group.keys, work.keys):
                            return group, f"the titles are nearly the same: {other!r}"
        return None

    def _index(self, group: Group) -> None:
        for key in group.keys:
            self._by_key[key] = group
        for title in group.titles:
            same = self._by_title["".join(name_words(title))]
            if not any(one is group for one in same):
                same.append(group)
        if group.issued is not None:
            ends = {end for title in group.titles for end in _ends(" ".join(name_words(title)))}
            for family in group.families:
                for end in ends:
                    same = self._near[family, group.issued.year, end]
                    if len(same) < _MOST_NEAR and not any(one is group for one in same):
                        same.append(group)

    def _take(self, group: Group, work: Work) -> None:
        if group.work is None:
            group.work = work
            self._found.append(group)
        else:
            group.work = merged(group.work, work)
        group.keys |= work.keys
        group.titles += [] if work.title in group.titles else [work.title]
        group.families |= _families(work.authors)
        group.issued = group.issued or work.issued
        self._index(group)

    def _absorb(self, group: Group, other: Group) -> None:
        other.is_absorbed = True
        if other.work is not None:
            self._take(group, replace(other.work, keys=other.work.keys | frozenset(other.keys)))

    def _name(self, group: Group) -> str:
        if group.known is not None:
            return self._known.namespaces.compact(group.known.iri)
        return str(group.work.place) if group.work else ""


def merged(first: Work, second: Work) -> Work:
    """Return what two records of one work say together; where they differ, the first is followed."""
    authors = first.authors
    if second.authors and (not authors or (first.is_cut_short and not second.is_cut_short)):
        authors = second.authors
    orcids = {name_words(one.name): one.orcid for one in (*second.authors, *first.authors) if one.orcid}
    is_other_doi = second.doi and first.doi.lower() != second.doi.lower()
    doi = second.doi if not first.doi or (is_other_doi and _is_of_arxiv(first.doi)) else first.doi
    remarks = [*first.remarks, *second.remarks]
    if first.doi and is_other_doi and not _is_of_arxiv(first.doi) and not _is_of_arxiv(second.doi):
        remarks.append(f"it has another DOI in {second.place}: {second.doi}")
    if first.arxiv and second.arxiv and first.arxiv.lower() != second.arxiv.lower():
        remarks.append(f"it has another number of arXiv in {second.place}: {second.arxiv}")
    if name_words(first.title) != name_words(second.title):
        remarks.append(f"it has another title in {second.place}: {second.title}")
    general = {"work", "preprint", "article"}
    return replace(
        first,
        kind=second.kind if first.kind in general and second.kind != "work" else first.kind,
        authors=tuple(replace(one, orcid=one.orcid or orcids.get(name_words(one.name), "")) for one in authors),
        is_cut_short=first.is_cut_short if authors is first.authors else second.is_cut_short,
        issued=refined(first.issued, second.issued),
        undated=first.undated or second.undated,
        doi=doi,
        arxiv=first.arxiv or second.arxiv,
        matches=tuple(dict.fromkeys((*first.matches, *second.matches))),
        keys=first.keys | second.keys,
        url=first.url or second.url,
        venue=first.venue or second.venue,
        is_retracted=first.is_retracted or second.is_retracted,
        references=tuple(dict.fromkeys((*first.references, *second.references))),
        left_out={**second.left_out, **first.left_out},
        remarks=tuple(remarks),
        sources=tuple(dict.fromkeys((*(first.sources or (first.source,)), *(second.sources or (second.source,))))),
        places=(*(first.places or (first.place,)), *(second.places or (second.place,))),
        definition=first.definition or second.definition,
        links=tuple(dict.fromkeys((*first.links, *second.links))),
    )


def family_of(name: str) -> str:
    """Return the family name of a person, as it is compared."""
    return "".join(name_words(parts_of(name).family)) if name.strip() else ""


def _families(authors: Iterable[Author]) -> set[str]:
    return {family_of(one.name) for one in authors} - {""}


def _conflict(one: Iterable[str], other: Iterable[str]) -> str:
    """Return what keeps two works with these identifiers from being one: a preprint has two DOIs, never two numbers."""
    for kind, name in (("arxiv:", "numbers on arXiv"), ("doi:", "DOIs"), ("https://openalex.org/", "ids of OpenAlex")):
        first, second = ({key for key in keys if key.startswith(kind)} for keys in (one, other))
        if first and second and not first & second:
            return f"they have different {name}"
    return ""


def _is_of_arxiv(doi: str) -> bool:
    return not any(key.startswith("doi:") for key in keys_for(doi))


def _is_near_in_time(one: Date | None, other: Date | None) -> bool:
    return one is None or other is None or abs(one.year - other.year) <= _VERSIONS


def _ends(title: str) -> tuple[str, str]:
    return f"{title[:_ENDS]}-", f"-{title[-_ENDS:]}"


def _numbers(title: str) -> list[str]:
    """Return the numbers in a title, which tell parts and versions from one another."""
    return re.findall(r"\d+|\b[ivx]+\b", title)
