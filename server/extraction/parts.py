"""Makes proposals of candidates: the parts that `server/proposals/` reads, each with its passage."""

from __future__ import annotations

from typing import Any, Final

from ..turtle.authoring import slug_of
from .candidates import Candidate, Maker
from .known import Known
from .works import Work

_LONGEST_QUOTED: Final = 300
_NOTES: Final = {
    "claim": "Stated in {place}.",
    "question": "Raised in {place}.",
    "method": "Presented in {place}.",
    "artifact": "Announced in {place}.",
    "quote": "From {place}.",
    "edge": "Named in {place}.",
}


def proposal_of(
    candidate: Candidate, work: Work, known: Known, maker: Maker, alike: tuple[str, ...] = ()
) -> dict[str, Any] | None:
    """Return a candidate as a proposal; None where the base has no class or no predicate for it.

    `alike` are the IRIs of the entities that are nearest to it, whose codes (such as the kind of a claim) it is given.
    """
    maker_of_parts = _Parts(candidate, work, known)
    parts = maker_of_parts.of_edge() if candidate.role == "edge" else maker_of_parts.of_entity(alike)
    if not parts:
        return None
    return {
        "who": maker.name,
        "model": maker.model,
        "why": candidate.reason,
        "score": candidate.score,
        "parts": parts,
    }


class _Parts:
    def __init__(self, candidate: Candidate, work: Work, known: Known) -> None:
        self._one, self._work, self._known = candidate, work, known
        self._place = candidate.spots[0].section.name

    def of_edge(self) -> list[dict[str, Any]]:
        [name] = self._one.about
        predicate = self._known.predicate(self._work.class_iri, self._known.by_curie[name].class_iri)
        return [self._edge(self._work.name, predicate.notation, name)] if predicate else []

    def of_entity(self, alike: tuple[str, ...]) -> list[dict[str, Any]]:
        term = self._known.classes.get(self._one.role)
        slug = slug_of(self._one.label)
        if term is None or not slug:
            return []
        new = f"{term.notation}:{slug}"
        entity = {
            "class": term.notation,
            "slug": slug,
            "label": self._one.label,
            "definition": self._one.definition,
            **self._known.usual_codes(term.iri, alike),
        }
        if self._one.role == "claim":
            forward = self._known.predicate(self._work.class_iri, term.iri)
            if forward is None:
                return []
            first = [{"kind": "claim", **entity, "predicate": forward.notation, **self._of_edge(), **self._cited()}]
        else:
            first = [{"kind": "entity", **entity, **self._words(), **self._cited()}, *self._to_work(new, term.iri)]
            if len(first) == 1:
                return []
        return [*first, *self._about(new, term.iri)]

    def _words(self) -> dict[str, Any]:
        """Return the words of a quote, as its class has them, and where they are."""
        if self._one.role != "quote":
            return {}
        term = next(iter(self._known.schema.quoted_texts), None)
        return {term.key: self._one.quote[:_LONGEST_QUOTED]} if term else {}

    def _to_work(self, new: str, class_iri: str) -> list[dict[str, Any]]:
        """Return the edge between a new entity and the work, in the direction in which the base has most of them."""
        forward = self._known.predicate(self._work.class_iri, class_iri)
        back = self._known.predicate(class_iri, self._work.class_iri)
        if self._one.role == "quote" and back is not None:
            return [self._edge(new, back.notation, self._work.name)]
        if forward is not None:
            return [self._edge(self._work.name, forward.notation, new)]
        return [self._edge(new, back.notation, self._work.name)] if back else []

    def _about(self, new: str, class_iri: str) -> list[dict[str, Any]]:
        found = []
        for name in self._one.about:
            entity = self._known.by_curie[name]
            predicate = self._known.predicate(class_iri, entity.class_iri)
            if predicate is not None:
                found.append(self._edge(new, predicate.notation, name))
        return found

    def _edge(self, start: str, predicate: str, end: str) -> dict[str, Any]:
        ends = {"kind": "edge", "subject": start, "predicate": predicate, "object": end}
        return {**ends, **self._of_edge(), **self._cited()}

    def _of_edge(self) -> dict[str, Any]:
        note = _NOTES[self._one.role].format(place=self._place)
        return {"assertedIn": self._work.name, "note": note, "confidence": self._one.score}

    def _cited(self) -> dict[str, Any]:
        """Return the passage: the quote, where it is, and the paragraph around it."""
        text = " ".join(spot.sentence.text for spot in self._one.spots)
        paragraph = self._one.spots[0].paragraph.text
        around = paragraph if text in paragraph else text
        return {"quote": self._one.quote, "locator": self._place, "text": around}
