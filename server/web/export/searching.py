"""The index for the search in the browser: words with where they are, in blocks of which a search reads a few.

`index.json` has the first word of each block, and what the search weighs by (`search/weights.py`). A block has words in
the order of their UTF-16 code units, in which JavaScript compares, and of each the entities in which it is, as steps
from one to the next, each with its places. What is shown of entities, what they are linked with and how well known they
are is in parts of their own. The score is that of the search of the server; what that has beside (positions, stems,
meaning) is left out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from ...search import weights
from ...search.records import Entry
from ...text.words import pieces_of, words_of
from .letters import letters

FOLDER: Final = "search"
PART: Final = 100
"""How many entities are in a part."""
_BLOCK: Final = 40_000
"""Characters of a block, about."""
_NAMED, _IN_IMPRINT, _PLACE = 1, 2, 4
"""What the places of a word are the sum of: whether it is in a name or an identifier, whether it is in the imprint, and
so many times the best of its places, by the order of `_WORTHS`."""
_WORTHS: Final = (weights.NAME, weights.DEFINITION, weights.NOTES, weights.AROUND, 0)
"""What the places are worth: names, definition, notes, what is around and identifiers, and none of these."""
_SCORE: Final = {
    "worths": _WORTHS,
    "imprint": weights.IMPRINT,
    "beside": weights.BESIDE,
    "giving": weights.GIVING,
    "subject": weights.SUBJECT,
    "renown": weights.RENOWN,
    "ofClass": weights.OF_CLASS,
    "inImprint": weights.IN_IMPRINT,
    "lookedAt": weights.LOOKED_AT,
    "starts": weights.STARTS,
    "few": weights.FEW,
    "namesakes": weights.NAMESAKES,
    "everywhere": weights.EVERYWHERE,
}
"""The weights of the score, as the script calls them."""
_WHOLE: Final = "="
"""What stands before a whole name, which is a word of the index too: its words, sorted."""
_SHOWN: Final = 400
"""Characters of a definition that are shown."""

Files = Iterator[tuple[str, bytes]]


def search_files(
    entries: Iterable[Entry],
    file_of: Callable[[str], str],
    classes: Mapping[str, str],
    statuses: Iterable[str],
    kinds: Iterable[str],
) -> Files:
    """Yield the files of the index with their paths, given the file of the page of each entity by its IRI.

    `classes` are the page classes with what they are called in the plural, `kinds` the names of classes, folded, that
    tell entities apart.
    """
    words = defaultdict[str, list[int]](list)
    last = defaultdict[str, int](int)
    known = {kind: number for number, kind in enumerate(sorted(kinds))}
    part: list[object] = []
    count = parts = 0
    for count, entry in enumerate(entries, 1):
        for word, places in _places(entry).items():
            words[word] += (count - last[word], places)
            last[word] = count
        part.append(_shown(entry, file_of(entry.entity.iri), known))
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
    whole = {"entities": count, "part": PART, "score": _SCORE, "blocks": firsts, "classes": classes}
    yield f"{FOLDER}/index.json", _json({**whole, "kinds": list(known), "statuses": sorted(statuses)})


def _shown(entry: Entry, file: str, kinds: Mapping[str, int]) -> Sequence[object]:
    """Return what the browser has to know of an entity besides its words."""
    entity = entry.entity
    definition = entity.definition if len(entity.definition) <= _SHOWN else f"{entity.definition[:_SHOWN]} …"
    standing = (round(entry.renown, 2), entry.cited, entry.is_subject_of)
    of_kinds = [kinds[kind] for kind in entry.kinds if kind in kinds]
    shown = (file, entity.curie, entity.label, definition, entry.status, entry.edge_count, entry.other_names)
    return (*shown, *standing, of_kinds, entry.linked)


def _places(entry: Entry) -> dict[str, int]:
    """Return the words of an entity, each with its places."""
    names, identifiers = f"{entry.entity.label} · {entry.names}", entry.identifiers
    found = dict[str, int]()
    for place, text in enumerate((names, entry.entity.definition, entry.notes, f"{entry.around} · {identifiers}")):
        for word in pieces_of(words_of(text)):
            found.setdefault(word, _PLACE * place)
    for word in pieces_of(words_of(f"{names} · {identifiers}")):
        found[word] |= _NAMED
    for word in pieces_of(words_of(" · ".join(entry.imprint))):
        found[word] = found.get(word, _PLACE * (len(_WORTHS) - 1)) | _IN_IMPRINT
    curie = entry.entity.curie
    whole = (entry.entity.label, curie, curie.partition(":")[2], *entry.other_names, *entry.identifiers.split(" · "))
    return found | {_WHOLE + " ".join(sorted(words_of(name))): 1 for name in whole if words_of(name)}


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
