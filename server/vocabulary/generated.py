"""Files that are made from the ontology, so that each thing is said in one place only.

`akb generate` writes them, `akb generate --check` and a test fail when one is out of step.
"""

from __future__ import annotations

import json
from pathlib import Path

from ..errors import UsageError
from ..namespaces import VOCABULARIES, XSD, Namespaces
from ..records.terms import PropertyTerm
from ..turtle.reader import Base
from .reading import Vocabulary, vocabulary_of
from .recorded import TERMS_FILE, terms_text
from .reference import reference

_HEADER = "# Generated from ontology/ by `akb generate`. Do not edit.\n"


def generated_files(base: Base) -> dict[Path, str]:
    """Return the text of every generated file, keyed by its path relative to the root."""
    vocabulary = vocabulary_of(base)
    return {
        Path("ontology/context.jsonld"): context_text(vocabulary, base.namespaces),
        Path("shapes/predicates.ttl"): predicate_shapes(vocabulary),
        Path("docs/ontology.md"): reference(vocabulary),
        TERMS_FILE: terms_text(vocabulary, base.root, base.namespaces),
    }


def out_of_step(base: Base) -> list[Path]:
    """Return the generated files whose text on disk is not what the ontology yields."""
    return [
        path
        for path, text in generated_files(base).items()
        if not (base.root / path).is_file() or (base.root / path).read_text(encoding="utf-8") != text
    ]


# ---- the JSON-LD context ---------------------------------------------------------------------------------


def context(vocabulary: Vocabulary, namespaces: Namespaces) -> dict[str, object]:
    """Return the JSON-LD 1.1 context: prefixes, classes, and properties with the kind of their values.

    A class or property is called by its local name; a borrowed property by its notation in camel case.
    Text in English is a plain string; in another language it is a value object.
    """
    terms: dict[str, object] = {"@version": 1.1}
    terms |= {prefix: VOCABULARIES[prefix] for prefix in sorted(VOCABULARIES)}
    own = namespaces.own_prefixes()
    terms |= {prefix: own[prefix] for prefix in own if prefix != "graph"}
    named = {_local(term.curie): term.curie for term in vocabulary.classes.values()}
    properties = {term.key: _definition(term) for term in vocabulary.properties.values()}
    clash = named.keys() & properties.keys() | terms.keys() & (named.keys() | properties.keys())
    # A prefix and a property may share a name only if they would share a meaning, and none do.
    if clash:
        raise UsageError(f"Two terms would share the key {', '.join(sorted(clash))} in context.jsonld.")
    return terms | dict(sorted((named | properties).items()))


def context_text(vocabulary: Vocabulary, namespaces: Namespaces) -> str:
    """Return the context as the text of `ontology/context.jsonld`."""
    return json.dumps({"@context": context(vocabulary, namespaces)}, indent=2, ensure_ascii=False) + "\n"


def _definition(term: PropertyTerm) -> object:
    if term.values == "iri":
        return {"@id": term.curie, "@type": "@id"}
    if term.values == "text":
        return {"@id": term.curie, "@language": "en"}
    # A shape is about the instances of some classes, and the context about all: only a range makes values typed.
    if term.range.startswith(XSD) and term.range != f"{XSD}string":
        return {"@id": term.curie, "@type": "xsd:" + term.range.removeprefix(XSD)}
    return {"@id": term.curie}


def _local(curie: str) -> str:
    return curie.partition(":")[2]


# ---- shapes of the predicates ----------------------------------------------------------------------------


def predicate_shapes(vocabulary: Vocabulary) -> str:
    """Return SHACL shapes that hold every predicate to its domain and range, and away from its inverse."""
    blocks = [
        _HEADER
        + "@prefix akb: <https://w3id.org/alignment-kb/ontology#> .\n"
        + "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        + "@prefix shape: <https://w3id.org/alignment-kb/shapes#> .\n"
    ]
    for term in vocabulary.predicates.values():
        name = _local(term.curie)
        domain, range_ = vocabulary.classes[term.domain], vocabulary.classes[term.range]
        blocks.append(
            _end_shape(f"{name}-subject", "sh:targetSubjectsOf", term.curie, domain.curie)
            + f'    sh:message "{term.curie} starts from {_a(domain.label)}, and this is none. '
            + "Mend: turn the edge round if its ends are swapped, or choose a predicate that may start "
            + 'from this class (docs/ontology.md lists them)."@en .\n'
        )
        blocks.append(
            _end_shape(f"{name}-object", "sh:targetObjectsOf", term.curie, range_.curie)
            + f'    sh:message "{term.curie} leads to {_a(range_.label)}, and this is none. '
            + "Mend: turn the edge round if its ends are swapped, or choose a predicate that may lead "
            + 'to this class (docs/ontology.md lists them)."@en .\n'
        )
    return "\n".join(blocks)


def _end_shape(name: str, target: str, predicate: str, class_: str) -> str:
    return f"shape:{name} a sh:NodeShape ;\n    {target} {predicate} ;\n    sh:class {class_} ;\n"


def _a(label: str) -> str:
    return f"{'an' if label[0].lower() in 'aeiou' else 'a'} {label}"
