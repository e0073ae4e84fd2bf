"""Holds quotes, locators and numbers against the texts of the works that they are from, as far as these are here.

The texts are outside of git, so a machine that has none finds nothing, and a build does not ask. Of a work whose text
has a record and is not here, a note says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rdflib import PROV, RDF, SKOS

from ..errors import UnreadableError
from ..namespaces import SCHEMA, Namespaces
from ..records.findings import Finding, Severity
from ..schema.schema import Schema
from ..text.words import words_of
from ..texts.locators import misplaced, places_of, unknown_sections
from ..texts.numbers import Quantity, lacking
from ..texts.passages import Missing, Passage, Passages
from ..texts.records import SourceText
from ..texts.shelf import FOLDER, Shelf
from ..turtle.base import Base
from ..turtle.edges import CODES, VOCAB
from ..turtle.statements import iri_of, is_iri, literal_of
from .lint.text import excerpt
from .locating import Locator
from .rule_text import RuleText

QUOTE_NOT_FOUND = RuleText(
    "quote-not-found",
    "A quote is in the text of the work that it is quoted from, word by word or nearly; an ellipsis stands for words "
    "that are left out. It is looked for where that text is on this machine.",
    "The text of {work} does not have the words {excerpt}.",
    "{suggestion}.",
    Severity.VIOLATION,
)
LOCATOR_WRONG = RuleText(
    "locator-wrong",
    "A locator names the section or the page in which the quote is, and sections that the work has.",
    "{locator} is not where {what}.",
    "{suggestion}.",
)
NUMBER_NOT_IN_SOURCE = RuleText(
    "number-not-in-source",
    "The numbers of a claim, and of the note of an edge, are in the text of the source, at the place that the locator "
    "names; in digits or words, with more decimals or with as many.",
    "The text of {work} has no {number}{place}.",
    "look at the source again and correct what does not agree with it: {suggestion}.",
)
UNREADABLE = RuleText(
    "text-unreadable",
    f"Each record in {FOLDER}/, and the text that belongs to it, can be read.",
    "The text of {work}: {fault}.",
    "{mend}.",
    Severity.VIOLATION,
)

RULES = (QUOTE_NOT_FOUND, LOCATOR_WRONG, NUMBER_NOT_IN_SOURCE, UNREADABLE)


@dataclass
class _Edge:
    """What an edge says that can be held against a text."""

    iri: str
    source: str
    ends: tuple[str, ...]
    locators: tuple[str, ...]
    notes: tuple[str, ...]


def source_text_findings(
    base: Base, schema: Schema, locator: Locator, shelf: Shelf | None, note: Callable[[str], None]
) -> Iterator[Finding]:
    """Yield what the texts on a shelf say against quotes, locators and numbers; a note says which are absent."""
    if shelf is not None:
        check = _Check(base, schema, locator, shelf)
        yield from check.findings()
        if absent := check.absent():
            note(absent)


@dataclass
class _Check:
    base: Base
    schema: Schema
    locator: Locator
    shelf: Shelf
    _unreadable: dict[str, Finding] = field(default_factory=dict)
    _said: dict[tuple[str, ...], dict[str, list[str]]] = field(default_factory=dict)

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with quotes, locators and numbers."""
        names = self.shelf.names()
        if not names:
            return
        for name in names:
            self._is_here(name)
        works = {self._expanded(name): name for name in names}
        edges = [edge for edge in self._edges() if edge.source in works]
        yield from self._quotes(works)
        for edge in edges:
            if (passages := self._passages(works[edge.source])) is not None:
                yield from self._sections(edge.iri, edge.locators, passages.text, works[edge.source])
                for note in edge.notes:
                    yield from self._numbers(
                        edge.iri,
                        str(VOCAB.note),
                        note,
                        [(works[edge.source], passages, edge.locators)],
                        has_words=False,
                    )
        yield from self._claims(works)
        yield from self._unreadable.values()

    def absent(self) -> str:
        """Return a note on the texts that have a record and are not here; nothing where all are."""
        absent = [name for name in self.shelf.names() if not self._is_here(name)]
        if not absent:
            return ""
        named = ", ".join(absent[:3]) + (f" and {len(absent) - 3} more" if len(absent) > 3 else "")
        return f"Not on this machine, so that nothing was held against them: the texts of {named}."

    def _passages(self, name: str) -> Passages | None:
        try:
            return self.shelf.passages(name)
        except UnreadableError as error:
            self._cannot_read(name, error)
            return None

    def _is_here(self, name: str) -> bool:
        try:
            return self.shelf.is_here(name)
        except UnreadableError as error:
            self._cannot_read(name, error)
            return True

    def _cannot_read(self, name: str, error: UnreadableError) -> None:
        path = self.shelf.path_of_record(name)
        assert path is not None, name
        fault = error.message.rstrip(".").replace(f"{self.shelf.root}/", "")
        words = {"work": name, "fault": fault, "mend": error.mend.rstrip(".")}
        file = path.relative_to(self.shelf.root).as_posix()
        self._unreadable[name] = UNREADABLE.broken_at(file, 1, 1, **words)

    def _quotes(self, works: Mapping[str, str]) -> Iterator[Finding]:
        sources = self._values(*(iri for iri in self.schema.predicates if self._means(iri, str(PROV.wasQuotedFrom))))
        locators = self._values(str(VOCAB.locator))
        for term in self.schema.quoted_texts:
            for node, texts in self._values(term.iri).items():
                named = [works[one] for one in sources.get(node, ()) if one in works]
                here = [(name, found) for name in named if (found := self._passages(name)) is not None]
                # With another source whose text is not here, the quote may be in that.
                if not here or len(here) < len(sources[node]) or not self._stands(node):
                    continue
                for text in texts:
                    yield from self._quote(node, term.iri, text, here, locators.get(node, ()))

    def _quote(
        self, node: str, property_: str, text: str, here: list[tuple[str, Passages]], locators: Collection[str]
    ) -> Iterator[Finding]:
        found = [(name, passages, passages.find(text)) for name, passages in here]
        for name, passages, place in found:
            if isinstance(place, Passage):
                for one in locators:
                    if (where := misplaced(passages.text, one, place)) and not unknown_sections(passages.text, one):
                        yield self._misplaced(node, one, "the quote is", f"it is in {where}")
                    yield from self._sections(node, (one,), passages.text, name)
                return
        name, _, missing = found[0]
        assert isinstance(missing, Missing)
        hint = (
            f"quote the words as they are: the nearest are {excerpt(missing.nearest, around=200)}"
            if missing.nearest
            else "quote what it says, or say which work it is from"
        )
        yield QUOTE_NOT_FOUND.broken_by(
            self.locator, node, property_, text, work=name, excerpt=excerpt(text, around=80), suggestion=hint
        )

    def _sections(self, node: str, locators: Collection[str], text: SourceText, work: str) -> Iterator[Finding]:
        for one in locators:
            for number in unknown_sections(text, one):
                numbers = [section.number for section in text.sections if section.number]
                yield self._misplaced(
                    node, one, f"{work} has anything: it has no section {number}", f"it has {', '.join(numbers[:12])}"
                )

    def _misplaced(self, node: str, locator: str, what: str, hint: str) -> Finding:
        return LOCATOR_WRONG.broken_by(
            self.locator,
            node,
            str(VOCAB.locator),
            locator,
            locator=excerpt(locator, around=80),
            what=what,
            suggestion=f"correct the locator: {hint}",
        )

    def _claims(self, works: Mapping[str, str]) -> Iterator[Finding]:
        """Yield the numbers of claims that none of the sources that speak of them has; all of their texts are here."""
        claims = {iri for iri in self.schema.classes if self._means(iri, f"{SCHEMA}Claim")}
        kinds = self._types
        sources: dict[str, list[_Edge]] = {}
        for edge in self._edges():
            for end in edge.ends:
                if claims & kinds.get(end, set()):
                    sources.setdefault(end, []).append(edge)
        for claim, edges in sorted(sources.items()):
            named = {works.get(edge.source, "") for edge in edges}
            here = {name: found for name in named if name and (found := self._passages(name)) is not None}
            if not here or len(here) < len(named) or not self._stands(claim):
                continue
            places = [
                (name, passages, tuple(one for edge in edges if works[edge.source] == name for one in edge.locators))
                for name, passages in sorted(here.items())
            ]
            for property_ in (str(SKOS.prefLabel), str(SKOS.definition)):
                for said in self._values(property_).get(claim, ()):
                    yield from self._numbers(claim, property_, said, places, has_words=True)

    def _numbers(
        self,
        node: str,
        property_: str,
        said: str,
        places: list[tuple[str, Passages, tuple[str, ...]]],
        *,
        has_words: bool,
    ) -> Iterator[Finding]:
        everywhere = [one for _, passages, _ in places for one in _all(passages.text)]
        at_the_place = [one for _, passages, locators in places for one in _at(passages.text, locators)]
        for number in lacking(said, at_the_place):
            if not (has_words or number.shown[0].isdigit() or number.shown[0] == "."):
                continue
            is_elsewhere = number not in lacking(said, everywhere)
            hint = f"it is in {_where(number, places)}" if is_elsewhere else "nothing there is near to it"
            named = ", ".join(sorted({one for _, _, locators in places for one in locators}))
            yield NUMBER_NOT_IN_SOURCE.broken_by(
                self.locator,
                node,
                property_,
                said,
                work=" and ".join(name for name, _, _ in places),
                number=number.shown,
                place=f" at {excerpt(named, around=60)}" if is_elsewhere else "",
                suggestion=hint,
            )

    def _edges(self) -> Iterator[_Edge]:
        ends = [self._values(str(VOCAB[end])) for end in ("subject", "object")]
        locators, notes = self._values(str(VOCAB.locator)), self._values(str(VOCAB.note))
        for node, sources in self._values(str(VOCAB.assertedIn)).items():
            if self._stands(node):
                joined = tuple(one for end in ends for one in end.get(node, ()))
                for source in sources:
                    yield _Edge(node, source, joined, tuple(locators.get(node, ())), tuple(notes.get(node, ())))

    def _stands(self, node: str) -> bool:
        """Tell whether an entity or edge is in use, or a draft: what is retracted need not be right."""
        standing = {*self.schema.in_use, str(CODES.draft)}
        statuses = self._values(str(VOCAB.status)).get(node, ())
        return not statuses or not standing.isdisjoint(statuses)

    @cached_property
    def _types(self) -> dict[str, set[str]]:
        found = self._values(str(RDF.type))
        return {node: {above for one in kinds for above in self.schema.upward(one)} for node, kinds in found.items()}

    def _values(self, *properties: str) -> dict[str, list[str]]:
        """Return the values of properties, as IRIs or texts, by the node that has them."""
        if properties in self._said:
            return self._said[properties]
        found = self._said[properties] = {}
        for property_ in properties:
            for node, value in self.base.by_predicate.get(property_, ()):
                literal = None if is_iri(value) else literal_of(value)
                found.setdefault(iri_of(node), []).append(iri_of(value) if literal is None else literal.text)
        return found

    def _means(self, iri: str, meaning: str) -> bool:
        return meaning in self.schema.meanings(iri)

    def _expanded(self, name: str) -> str:
        return _expanded(name, self.base.namespaces)


def _expanded(name: str, namespaces: Namespaces) -> str:
    try:
        return namespaces.expand(name)
    except KeyError:
        return name


def _all(text: SourceText) -> list[str]:
    return [text.title, *(section.title for section in text.sections), *(one.sentence.text for one in text.places)]


def _at(text: SourceText, locators: Collection[str]) -> list[str]:
    """Return the sentences of the sections that locators name; all, where they name none that the text has."""
    named = [place for one in locators for place in places_of(one)]
    numbers = tuple(place.name for place in named if place.kind == "section")
    titles = {place.name for place in named if place.kind == "title"}
    found = []
    for section in text.sections:
        above = text.above(section)
        if any(
            (one.number and one.number.upper() in numbers) or " ".join(words_of(one.title)) in titles for one in above
        ):
            found += [sentence.text for paragraph in section.paragraphs for sentence in paragraph.sentences]
    return found or _all(text)


def _where(number: Quantity, places: list[tuple[str, Passages, tuple[str, ...]]]) -> str:
    """Return the section that has a number."""
    for _, passages, _ in places:
        for spot in passages.text.places:
            if not lacking(number.shown, [spot.sentence.text]):
                return spot.section.name
    return "the title"
