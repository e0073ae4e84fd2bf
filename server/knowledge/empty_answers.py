"""Why a query finds nothing: which of its patterns leave nothing, and what to write in their place.

Patterns are dropped one after the other until what is left finds something (`sparql/parts.py`); then the terms of those
that are to blame are held against the data. Whatever is proposed was tried: with it the pattern finds something.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from ..errors import AkbError, QueryError
from ..guessing import nearest
from ..namespaces import NOWHERE, RDF, Namespaces
from ..records.empty_answers import Change, Emptied
from ..sparql.parts import Piece, Taken, core_of, take_to_pieces
from ..sparql.solutions import Solutions, literal
from ..sparql.terms import lexical
from ..sparql.triples import Part
from .filters_of_queries import changed_filters, values_before
from .finding import Finder

_MOST: Final = 4
"""How many changes are proposed."""
_FEW: Final = 3
"""How many values are looked at for one change."""
_NEAR_TEXTS: Final = 2_000
"""How many values of a property are compared with a text that is none of them."""
_SIMILAR: Final = 75
"""From which similarity of 100 on a text or a name is a misspelling of another."""
_AROUND: Final = (20, 10, 5, 2, 0)
"""Characters on each side by which a place is found again."""
_TYPE: Final = f"{RDF}type"

Ask = Callable[[str], Solutions]
"""Answers a SELECT; raises AkbError where it cannot, in time or at all."""


@dataclass
class Data:
    """The data of a release, as they are asked about, and what names there are in them."""

    ask: Ask
    namespaces: Namespaces
    finder: Finder
    classes: Sequence[str]
    """The CURIEs of the classes in use."""
    predicates: Sequence[str]
    """The CURIEs of the properties in use."""
    page_classes: Sequence[str]
    """The CURIEs of the classes with pages of their own."""
    seconds: float
    """How long all may take."""
    started: float = field(default_factory=time.monotonic)
    missed: int = 0
    """How many questions had no answer in time."""

    def rows(self, query: str) -> list[tuple[str, ...]] | None:
        """Return the rows of a SELECT; None where there is no time for it."""
        if time.monotonic() - self.started > self.seconds:
            self.missed += 1
            return None
        try:
            return list(self.ask(query).rows)
        except QueryError:
            # A change may make no query.
            return None
        except AkbError:
            self.missed += 1
            return None


def why_empty(
    query: str, original: str, base: str | None, data: Data, expand: Callable[[str], str] = lambda query: query
) -> Emptied | None:
    """Return why a query finds nothing; None where that cannot be told.

    `query` has its calls answered; `original` is what its author wrote, and `expand` answers the calls of another.
    """
    try:
        taken = take_to_pieces(query, data.namespaces.prefixes(), base)
    except QueryError:
        return None
    return _Search(taken, original, data, expand).emptied(taken)


@dataclass
class _Search:
    whole: Taken
    original: str
    data: Data
    expand: Callable[[str], str]
    said: list[str] = field(default_factory=list)

    def emptied(self, taken: Taken) -> Emptied | None:
        def finds(pieces: Sequence[Piece]) -> bool | None:
            rows = self.data.rows(taken.asking(pieces))
            return None if rows is None else bool(rows)

        pieces = taken.pieces()
        if not pieces:
            return None
        core = core_of(pieces, finds)
        if not core:
            return self.after_all(taken, pieces) if taken is self.whole else None
        if len(core) == 1 and (inner := taken.within(core[0])):
            # None of the arms of UNION finds anything; why the first does not is told.
            found = next(filter(None, map(self.emptied, inner)), None)
            if found is not None:
                return found
        self.said = [self.blame(core)]
        changes: list[Change] = []
        tried: set[str] = set()
        for told, part, text in self.proposals(taken, pieces, core):
            if told not in tried:
                tried.add(told)
                changes.append(Change(told, *self.changed(part, text)))
            if len(changes) == _MOST:
                break
        changes.sort(key=lambda one: not one.finds)
        patterns, said = tuple(one.shown for one in core), tuple(dict.fromkeys(self.said))
        return Emptied(patterns, said, tuple(changes), is_whole=not self.data.missed)

    def after_all(self, taken: Taken, pieces: Sequence[Piece]) -> Emptied | None:
        """Return that the patterns do find something, where that is so: LIMIT, OFFSET or HAVING left nothing of it."""
        rows = self.data.rows(taken.asking(pieces))
        if not rows:
            return None
        text = "The patterns find something; LIMIT 0, OFFSET, HAVING or the subquery leaves nothing of it."
        return Emptied((), (text,), (), is_whole=True)

    def blame(self, core: Sequence[Piece]) -> str:
        if self.data.missed:
            return "Together these find nothing; there was no time to tell whether fewer are to blame."
        if len(core) > 1:
            return "Each of these finds something, and together they find nothing."
        if core[0].kind in {"filter", "minus"}:
            return f"This {core[0].kind.upper()} leaves nothing of what the patterns find."
        if core[0].kind == "values":
            return "There is no row here: what was asked of SERVICE found nothing, or no row was written."
        return "Nothing in the data fits this pattern."

    def proposals(
        self, taken: Taken, pieces: Sequence[Piece], core: Sequence[Piece]
    ) -> Iterator[tuple[str, Part | Piece, str]]:
        """Yield what to write: a sentence, what it replaces, and the new text."""
        if core[0].kind == "filter":
            rest = [piece for piece in pieces if piece.kind not in {"filter", "minus"}]

            def rows(what: str, more: str, end: str) -> list[tuple[str, ...]]:
                return self.data.rows(taken.asking(rest, what, more, end)) or []

            for piece in core:
                self.said += values_before(piece, rows, self.short)
                yield from changed_filters(piece, rows, self.short)
            return
        for piece in core:
            if piece.triple is not None:
                rest = [one for one in core if one is not piece]
                for told, part, text in self.terms(taken, piece, rest):
                    if self.data.rows(taken.asking([*rest, piece.with_part(part, text)])):
                        yield told, part, text
        if len(core) == 1 and core[0].triple is not None:
            self.said += self.around(taken, core[0])

    def terms(self, taken: Taken, piece: Piece, rest: Sequence[Piece]) -> Iterator[tuple[str, Part, str]]:
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
        found = {self.short(f"<{one.entity.iri}>"): one for one in self.data.finder.suggest(words, _FEW)}
        best = nearest(self.short(f"<{iri}>"), found, _SIMILAR)
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
        texts = {lexical(row[0]) or "": self.short(row[1]) for row in rows or ()}
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
        return [self.short(row[0]) for row in rows or ()]

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
        names = [self.short(row[0]) for row in rows or ()]
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
        names = sorted(self.short(row[0]) for row in rows or ())
        if names:
            yield f"{triple.subject.text} has {', '.join(islice(names, 12))}{' and others' if len(names) > 12 else ''}."

    def changed(self, part: Part | Piece, text: str) -> tuple[str, bool]:
        """Return the query as its author wrote it with another text for a part, and whether it then finds something."""
        changed = self.written(part, text)
        try:
            whole = take_to_pieces(self.expand(changed), self.data.namespaces.prefixes(), self.whole.prologue.base)
        except AkbError:
            return "", False
        return changed, bool(changed and self.data.rows(whole.asking(whole.pieces())))

    def written(self, part: Part | Piece, text: str) -> str:
        """Return the query as its author wrote it with another text for a part; empty where its place is not found."""
        query = self.whole.query
        before, old, after = query[: part.start], query[part.start : part.end], query[part.end :]
        if query == self.original:
            return before + text + after
        # Calls were answered in between, so places are not the same; what is around the part is.
        for width in _AROUND:
            start, end = before[len(before) - width :], after[:width]
            if self.original.count(start + old + end) == 1:
                return self.original.replace(start + old + end, start + text + end)
        return ""

    def short(self, term: str) -> str:
        """Return a term as a query writes it, by its prefix."""
        if term.startswith("<"):
            return self.data.namespaces.written(term[1:-1])
        text, carets, datatype = term.rpartition("^^")
        return f"{text}{carets}{self.data.namespaces.written(datatype[1:-1])}" if term.endswith(">") else term

    def _iri_in(self, text: str) -> str:
        """Return the IRI that the text of a literal is, in brackets; empty where it is none."""
        prefix = text.partition(":")[0]
        if prefix in self.data.namespaces.prefixes() and not text.startswith(f"{prefix}://"):
            text = self.data.namespaces.expand(text)
        return f"<{text}>" if re.fullmatch(r"[a-z][a-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+", text) else ""
