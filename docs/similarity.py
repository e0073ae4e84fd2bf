"""Measures the candidates on the pairs labelled by hand, and writes the figures into `docs/similarity.md`.

Run it from the root of the repository: `python -m docs.similarity`. It needs the sentence model. A test fails when the
page is out of step. It measures on the base as it stands in `tests/similarity/entities.tsv`; with `--anew` it first
takes that from `kb/`.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from server.namespaces import Namespaces
from server.records.candidates import Decision, Outcome, Signals
from server.schema.reading import schema_of
from server.similarity.building import described
from server.similarity.candidates import LABEL_THRESHOLD
from server.similarity.embedding import Embedding, create
from server.similarity.labels import alike
from server.similarity.linking import linked
from server.similarity.neighbours import NEAREST
from server.similarity.ranking import Ranking, learn
from server.similarity.records import Described, Linked
from server.similarity.signals import signals
from server.similarity.texts import text_of, texts_hash
from server.sparql.queries import question
from server.store.embedded import Store
from server.turtle.reader import namespaces_of, read_base

REPOSITORY = Path(__file__).parent.parent
PAGE = Path(__file__).with_suffix(".md")
PAIRS = REPOSITORY / "tests" / "similarity" / "pairs.tsv"
ENTITIES = PAIRS.with_name("entities.tsv")
"""The base as it was when the pairs were labelled: figures that moved with every edit would not be compared."""
COLUMNS = ("entity", "label", "other labels", "definition", "neighbours", "joined out of use")
SEPARATOR = "; "
KINDS = ("minilm", "tfidf")
LABELS = ("duplicate", "related", "unrelated")
BEGIN, END = "<!-- figures: written by `python -m docs.similarity` -->\n", "<!-- end of figures -->\n"
NAMES = {"minilm": "sentence model", "tfidf": "character TF-IDF"}
THRESHOLDS = [step / 100 for step in range(25, 80, 5)]
LABEL_THRESHOLDS = (0.5, 0.55, 0.6, 0.7)
WANTED = 0.8
"""Which part of the duplicates a threshold must let through."""
FOUND = "Precision | Duplicates found | Related found | Unrelated let through | Candidates in the base"
FOLDS = 10
DRAWS = 20
SEED_ENTITY = "concept:alignment-faking"
SEED = {
    "artifact:alignment-faking-classifier": "",
    "framework:necessary-conditions-for-alignment-faking": "",
    "claim:alignment-faking-emerges-with-scale": "",
    "claim:arose-without-training-or-instruction": "",
    "claim:future-models-may-do-it-unprompted": "",
    "claim:setup-functions-as-jailbreak": "0.809",
    "question:could-malicious-preferences-drive-alignment-faking": "0.808",
    "claim:only-removing-the-conflict-stops-it": "",
}
"""The eight entities that the page from which the base grew lists, with the scores that it prints."""


@dataclass(frozen=True)
class LabelledPair:
    """Two entities, and what a reviewer should make of them."""

    label: str
    first: Linked
    second: Linked
    is_second_wording: bool
    """Whether the second was written for the test, as a duplicate of the first."""


@dataclass(frozen=True)
class Measured:
    """A labelled pair with what is known of it."""

    label: str
    signals: Signals
    texts: str

    @property
    def belongs(self) -> bool:
        """Whether a reviewer should make an edge or a merger of it."""
        return self.label != "unrelated"


def snapshot() -> str:
    """Return the entities of the base that are in use, and what joins them, as the table on which is measured."""
    base = read_base(REPOSITORY, Namespaces())
    compact, graph = base.namespaces.compact, base.namespaces.graph
    store = Store.in_memory(base.namespaces.prefixes())
    for file in base.files:
        store.load(file.text, f"{graph}asserted")
    for file in base.ontology_files:
        store.load(file.text, f"{graph}ontology")
    # Of all that a build infers this alone is asked for.
    types = store.construct("CONSTRUCT { ?one a akb:Entity } { ?one dcterms:identifier ?id }")
    store.load(types, f"{graph}inferred")
    entities = described(store.select(question("described")))
    lines = ["\t".join(COLUMNS)]
    in_use = schema_of(base).in_use.values()
    for one in linked(entities, store.select(question("edge_ends")), (), (), in_use):
        known = one.entity
        cells = (
            compact(one.iri),
            known.label,
            SEPARATOR.join(known.others),
            known.definition,
            " ".join(map(compact, sorted(one.neighbours))),
            " ".join(map(compact, sorted(one.joined - one.neighbours))),
        )
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


@cache
def _namespaces() -> Namespaces:
    return namespaces_of(REPOSITORY, Namespaces())


@cache
def knowledge() -> tuple[Linked, ...]:
    """Return the entities as they were when the snapshot was taken, sorted by their IRIs."""
    expand = _namespaces().expand
    found = []
    for row in table(ENTITIES):
        neighbours = frozenset(map(expand, row["neighbours"].split()))
        others = tuple(row["other labels"].split(SEPARATOR)) if row["other labels"] else ()
        one = Described(expand(row["entity"]), row["label"], others, row["definition"])
        found.append(Linked(one, neighbours, neighbours | frozenset(map(expand, row["joined out of use"].split()))))
    return tuple(found)


@cache
def pairs() -> tuple[LabelledPair, ...]:
    """Return the pairs of `tests/similarity/pairs.tsv`."""
    namespaces = _namespaces()
    known = {one.iri: one for one in knowledge()}
    found = []
    for row in table(PAIRS):
        first = known[namespaces.expand(row["first"])]
        if row["second"]:
            second = known[namespaces.expand(row["second"])]
        else:
            second = Linked(Described(f"{first.iri}#second-wording", row["name"], (), row["text"]))
        found.append(LabelledPair(row["label"], first, second, not row["second"]))
    return tuple(found)


def table(path: Path) -> Iterator[dict[str, str]]:
    """Return the rows of a table, those that begin with `#` left out."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return iter(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@dataclass(frozen=True)
