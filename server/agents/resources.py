"""What agents may read by its address: entities, the schema, and the pages of the manual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..errors import NotFoundError
from ..sparql.queries import question
from .base import AgentBase
from .registry import tools_of
from .tools import tool_named

MARKDOWN: Final = "text/markdown"
_COMPLETED: Final = 20


@dataclass(frozen=True)
class Resource:
    """A document, by its IRI."""

    uri: str
    name: str
    title: str
    description: str


def resources_of(base: AgentBase) -> Iterator[Resource]:
    """Yield the schema, the pages of the manual, and the entities with the most edges; `template_of` has the others."""
    start = base.namespaces.base
    yield Resource(f"{start}ontology", "schema", "Schema", "Classes, predicates and properties, as queries name them.")
    for name, title in base.manual().items():
        yield Resource(f"{start}docs/{name}", f"docs/{name}", title, f"A page of the manual: {title}.")
    for row in base.store.select(question("most_connected")):
        iri, label = str(row["entity"]), str(row["label"])
        yield Resource(iri, base.namespaces.compact(iri), label, str(row["definition"])[:200])


def template_of(base: AgentBase) -> str:
    """Return the addresses of entities as a URI template (RFC 6570)."""
    return f"{base.namespaces.base}{{class}}/{{slug}}"


def read_resource(base: AgentBase, uri: str) -> str:
    """Return a document as Markdown. Raises NotFoundError for an address at which there is none."""
    path = uri.removeprefix(base.namespaces.base)
    if path == "ontology":
        return tool_named(tools_of(base), "schema").call(base, {}).text
    folder, _, name = path.partition("/")
    if folder == "docs":
        if text := base.manual_page(name):
            return text
        raise NotFoundError(f"The manual has no page {name[:80]!r}.", f"there are {', '.join(base.manual())}.")
    tools = tools_of(base)
    parts = [tool_named(tools, tool).call(base, {"id": uri}).text for tool in ("entity", "evidence")]
    return "\n\n".join(parts)


def completed(base: AgentBase, argument: str, typed: str, chosen: str = "") -> list[str]:
    """Return what may become of an argument of the template, or of a prompt, that was typed so far.

    `chosen` is the class that was chosen, where the slug of an entity is typed.
    """
    classes = [one.name for one in base.classes]
    if argument == "class":
        return [name for name in classes if name.startswith(typed)]
    found = [one.entity for one in base.finder.suggest(typed, _COMPLETED)]
    if argument == "slug":
        return [one.curie.partition(":")[2] for one in found if chosen in {"", one.class_name}]
    return [one.label for one in found]
