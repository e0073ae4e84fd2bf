"""What to write in the place of the terms of a pattern that finds nothing, from what the data have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from ..guessing import nearest
from ..namespaces import NOWHERE, RDF
from ..sparql.parts import Piece, Taken
from ..sparql.solutions import literal
from ..sparql.terms import lexical
from ..sparql.triples import Part
from .query_data import Data

_FEW: Final = 3
"""How many values are looked at for one change."""
_NEAR_TEXTS: Final = 2_000
"""How many values of a property are compared with a text that is none of them."""
_SIMILAR: Final = 75
"""From which similarity of 100 on a text or a name is a misspelling of another."""
_TYPE: Final = f"{RDF}type"


@dataclass
class OtherTerms:
    """Finds other terms for those of a pattern; what there is to say beside is added to `said`."""

    data: Data
    said: list[str] = field(default_factory=list)

    def of(self, taken: Taken, piece: Piece, rest: Sequence[Piece]) -> Iterator[tuple[str, Part, str]]:
        """Yield other terms for those of a pattern, the likeliest first."""
        triple = piece.triple
        assert triple is not None
        predicate = triple.predicate.iri(taken.prologue)
        if triple.object.is_literal:
            yield from self.values(taken, triple.subject, triple.predicate, triple.object)
        elif predicate and predicate != _TYPE:
            object_ = triple.object.iri(taken.prologue)
            texts = [*self.texts_of(taken, triple.predicate, triple.object, object_)] if object_ else []
            text = triple.predicate.text
            turned = text[1:] if text.startswith("^") else f"^{text}"
            ends = f"from {triple.object.text} to {triple.subject.text}"
            turn = f"Write {turned}: it holds the other way round, {ends}.", triple.predicate, turned
            yield from texts or [turn]
        if predicate == _TYPE:
            yield from self.misspelt(taken, triple.object, self.data.classes)
        else:
            yield from self.misspelt(taken, triple.predicate, self.data.predicates)
        for part in (triple.subject, *(() if predicate == _TYPE else (triple.object,))):
            yield from self.entities(taken, part)
        if rest:
            yield from self.instead(taken, piece, rest, is_type=predicate == _TYPE)

    def misspelt(self, taken: Taken, part: Part, among: Sequence[str]) -> Iterator[tuple[str, Part, str]]:
        """Yield classes or properties in use that are called about as one that is not."""
        name = self.data.namespaces.compact(part.iri(taken.prologue))
        if not name or name in among:
            return
        for best in self._likely(name, among):
            yield f"Write {best} for {part.text}, which is nowhere in the data.", part, best

    def _likely(self, name: str, among: Sequence[str]) -> Iterator[str]:
        """Yield the names that are most like one, whatever its prefix."""
        local = name.partition(":")[2].lower()
        same = [one for one in among if one.partition(":")[2].lower() == local]
        yield from same[:_FEW]
        locals_ = {one.partition(":")[2]: one for one in reversed(among)}
        if not same and (best := nearest(name.partition(":")[2], locals_, _SIMILAR)):
            yield locals_[best]

    def entities(self, taken: Taken, part: Part) -> Iterator[tuple[str, Part, str]]:
        """Yield entities that have about the name of one that is not there."""
        iri = part.iri(taken.prologue)
        if not iri:
            return
        rows = self.data.rows(taken.asking((), more=f"{{ <{iri}> ?p ?o }} UNION {{ ?s ?p <{iri}> }}"))
        if rows is None or rows:
            return
        self.said.append(f"{part.text} is nowhere in the data.")
        words = re.sub(r"[\W_]+", " ", re.split("[/#:]", iri)[-1])
        found = {self.data.short(f"<{one.entity.iri}>"): one for one in self.data.finder.suggest(words, _FEW)}
        best = nearest(self.data.short(f"<{iri}>"), found, _SIMILAR)
        for name in [best] if best else found:
            label = found[name].entity.label
            yield f"Write {name} ({label}) for {part.text}, which is nowhere in the data.", part, name

    def values(self, taken: Taken, subject: Part, predicate: Part, part: Part) -> Iterator[tuple[str, Part, str]]:
        """Yield what a property has in the place of a literal: one in another form, or what is so called."""
        text = lexical(part.literal(taken.prologue))
        if text is None:
            return
        small = literal(text.lower())
        same = f"FILTER(isLiteral(?value) && LCASE(STR(?value)) = {small})"
        for value in self._of(taken, predicate, same):
            yield f"Write {value}: so the data have it, and not {part.text}.", part, value
        named = f"FILTER(isIRI(?value)) ?value ?called ?name FILTER(isLiteral(?name) && LCASE(STR(?name)) = {small})"
        ends = "".join(
            f" || STRENDS(LCASE(STR(?value)), {literal(f'{mark}{text.lower()}')})" for mark in ("/", "#", ":")
        )
        whole = self._iri_in(text) or f"<{NOWHERE}>"
        for more in (named, f"FILTER(isIRI(?value) && (?value = {whole}{ends}))"):
            for value in self._of(taken, predicate, more):
                yield f"Write {value}, an IRI, for the text {part.text}.", part, value
        if thing := next(iter(self._of(taken, predicate, "FILTER(isIRI(?value))")), ""):
            called = f"?{subject.variable or 'it'} {predicate.text} ?thing . ?thing skos:prefLabel {part.text}"
            self.said.append(f"The values of {predicate.text} are IRIs, such as {thing}; by a name: {called}.")
            return
        every = f"?any {predicate.text} ?value FILTER(isLiteral(?value))"
        rows = self.data.rows(taken.asking((), "DISTINCT (STR(?value) AS ?text) ?value", every, f"LIMIT {_NEAR_TEXTS}"))
        texts = {lexical(row[0]) or "": self.data.short(row[1]) for row in rows or ()}
        if (best := nearest(text, texts, _SIMILAR)) and best.lower() != text.lower():
            yield f"Write {texts[best]}: no value is {part.text}.", part, texts[best]

    def texts_of(self, taken: Taken, predicate: Part, part: Part, iri: str) -> Iterator[tuple[str, Part, str]]:
        """Yield the literals that a property has in the place of an IRI."""
        texts = {iri, self.data.namespaces.compact(iri)}
        among = ", ".join(literal(text) for text in sorted(texts))
        for value in self._of(taken, predicate, f"FILTER(isLiteral(?value) && STR(?value) IN ({among}))"):
            yield f"Write {value}, a text, for the IRI {part.text}.", part, value

    def _of(self, taken: Taken, predicate: Part, more: str) -> list[str]:
        pattern = f"?any {predicate.text} ?value {more}"
        rows = self.data.rows(taken.asking((), "DISTINCT ?value", pattern, f"LIMIT {_FEW}"))
        return [self.data.short(row[0]) for row in rows or ()]

    def instead(
        self, taken: Taken, piece: Piece, rest: Sequence[Piece], *, is_type: bool
    ) -> Iterator[tuple[str, Part, str]]:
        """Yield other classes and predicates, which do hold, for those of a pattern that does not fit the rest."""
        triple = piece.triple
        assert triple is not None
        inside = frozenset(name for one in rest if one.triple is not None for name in one.triple.variables)
        ends = (triple.subject, triple.object)
        if is_type and triple.subject.variable in inside:
            pattern = f"{triple.subject.text} a ?instead"
            part, known = triple.object, self.data.classes
        elif all(not end.variable or end.variable in inside for end in ends):
            pattern = f"{triple.subject.text} ?instead {triple.object.text}"
            part, known = triple.predicate, self.data.predicates
        else:
            return
        counted = "GROUP BY ?instead ORDER BY DESC(?count) LIMIT 30"
        rows = self.data.rows(taken.asking(rest, "?instead (COUNT(*) AS ?count)", pattern, counted))
        names = [self.data.short(row[0]) for row in rows or ()]
        pages = [name for name in names if name in self.data.page_classes] if is_type else []
        for name in (pages or [name for name in names if name in known])[:_FEW]:
            yield f"Write {name} for {part.text}: that is what the rest goes together with.", part, name

    def around(self, taken: Taken, piece: Piece) -> Iterator[str]:
        """Yield what else the data say of the only thing that a pattern names."""
        triple = piece.triple
        assert triple is not None
        subject = triple.subject.iri(taken.prologue)
        if not subject or not triple.object.variable or triple.predicate.text == "a":
            return
        rows = self.data.rows(taken.asking((), "DISTINCT ?p", f"{triple.subject.text} ?p ?o", "LIMIT 40"))
        names = sorted(self.data.short(row[0]) for row in rows or ())
        if names:
            yield f"{triple.subject.text} has {', '.join(islice(names, 12))}{' and others' if len(names) > 12 else ''}."

    def _iri_in(self, text: str) -> str:
        """Return the IRI that the text of a literal is, in brackets; empty where it is none."""
        prefix = text.partition(":")[0]
        if prefix in self.data.namespaces.prefixes() and not text.startswith(f"{prefix}://"):
            text = self.data.namespaces.expand(text)
        return f"<{text}>" if re.fullmatch(r"[a-z][a-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+", text) else ""
