"""Names of people and groups: how a list of authors has them, and the parts of which a person's name is made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SUFFIX: Final = re.compile(r"(?:jr|sr|jnr|snr)\.?|II|III|IV", re.IGNORECASE)
_GROUPS: Final = frozenset(
    """academy agency alliance association authors bureau center centre collaboration college committee company
    consortium corp corporation council department division foundation gmbh group inc initiative institute laboratories
    laboratory lab labs league llc ltd network office organisation organization partnership project school society
    team union university workshop""".split()  # noqa: SIM905 - a list of them would take forty lines
)
"""Words that stand first or last in the names of groups, and are the names of hardly anybody."""
_JOINING: Final = frozenset(("and", "&", "of"))
"""Words that stand in the names of groups only."""


@dataclass(frozen=True)
class Listed:
    """A name in a list of authors, and whether the list says that it is not that of a person."""

    name: str
    is_group: bool


@dataclass(frozen=True)
class PersonName:
    """The parts of a person's name, in the words of CSL; what there is not is empty."""

    family: str
    given: str = ""
    particle: str = ""
    """What is before the family name in small letters, and belongs to it: `van der`."""
    suffix: str = ""

    @property
    def whole_family(self) -> str:
        """The family name with its particle."""
        return f"{self.particle} {self.family}".strip()


def listed_names(authors: str) -> list[Listed]:
    """Return the names of a list of authors, as papers have it, in its order.

    As in BibTeX, a name in braces is one name, and so that of a group (btxdoc, section 4).

    >>> listed_names("Ada Lind; {Ben and Oak}")
    [Listed(name='Ada Lind', is_group=False), Listed(name='Ben and Oak', is_group=True)]
    """
    names = (name.strip() for name in authors.split(";"))
    return [
        Listed(name[1:-1].strip(), is_group=True)
        if name[0] == "{" and name[-1] == "}"
        else Listed(name, is_group=False)
        for name in names
        if name.strip("{} ")
    ]


def looks_like_a_person(name: str) -> bool:
    """Tell whether a name of which nothing else is known is taken for that of a person."""
    words = [word.strip(".,()").lower() for word in name.split()]
    return (
        len(words) > 1
        and words[0] != "the"
        and words[-1] != "al"
        and _JOINING.isdisjoint(words)
        and _GROUPS.isdisjoint((words[0], words[-1]))
    )


def parts_of(name: str) -> PersonName:
    """Return the parts of a person's name, by the rules of BibTeX (btxdoc, section 4).

    A suffix needs no comma before it.

    >>> parts_of("Martin Luther King Jr."), parts_of("Teun van der Weij")
    (PersonName(family='King', given='Martin Luther', particle='', suffix='Jr.'), \
PersonName(family='Weij', given='Teun', particle='van der', suffix=''))
    """
    first, *rest = (part.strip() for part in name.split(","))
    words = first.split()
    suffix, given = "", ""
    if rest and (place := next((at for at in (0, -1) if _SUFFIX.fullmatch(rest[at])), None)) is not None:
        # BibTeX has it in the middle; RIS, and most who write lists, at the end.
        suffix = rest.pop(place)
    elif not rest and len(words) > 1 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    if rest:
        # The family name is first: all of it, with its particle.
        start, given = 0, ", ".join(rest)
    else:
        start = next((place for place, word in enumerate(words[:-1]) if place and word[0].islower()), len(words) - 1)
        given = " ".join(words[:start])
    family = words[start:]
    end = next((place for place, word in enumerate(family) if not word[0].islower()), len(family) - 1)
    return PersonName(" ".join(family[end:]), given, " ".join(family[:end]), suffix)