class Space:
    """The base and the second wordings as one embedding sees them."""

    embedding: Embedding
    cosines: NDArray[np.float32]
    """Of the entities of the base (columns) with them and with the second wordings (rows, the base first)."""
    crowding: NDArray[np.float32]
    """The mean cosine of each row with the nearest of the base, itself left out."""
    rows: dict[str, int]

    @classmethod
    def of(cls, kind: str) -> Space:
        """Embed the base as a build does, and each second wording beside it."""
        base = [one.entity for one in knowledge()]
        added = [pair.second.entity for pair in pairs() if pair.is_second_wording]
        embedding = create(kind)
        texts = [text_of(one) for one in base]
        embedding.fit(texts)
        vectors = embedding.vectors([*texts, *map(text_of, added)])
        cosines = vectors @ vectors[: len(base)].T
        others = cosines.copy()
        np.fill_diagonal(others, -1)
        crowding = np.sort(others, axis=1)[:, -NEAREST:].mean(axis=1)
        return cls(embedding, cosines, crowding, {one.iri: at for at, one in enumerate((*base, *added))})

    def corrected(self) -> NDArray[np.float32]:
        """Return the cosines corrected for hubs."""
        return 2 * self.cosines - self.crowding[:, None] - self.crowding[None, : self.cosines.shape[1]]

    def measured(self) -> tuple[Measured, ...]:
        """Return the labelled pairs with their signals."""
        corrected = self.corrected()
        return tuple(
            Measured(
                pair.label,
                signals(
                    pair.first,
                    pair.second,
                    float(self.cosines[self.rows[pair.second.iri], self.rows[pair.first.iri]]),
                    float(corrected[self.rows[pair.second.iri], self.rows[pair.first.iri]]),
                ),
                texts_hash(pair.first.entity, pair.second.entity),
            )
            for pair in pairs()
        )


@cache
def space(kind: str) -> Space:
    """Return what one embedding makes of base and pairs."""
    return Space.of(kind)


@cache
def measured(kind: str) -> tuple[Measured, ...]:
    """Return the labelled pairs with what one embedding says of them."""
    return space(kind).measured()


def part(found: Sequence[Measured], label: str) -> float:
    """Return which part of the pairs of a label is among those found."""
    return sum(pair.label == label for pair in found) / sum(pair.label == label for pair in pairs())


def precision(found: Sequence[Measured]) -> float:
    """Return which part of those found belongs together."""
    return sum(pair.belongs for pair in found) / len(found)


def above(kind: str, threshold: float, label_threshold: float = 2.0) -> list[Measured]:
    """Return the labelled pairs that are candidates at certain thresholds, were no edge between them."""
    return [
        pair
        for pair in measured(kind)
        if (pair.signals.cosine or 0) >= threshold or pair.signals.label >= label_threshold
    ]


