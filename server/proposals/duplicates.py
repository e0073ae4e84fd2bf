"""What a new entity is perhaps the same as: by its names and its definition, and by what its text means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from rdflib import RDF, SKOS, Graph, URIRef

from ..namespaces import Namespaces
from ..records.findings import Finding, Severity
from ..similarity.querying import can_embed, embed_query
from ..similarity.reading import Similarity
from ..similarity.records import Described
from ..similarity.texts import text_of
from ..validation.changes.trying import Trial
from ..validation.lint.names import DUPLICATE_DEFINITION, DUPLICATE_LABEL, SIMILAR_LABEL
from .drafting import Applied
from .records import Near, NearEntity, Proposal
from .texts import clean_line

BY_NAME: Final = (DUPLICATE_LABEL.name, SIMILAR_LABEL.name, DUPLICATE_DEFINITION.name)
"""The rules of the check that tell of two entities that could be one; of what is new, each is a reason to refuse."""
NEAR: Final = "near-duplicate"
_MEND: Final = "propose what is new as a correction of that one, or say in distinct that the two are different."
_SAME: Final = {"minilm": 0.97, "tfidf": 0.97}
"""From which cosine on two texts say the same, by the kind of the embedding."""
_MOST: Final = 3
"""How many entities that are near are told of each new one."""
_LOOKED_AT: Final = 20
"""Among how many of all classes these are looked for."""


def near_ones(proposal: Proposal, similarity: Similarity | None) -> tuple[Near, ...]:
    """Return the entities of a release that are near in meaning to the new ones of a proposal, the nearest first.

    Nothing where the release, or this machine, has no embedding.
    """
    if similarity is None or not can_embed(similarity):
        return ()
    found = []
    for part in proposal.parts:
        if part.kind in {"entity", "claim"} and part.get("label"):
            others = tuple(map(clean_line, part.many("altLabels")))
            new = Described("", clean_line(part.get("label")), others, clean_line(part.get("definition")))
            vector = embed_query(similarity, text_of(new))
            found += [
                Near(
                    part.number,
                    one.iri,
                    one.cosine,
                    one.cosine >= _SAME[similarity.kind],
                    one.cosine >= similarity.model.threshold,
                )
                for one in similarity.nearest(vector, _LOOKED_AT)
                if one.cosine > 0
            ]
    return tuple(found)


def near_entities(
    trial: Trial, applied: Applied, proposal: Proposal, near: Iterable[Near]
) -> Iterator[tuple[NearEntity, Near]]:
    """Yield the few entities that are nearest in meaning to each new one, of its class, the nearest first."""
    compact, schema = trial.empty.namespaces.compact, trial.schema
    parts = {part.number: part for part in proposal.parts}
    new = {number: iri for iri, number in applied.new.items()}
    near = [one for one in near if one.part in new]
    known = trial.read(trial.paths_about(one.iri for one in near)).asserted if near else Graph()
    told: Counter[int] = Counter()
    for one in sorted(near, key=lambda one: -one.cosine):
        name, kind = compact(one.iri), known.value(URIRef(one.iri), RDF.type)
        page = schema.page_class_of(applied.types[new[one.part]])
        if name in parts[one.part].many("distinct") or page is None or page != schema.page_class_of(str(kind)):
            continue
        told[one.part] += 1
        if told[one.part] <= _MOST:
            label = min(map(str, known.objects(URIRef(one.iri), SKOS.prefLabel)), default="")
            yield NearEntity(one.part, name, label, round(one.cosine, 3), one.is_same), one


def near_findings(
    trial: Trial, applied: Applied, proposal: Proposal, entities: Iterable[tuple[NearEntity, Near]]
) -> Iterator[Finding]:
    """Yield what is near in meaning to a new entity and of its class: what says the same refuses it."""
    parts = {part.number: part for part in proposal.parts}
    new = {number: iri for iri, number in applied.new.items()}
    for entity, one in entities:
        if one.is_near:
            severity = Severity.VIOLATION if one.is_same else Severity.WARNING
            says = "says the same" if one.is_same else "is near in meaning"
            message = f"{entity.id}, {entity.label!r:.100}, {says} ({one.cosine:.2f})."
            focus = trial.empty.namespaces.compact(new[one.part])
            yield parts[one.part].fault(NEAR, message, _MEND, focus, severity)


def as_reasons(
    findings: Iterable[Finding], applied: Applied, proposal: Proposal, namespaces: Namespaces
) -> Iterator[Finding]:
    """Yield the findings of a check, those that tell a new entity of an old one as reasons to refuse it.

    What the proposal says to be distinct is left out.
    """
    parts = {part.number: part for part in proposal.parts}
    new = {namespaces.compact(iri): parts[number] for iri, number in applied.new.items()}
    for one in findings:
        other = next((word.removeprefix("other=") for word in one.key if word.startswith("other=")), "")
        name = one.focus if one.focus in new else other
        if one.rule not in BY_NAME or name not in new:
            yield one
            continue
        known = other if name == one.focus else one.focus
        if known not in new[name].many("distinct"):
            message = one.message if name == one.focus else one.message.replace(other, known)
            yield new[name].fault(one.rule, message, _MEND, name)
