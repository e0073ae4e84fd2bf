"""No page class can be called like a page of the site."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from server.namespaces import CLASS_SLUG, RESERVED, VOCABULARIES


def test_the_reserved_names_are_the_first_parts_of_all_fixed_paths(client: FlaskClient) -> None:
    rules = [str(rule) for rule in client.application.url_map.iter_rules()]
    first: set[str] = set()
    for rule in rules:
        part = rule[1:].partition("/")[0]
        # `/<any('ontology', 'schemes'):name>` has two; `/map.<extension>` is the page `/map` in a format.
        first |= set(re.findall(r"'(\w[\w-]*)'", part)) if part.startswith("<any(") else {part.partition(".<")[0]}
    names = {one for one in first if CLASS_SLUG.fullmatch(one)}
    assert len(names) > 20
    assert names - RESERVED == {"dataset"}, "a class that is so called takes that one over"
    # Beside these, what has IRIs under the base without a page, and what has pages only below it or in other formats.
    assert RESERVED - names - VOCABULARIES.keys() <= {"candidate", "examples", "graph", "map", "theme"}
