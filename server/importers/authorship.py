"""The edges from works to their authors, pages for authors of several works, and questions where nobody is sure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ..records.identifiers import address_of_work
from ..text.names import name_words
from .duplicates import Group
from .people import Listed, NewPerson, People
from .sheet import PROPOSER, Sheet, many
from .texts import split_cell
from .wording import definition_of_person, position
from .works import Author, Place, Work

_ORCID: Final = "https://orcid.org/"
_SAID_OF_NEW: Final = 3


def listed_in_base(sheet: Sheet, *, are_new: bool, but: Iterable[str] = ()) -> list[Listed]:
    """Return the works of the base that list their authors, but for some."""
    left = {*but}
    return [
        Listed(iri, tuple(Author(name, is_group=name in known.groups) for name in known.authors), are_new)
        for iri, known in sheet.known.works.items()
        if known.authors and iri not in left
    ]


def listed_in_record(iri: str, group: Group, work: Work) -> Listed:
    """Return a work with its authors: as the base lists them, where it does, with what the record says of them."""
    if group.known is None or not group.known.authors:
        return Listed(iri, work.authors, is_new=True)
    orcids = {name_words(one.name): one.orcid for one in work.authors}
    groups = group.known.groups
    names = (Author(name, orcids.get(name_words(name), ""), name in groups) for name in group.known.authors)
    return Listed(iri, tuple(names), is_new=True)


class Authorship:
    """Joins works to their authors."""

    def __init__(self, sheet: Sheet, every: Iterable[Listed], records: Mapping[str, Work]) -> None:
        """Take all works with their authors, and the records of those of which one speaks, by IRI."""
        self._sheet = sheet
        self._by_work = {one.work: one for one in every}
        self._records = records

    def join(self) -> None:
        """Make the rows, and the questions."""
        sheet = self._sheet
        author = sheet.terms.author
        if author is None:
            if any(one.authors for one in self._by_work.values() if one.is_new):
                sheet.found.notes.append("The base has no predicate for authors: they were only listed.")
            return
        who = People(sheet.known).join(self._by_work.values(), sheet.wishes.least_works)
        sheet.found.notes += who.notes
        for joined in who.joined:
            if self._by_work[joined.work].is_new:
                self._edge(joined.work, joined.place, joined.person, joined.confidence)
            if joined.orcid and sheet.terms.match:
                sheet.fact(self._place(joined.work), joined.person, {sheet.terms.match: f"{_ORCID}{joined.orcid}"})
        for new in who.new:
            self._new_person(new)
        for unsure in who.unsure:
            is_open = (unsure.work, author.iri, unsure.person) not in sheet.known.joined
            if is_open and self._by_work[unsure.work].is_new:
                self._ask(unsure.work, unsure.place, unsure.person, unsure.why)

    def _edge(self, work: str, place: int, person: str, confidence: float) -> None:
        author = self._sheet.terms.author
        assert author is not None, "it was looked at"
        if self._sheet.is_new_edge(work, author.iri, person):
            self._sheet.found.counts["authors"] += 1
            self._sheet.edge(
                work,
                author.notation,
                person,
                self._place(work),
                note=self._position(work, place),
                locator="Author list",
                confidence=confidence,
                sources=self._source(work),
            )

    def _new_person(self, new: NewPerson) -> None:
        sheet = self._sheet
        choice = sheet.terms.person
        if choice is None:
            sheet.found.notes.append(f"{new.name} wrote {len(new.works)} works; the base has no class of persons.")
            return
        slug = sheet.slug(choice.page, new.name)
        works = sorted(new.works, key=lambda one: (-sheet.years.get(one[0], 0), sheet.titles.get(one[0], "")))
        parts = [
            (place, len(self._by_work[work].authors), sheet.titles.get(work, ""), sheet.years.get(work, 0))
            for work, place in works[:_SAID_OF_NEW]
        ]
        first = next((work for work, _ in works if work in self._records), works[0][0])
        sources = dict.fromkeys(source for work, _ in works for source in split_cell(self._source(work)))
        sheet.found.counts["people"] += 1
        sheet.entity(
            self._place(first),
            {
                "class": choice.page,
                "type": choice.type,
                "slug": slug,
                "label": new.name,
                "definition": definition_of_person(parts, len(works) - len(parts)),
                "status": sheet.wishes.status,
                "sources": many([*sources][:_SAID_OF_NEW]),
                **({sheet.terms.match: f"{_ORCID}{new.orcid}"} if new.orcid and sheet.terms.match else {}),
            },
        )
        for work, place in works:
            self._edge(work, place, sheet.namespaces.entity(choice.page, slug), 0.9)

    def _ask(self, work: str, place: int, person: str, why: str) -> None:
        sheet = self._sheet
        assert sheet.terms.author is not None, "it was looked at"
        sheet.found.proposals.append(
            {
                "who": PROPOSER,
                "model": "akb: names and co-authors",
                "why": f"{why}.",
                "parts": [
                    {
                        "kind": "edge",
                        "subject": sheet.id(work),
                        "predicate": sheet.terms.author.notation,
                        "object": sheet.id(person),
                        "note": self._position(work, place),
                        "assertedIn": sheet.id(work),
                        "locator": "Author list",
                        "confidence": "0.6",
                        "sources": split_cell(self._source(work)),
                    }
                ],
            }
        )

    def _position(self, work: str, place: int) -> str:
        record = self._records.get(work)
        known = self._sheet.known.works.get(work)
        is_cut = record is not None and record.is_cut_short and not (known and known.authors)
        return position(place, len(self._by_work[work].authors), is_cut_short=is_cut)

    def _place(self, work: str) -> Place:
        return self._records[work].place if work in self._records else Place(self._sheet.id(work))

    def _source(self, work: str) -> str:
        if work in self._records:
            record = self._records[work]
            return many(record.sources or [record.source])
        known = self._sheet.known.works.get(work)
        terms, cells = self._sheet.terms, known.cells if known else {}
        if address := cells.get(terms.address, ""):
            return address
        if known and known.sources:
            return known.sources[0]
        by_id = address_of_work(arxiv=cells.get(terms.arxiv, ""), doi=cells.get(terms.doi, ""))
        return by_id or f"the list of authors of {self._sheet.id(work)}"
