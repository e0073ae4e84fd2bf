"""The index for the search in the browser: words with where they are, in blocks of which a search reads a few.

`index.json` has the first word of each block. A block has words in the order of their UTF-16 code units, in which
JavaScript compares, and of each the entities in which it is, as steps from one to the next, each with a weight. What
is shown of entities is in parts of their own. The weights are those of the search of the server; what that has beside
(positions, stems, meaning) is left out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import log1p
from typing import Final

from ...search.records import Entry
from ...text.words import pieces_of, words_of
from .letters import letters

FOLDER: Final = "search"
PART: Final = 100
"""How many entities are in a part."""
_BLOCK: Final = 40_000
"""Characters of a block, about."""
_WEIGHTS: Final = (10.0, 8.0, 1.0, 3.0, 1.0)
"""How much a word counts in the label, other names, identifiers, definition and notes."""
_RENOWN: Final = 0.1
_SCALE: Final = 10
_WHOLE: Final = "="
"""What stands before a whole name, which is a word of the index too: its words, sorted."""
_SHOWN: Final = 400
"""Characters of a definition that are shown."""

Files = Iterator[tuple[str, bytes]]


def search_files(
    entries: Iterable[Entry], file_of: Callable[[str], str], classes: Mapping[str, str], statuses: Iterable[str]
) -> Files:
    """Yield the files of the index with their paths, given the file of the page of each entity by its IRI."""
    words = defaultdict[str, list[int]](list)
    last = defaultdict[str, int](int)
    part: list[object] = []
    count = parts = 0
    for count, entry in enumerate(entries, 1):
        for word, weight in _weights(entry).items():
            words[word] += (count - last[word], weight)
            last[word] = count
        entity = entry.entity
        definition = entity.definition if len(entity.definition) <= _SHOWN else f"{entity.definition[:_SHOWN]} …"
        names = [*entry.other_names]
        part.append(
            (file_of(entity.iri), entity.curie, entity.label, definition, entry.status, entry.edge_count, names)
        )
        if len(part) == PART:
            yield f"{FOLDER}/entities-{parts}.json", _json(part)
            part, parts = [], parts + 1
    if part:
        yield f"{FOLDER}/entities-{parts}.json", _json(part)
    firsts = []
    for number, block in enumerate(_blocks(words)):
        firsts.append(block[0][0])
        yield f"{FOLDER}/words-{number}.json", _json([*map(list, zip(*block, strict=True))])
    yield f"{FOLDER}/letters.json", _json(letters(frozenset("".join(words))))
    whole = {"entities": count, "part": PART, "scale": _SCALE, "blocks": firsts, "classes": classes}
    yield f"{FOLDER}/index.json", _json({**whole, "statuses": sorted(statuses)})


def _weights(entry: Entry) -> dict[str, int]:
    """Return the words of an entity, each with its weight: twice that, and one more if it is in a name."""
    found = defaultdict[str, float](float)
    named = set[str]()
    texts = (entry.entity.label, entry.names, entry.identifiers, entry.entity.definition, entry.notes)
    for place, (text, weight) in enumerate(zip(texts, _WEIGHTS, strict=True)):
        counts = defaultdict[str, int](int)
        for piece in pieces_of(words_of(text)):
            counts[piece] += 1
        for word, times in counts.items():
            # As BM25 has it: what is said again counts ever less.
            found[word] += weight * times * 2.2 / (times + 1.2)
        if place < 3:
            named.update(counts)
    curie = entry.entity.curie
    whole = (entry.entity.label, curie, curie.partition(":")[2], *entry.other_names, *entry.identifiers.split(" · "))
    renown = 1 + _RENOWN * log1p(entry.edge_count)
    weights = {word: 2 * round(_SCALE * weight * renown) + (word in named) for word, weight in found.items()}
    return weights | {_WHOLE + " ".join(sorted(words_of(name))): 1 for name in whole if words_of(name)}


def _blocks(words: Mapping[str, list[int]]) -> Iterator[list[tuple[str, list[int]]]]:
    block: list[tuple[str, list[int]]] = []
    size = 0
    for word in sorted(words, key=lambda one: one.encode("utf-16-be", "surrogatepass")):
        block.append((word, words[word]))
        size += len(word) + 4 * len(words[word])
        if size >= _BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
