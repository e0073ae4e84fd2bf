"""Many references in one file, in the formats of programs that keep them."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Final, NamedTuple

from ..records.citations import Citation
from ..serialization import BIBTEX, CSL, RIS, Format
from .references import bibtex, csl_item, key_of, ris


def keyed(references: Iterable[Citation]) -> Iterator[tuple[str, Citation]]:
    """Yield references, each with a key that no other has."""
    used: Counter[str] = Counter()
    for citation in references:
        key = key_of(citation)
        used[key] += 1
        yield key if used[key] == 1 else f"{key}-{used[key]}", citation


def bibliography(references: Iterable[Citation], chosen: Format) -> str:
    """Return references in one format, in their order."""
    output = io.BytesIO()
    write_references(keyed(references), {chosen: output})
    return output.getvalue().decode()


class _Kind(NamedTuple):
    """How references are written, one after the other."""

    one: Callable[[Citation, str], str]
    """Writes a reference, whose key is the second argument."""
    between: str
    start: str = ""
    end: str = ""


def _csl(citation: Citation, key: str) -> str:
    return "\n" + json.dumps(csl_item(citation, key), ensure_ascii=False)


_KINDS: Final = {BIBTEX: _Kind(bibtex, "\n"), RIS: _Kind(ris, "\r\n"), CSL: _Kind(_csl, ",", "[", "\n]\n")}


def write_references(references: Iterable[tuple[str, Citation]], outputs: Mapping[Format, IO[bytes]]) -> int:
    """Write references in some formats at once, and return how many there are."""
    kinds = [(_KINDS[chosen], output) for chosen, output in outputs.items()]
    for kind, output in kinds:
        output.write(kind.start.encode())
    count = 0
    for key, citation in references:
        for kind, output in kinds:
            output.write(((kind.between if count else "") + kind.one(citation, key)).encode())
        count += 1
    for kind, output in kinds:
        output.write(kind.end.encode())
    return count
