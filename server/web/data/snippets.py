"""How to ask for things from a program, in a few languages: each runs as it is."""

from __future__ import annotations

import json
import shlex
from typing import Final

from markupsafe import Markup

from ...records.snippets import Snippet

CARD_WIDTH: Final = 420
CARD_HEIGHT: Final = 280
"""Pixels that the card of an entity takes in a frame."""

QUERY: Final = "SELECT ?property ?value WHERE { <%s> ?property ?value } LIMIT 10"
"""A query that has an answer about anything."""


def entity_snippets(address: str) -> tuple[Snippet, ...]:
    """Return how to get an entity as data, given its address."""
    quoted = json.dumps(address, ensure_ascii=False)
    return (
        Snippet("curl", f"curl -sL -H 'Accept: text/turtle' {shlex.quote(address)}\n"),
        Snippet(
            "Python",
            "import json\nfrom urllib.request import Request, urlopen\n\n"
            f'request = Request({quoted}, headers={{"Accept": "application/ld+json"}})\n'
            "with urlopen(request) as answer:\n    data = json.load(answer)\nprint(json.dumps(data, indent=2))\n",
        ),
        Snippet(
            "R",
            "library(jsonlite)\n\n"
            f"address <- {quoted}\n"
            'data <- fromJSON(paste0(address, ".json"))\nprint(data$label)\n',
        ),
        Snippet(
            "JavaScript",
            f"const address = {quoted};\n"
            'fetch(address, { headers: { Accept: "application/ld+json" } })\n'
            "  .then((answer) => answer.json())\n  .then((data) => console.log(JSON.stringify(data, null, 2)));\n",
        ),
    )


def card_frame(address: str, label: str, width: int = CARD_WIDTH, height: int = CARD_HEIGHT) -> str:
    """Return the element that shows the card of an entity on a page of another site, without scripts."""
    element = Markup('<iframe src="{}/embed" width="{}" height="{}" title="{}" loading="lazy"></iframe>')
    return str(element.format(address, width, height, label))


def table_snippets(address: str, values: str) -> tuple[Snippet, ...]:
    """Return how to get the table of a kept query, given its address without an extension, and its values."""
    query = f"?{values}" if values else ""
    table, data = (json.dumps(f"{address}.{ending}{query}", ensure_ascii=False) for ending in ("raw.csv", "json"))
    return (
        Snippet("curl", f"curl -s {shlex.quote(f'{address}.raw.csv{query}')}\n"),
        Snippet(
            "Python",
            "import csv\nimport io\nfrom urllib.request import urlopen\n\n"
            f"with urlopen({table}) as answer:\n"
            "    rows = list(csv.DictReader(io.StringIO(answer.read().decode())))\nprint(rows)\n",
        ),
        Snippet("R", f"rows <- read.csv({table})\nprint(rows)\n"),
        Snippet(
            "JavaScript",
            f"fetch({data})\n  .then((answer) => answer.json())\n  .then((data) => console.log(data.rows));\n",
        ),
    )


def query_snippets(endpoint: str, query: str) -> tuple[Snippet, ...]:
    """Return how to ask the endpoint a query, and get a table."""
    quoted, text = json.dumps(endpoint, ensure_ascii=False), json.dumps(query, ensure_ascii=False)
    return (
        Snippet(
            "curl",
            f"curl -s -H 'Accept: text/csv' --data-urlencode {shlex.quote(f'query={query}')} {shlex.quote(endpoint)}\n",
        ),
        Snippet(
            "Python",
            "import csv\nimport io\nfrom urllib.parse import urlencode\nfrom urllib.request import Request, urlopen\n\n"
            f"query = {text}\n"
            f'request = Request({quoted}, urlencode({{"query": query}}).encode(), {{"Accept": "text/csv"}})\n'
            "with urlopen(request) as answer:\n"
            "    rows = list(csv.DictReader(io.StringIO(answer.read().decode())))\nprint(rows)\n",
        ),
        Snippet(
            "R",
            f"query <- {text}\n"
            f'address <- paste0({quoted}, "?format=csv&query=", URLencode(query, reserved = TRUE))\n'
            "rows <- read.csv(address)\nprint(rows)\n",
        ),
        Snippet(
            "JavaScript",
            f"const query = {text};\n"
            f"fetch({quoted}, {{\n"
            '  method: "POST",\n  headers: { Accept: "application/sparql-results+json" },\n'
            "  body: new URLSearchParams({ query }),\n})\n"
            "  .then((answer) => answer.json())\n  .then((data) => console.log(data.results.bindings));\n",
        ),
    )
