"""Measures the search on tests/search/queries.tsv, and writes the table into `docs/search.md`.

Run it from the root of the repository: `python -m docs.search`. A test holds the page to what it measures.
"""

from __future__ import annotations

import csv
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import mean

from server.build.build import build
from server.build.releases import Releases
from server.knowledge.finding import Finder, Mode
from server.settings import Settings, read_settings

ROOT = Path(__file__).parent.parent
PAGE = Path(__file__).with_suffix(".md")
QUERIES = ROOT / "tests" / "search" / "queries.tsv"
MORE_QUERIES = QUERIES.with_name("more_queries.tsv")
BEGIN, END = "<!-- measured: written by `python -m docs.search` -->\n", "<!-- end of measured -->\n"
LATER_BEGIN, LATER_END = "<!-- later: written by `python -m docs.search` -->\n", "<!-- end of later -->\n"
BEFORE = {"text": (0.703, 0.775), "hybrid, MiniLM": (0.641, 0.722)}
"""What the halves had before the ranking was changed for which they were written, by mode; measured once."""
EMBEDDINGS = {"minilm": "MiniLM", "tfidf": "character TF-IDF"}
DEPTH = 100
"""An entity that comes later counts as not found."""
ALL = "all"


Query = dict[str, str]
"""Its text as `query`, its `kind`, and the id of the entity that it is meant to find as `expected`."""


def queries(path: Path = QUERIES) -> list[Query]:
    """Return the queries of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def halves() -> tuple[list[Query], list[Query]]:
    """Return the later queries in two halves: those for tuning, and those that are held back for the end.

    Within each kind, in the alphabetical order of the queries, the first, third and so on are for tuning.
    """
    by_kind: defaultdict[str, list[Query]] = defaultdict(list)
    for query in sorted(queries(MORE_QUERIES), key=lambda query: query["query"].casefold()):
        by_kind[query["kind"]].append(query)
    return [one for kind in by_kind.values() for one in kind[::2]], [
        one for kind in by_kind.values() for one in kind[1::2]
    ]


def opened(embedding: str, state: Path) -> Finder:
    """Return the search over the base of this repository, built with an embedding."""
    settings = read_settings({"AKB_STATE": str(state), "AKB_EMBEDDING": embedding}, root=ROOT)
    build(settings)
    return newest(settings)


def newest(settings: Settings) -> Finder:
    """Return the search over the current release."""
    release = Releases(settings.releases).current()
    assert release is not None
    return Finder.open(release)


def measured(finder: Finder, mode: Mode, asked: list[Query]) -> dict[str, float]:
    """Return the mean reciprocal rank of the entities that were meant, by kind of query and in all."""
    ranks: defaultdict[str, list[float]] = defaultdict(list)
    for query in asked:
        hits = finder.find(query["query"], mode, limit=DEPTH).hits
        found = [hit.entity.curie for hit in hits]
        place = found.index(query["expected"]) + 1 if query["expected"] in found else 0
        for kind in (query["kind"], ALL):
            ranks[kind].append(1 / place if place else 0.0)
    return {kind: mean(values) for kind, values in ranks.items()}


def table(rows: dict[str, dict[str, float]]) -> str:
    """Return what was measured as Markdown."""
    kinds = list(dict.fromkeys(query["kind"] for query in queries()))
    counts = {kind: sum(query["kind"] == kind for query in queries()) for kind in kinds} | {ALL: len(queries())}
    head = "| Mode | " + " | ".join(f"{kind} ({counts[kind]})" for kind in (*kinds, ALL)) + " |\n"
    body = [
        f"| {name} | " + " | ".join(f"{values[kind]:.3f}" for kind in (*kinds, ALL)) + " |\n"
        for name, values in rows.items()
    ]
    return head + "|---" * (len(kinds) + 2) + "|\n" + "".join(body)


def measure() -> tuple[dict[str, dict[str, float]], dict[str, tuple[float, float]]]:
    """Measure every mode with every embedding; and of the later queries both halves, for the modes in `BEFORE`."""
    rows: dict[str, dict[str, float]] = {}
    later: dict[str, tuple[float, float]] = {}
    for embedding, name in EMBEDDINGS.items():
        with tempfile.TemporaryDirectory() as state:
            finder = opened(embedding, Path(state))
            modes = {"text": Mode.TEXT} | {f"{mode}, {name}": mode for mode in (Mode.SEMANTIC, Mode.HYBRID)}
            rows |= {one: measured(finder, mode, queries()) for one, mode in modes.items() if one not in rows}
            later |= {one: measured_later(finder, modes[one]) for one in BEFORE if one in modes and one not in later}
    return rows, later


def measured_later(finder: Finder, mode: Mode) -> tuple[float, float]:
    """Return the mean reciprocal ranks of the two halves of the later queries."""
    tuning, held = (measured(finder, mode, half)[ALL] for half in halves())
    return tuning, held


def later_table(rows: dict[str, tuple[float, float]]) -> str:
    """Return what was measured of the later queries as Markdown, beside what it was before."""
    tuning, held = map(len, halves())
    head = f"| Mode | for tuning ({tuning}), before | now | held back ({held}), before | now |\n|---|---|---|---|---|\n"
    lines = [
        f"| {name} | {BEFORE[name][0]:.3f} | {now[0]:.3f} | {BEFORE[name][1]:.3f} | {now[1]:.3f} |\n"
        for name, now in rows.items()
    ]
    return head + "".join(lines)


def with_table(page: str, made: str, begin: str = BEGIN, end: str = END) -> str:
    """Return the page with a table in the place of the one that it has."""
    before, _, rest = page.partition(begin)
    return before + begin + made + end + rest.partition(end)[2]


if __name__ == "__main__":
    figures, halved = measure()
    written = with_table(PAGE.read_text(encoding="utf-8"), table(figures))
    PAGE.write_text(with_table(written, later_table(halved), LATER_BEGIN, LATER_END), encoding="utf-8")
    print(f"{PAGE} is written.")
