"""Sections that other packages add to the pages of entities."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..extensions import Group, added, of_type
from ..namespaces import Namespaces
from ..records.pages import EntityPage
from ..records.sections import AddedSection, Item
from ..store.interface import Queryable


@dataclass(frozen=True)
class Section:
    """A heading on the pages of entities, and what finds the items under it."""

    heading: str
    items: Callable[[Queryable, Namespaces, EntityPage], Iterable[Item]]
    """Returns the items for an entity; where there are none, the page does not have the section."""
    classes: tuple[str, ...] = ()
    """The page classes that have it, by their notations; empty for all."""


def added_sections(store: Queryable, namespaces: Namespaces, page: EntityPage) -> tuple[AddedSection, ...]:
    """Return the sections that other packages add to the page of an entity."""
    of_type(Group.SECTIONS, Section)
    found = (
        AddedSection(name, section.heading, tuple(section.items(store, namespaces, page)))
        for name, section in added(Group.SECTIONS).items()
        if not section.classes or page.entity.class_name in section.classes
    )
    return tuple(one for one in found if one.items)
