"""Entities as hard to write as what `akb check` lets through can be: any characters, dates, identifiers and names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.made import NAMESPACES

_TEXTS = (
    "abcdefghijklmnopqrstuvwxyzABCXYZ 0123456789 ",
    " .,:;!?-_/'\"()[]{}<>|~^`\u00b4\u201c\u201d\u00ab\u00bb\u2039\u203a",
    "\\$&#%_{}~^@\"'`",
    "=+-@*#>1.|&;<!--]]>",
    " \n\t\r",
    "אבגדהוםןץعربيةفارسی؟،٠١٢ ",
    "éüßøłñçİıſ①篡改行為改ざん조작ไทยहिन्दी𝒳😀",
)
_RARE = (
    "\v\f\x1c\x1d\x1e\x85\u2028\u2029\u00a0\u200b\ufeff\xad",
    "\x00\x01\x08\x0b\x0e\x1f\x7f\x80\x9f\ufffe\uffff\U0001ffff",
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c",
)
"""What `akb check` refuses, and bases in other forms and queries may have."""
_WORDS = (
    "{",
    "}",
    "}}",
    "{\\",
    "and",
    " and ",
    "others",
    "--",
    "@book{x,",
    "ER  - ",
    "TY  - JOUR",
    "<script>",
    "&amp;",
)
_DOI = "abcXYZ019.-_;()/:#%?<>{}[]\"'\\&=+,!$^`|~éЖ行@*"
_GIVEN = ("Ada", "Jean-Luc", "Ðóra", "李", "O'Neil", "Mária", "C.", "d'Artagnan", "José", "בן", "Zoë", "Al-Amin")
_PARTICLES = ("van", "van der", "de la", "von", "ter", "al", "d'", "")
_FAMILY = (
    "Lind",
    "Oak",
    "La Fontaine",
    "Ng",
    "{Ő}",
    "Smith-Jones",
    "Ünal",
    "al-Khwarizmi",
    "Weij",
    "$mith",
    "A&B",
    "%x_y",
)
_SUFFIXES = ("Jr.", "Sr", "III", "jr", "", "", "", "")
_GROUPS = (
    "The Boat Group",
    "OpenAI",
    "Lab of Odd Things",
    "{Ann and Ben}",
    "Institute für Ethik",
    "{Acme, Inc.}",
    "and",
)
_ZONES = ("", "", "", "Z", "+05:30", "-14:00")
_YEARS = ("0001", "0350", "0999", "1999", "2024", "9999", "12024", "100000", "-0001", "-0350", "-12024")


@dataclass(frozen=True)
class Made:
    """An entity, with what was put into it."""

    slug: str
    label: str
    definition: str
    names: tuple[str, ...]
    issued: str
    datatype: str
    doi: str

    @property
    def iri(self) -> str:
        return NAMESPACES.entity("paper", self.slug)

    @property
    def year(self) -> int:
        sign = -1 if self.issued.startswith("-") else 1
        return sign * int(self.issued.removeprefix("-").split("-")[0].split("+")[0].removesuffix("Z"))

    @property
    def turtle(self) -> str:
        prefixes = "".join(
            f"@prefix {name}: <{NAMESPACES.prefixes()[name]}> .\n"
            for name in ("akb", "akbv", "bibo", "dcterms", "paper", "skos", "xsd")
        )
        return f"""{prefixes}
paper:{self.slug} a akb:Paper ;
    dcterms:identifier "paper:{self.slug}" ;
    skos:prefLabel {quoted(self.label)}@en ;
    skos:definition {quoted(self.definition)}@en ;
    akb:authorList {quoted("; ".join(self.names))} ;
    akb:status akbv:active ;
    bibo:doi {quoted(self.doi)} ;
    dcterms:issued "{self.issued}"^^xsd:{self.datatype} ;
    dcterms:source "a test, https://made.akb.dev/" .
"""


def made(seed: int, number: int, *, of_any_kind: bool = False) -> list[Made]:
    """Return entities of a seed, which pass the check unless they are `of_any_kind`; the same each time."""
    chance = Random(seed)
    texts = (*_TEXTS, *_RARE) if of_any_kind else _TEXTS
    prefix = "odd" if of_any_kind else "made"
    return [_one(chance, texts, f"{prefix}-{place}") for place in range(number)]


def quoted(text: str) -> str:
    """Return a text as Turtle writes it, with numeric escapes for all but a few characters of ASCII."""
    return '"' + re.sub(r"[^A-Za-z0-9 .,;:]", lambda found: f"\\U{ord(found[0]):08X}", text) + '"'


def _one(chance: Random, texts: Sequence[str], slug: str) -> Made:
    year = chance.choice(_YEARS)
    month = f"-{chance.randint(1, 12):02}"
    datatype, rest = chance.choice(
        (("gYear", ""), ("gYearMonth", month), ("date", f"{month}-{chance.randint(1, 28):02}"))
    )
    return Made(
        slug=slug,
        label=f"{slug} {_text(chance, texts)}.",
        definition=f"Of {slug}: {_text(chance, texts)} x",
        names=tuple(_name(chance) for _ in range(chance.randint(1, 4))),
        issued=f"{year}{rest}{chance.choice(_ZONES)}",
        datatype=datatype,
        doi=f"10.{chance.randint(1000, 99999)}/{slug}{''.join(chance.choices(_DOI, k=chance.randint(1, 20)))}",
    )


def _text(chance: Random, texts: Sequence[str]) -> str:
    parts = []
    for _ in range(chance.randint(1, 4)):
        if chance.random() < 0.2:
            parts.append(chance.choice(_WORDS))
        else:
            parts.append("".join(chance.choices(chance.choice(texts), k=chance.randint(1, 12))))
    return "".join(parts)


def _name(chance: Random) -> str:
    if chance.random() < 0.2:
        return chance.choice(_GROUPS)
    parts = (chance.choice(_GIVEN), chance.choice(_PARTICLES), chance.choice(_FAMILY), chance.choice(_SUFFIXES))
    return " ".join(filter(None, parts))
