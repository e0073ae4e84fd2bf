"""Every address, what it takes and in which formats it answers, as OpenAPI (OpenAPI Specification 3.1.1).

It is written from the routes of the running application, the table of formats, and the table `addressed/table.py`. So
a new route is in it, and a format that another package adds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask
from werkzeug.routing import Rule

from ...engine import engine_version
from ...serialization import CSV, HTML, JSON, LINKSET, PROBLEM, RAW_CSV, Format
from ..open_release import OpenRelease
from .addressed.describing import GROUPS, SERVER, TEXT, Address, Parameter, classes
from .addressed.table import ADDRESSES

VERSION: Final = "3.1.1"
"""That of the specification."""
_PART: Final = re.compile(r"<(?:(?P<kind>\w+)(?:\((?P<names>[^)]*)\))?:)?(?P<name>\w+)>")
"""A variable part of a route (werkzeug.routing)."""
_SHOWN_AS: Final = {"page_class": "class"}
"""What a part is called by its converter, where the name of its variable says less."""
_UNKNOWN: Final = Address(SERVER, media_types=("*/*",))
"""What is known of a route that is not in the table."""
_NEGOTIATED: Final = "Which of its formats is sent is negotiated by the header Accept (RFC 9110, section 12)."


@dataclass(frozen=True)
class Operation:
    """One method at one address."""

    path: str
    """With its variable parts in braces."""
    method: str
    id: str
    summary: str
    address: Address
    parts: Mapping[str, Any]
    """The schemas of its variable parts, by name."""
    parameters: tuple[Parameter, ...]
    formats: tuple[Format, ...]
    """Those of the document, if it is one."""
    media_types: tuple[str, ...]


def operations(app: Flask, release: OpenRelease) -> Iterator[Operation]:
    """Yield every operation, in the order of the paths."""
    found = [one for rule in app.url_map.iter_rules() for one in _of_rule(app, rule, release)]
    yield from sorted(found, key=lambda one: (one.path, one.method))


def grouped(found: Sequence[Operation]) -> list[tuple[str, list[Operation]]]:
    """Return operations by what they are for; the address of one format is left out, since it is said of the other."""
    groups: defaultdict[str, list[Operation]] = defaultdict(list)
    for one in found:
        if "{extension}" not in one.path:
            groups[one.address.group].append(one)
    return [(group, groups[group]) for group in GROUPS if groups[group]]


def described(app: Flask, release: OpenRelease, site: str) -> dict[str, Any]:
    """Return the description of all operations; `site` is the address of the site, with a slash at its end."""
    paths: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for one in operations(app, release):
        paths[one.path][one.method] = _operation(one, release)
    licences = release.site.licences
    return {
        "openapi": VERSION,
        "info": {
            "title": release.site.name,
            "summary": release.site.summary,
            "description": release.site.description,
            "version": engine_version(),
            **({"license": {"name": licences[0].label, "url": licences[0].iri}} if licences else {}),
            **_contact(release.site.contact),
        },
        "externalDocs": {"url": f"{site}docs", "description": "The manual"},
        "servers": [{"url": site.rstrip("/")}],
        "tags": [{"name": group} for group in GROUPS],
        "paths": dict(paths),
        "components": {"schemas": {"Problem": _PROBLEM}},
    }


def _contact(address: str) -> dict[str, Any]:
    if address.startswith("mailto:"):
        return {"contact": {"email": address.removeprefix("mailto:")}}
    return {"contact": {"url": address}} if address.startswith("http") else {}


def _of_rule(app: Flask, rule: Rule, release: OpenRelease) -> Iterator[Operation]:
    address = ADDRESSES.get(rule.endpoint, _UNKNOWN)
    formats = address.formats_now()
    has_extension = "extension" in rule.arguments
    # Without an extension in its route, an entity has it in the last part of its address.
    suffixes = ["", ".<extension>"] if formats and rule.endpoint == "entities.thing" else [""]
    for suffix in suffixes:
        for path, parts in _paths(rule.rule + suffix, address, release):
            if has_extension or suffix:
                parts["extension"] = {
                    "type": "string",
                    "enum": [one.name for one in offered(formats, address.has_links)],
                }
                # The address of a format yields that format, whatever is asked for.
                taken = tuple(one for one in address.parameters if one.name != "_mediatype")
            else:
                taken = address.parameters
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield Operation(
                    path,
                    method.lower(),
                    _id(rule.endpoint, path, method),
                    _summary(app, rule),
                    address,
                    parts,
                    taken if method == "GET" else (),
                    formats,
                    tuple(dict.fromkeys(one.media_type for one in offered(formats, address.has_links)))
                    or address.media_types,
                )


def offered(formats: Sequence[Format], has_links: bool = True) -> tuple[Format, ...]:
    """Return the formats of a document, with those that every document of such formats has (`documents.py`)."""
    if not formats:
        return ()
    raw = (RAW_CSV,) if CSV in formats else ()
    # Whole graphs are data only, and have no page with links.
    return (*formats, *raw, *((LINKSET,) if has_links and HTML in formats else ()))


def _paths(rule: str, address: Address, release: OpenRelease) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the paths of a route, each with the schemas of its variable parts; a part with few names is written out."""
    chosen = next((part for part in _PART.finditer(rule) if part["kind"] == "any"), None)
    if chosen is not None:
        for name in re.findall(r"[\w-]+", chosen["names"]):
            yield from _paths(rule.replace(chosen[0], name), address, release)
        return
    parts: dict[str, Any] = {}

    def in_braces(part: re.Match[str]) -> str:
        name = _SHOWN_AS.get(part["kind"] or "", part["name"])
        if part["kind"] == "page_class":
            parts[name] = dict(classes(release))
        elif part["kind"] == "int":
            parts[name] = {"type": "integer", "minimum": 0}
        else:
            schema = address.parts.get(name, TEXT)
            parts[name] = dict(schema(release) if callable(schema) else schema)
        return f"{{{name}}}"

    yield _PART.sub(in_braces, rule), parts


