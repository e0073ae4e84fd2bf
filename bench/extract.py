"""Measures what is extracted from texts, and whether quotes are found: on ten texts written for it.

`python -m bench.extract` prints the tables of docs/extraction.md. The texts have a hundred marked claims
(`tests/texts/marked.py`); half of the texts were looked at while the rules were made, and half were not. The second
maker is measured with the language model of AKB_MODEL_URL where one is set, else with a stand-in: a server that answers
from the marks, and adds what models add: invented quotes, numbers that are not there, answers that are no JSON. That
measures what is held back, and no model.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from server.extraction.candidates import Candidate, Maker
from server.extraction.known import Known
from server.extraction.model import ByModel
from server.extraction.rules import Alike, Rules
from server.extraction.works import Work
from server.namespaces import Namespaces
from server.outgoing.chat import Model
from server.schema.reading import schema_of
from server.similarity.embedding import create
from server.similarity.model_files import missing
from server.texts.passages import Passage
from server.turtle.reader import empty_base
from tests.texts.marked import TUNED, Marked, altered_quotes, marked_texts, true_quotes

ROOT = Path(__file__).parent.parent
WORK = Work("urn:work", "paper:of-the-bench", "A paper", "")


@dataclass
class Score:
    """How many of the marked claims were found, and how many of those found are marked."""

    wanted: int = 0
    hit: int = 0
    right: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        """The share of the marked claims that were found."""
        return self.hit / self.wanted if self.wanted else 0.0

    @property
    def precision(self) -> float:
        """The share of the candidates that are marked claims."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    def add(self, text: Marked, found: Iterable[Candidate]) -> None:
        """Count the claims among what was found in a text."""
        anchors = [[spot.sentence.anchor for spot in one.spots] for one in found if one.role == "claim"]
        stated = [next((text.claims[one] for one in each if one in text.claims), "") for each in anchors]
        self.wanted += text.number
        self.hit += len(set(stated) - {""})
        self.right += sum(1 for one in stated if one)
        self.wrong += sum(1 for one in stated if not one)


def known_of_ontology() -> Known:
    """Return what is known of the classes of our base, without an entity."""
    base = empty_base(ROOT, Namespaces())
    return Known(base, schema_of(base))


def score_of(maker: Maker, texts: Iterable[Marked], known: Known) -> Score:
    """Return how well a maker finds the marked claims of texts."""
    score = Score()
    for text in texts:
        score.add(text, maker.find(text.passages, WORK, known).candidates)
    return score


def quotes_right() -> tuple[int, int]:
    """Return how many of a hundred true quotes are found, and of a hundred altered ones are not."""
    true = sum(isinstance(one.text.passages.find(one.quote), Passage) for one in true_quotes())
    altered = sum(not isinstance(one.text.passages.find(one.quote), Passage) for one in altered_quotes())
    return true, altered


def sentence_model() -> Alike | None:
    """Return what tells by the sentence model how near texts are; None where it is not installed."""
    if missing():
        return None
    embedding = create("minilm")

    def alike(texts: Sequence[str]) -> Sequence[Sequence[float]]:
        vectors = embedding.vectors(texts)
        return [[float(one @ other) for other in vectors] for one in vectors]

    return alike


def well(texts: Sequence[Marked]) -> Callable[[str], str]:
    """Return a model that knows most marks, and says beside them what is not in the text."""

    def answer(prompt: str) -> str:
        chance = random.Random(prompt)
        items: list[dict[str, str]] = []
        for text in texts:
            for spot in text.passages.text.places:
                sentence = spot.sentence.text
                if sentence not in prompt:
                    continue
                is_claim = spot.sentence.anchor in text.claims
                if chance.random() < (0.85 if is_claim else 0.08):
                    items.append({"kind": "claim", "label": "", "definition": sentence, "quote": sentence})
                if chance.random() < 0.15:  # a quote that nobody wrote
                    words = sentence.split()
                    chance.shuffle(words)
                    items.append({"kind": "claim", "definition": sentence, "quote": " ".join(words)})
                if chance.random() < 0.1:  # a number that is not there
                    items.append(
                        {"kind": "claim", "definition": f"{sentence} This holds in 4,711 cases.", "quote": sentence}
                    )
        return f"Here is what I found:\n```json\n{json.dumps(items)}\n```"

    return answer


@contextmanager
def served(answer: Callable[[str], str], *, wait: float = 0.0, raw: bytes | None = None) -> Iterator[str]:
    """Serve chat completions: what `answer` makes of the last message, or `raw` as it is; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if wait:
                stopped.wait(wait)
            content = raw
            if content is None:
                said = answer(asked["messages"][-1]["content"])
                content = json.dumps({"choices": [{"message": {"content": said}}]}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    stopped = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/chat/completions"
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()


def main() -> None:
    """Print the tables."""
    argparse.ArgumentParser(description="Recall and precision of both makers, and of the check of quotes.").parse_args()
    texts, known, alike = marked_texts(), known_of_ontology(), sentence_model()
    tuned = [one for one in texts if one.name in TUNED]
    held = [one for one in texts if one.name not in TUNED]
    rows: list[tuple[str, str, Score, float]] = []

    def measure(name: str, maker: Maker) -> None:
        for which, chosen in (("looked at", tuned), ("not looked at", held), ("all", texts)):
            start = time.process_time()
            rows.append((name, which, score_of(maker, chosen, known), time.process_time() - start))

    measure("rules, without the sentence model", Rules())
    if alike is not None:
        measure("rules", Rules(alike))
    if os.environ.get("AKB_MODEL_URL"):
        model = Model(os.environ["AKB_MODEL_URL"], os.environ["AKB_MODEL"], os.environ.get("AKB_MODEL_KEY", ""), 120)
        measure(model.name, ByModel(model, alike))
    else:
        with served(well(texts)) as address:
            measure("a stand-in for a model", ByModel(Model(address, "stand-in"), alike))
        with served(lambda _: "I am sorry, I cannot help with that.") as address:
            measure("a model that talks", ByModel(Model(address, "talker"), alike))
    print("| Maker | Texts | Recall | Precision | Candidates | CPU s |\n|---|---|---:|---:|---:|---:|")
    for name, which, score, seconds in rows:
        found = score.right + score.wrong
        print(f"| {name} | {which} | {score.recall:.2f} | {score.precision:.2f} | {found} | {seconds:.1f} |")
    true, altered = quotes_right()
    print(f"\nQuotes: {true} of 100 true ones found, {altered} of 100 altered ones refused.")
    by_way: dict[str, list[bool]] = {}
    for quotes, is_true in ((true_quotes(), True), (altered_quotes(), False)):
        for one in quotes:
            found_it = isinstance(one.text.passages.find(one.quote), Passage)
            by_way.setdefault(f"{'true' if is_true else 'altered'}, {one.how}", []).append(found_it is is_true)
    print("\n| Quotes | Right |\n|---|---:|")
    for way, right in by_way.items():
        print(f"| {re.sub('^true, ', '', way)} | {sum(right)} of {len(right)} |")


if __name__ == "__main__":
    main()
