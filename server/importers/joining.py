"""Turns records of works, and what notes and resources describe, into the rows of tables that a base takes.

Which records are about one work, who its authors are, and what it cites is worked out first. What is sure becomes
rows, which `imports.py` tries on the base and writes; what is not becomes proposals, which wait for a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ..records.identifiers import address_of_work
from ..text.names import name_words
from ..turtle.base import Base
from ..turtle.edges import CODES
from .authorship import Authorship, listed_in_base, listed_in_record
from .describing import Describing
from .duplicates import Group, Groups
from .fields import Fields
from .kinds_of_works import ARTICLES
from .sheet import PROPOSER, Joining, Sheet, Wishes, cell, many
from .terms import ClassChoice, WorkTerms
from .texts import keys_for, listed, split_cell
from .venues import Venues
from .wording import definition_of
from .works import Described, Work

_PLAIN_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def join_records(
    base: Base, terms: WorkTerms, works: Sequence[Work], described: Sequence[Described], wishes: Wishes
) -> Joining:
    """Work out the rows that records make."""
    sheet = Sheet(base, terms, wishes)
    _Joiner(sheet).run(works, described)
    return sheet.finish()


def join_people(base: Base, terms: WorkTerms, wishes: Wishes) -> Joining:
    """Work out the rows that join the works of a base to their authors, without any record."""
    sheet = Sheet(base, terms, wishes)
    Authorship(sheet, listed_in_base(sheet, are_new=True), {}).join()
    return sheet.finish()


class _Joiner:
    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._found = sheet.found
        self._terms = sheet.terms
        self._describing = Describing(sheet)
        self._definitions = {*sheet.known.definitions}

    def run(self, works: Sequence[Work], described: Sequence[Described]) -> None:
        """Make the rows."""
        if works and not self._terms.is_for_works:
            mend = "map one to bibo:Document or schema:CreativeWork (docs/editing.md)."
            self._found.faults.append(works[0].place.fault("The base has no class of works.", mend))
            return
        of_works, others = self._divided(described)
        groups = Groups(self._sheet.known)
        for work in (*works, *of_works):
            self._say_of_record(work)
            source = _openable(work)
            mentions = tuple(replace(one, source=source) for one in work.references)
            groups.add(replace(work, source=source, references=mentions))
        self._found.faults += groups.faults
        self._say_of_groups(groups.found)
        if self._sheet.wishes.citing:
            self._references_of(self._sheet.wishes.citing, groups.found)
            return
        for fields in others:
            self._describing.entity(fields)
        self._works(groups)
        for fields in others:
            curie = next((id_ for key in fields.described.keys if (id_ := self._sheet.by_key.get(key))), "")
            if curie:
                described_ = fields.described
                self._describing.follow(described_.links, self._sheet.namespaces.expand(curie), described_)

    def _divided(self, described: Sequence[Described]) -> tuple[list[Work], list[Fields]]:
        """Return the works among what is described, and the rest that is to become entities."""
        works, others = [], []
        incidental: Counter[str] = Counter()
        for one in described:
            fields = Fields(one, self._terms)
            if fields.is_work and not fields.first("label"):
                self._found.faults.append(one.place.fault("It has no title.", "give it one: title: ..."))
            elif fields.is_work:
                works.append(fields.work())
            elif one.is_incidental:
                incidental[one.place.file] += 1
            else:
                others.append(fields)
        for file, count in incidental.items():
            self._found.notes.append(f"{file}: {count} resources that others only name did not become entities.")
        return works, others

    # ---- what is said of records ----

    def _say_of_record(self, work: Work) -> None:
        self._found.counts["records"] += 1
        self._sheet.leave_out(work, *work.left_out)
        for value, column, name in ((work.doi, self._terms.doi, "doi"), (work.arxiv, self._terms.arxiv, "arxiv")):
            if value and not column:
                self._sheet.leave_out(work, name)
        if work.undated:
            what = "was left out of the date" if work.issued else "is no date"
            self._found.notes.append(f"{work.place}: {work.undated[:80]!r} {what}.")
        if work.is_cut_short:
            self._found.notes.append(
                f"{work.place}: its list of authors is cut short, and is not taken over; those it names are joined."
            )

    def _say_of_groups(self, groups: Iterable[Group]) -> None:
        for group in groups:
            work = group.work
            assert work is not None, "it was found by its records"
            self._found.notes += [f"{work.place}: {remark}." for remark in work.remarks]
            if len(work.places) > 1:
                self._found.counts["duplicates"] += len(work.places) - 1
                self._found.notes.append(f"one work: {', '.join(map(str, work.places))}.")
            if not work.issued and group.known is None and not self._sheet.wishes.citing:
                self._found.notes.append(f"{work.place}: it has no date; write one, or it stays out of releases.")

    # ---- works ----

    def _works(self, groups: Groups) -> None:
        written: dict[str, tuple[Group, Work]] = {}
        waiting: list[tuple[Group, Work]] = []
        for group in groups.found:
            work = group.work
            assert work is not None, "it was found by its records"
            if group.perhaps:
                waiting.append((group, work))
            else:
                written[self._work(group, work)] = group, work
        for iri, (_, work) in written.items():
            self._sheet.by_key |= dict.fromkeys(work.keys, self._sheet.id(iri))
        every = [
            *listed_in_base(self._sheet, are_new=False, but=written),
            *(listed_in_record(iri, group, work) for iri, (group, work) in written.items()),
        ]
        Authorship(self._sheet, every, {iri: work for iri, (_, work) in written.items()}).join()
        iris = {id(group): iri for iri, (group, _) in written.items()}
        venues = Venues(self._sheet)
        for iri, (_, work) in written.items():
            venues.join(iri, work)
            self._references(iri, work, groups, iris)
            self._describing.follow(work.links, iri, work)
        venues.say()
        for group, work in waiting:
            self._ask(group, work, iris)

    def _work(self, group: Group, work: Work) -> str:
        """Make the row of a work, and return its IRI."""
        if group.known is not None:
            self._found.counts["known"] += 1
            self._complete(group, work)
            return group.known.iri
        self._found.counts["new"] += 1
        choice, cells = self._new(work)
        self._sheet.entity(work.place, cells)
        iri = self._sheet.namespaces.entity(choice.page, cells["slug"])
        self._sheet.titles[iri] = work.title
        if work.issued:
            self._sheet.years[iri] = work.issued.year
        return iri

    def _new(self, work: Work) -> tuple[ClassChoice, dict[str, str]]:
        """Return the class and the cells of a work that is not there."""
        choice = self._terms.class_for(work.kind)
        if not choice.is_exact and work.kind not in ARTICLES:
            self._found.notes.append(
                f"{work.place}: a {work.kind} is entered as {choice.label}: the base has no class for it."
            )
        definition = work.definition or definition_of(work, choice.label)
        if definition in self._definitions:
            definition = f"{definition.removesuffix('.')}, called “{work.title}”."
        self._definitions.add(definition)
        codes = {iri for codes in self._terms.schema.codes.values() for iri in codes.values()}
        is_retracted = work.is_retracted and str(CODES.retracted) in codes
        slug = self._sheet.slug(choice.page, work.title, work.arxiv or work.doi, work.issued.year if work.issued else 0)
        return choice, {
            "class": choice.page,
            "type": choice.type,
            "slug": slug,
            "label": work.title,
            "definition": definition,
            "status": "retracted" if is_retracted else self._sheet.wishes.status,
            "sources": many(work.sources or [work.source]),
            **self._cells(work),
        }

    def _cells(self, work: Work) -> dict[str, str]:
        """Return what a record says, in the columns of the base."""
        terms = self._terms
        url = work.url if _PLAIN_ADDRESS.fullmatch(work.url) else ""
        if work.url and not url:
            self._found.notes.append(f"{work.place}: {work.url[:60]} is no address, and was left out.")
        if work.arxiv and (not url or "arxiv.org/" in url):
            url = address_of_work(arxiv=work.arxiv)
        elif work.doi and (not url or "doi.org/" in url):
            url = address_of_work(doi=work.doi)
        said = {
            terms.issued: work.issued.iso if work.issued else "",
            terms.doi: work.doi,
            terms.arxiv: work.arxiv,
            terms.author_list: "" if work.is_cut_short else listed(work.authors),
            terms.address: url,
            terms.venue: work.venue,
            terms.match: " | ".join(one for one in work.matches if _PLAIN_ADDRESS.fullmatch(one)),
        }
        return {column: value for column, value in said.items() if column and value}

    def _complete(self, group: Group, work: Work) -> None:
        """Make a row of what a record adds to a work of the base, and say what it has otherwise."""
        known = group.known
        assert known is not None, "it was looked at"
        many_valued = {self._terms.match, self._terms.address}
        wanted = {}
        for column, value in self._cells(work).items():
            there = known.cells.get(column, "")
            if not there or (column == self._terms.match and not {*split_cell(value)} <= known.keys):
                wanted[column] = value
            elif column in many_valued or there == value:
                continue
            elif self._sheet.wishes.follows:
                wanted[column] = value
            elif not self._agree(column, there, value):
                self._found.notes.append(
                    f"{work.place}: {column} is {value[:80]!r} in the record and {there[:80]!r} in "
                    f"{self._sheet.id(known.iri)}, which was kept; --update follows the record."
                )
        if work.is_retracted:
            self._found.notes.append(f"{work.place}: the record says that {self._sheet.id(known.iri)} is retracted.")
        if wanted:
            self._found.counts["completed"] += 1
            self._sheet.fact(work.place, known.iri, {**wanted, "sources": many(work.sources or [work.source])})

    def _agree(self, column: str, there: str, value: str) -> bool:
        if column == self._terms.issued:
            return there.startswith(value) or value.startswith(there)
        if column in {self._terms.doi, self._terms.arxiv}:
            return bool(keys_for(there) & keys_for(value)) or there.lower() == value.lower()
        return name_words(there) == name_words(value)

    def _ask(self, group: Group, work: Work, iris: Mapping[int, str]) -> None:
        """Propose a work that may be there already as one that is another."""
        assert group.perhaps is not None, "it was looked at"
        other, why = group.perhaps
        iri = _iri_of(other, iris)
        name = self._sheet.id(iri) if iri else str(other.work.place if other.work else "")
        self._found.counts["waiting"] += 1
        self._found.notes.append(f"{work.place}: it may be {name}: {why}; it waits for a decision.")
        _, cells = self._new(work)
        several = {"sources", self._terms.match, self._terms.address}
        values = {key: split_cell(value) if key in several else value for key, value in cells.items() if value}
        self._found.proposals.append(
            {
                "who": PROPOSER,
                "model": "akb: titles, years and authors",
                "why": f"It may be {name}: {why}. Accept it if it is another work, reject it if it is that one.",
                "parts": [{"kind": "entity", **values, **({"distinct": [self._sheet.id(iri)]} if iri else {})}],
            }
        )

    # ---- references ----

    def _references(self, iri: str, work: Work, groups: Groups, iris: Mapping[int, str]) -> None:
        for mention in work.references:
            group = groups.of_key(mention.keys) or groups.of_title(mention.title, mention.year)
            target = _iri_of(group, iris) if group else ""
            if target:
                self._cite(iri, target, work, mention.source)
            else:
                self._found.counts["references outside"] += 1

    def _references_of(self, citing: str, groups: Iterable[Group]) -> None:
        """Make the citations of a work whose references the records are."""
        for group in groups:
            if group.known is not None and group.work is not None:
                self._cite(citing, group.known.iri, group.work, group.work.source)
            else:
                self._found.counts["references outside"] += 1

    def _cite(self, citing: str, cited: str, record: Work, source: str) -> None:
        cites = self._terms.cites
        if cites is None:
            self._sheet.leave_out(record, "references")
        elif self._sheet.is_new_edge(citing, cites.iri, cited):
            self._found.counts["citations"] += 1
            self._sheet.edge(
                citing,
                cites.notation,
                cited,
                record.place,
                note="In its list of references.",
                locator="References",
                confidence=0.9,
                sources=cell(source),
            )


def _openable(work: Work) -> str:
    """Return what was looked at, with a number or an address by which a reader can open what it speaks of."""
    if work.source.startswith("http"):
        return work.source
    where = f"arXiv {work.arxiv}" if work.arxiv else f"DOI {work.doi}" if work.doi else work.url
    return f"{work.source}, {where}" if where else work.source


def _iri_of(group: Group, iris: Mapping[int, str]) -> str:
    return group.known.iri if group.known else iris.get(id(group), "")