def best_threshold(kind: str) -> float:
    """Return the highest of THRESHOLDS that lets enough of the duplicates through."""
    return max(threshold for threshold in THRESHOLDS if part(above(kind, threshold), "duplicate") >= WANTED)


def candidates(kind: str, threshold: float, label_threshold: float = 2.0) -> int:
    """Count the pairs of the base that are candidates at certain thresholds."""
    entities = knowledge()
    near = space(kind).cosines[: len(entities)] >= threshold
    found = {(low, high) for low, high in combinations(range(len(entities)), 2) if near[low, high]}
    if label_threshold <= 1:
        found |= alike([one.names for one in entities], label_threshold).keys()
    return sum(entities[high].iri not in entities[low].joined for low, high in found)


def average_precision(belongs: Sequence[bool], scores: Sequence[float]) -> float:
    """Return the mean of the precision over all places at which something is found."""
    return float(average_precision_score(belongs, scores))


def places(kind: str, is_corrected: bool) -> NDArray[np.int64]:
    """Return at which place each second wording finds its original, among the entities of the same class."""
    seen = space(kind)
    scores = seen.corrected() if is_corrected else seen.cosines
    classes = np.array([one.iri.removeprefix(Namespaces().base).partition("/")[0] for one in knowledge()])
    found = []
    for pair in pairs():
        if pair.is_second_wording:
            row = scores[seen.rows[pair.second.iri]]
            original = seen.rows[pair.first.iri]
            found.append(1 + int(((row > row[original]) & (classes == classes[original])).sum()))
    return np.array(found)


def decisions(kind: str) -> tuple[Decision, ...]:
    """Return what a reviewer would have decided on the labelled pairs."""
    outcomes: dict[str, Outcome] = {"duplicate": "merged", "related": "edge", "unrelated": "unrelated"}
    return tuple(
        Decision(str(at), "", "", outcomes[pair.label], pair.signals, pair.texts)
        for at, pair in enumerate(measured(kind))
    )


def learned(kind: str, count: int) -> float:
    """Return the average precision on the other pairs after so many decisions, the mean of several draws."""
    known, belongs = decisions(kind), [pair.belongs for pair in measured(kind)]
    random, found = np.random.default_rng(0), []
    for _ in range(DRAWS):
        order = random.permutation(len(known))
        taught, rest = order[:count], order[count:]
        worth = learn([known[at] for at in taught]).worth([known[at].signals for at in rest])
        found.append(average_precision([belongs[at] for at in rest], worth))
    return float(np.mean(found))


def across_folds(kind: str) -> float:
    """Return the average precision when each tenth is ranked by what the others teach."""
    known, belongs = decisions(kind), [pair.belongs for pair in measured(kind)]
    worth = np.zeros(len(known))
    for fold in range(FOLDS):
        test = list(range(fold, len(known), FOLDS))
        taught = learn([decision for at, decision in enumerate(known) if at % FOLDS != fold])
        worth[test] = taught.worth([known[at].signals for at in test])
    return average_precision(belongs, [float(one) for one in worth])


def figures() -> str:
    """Return all tables as Markdown."""
    counts = {label: sum(pair.label == label for pair in pairs()) for label in LABELS}
    total = ", ".join(f"{count} {label}" for label, count in counts.items())
    parts = [f"Measured on {len(pairs())} pairs ({total}) and {len(knowledge())} entities.\n"]
    parts += (block for kind in KINDS for block in thresholds(kind))
    parts += ["### Names beside meaning\n", *names(), "### Correction for hubs\n", *hubs(), "### Worth\n", *_worth()]
    parts += [f"### The eight of `{SEED_ENTITY}`\n", *_seed()]
    return "\n".join(parts)


def thresholds(kind: str) -> Iterator[str]:
    """Yield what each threshold of a model finds, as Markdown."""
    model, chosen = space(kind).embedding, best_threshold(kind)
    yield f"### Threshold of the {NAMES[kind]} ({model.name} {model.version})\n"
    rows = []
    for threshold in THRESHOLDS:
        found = above(kind, threshold)
        if found:
            cells = [precision(found), *(part(found, label) for label in LABELS)]
            mark = "**" if threshold == chosen else ""
            shown = " | ".join(f"{mark}{cell:.2f}{mark}" for cell in cells)
            rows.append(f"| {mark}{threshold:.2f}{mark} | {shown} | {candidates(kind, threshold)} |")
    head = f"| Cosine at least | {FOUND} |"
    yield "\n".join([head, "|---|---|---|---|---|---|", *rows]) + "\n"


