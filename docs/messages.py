"""Writes the catalogues of pages anew: `python -m docs.messages`.

Finds the messages of the templates, the sentences and the scripts, and merges them into `server/web/locales/*.po`;
finds the words of the base (its ontology and its settings), and merges them into `theme/locales/*.po`. What is not
translated yet is left empty, what is no longer said is dropped; no translation is guessed from a similar message.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from babel import Locale
from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from rdflib import Graph, Namespace
from rdflib.namespace import DCAT, DCTERMS, OWL, RDF, RDFS, SH, SKOS
from rdflib.term import Node

from server.comparison.records import Change
from server.knowledge.candidates import STATES
from server.namespaces import AKB as VOCABULARY
from server.proposals.records import VERDICTS
from server.records.candidates import OUTCOMES
from server.records.findings import Severity
from server.records.history import Fate
from server.records.lists import EVIDENCE, Facet
from server.settings import read_settings
from server.web.catalogues import OURS, messages_of_scripts

AKB: Final = Namespace(VOCABULARY)
ROOT: Final = Path(__file__).parent.parent
SERVER: Final = ROOT / "server"
OF_BASE: Final = ROOT / "theme" / "locales"
TAGS: Final = ("ar", "de", "es", "fr", "zh-Hans")
_STATUSES: Final = (400, 403, 404, 405, 406, 410, 412, 413, 416, 422, 429, 500, 501, 502, 503, 504)
_SENTENCES: Final = {"sentence": None, "sentence_of": (1, 2)}
_IMPORT: Final = re.compile(rb"^from [.\w]*\bsentences import .*\bsentence", re.MULTILINE)
_CALLS: Final = {"_": None, "gettext": None, "ngettext": (1, 2)}
_TEMPLATE_OPTIONS: Final[dict[str, Any]] = {"trimmed": "true", "silent": "false", "trim_blocks": "true"}
_DATED: Final = (
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Generated-By',
    '"Last-Translator',
    '"Language-Team',
    '"Report-Msgid',
)

Message = tuple[str, str] | str


def messages() -> dict[Message, str]:
    """Return all that pages say, and the file of each message."""
    found: dict[Message, str] = {}
    for path in sorted(SERVER.rglob("*.py")):
        if _IMPORT.search(path.read_bytes()):
            _add(found, path, "python", _SENTENCES, {})
    for path in sorted((SERVER / "web" / "templates").rglob("*.html")):
        _add(found, path, "jinja2.ext.babel_extract", _CALLS, _TEMPLATE_OPTIONS)
    for message in messages_of_scripts():
        found.setdefault(message, "server/web/static")
    for word in _enumerated():
        found.setdefault(word, "docs/messages.py")
    return found


def _enumerated() -> Iterator[str]:
    """Yield the words of which the program has lists."""
    yield from (HTTPStatus(status).phrase for status in _STATUSES)
    yield from (facet.capitalize() for facet in Facet)
    yield from (*EVIDENCE, *STATES, *OUTCOMES, *VERDICTS, *(one.capitalize() for one in VERDICTS))
    yield from (change.value for change in Change)
    yield from (*Fate, *Severity)
    # What every ontology has from the engine: the codes, and the predicates that read the same from both ends.
    core = Graph().parse(SERVER / "turtle" / "core.ttl")
    for scheme in _sorted(core.subjects(RDF.type, SKOS.ConceptScheme)):
        yield from map(str, core.objects(scheme, SKOS.prefLabel))
    for code in _sorted(core.subjects(SKOS.inScheme)):
        yield from (str(word) for word in (*core.objects(code, SKOS.prefLabel), *core.objects(code, SKOS.notation)))
    for term in _sorted(core.subjects(RDF.type, OWL.SymmetricProperty)):
        yield from map(str, core.objects(term, RDFS.label))
    yield from (", ", "; ", " and ", " and one of ")
    for path in sorted((SERVER / "queries" / "gaps").glob("*.rq")):
        first, *rest = path.read_text(encoding="utf-8").splitlines()
        yield first.removeprefix("# ")
        yield from (line.partition(": ")[2] for line in rest if line.startswith(("# title: ", "# mend: ")))


def _add(found: dict[Message, str], path: Path, method: str, keywords: dict[str, Any], options: dict[str, Any]) -> None:
    file = io.BytesIO(path.read_bytes())
    for _, one, _, _ in extract(method, file, keywords, options=options):
        message = one if isinstance(one, str) else (one[0], one[1])
        if message:
            found.setdefault(message, path.relative_to(ROOT).as_posix())


def words_of_base(root: Path) -> dict[Message, str]:
    """Return the words of a base that pages show: of its terms, sections, codes, shapes and settings."""
    graph = Graph()
    for path in (*sorted((root / "ontology").glob("*.ttl")), *sorted((root / "shapes").rglob("*.ttl"))):
        graph.parse(path)
    found: dict[Message, str] = {}
    site = read_settings({}, root=root).site
    for text in (site.title, site.heading, site.text, *(button.label for button in site.buttons or ())):
        if text:
            found.setdefault(text, "akb.toml")
    for word in _words_of(graph):
        found.setdefault(word, "ontology")
    ours = messages()
    return {word: file for word, file in found.items() if word not in ours}


def _words_of(graph: Graph) -> Iterator[str]:
    for dataset in graph.subjects(RDF.type, DCAT.Dataset):
        for text in (DCTERMS.description, DCTERMS.abstract):
            yield from map(str, graph.objects(dataset, text))
    for term in _sorted(graph.subjects(AKB.pluralLabel)):
        yield from map(str, graph.objects(term, AKB.pluralLabel))
        yield from map(str, graph.objects(term, SKOS.notation))
        yield from map(str, graph.objects(term, RDFS.label))
        yield from map(str, graph.objects(term, SKOS.definition))
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty):
        for term in _sorted(graph.subjects(RDF.type, kind)):
            yield from map(str, graph.objects(term, RDFS.label))
    for section in _sorted(graph.subjects(RDF.type, AKB.Section)):
        yield from map(str, graph.objects(section, RDFS.label))
        yield from map(str, graph.objects(section, AKB.emptyHint))
    for scheme in _sorted(graph.subjects(RDF.type, SKOS.ConceptScheme)):
        yield from map(str, graph.objects(scheme, SKOS.prefLabel))
    for code in _sorted(graph.subjects(SKOS.inScheme)):
        yield from map(str, graph.objects(code, SKOS.prefLabel))
        yield from map(str, graph.objects(code, SKOS.notation))
    yield from sorted({str(name) for name in graph.objects(None, SH.name)})


def _sorted(nodes: Iterable[Node]) -> list[Node]:
    return sorted(set(nodes), key=str)


def merge(folder: Path, found: dict[Message, str]) -> None:
    """Write the catalogues of a folder anew: with all messages that were found, and no others."""
    folder.mkdir(parents=True, exist_ok=True)
    for tag in TAGS:
        path = folder / f"{tag}.po"
        locale = Locale.parse(tag, sep="-")
        before = read_po(io.BytesIO(path.read_bytes()), locale) if path.is_file() else Catalog(locale)
        after = Catalog(locale, project="akb", fuzzy=False)
        for message, file in sorted(
            found.items(), key=lambda one: (one[1], one[0] if isinstance(one[0], str) else one[0][0])
        ):
            known = before.get(message if isinstance(message, str) else message[0])
            string = (
                known.string if known is not None and isinstance(known.id, str) == isinstance(message, str) else None
            )
            after.add(message, string, locations=[(file, None)])  # type: ignore[list-item]
        content = io.BytesIO()
        write_po(content, after, width=120, omit_header=False, include_lineno=False, include_previous=False)
        text = content.getvalue().decode("utf-8")
        # Dates in the header would make every run a change.
        path.write_text(
            "".join(line for line in text.splitlines(keepends=True) if not line.startswith(_DATED)), encoding="utf-8"
        )


def main() -> None:
    """Write the catalogues of pages, and those of the base."""
    merge(OURS, messages())
    merge(OF_BASE, words_of_base(ROOT))


if __name__ == "__main__":
    main()