def _id(endpoint: str, path: str, method: str) -> str:
    """Return the name of an operation, which no other has."""
    words = re.findall(r"\w+", path.replace("{extension}", "as"))
    return "_".join([method.lower(), endpoint.replace(".", "_"), *words])


def _summary(app: Flask, rule: Rule) -> str:
    """Return the first sentence of what the function that answers says of itself."""
    text = (app.view_functions[rule.endpoint].__doc__ or "").strip().partition("\n")[0]
    return text.rstrip(".")


def _operation(one: Operation, release: OpenRelease) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": one.id,
        "tags": [one.address.group],
        "summary": one.summary,
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": schema} for name, schema in one.parts.items()),
            *(_parameter(parameter, release) for parameter in one.parameters),
        ],
        "responses": _responses(one),
    }
    if one.formats and "extension" not in one.parts:
        found["description"] = _NEGOTIATED
    if one.method == "post" and (body := one.address.body):
        content: dict[str, Any] = {body.media_type: {"schema": dict(body.schema)}}
        content |= {other: {"schema": dict(TEXT)} for other in body.also}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _parameter(parameter: Parameter, release: OpenRelease) -> dict[str, Any]:
    schema = dict(parameter.schema(release) if callable(parameter.schema) else parameter.schema)
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.meaning,
        **({"required": True} if parameter.is_required else {}),
        **({"schema": {"type": "array", "items": schema}} if parameter.is_repeated else {"schema": schema}),
    }


def _responses(one: Operation) -> dict[str, Any]:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    failed = {
        "description": "There is none, and why: a page for people, a problem (RFC 9457) for programs.",
        "content": {PROBLEM.media_type: problem, HTML.media_type: {"schema": dict(TEXT)}},
    }
    leads: dict[str, Any] = {
        "description": "It is at another address.",
        "headers": {"Location": {"schema": {"type": "string", "format": "uri-reference"}, "required": True}},
    }
    content = {media_type: {"schema": _schema(one, media_type)} for media_type in one.media_types}
    answer = {"200": {"description": "The answer.", "content": content}} if content else {}
    is_thing = one.address.leads or (one.id.startswith("get_entities_thing") and "extension" not in one.parts)
    return {
        **({"303": leads} if is_thing else answer or {"200": {"description": "The answer."}}),
        **({"202": {"description": "It was received, and there is no answer."}} if one.address.may_be_silent else {}),
        "301": leads,
        "304": {"description": "The client has it already."},
        "default": failed,
    }


def _schema(one: Operation, media_type: str) -> dict[str, Any]:
    if media_type == JSON.media_type and one.address.answer:
        return dict(one.address.answer)
    return {} if media_type.endswith(("/json", "+json")) or media_type == "*/*" else dict(TEXT)


_PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong."},
        "mend": {"type": "string", "description": "What to do about it."},
        "instance": {"type": "string"},
        "request_id": {"type": "string", "description": "By which a fault of the server is found in its log."},
        "close": {"type": "array", "items": {"type": "object"}, "description": "Entities with similar names."},
        "available": {"type": "array", "items": {"type": "object"}, "description": "What there is instead."},
    },
}
"""A problem as `http/problems.py` writes it (RFC 9457, section 3)."""
