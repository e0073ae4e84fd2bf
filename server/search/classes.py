"""Which words of a text name a class of entities: "paper", "claims", "who".

The names of classes are those that the ontology has: rdfs:label, akb:pluralLabel, skos:altLabel, and skos:hiddenLabel
for what is typed and never shown (SKOS, section 5). No class is known here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..text.words import words_of

_LONGEST: Final = 3
"""Words of the name of a class: longer ones are not looked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A text, parted in what it asks for and of which class that is to be."""

    rest: str
    """The text without the names of classes; the whole text where nothing else is left, or none is in it."""
    kinds: tuple[str, ...] = ()
    """The names of classes in it, folded."""

    @property
    def marks(self) -> tuple[str, ...]:
        """What the column `kinds` of an index has for one of these names."""
        return tuple(f"\n{kind}\n" for kind in self.kinds)


def line_of(names: Iterable[str]) -> str:
    """Return the names of the classes of an entity as the column `kinds` has them."""
    folded = sorted({" ".join(words_of(name)) for name in names} - {""})
    return "\n".join(("", *folded, "")) if folded else ""


def telling(lines: Iterable[str]) -> frozenset[str]:
    """Return the names that some entities have and others have not, of the different values of the column `kinds`."""
    sets = [frozenset(filter(None, line.split("\n"))) for line in lines]
    return frozenset().union(*sets) - frozenset.intersection(*sets) if sets else frozenset()


def asked_of(text: str, known: frozenset[str]) -> Asked:
    """Return what a text asks for, by the names of classes that an index knows."""
    parts = text.split()
    folded = [" ".join(words_of(part)) for part in parts]
    rest, kinds, at = list[str](), list[str](), 0
    while at < len(parts):
        size = next((n for n in range(_LONGEST, 0, -1) if " ".join(folded[at : at + n]) in known), 0)
        if size:
            kinds.append(" ".join(folded[at : at + size]))
        else:
            rest.append(parts[at])
        at += size or 1
    if not kinds or not words_of(" ".join(rest)):
        return Asked(text)
    return Asked(" ".join(rest), tuple(dict.fromkeys(kinds)))
