"""The schema of a base: its classes and properties, statuses, code lists and sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, reduce

from rdflib import OWL, PROV, RDF, SKOS

from ..errors import UsageError
from ..guessing import guess
from ..namespaces import AKB, DCTERMS, SCHEMA, Namespaces
from ..records.sections import Section
from ..records.terms import ClassTerm, PropertyTerm
from ..turtle.defaults import LABELS, TEXTS
from .looks import Look, looks_of
from .property_shapes import Limits, LimitsByClasses
from .roles import roles_of, work_classes

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W_]+")
_SECURE = SCHEMA.replace("http:", "https:")
_NAVIGATION = 4
"""How many page classes the header of every page links to, if the ontology chooses none."""
_OF_EVERY_ENTITY = frozenset(
    (
        *(str(one) for one in (SKOS.prefLabel, SKOS.altLabel, SKOS.definition, OWL.deprecated, RDF.type)),
        *(f"{DCTERMS}identifier", f"{DCTERMS}source", f"{AKB}status", f"{AKB}mergedInto"),
    )
)
"""Properties of every entity that the engine handles itself."""
_AT_THE_HEAD = frozenset((*LABELS, *TEXTS))
"""Properties that name or describe a thing, shown in the header of its page."""
_ONE = _OF_EVERY_ENTITY - {str(SKOS.altLabel), f"{DCTERMS}source"}
"""Properties with one value in each language."""


@dataclass(frozen=True)
class Schema:
    """The classes and properties that a base may use, keyed by IRI, in the order of their IRIs."""

    classes: dict[str, ClassTerm]
    properties: dict[str, PropertyTerm]
    borrowed: dict[str, PropertyTerm]
    """The properties in shapes that the ontology does not declare, such as `owl:sameAs`."""
    in_use: dict[str, str]
    """The statuses in use: IRI to notation."""
    codes: dict[str, dict[str, str]]
    """The code lists: IRI of the scheme to IRI of the code by its notation."""
    statuses_of_new_edges: tuple[str, ...]
    """The notations of the statuses that a new edge may have: that of a draft, and those in use."""

    sections: tuple[Section, ...] = ()
    """The sections of the pages of all classes, in the order of pages."""
    limits: dict[str, LimitsByClasses] = field(default_factory=dict)
    """What the shapes ask of the values of each property."""

    @cached_property
    def facts(self) -> dict[str, PropertyTerm]:
        """The properties of entities that pages show as facts, by IRI, in the order in which they show them.

        That is each property of which a shape of a class of entities speaks, or of which no shape speaks, but for
        predicates and for what every entity has: names, texts, and what is the engine's. Those without a place
        (`sh:order`) come last, by their names.
        """
        found = (
            (iri, term)
            for iri, term in (self.properties | self.borrowed).items()
            if iri not in _OF_EVERY_ENTITY and not term.is_predicate
            if self._is_of(term, f"{AKB}Entity") or not (term.classes or iri in _AT_THE_HEAD or iri.startswith(AKB))
        )
        return dict(sorted(found, key=lambda one: (one[1].order is None, one[1].order or 0, one[1].name, one[0])))

    @cached_property
    def edge_facts(self) -> dict[str, PropertyTerm]:
        """The properties of edges whose values are literals or codes, by IRI, but for the time, which we write."""
        return {
            iri: term
            for iri, term in self.properties.items()
            if self._is_of(term, f"{AKB}Edge") and (term.scheme or not term.is_iri) and iri != str(PROV.generatedAtTime)
        }

    @cached_property
    def identifying(self) -> frozenset[str]:
        """The IRIs of the properties whose values identify one entity."""
        return frozenset(iri for iri, term in self.facts.items() if term.is_identifying)

    def is_many(self, property_: str) -> bool:
        """Tell whether a node may have several values of a property, which is so for an unknown property.

        The single-valued properties of every entity are so in every base.
        """
        if property_ in _ONE:
            return False
        term = self.properties.get(property_) or self.borrowed.get(property_)
        return term is None or term.is_many

    def is_of_works(self, page_class: str) -> bool:
        """Return whether the page class with a name is one of works."""
        return self.page_class_by_name[page_class].iri in self.works

    def limits_of(self, property_: str, class_iri: str) -> Limits:
        """Return what the shapes ask of the values of a property of an instance of a class."""
        found = (
            limits
            for classes, limits in self.limits.get(property_, ())
            if any(self.is_under(class_iri, one) for one in classes)
        )
        return reduce(Limits.__and__, found, Limits())

    def _is_of(self, term: PropertyTerm, class_iri: str) -> bool:
        return any(self.is_under(one, class_iri) for one in term.classes)

    @cached_property
    def page_classes(self) -> tuple[ClassTerm, ...]:
        """The classes whose instances have pages of their own kind, in display order."""
        return tuple(
            sorted(
                (term for term in self.classes.values() if term.display_order),
                key=lambda term: term.display_order,
            )
        )

    @cached_property
    def page_class_by_name(self) -> dict[str, ClassTerm]:
        """The page classes in display order, by their notations."""
        return {term.notation: term for term in self.page_classes}

    @cached_property
    def navigation(self) -> tuple[ClassTerm, ...]:
        """The page classes that every page links to, in order: those chosen by the ontology, else the first four."""
        chosen = [term for term in self.page_classes if term.navigation_order]
        return tuple(sorted(chosen, key=lambda term: term.navigation_order)) or self.page_classes[:_NAVIGATION]

    @cached_property
    def looks(self) -> dict[str, Look]:
        """The look of each page class, by its notation, in display order."""
        return looks_of(self.page_classes)

    @cached_property
    def predicates(self) -> dict[str, PropertyTerm]:
        """The predicates that an edge may carry, as kb/ asserts them, keyed by IRI."""
        return {iri: term for iri, term in self.properties.items() if term.is_predicate and term.is_asserted}

    @cached_property
    def curies(self) -> frozenset[str]:
        """The CURIEs of all classes and properties."""
        return frozenset(term.curie for term in (*self.classes.values(), *self.properties.values()))

    def page_class_of(self, class_iri: str) -> ClassTerm | None:
        """Return the page class that a class is, or is a sub-class of, or None."""
        terms = (self.classes.get(iri) for iri in self.upward(class_iri))
        return next((term for term in terms if term and term.display_order), None)

    def is_under(self, class_iri: str, ancestor: str) -> bool:
        """Tell whether a class is, or is a sub-class of, another."""
        return any(iri == ancestor for iri in self.upward(class_iri))

    def upward(self, class_iri: str) -> Iterator[str]:
        """Yield a class and its super-classes, each once, even if they are cyclic."""
        seen: set[str] = set()
        queue = [class_iri]
        while queue:
            iri = queue.pop()
            if iri not in seen:
                seen.add(iri)
                yield iri
                queue += self._parents.get(iri, ())

    @cached_property
    def roles(self) -> dict[str, str]:
        """The substitution of each role in a question: see `roles.py`."""
        return roles_of(self)

    @cached_property
    def quoted_texts(self) -> tuple[PropertyTerm, ...]:
        """The properties of quotations whose values are the words of others."""
        texts = (term for term in self.facts.values() if term.values == "text")
        return tuple(
            term
            for term in texts
            if any(f"{SCHEMA}Quotation" in self.meanings(one) for one in (*term.classes, term.domain) if one)
        )

    @cached_property
    def works(self) -> tuple[str, ...]:
        """The IRIs of the page classes of works: of entities that are cited and have a date of publication."""
        return work_classes(self)

    def meanings(self, iri: str) -> tuple[str, ...]:
        """Return what a class or property is, the nearest first: it, what it is mapped to, and likewise what is above.

        schema.org is written with http in all of them.
        """
        found: dict[str, None] = {}
        above = [iri]
        for one in above:
            term = self.classes.get(one) or self.properties.get(one) or self.borrowed.get(one)
            if term is not None:
                found |= dict.fromkeys((one, *term.means))
                parents = (self._by_curie.get(curie) for curie in term.parents)
                above += [parent for parent in parents if parent and parent not in above]
        return tuple(f"{SCHEMA}{one.removeprefix(_SECURE)}" if one.startswith(_SECURE) else one for one in found)

    def sections_of(self, classes: Iterable[str]) -> tuple[Section, ...]:
        """Return the sections of the page of an entity of certain classes, those of classes above them included."""
        wanted = tuple(classes)
        return tuple(
            section
            for section in self.sections
            if any(self.is_under(one, ancestor) for one in wanted for ancestor in section.classes)
        )

    @cached_property
    def has_debates(self) -> bool:
        """Whether there are pages of which some section speaks for their entity, and another against it."""
        of_pages = ({section.stance for section in self.sections_of([term.iri])} for term in self.page_classes)
        return any(stances >= {"for", "against"} for stances in of_pages)

    def class_for(self, class_name: str, type_name: str = "") -> str:
        """Return the IRI of the class of new entities in a page class, or of the class under it that is named.

        Raises UsageError when there is no such class, or when the page class must be made more exact.
        """
        page = self.page_class_by_name.get(class_name)
        if page is None:
            names = ", ".join(self.page_class_by_name)
            raise UsageError(f"{class_name!r} is not a class.", f"choose one of {names}.")
        under = {
            term.curie.partition(":")[2]: iri
            for iri, term in self.classes.items()
            if self.page_class_of(iri) == page and iri != page.iri
        }
        if not type_name:
            return page.iri
        found = next((iri for name, iri in under.items() if name.lower() == type_name.lower()), None)
        if found is None:
            offer = f"choose one of {', '.join(sorted(under))}." if under else "leave --type out."
            raise UsageError(f"{type_name!r} is not a class under {class_name}.", offer)
        return found

    def predicate_named(self, name: str) -> PropertyTerm:
        """Return the predicate with a name: a CURIE, a local name, a notation, or the wording of pages (its label).

        Wordings are compared by their words, without a leading "is". Raises UsageError for what is none, with the most
        similar one.
        """
        known = [term for term in self.properties.values() if term.is_predicate and term.curie != "akb:related"]
        exact = [term for term in known if name in (term.curie, term.curie.partition(":")[2], term.notation)]
        wording = _wording(name)
        alike = [term for term in known if wording in (_wording(term.notation), _wording(term.name or term.label))]
        if not (found := exact or alike):
            near = guess(name, [term.notation for term in known])
            raise UsageError(
                f"{name!r} is not a predicate that an edge may carry.", f"{near}choose one of docs/ontology.md."
            )
        return found[0]

    def oriented(self, subject: str, predicate: str, object_: str, namespaces: Namespaces) -> tuple[str, str, str]:
        """Return the IRIs of an edge's ends and predicate in the direction in which it is stored.

        `predicate` is named as `predicate_named` has it. An inverse is replaced by its predicate, with swapped ends,
        and the ends of a symmetric predicate are sorted. Raises UsageError for an invalid CURIE or predicate.
        """
        term = self.predicate_named(predicate)
        ends = [_expand(curie, namespaces) for curie in (subject, object_)]
        if not term.is_asserted:
            term = self.properties[term.inverse]
            ends.reverse()
        if "symmetric" in term.traits:
            ends.sort()
        return ends[0], term.iri, ends[1]

    def misfit(self, predicate: str, starts: Iterable[str], ends: Iterable[str]) -> int | None:
        """Return which end of an edge, 0 or 1, is of no class that its predicate joins; None where both are."""
        term = self.properties[predicate]
        for end, (classes, wanted) in enumerate(((starts, term.domain), (ends, term.range))):
            if wanted and not any(self.is_under(one, wanted) for one in classes):
                return end
        return None

    def joining(self, first_class: str, second_class: str) -> list[tuple[PropertyTerm, bool]]:
        """Return the predicates that may join two entities by their classes, the most exact first.

        With each comes whether it runs from the second to the first; a symmetric one has no direction, and comes once.
        """

        def fits(term: PropertyTerm, start: str, end: str) -> bool:
            return self.is_under(start, term.domain) and self.is_under(end, term.range)

        found = [
            (term, turned)
            for term in self.predicates.values()
            for turned in ((False,) if "symmetric" in term.traits else (False, True))
            if fits(term, *((second_class, first_class) if turned else (first_class, second_class)))
        ]
        # A predicate with a smaller domain and range is more specific; symmetric predicates are the least specific.
        width = {iri: sum(self.is_under(other, iri) for other in self.classes) for iri in self.classes}
        return sorted(
            found,
            key=lambda one: ("symmetric" in one[0].traits, width[one[0].domain] + width[one[0].range], one[0].notation),
        )

    @cached_property
    def _by_curie(self) -> dict[str, str]:
        return {term.curie: term.iri for term in (*self.classes.values(), *self.properties.values())}

    @cached_property
    def _parents(self) -> dict[str, tuple[str, ...]]:
        by_curie = {term.curie: iri for iri, term in self.classes.items()}
        return {
            iri: tuple(by_curie[curie] for curie in term.parents if curie in by_curie)
            for iri, term in self.classes.items()
        }


def _expand(curie: str, namespaces: Namespaces) -> str:
    try:
        return namespaces.expand(curie)
    except KeyError as error:
        raise UsageError(f"{curie!r} is not a CURIE.", "write it as prefix:name.") from error


def _wording(name: str) -> str:
    """Return the words of the name of a predicate: `is_studied_by`, "is studied by" and `studiedBy` are the same."""
    parted = _CAMEL.sub("_", name).casefold()
    return "_".join(_WORD.findall(parted)).removeprefix("is_")
