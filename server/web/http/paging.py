"""Resources that come in pages: the page that a request names, and the addresses of those to which it leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from flask import abort

from ...records.sentences import sentence
from ...serialization import JSON, Format
from .links import Link
from .parameters import number
from .prefixes import public

NEIGHBOURS: Final = 50
"""The default number of neighbours on a page of a neighbourhood, and of each class on the page of an entity."""


@dataclass(frozen=True)
class Pages:
    """A resource at `path` in pages of a size, the page of it that is wanted, and the addresses of them all."""

    path: str
    page: int
    """Counted from 1."""
    size: int
    usual: int
    """The size that goes without saying in addresses."""
    selected: tuple[tuple[str, str], ...] = ()
    """The parameters by which the resource is selected at its path, always in the same order."""
    last: int = 1

    @property
    def skipped(self) -> int:
        """The number of items on the previous pages."""
        return (self.page - 1) * self.size

    def of(self, total: int) -> Pages:
        """Return the pages of so many things; of none there is one, which is empty. Answers 404 behind the last."""
        last = max(1, -(-total // self.size))
        if self.page > last:
            abort(404, sentence("There is no page %(page)s; the last one is page %(last)s.", page=self.page, last=last))
        return replace(self, last=last)

    def query(self, page: int | None = None) -> str:
        """Return the query part of the address of a page, this one if none is named, without what goes unsaid."""
        at = page or self.page
        size = [("size", self.size)] if self.size != self.usual else []
        return urlencode([*self.selected, *size, *([("page", at)] if at != 1 else [])])

    def address(self, page: int | None = None, chosen: Format | None = None) -> str:
        """Return the path and query of a page, this one if none is named, in one format or for negotiation."""
        query = self.query(page)
        return self.path + (f".{chosen.name}" if chosen else "") + (f"?{query}" if query else "")

    def steps(self, chosen: Format | None = None) -> dict[str, str]:
        """Return the addresses to which this page leads by link relations (RFC 8288; those of IANA's registry)."""
        found = {"first": 1, "prev": self.page - 1, "next": self.page + 1, "last": self.last}
        return {rel: self.address(page, chosen) for rel, page in found.items() if 1 <= page <= self.last}

    def record(self) -> dict[str, object]:
        """Return which page this is, as plain JSON has it, and the addresses to which it leads."""
        return {"page": self.page, "pages": self.last, "size": self.size, **self.json_steps()}

    def json_steps(self) -> dict[str, str]:
        """Return the addresses to which this page leads, as JSON has them: no prefix is put before them later."""
        return {rel: public(address) for rel, address in self.steps(JSON).items()}

    def links(self) -> list[Link]:
        """Return the same as links between documents."""
        return [Link(target, rel) for rel, target in self.steps().items()]

    def formats(self, formats: Iterable[Format]) -> list[tuple[Format, str]]:
        """Return the address of this page in each format."""
        return [(one, self.address(chosen=one)) for one in formats]


def asked_pages(path: str, usual: int, most: int, selected: Iterable[tuple[str, str]] = ()) -> Pages:
    """Return what the `page` and `size` of the request want of a resource; 400 for what is no number, or too large."""
    return Pages(path, number("page", 1, 10**6), number("size", usual, most), usual, tuple(selected))