def names() -> Iterator[str]:
    """Yield what names add to a model, as Markdown."""
    rows = []
    for kind in KINDS:
        threshold = best_threshold(kind)
        for label_threshold in (2.0, *LABEL_THRESHOLDS):
            found = above(kind, threshold, label_threshold)
            mark = "**" if label_threshold == LABEL_THRESHOLD else ""
            what = f"or names {label_threshold:.2f} alike" if label_threshold <= 1 else "alone"
            cells = [f"{cell:.2f}" for cell in (precision(found), *(part(found, label) for label in LABELS))]
            cells.append(str(candidates(kind, threshold, label_threshold)))
            shown = " | ".join(f"{mark}{cell}{mark}" for cell in cells)
            rows.append(f"| {NAMES[kind]} | {mark}{threshold:.2f} {what}{mark} | {shown} |")
    head = f"| Model | Cosine | {FOUND} |"
    yield "\n".join([head, "|---|---|---|---|---|---|---|", *rows]) + "\n"


def hubs() -> Iterator[str]:
    """Yield what the correction for hubs gains, as Markdown."""
    rows = []
    for kind in KINDS:
        for what, is_corrected in (("plain", False), ("corrected", True)):
            known = measured(kind)
            scores = [(pair.signals.corrected if is_corrected else pair.signals.cosine) or 0.0 for pair in known]
            precisions = (
                average_precision([pair.label == "duplicate" for pair in known], scores),
                average_precision([pair.belongs for pair in known], scores),
            )
            at = places(kind, is_corrected)
            cells = (*precisions, float((at == 1).mean()), float((at <= 5).mean()))
            rows.append(f"| {NAMES[kind]} | {what} | {' | '.join(f'{cell:.2f}' for cell in cells)} |")
    head = (
        "| Model | Cosine | Average precision, duplicates | The same, all that belongs | Original first | Among five |"
    )
    yield "\n".join([head, "|---|---|---|---|---|---|", *rows]) + "\n"


def _worth() -> Iterator[str]:
    belongs = [pair.belongs for pair in measured(KINDS[0])]
    by: list[tuple[str, list[str]]] = []
    for name in ("cosine", "corrected", "label", "shared"):
        values = [[float(getattr(pair.signals, name)) for pair in measured(kind)] for kind in KINDS]
        by.append((f"by `{name}` alone", [f"{average_precision(belongs, value):.2f}" for value in values]))
    starts = [Ranking().worth([pair.signals for pair in measured(kind)]) for kind in KINDS]
    by.append(("fixed start, no decision", [f"{average_precision(belongs, value):.2f}" for value in starts]))
    by += [
        (f"learned from {count} decisions", [f"{learned(kind, count):.2f}" for kind in KINDS])
        for count in (10, 25, 50, 100)
    ]
    by.append(("learned from nine tenths of all", [f"{across_folds(kind):.2f}" for kind in KINDS]))
    rows = [f"| {what} | {' | '.join(cells)} |" for what, cells in by]
    yield "\n".join([f"| Ranked | {' | '.join(NAMES[kind] for kind in KINDS)} |", "|---|---|---|", *rows]) + "\n"


def _seed() -> Iterator[str]:
    namespaces = _namespaces()
    entities = {one.iri: one for one in knowledge()}
    centre = entities[namespaces.expand(SEED_ENTITY)]
    rows = []
    for curie, printed in SEED.items():
        other = entities[namespaces.expand(curie)]
        cells = []
        for kind in KINDS:
            seen, threshold = space(kind), best_threshold(kind)
            cosine = float(seen.cosines[seen.rows[centre.iri], seen.rows[other.iri]])
            if other.iri in centre.joined:
                said = "an edge joins them"
            elif cosine >= threshold:
                said = "listed"
            elif signals(centre, other).label >= LABEL_THRESHOLD:
                said = "listed for its name"
            else:
                said = f"below {threshold:.2f}"
            cells.append(f"{cosine:.3f}, {said}")
        rows.append(f"| `{curie}` | {printed} | {' | '.join(cells)} |")
    yield (
        "\n".join([f"| Entity | Seed page | {' | '.join(NAMES[kind] for kind in KINDS)} |", "|---|---|---|---|", *rows])
        + "\n"
    )


def page() -> str:
    """Return the page as it should be."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{figures()}\n{END}{after}"


if __name__ == "__main__":
    if sys.argv[1:] == ["--anew"]:
        ENTITIES.write_text(snapshot(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(REPOSITORY)} written")
