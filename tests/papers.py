"""Papers that were made up, with what is proposed of each, and what a careful reader makes of it.

The sentences are written for this; nothing in them is known of any paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

from rdflib import DCTERMS, RDF, SKOS, XSD, Graph, Literal, URIRef

from server.namespaces import Namespaces
from server.turtle.authoring import slug_of
from server.turtle.edges import CODES, VOCAB
from server.turtle.reader import namespaces_of
from server.turtle.writer import canonical

_THINGS: Final = (
    *("Distillation", "Quantization", "Early stopping", "Curriculum order", "Prompt caching", "Weight averaging"),
    *("Label smoothing", "Dropout", "Replay", "Vocabulary size"),
)
_EFFECTS: Final = (
    ("lowers refusals in chat models", "refusals"),
    ("hides sycophancy from short tests", "sycophancy"),
    ("raises agreement with false premises", "agreement"),
    ("leaves the compliance gap as it was", "the gap"),
    ("makes hints in the scratchpad rarer", "hints"),
)
_MODELS: Final = ("small", "middle-sized", "large", "sparse", "multilingual")


@dataclass(frozen=True)
class Proposed:
    """A proposal about a paper, and what is to become of it."""

    given: dict[str, Any]
    verdict: str
    """accept, edit or reject."""
    better: str = ""
    """With edit: the label as it should be."""


@dataclass(frozen=True)
class MadeUpPaper:
    """A paper of the base, and what is proposed of it."""

    curie: str
    title: str
    proposals: tuple[Proposed, ...]


def papers(count: int) -> Iterator[MadeUpPaper]:
    """Yield papers, each with six proposals: four are right, one is misspelt, and one is not what the paper says."""
    for number, (thing, (effect, short)) in enumerate(product(_THINGS, _EFFECTS)):
        if number == count:
            return
        yield _paper(number, thing, effect, short)


def write_papers(root: Path, made: Iterator[MadeUpPaper]) -> list[MadeUpPaper]:
    """Write the papers themselves into a base: what is proposed is about them."""
    found, namespaces = list(made), namespaces_of(root, Namespaces())
    for one in found:
        node, graph = URIRef(namespaces.expand(one.curie)), Graph(bind_namespaces="none")
        definition = f"A study, made up for a test, of what the following does: {one.title.lower()}."
        for property_, value in (
            (RDF.type, VOCAB.Paper),
            (DCTERMS.identifier, Literal(one.curie)),
            (SKOS.prefLabel, Literal(one.title, "en")),
            (SKOS.definition, Literal(definition, "en")),
            (VOCAB.status, CODES.active),
            (DCTERMS.issued, Literal("2026", datatype=XSD.gYear, normalize=False)),
            (DCTERMS.source, URIRef("https://example.org/made-up")),
        ):
            graph.add((node, property_, value))
        path = root / "kb" / "paper" / f"{one.curie.partition(':')[2]}.ttl"
        path.write_text(canonical(graph, namespaces), encoding="utf-8")
    return found


def _paper(number: int, thing: str, effect: str, short: str) -> MadeUpPaper:
    title = f"{thing} {effect}"
    curie = f"paper:{slug_of(title)}"
    base = 11 + number

    def passage(sentence: str) -> str:
        return (
            f"We train {number + 3} models on the same data and change nothing else. {sentence} "
            f"The runs differ by less than one point, and we report the mean of {number % 7 + 3} of them."
        )

    def claim(label: str, sentence: str, section: int, **more: str) -> dict[str, Any]:
        return {
            "kind": "claim",
            "label": label,
            "definition": f"{label}, in the setting of {title.lower()}.",
            "claimKind": "finding",
            "assertedIn": curie,
            "predicate": "asserts",
            "note": f"Measured in the runs of section {section}.",
            "quote": sentence,
            "locator": f"Section {section}",
            "text": passage(sentence),
            **more,
        }

    def proposal(*parts: dict[str, Any]) -> dict[str, Any]:
        return {"who": "a test", "model": "rules 1", "why": f"Found beside a figure of {short}.", "parts": list(parts)}

    first = f"{thing} {effect} by {base} percent"
    about = {
        "kind": "edge",
        "subject": f"claim:{slug_of(first)}",
        "predicate": "about",
        "object": "concept:alignment-faking",
        "note": f"What {thing.lower()} does to it.",
    }
    edge = {
        "kind": "edge",
        "subject": curie,
        "assertedIn": curie,
        "text": passage("We study faked alignment directly."),
    }
    wrong = f"{thing} never fails where it {effect}"
    model = _MODELS[number % len(_MODELS)]
    misspelt = f"Teh {model} models of {thing.lower()} take {base} more steps before it {effect}"
    return MadeUpPaper(
        curie,
        title,
        (
            Proposed(proposal(claim(first, f"{first}.", 3), about), "accept"),
            Proposed(
                proposal(
                    claim(f"Of {base} seeds all but two show that {thing.lower()} {effect}",
                          f"All but two of {base} seeds agree with the mean.", 4)
                ),
                "accept",
            ),
            Proposed(
                proposal(
                    {**edge, "predicate": "studies", "object": "concept:situational-awareness",
                     "note": "Its last section is on it.", "quote": "We study faked alignment directly.",
                     "locator": "Section 1"}
                ),
                "accept",
            ),
            Proposed(
                proposal(
                    {**edge, "predicate": "uses", "object": "method:reinforcement-learning-from-human-feedback",
                     "note": "All models were trained with it."}
                ),
                "accept",
            ),
            Proposed(
                proposal(claim(misspelt, f"The {model} ones take {base} more steps.", 5)),
                "edit",
                misspelt.replace("Teh", "The", 1),
            ),
            Proposed(proposal(claim(wrong, f"We saw {base} cases in which it does not.", 6)), "reject"),
        ),
    )  # fmt: skip
