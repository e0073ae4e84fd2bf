"""Entities that notes and resources describe, and the edges that their links make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rdflib import RDF

from ..records.findings import Finding
from ..text.names import name_words
from .fields import Fields
from .sheet import Sheet, cell, many
from .texts import keys_for
from .works import Described, Link, Work


class Describing:
    """Makes rows of what is described and is no work, and of links."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._by_words: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for iri, names in sheet.known.names.items():
            for name in names:
                self._by_words[name_words(name)].add(sheet.known.current(iri))

    def entity(self, fields: Fields) -> None:
        """Make the row of something that is no work."""
        sheet, one = self._sheet, fields.described
        class_iri, label = fields.class_iri, fields.first("label")
        choice = sheet.terms.choice_of(class_iri) if class_iri else None
        if choice is None or not label:
            sheet.found.faults.append(self._fault(fields, has_class=choice is not None))
            return
        iri = next((key for key in one.keys if key in sheet.known.ids), "") or self._of_class(class_iri, label)
        columns = {*sheet.terms.columns.values()}
        said = {"date": sheet.terms.issued, "authors": sheet.terms.author_list}
        cells: dict[str, str] = {}
        for name, values in fields.values.items():
            if said.get(name):
                cells[said[name]] = "; ".join(values)
            elif name in columns and name not in {"label", "definition", "status"}:
                cells[name] = many(values)
            elif name not in {"class", "label", "definition", "status"}:
                sheet.leave_out(one, name)
        sheet.leave_out(one, *fields.left_out)
        sheet.found.counts["described"] += 1
        if iri:
            if cells:
                sheet.fact(one.place, iri, cells)
            sheet.by_key |= dict.fromkeys(one.keys, sheet.id(iri))
            return
        slug = sheet.slug(choice.page, label)
        sheet.entity(
            one.place,
            {
                "class": choice.page,
                "type": choice.type,
                "slug": slug,
                "label": label,
                "definition": fields.first("definition") or one.definition,
                "status": fields.first("status") or sheet.wishes.status,
                "sources": cell(one.source),
                **cells,
            },
        )
        sheet.by_key |= dict.fromkeys(one.keys, f"{choice.page}:{slug}")
        self._by_words[name_words(label)].add(sheet.namespaces.entity(choice.page, slug))

    def follow(self, links: Sequence[Link], iri: str, one: Work | Described) -> None:
        """Make the edges of links whose predicates the base has, and whose targets it knows."""
        sheet = self._sheet
        for link in links:
            predicate = sheet.terms.predicate_of(link.predicate)
            target = self._target(link.target) if predicate is not None else ""
            if predicate is None:
                # Those of RDF that are no predicates are fields, and were told of as such.
                if ":" not in link.predicate:
                    sheet.leave_out(one, link.predicate)
            elif not target:
                if not link.target.startswith("of node:"):
                    sheet.found.notes.append(
                        f"{one.place}: {link.predicate} leads to {link.target}, which is not in the base."
                    )
            elif sheet.is_new_edge(iri, predicate.iri, sheet.namespaces.expand(target)):
                sheet.found.counts["links"] += 1
                sheet.edge(
                    iri,
                    predicate.notation or predicate.curie,
                    sheet.namespaces.expand(target),
                    one.place,
                    note=f"{'Linked' if one.source.startswith('note ') else 'Said'} in {one.source}.",
                    sources=cell(one.source),
                    status="draft",
                    is_said_there=False,
                )

    def _fault(self, fields: Fields, *, has_class: bool) -> Finding:
        one = fields.described
        if has_class:
            return one.place.fault("It has no name.", "give it one: label: ...")
        named = fields.first("class") or ", ".join(one.fields.get(str(RDF.type), ()))
        what = f"{named} is no class of the base" if named else "It says no class"
        classes = ", ".join(self._sheet.terms.schema.page_class_by_name)
        return one.place.fault(f"{what}.", f"say one of {classes}; of RDF, by --construct QUERY.")

    def _of_class(self, class_iri: str, label: str) -> str:
        schema = self._sheet.terms.schema
        page = schema.page_class_of(class_iri)
        types = self._sheet.known.types
        found = (iri for iri in sorted(self._by_words.get(name_words(label), ())) if iri in types)
        return next((iri for iri in found if schema.page_class_of(types[iri]) == page), "")

    def _target(self, text: str) -> str:
        """Return the id of what a link leads to; empty where nobody knows it, or several have its name."""
        sheet = self._sheet
        for key in (text, f"of note:{text.lower()}", *keys_for(text)):
            if key in sheet.by_key:
                return sheet.by_key[key]
        if sheet.has(text):
            return text
        if text in sheet.known.ids:
            return sheet.id(sheet.known.current(text))
        named = self._by_words.get(name_words(text), set()) if name_words(text) else set()
        return sheet.id(next(iter(named))) if len(named) == 1 else ""
