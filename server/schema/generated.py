"""Files that are generated from the ontology, its single source.

`akb generate` writes them; `akb generate --check` and a test fail when one is out of date.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from ..namespaces import VOCABULARIES, XSD, Namespaces
from ..records.terms import PropertyTerm
from ..turtle.base import Base
from ..turtle.defaults import name_of
from .reading import schema_of
from .recorded import TERMS_FILE, namespaces_declared_by, terms_text
from .reference import reference
from .schema import Schema

CONTEXT: Final = "ontology/context.jsonld"
"""The path of the context from the root."""
_HEADER = "# Generated from ontology/ by `akb generate`. Do not edit.\n"


def generated_files(base: Base) -> dict[Path, str]:
    """Return the text of every generated file, keyed by its path relative to the root."""
    schema, own = schema_of(base), namespaces_declared_by(base.ontology)
    return {
        Path(CONTEXT): context_text(schema, base.namespaces),
        Path("shapes/predicates.ttl"): predicate_shapes(schema, base.namespaces),
        Path("docs/ontology.md"): reference(schema, own),
        TERMS_FILE: terms_text(schema, base.root, base.namespaces, own),
    }


def out_of_step(base: Base) -> list[Path]:
    """Return the generated files whose text on disk is out of date."""
    return [
        path
        for path, text in generated_files(base).items()
        if not (base.root / path).is_file() or (base.root / path).read_text(encoding="utf-8") != text
    ]


# ---- the JSON-LD context ---------------------------------------------------------------------------------


def context(schema: Schema, namespaces: Namespaces) -> dict[str, object]:
    """Return the JSON-LD 1.1 context: prefixes, classes, and properties with the kind of their values.

    The name of a class or property is its local name; that of a borrowed property is its notation in camel case.
    Prefixes of the base are in it where a term needs them. Text in English is a plain string, in another language
    a value object.
    """
    known, own = namespaces.prefixes(), namespaces.own_prefixes()
    every = (*schema.classes.values(), *schema.properties.values())
    prefixes = {term.curie.partition(":")[0] for term in every} & known.keys() - own.keys()
    terms: dict[str, object] = {"@version": 1.1}
    terms |= {prefix: known[prefix] for prefix in sorted(VOCABULARIES.keys() | prefixes)}
    terms |= {prefix: own[prefix] for prefix in own if prefix != "graph"}
    named: dict[str, object] = {}
    for term, key, meaning in (
        *((term, name_of(term.iri), term.curie) for term in schema.classes.values()),
        *((term, term.key, _definition(term)) for term in schema.properties.values()),
    ):
        # The second of two terms with the same name gets its prefix too, so that documents are unambiguous.
        longer = term.curie.replace(":", "_", 1)
        free = (one for one in (key, longer, term.iri) if one and one not in terms and one not in named)
        named[next(free)] = meaning
    return terms | dict(sorted(named.items()))


def context_text(schema: Schema, namespaces: Namespaces) -> str:
    """Return the context as the text of `ontology/context.jsonld`."""
    return json.dumps({"@context": context(schema, namespaces)}, indent=2, ensure_ascii=False) + "\n"


def _definition(term: PropertyTerm) -> object:
    if term.values == "iri":
        return {"@id": term.curie, "@type": "@id"}
    if term.values == "text":
        return {"@id": term.curie, "@language": "en"}
    # A shape covers the instances of some classes, the context all of them: only a range makes values typed.
    if term.range.startswith(XSD) and term.range != f"{XSD}string":
        return {"@id": term.curie, "@type": "xsd:" + term.range.removeprefix(XSD)}
    return {"@id": term.curie}


# ---- shapes of the predicates ----------------------------------------------------------------------------


def predicate_shapes(schema: Schema, namespaces: Namespaces) -> str:
    """Return SHACL shapes that enforce the domain and the range of every predicate, if it has them."""
    blocks = []
    used = {"akb", "sh", "shape"}
    for term in schema.predicates.values():
        prefix, name = term.curie.split(":", 1)
        if name.startswith("//"):
            continue  # no prefix covers it
        name = name if prefix == "akb" else f"{prefix}-{name}"
        for end, target, iri, verb, other in (
            ("subject", "sh:targetSubjectsOf", term.domain, "starts from", "start from"),
            ("object", "sh:targetObjectsOf", term.range, "leads to", "lead to"),
        ):
            class_ = schema.classes.get(iri)
            if class_ is None or "://" in class_.curie:
                continue
            used |= {prefix, class_.curie.partition(":")[0]}
            blocks.append(
                _end_shape(f"{name}-{end}", target, term.curie, class_.curie)
                + f'    sh:message "{term.curie} {verb} {_a(class_.label)}, and this is none. '
                + f"Mend: turn the edge round if its ends are swapped, or choose a predicate that may {other} "
                + 'this class (docs/ontology.md lists them)."@en .\n'
            )
    known = namespaces.prefixes()
    prefixes = "".join(f"@prefix {prefix}: <{known[prefix]}> .\n" for prefix in sorted(used))
    return "\n".join((_HEADER + prefixes, *blocks))


def _end_shape(name: str, target: str, predicate: str, class_: str) -> str:
    return f"shape:{name} a sh:NodeShape ;\n    {target} {predicate} ;\n    sh:class {class_} ;\n"


def _a(label: str) -> str:
    return f"{'an' if label[0].lower() in 'aeiou' else 'a'} {label}"
