"""Every entity as a page of Markdown in one ZIP archive: a vault for Obsidian, and for whatever else reads Markdown.

Links between pages are relative (CommonMark, section 6.3), so that they work from any folder. What is known of an
entity is in its front matter too, as the JSON that is a part of YAML 1.2: names as `aliases`, the class as `tags`.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ...formats.writing import markdown_code, markdown_text
from ...namespaces import is_web_address
from ...text.order import order_key

_START: Final = "README.md"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The date of each file: with a true one equal pages would become other archives."""
_READABLE: Final = 0o644 << 16
_OWN: Final = frozenset({"id", "iri", "class", "status", "aliases", "tags", "cssclasses"})
"""Keys of the front matter that are taken."""
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
"""A key that YAML takes as it is."""
_UNWRITTEN: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that YAML has no place for, or takes for the end of a line (YAML 1.1, section 4.1; 1.2, section 5.1)."""
_NAMES: Final = "SELECT DISTINCT name FROM name WHERE entity = ? AND name <> ? ORDER BY language, name"
_FACTS: Final = """
SELECT property.name, property.label AS property_label, fact.value, fact.label FROM fact
JOIN property ON property.id = property WHERE entity = ? ORDER BY position, language, value
"""
_LINKS: Final = """
SELECT class.name AS class, class.plural AS plural, other.id AS id, other.label AS label,
  CASE is_back WHEN 1 THEN inverse_label ELSE predicate.label END AS phrase,
    note, locator, confidence, edge.status AS status, source.id AS source, source.label AS source_label
FROM (
  SELECT id, object AS other, 0 AS is_back FROM edge WHERE subject = :id
  UNION ALL SELECT id, subject, 1 FROM edge WHERE object = :id
) AS near JOIN edge ON edge.id = near.id JOIN entity AS other ON other.id = near.other
JOIN status ON status.name = edge.status AND is_in_use JOIN class ON class.name = other.class
JOIN predicate ON predicate.id = edge.predicate LEFT JOIN entity AS source ON source.id = edge.source
ORDER BY class.position, other.edges DESC, other.id, edge.id
"""


def write_vault(tables: sqlite3.Connection, path: Path) -> int:
    """Write the archive, page by page, into a new file, and return how many pages it has."""
    count = 0
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, text in _pages(tables):
            info = ZipInfo(name, _EPOCH)
            info.compress_type, info.external_attr = ZIP_DEFLATED, _READABLE
            archive.writestr(info, text)
            count += 1
    return count


def _pages(tables: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    about = dict(tables.execute("SELECT name, value FROM about").fetchall())
    classes = tables.execute(
        """SELECT *, (SELECT COUNT(*) FROM entity WHERE class = class.name) AS count FROM class ORDER BY position"""
    ).fetchall()
    lists = [f"- [{markdown_text(one['plural'])}]({one['name']}.md) ({one['count']})\n" for one in classes]
    licences = "".join(f"- Licence: <{iri}>\n" for iri in about["licence"].split())
    head = f"# {markdown_text(about['title'])}\n\n{markdown_text(about['description'])}\n\n"
    yield _START, f"{head}{''.join(lists)}\n- IRI: <{about['dataset']}>\n{licences}"
    for one in classes:
        yield f"{one['name']}.md", _list_page(tables, one)
    for (entity,) in tables.execute("SELECT id FROM entity ORDER BY id"):
        yield _file(entity), _page(tables, entity)


def _file(entity: str) -> str:
    return f"{entity.replace(':', '/', 1)}.md"


def _list_page(tables: sqlite3.Connection, one: sqlite3.Row) -> str:
    listed = tables.execute("SELECT id, label, status FROM entity WHERE class = ? ORDER BY id", (one["name"],))
    by_name = sorted(listed, key=lambda row: order_key(row["label"]))
    lines = [f"- [{markdown_text(row['label'])}]({_file(row['id'])}), {row['status']}\n" for row in by_name]
    return f"# {markdown_text(one['plural'])}\n\n{markdown_text(one['definition'])}\n\n{''.join(lines)}"


def _page(tables: sqlite3.Connection, entity: str) -> str:
    row = tables.execute("SELECT * FROM entity WHERE id = ?", (entity,)).fetchone()
    facts: dict[str, list[sqlite3.Row]] = {}
    for fact in tables.execute(_FACTS, (entity,)):
        facts.setdefault(fact["name"], []).append(fact)
    class_link = f"[{markdown_text(row['class'])}](../{row['class']}.md)"
    parts = [_front_matter(tables, row, facts), f"# {markdown_text(row['label'])}\n\n"]
    parts.append(f"{class_link} {markdown_code(entity)}, {markdown_text(row['status'])}")
    if row["replaced_by"]:
        parts.append(f", replaced by [{markdown_text(row['replaced_by'])}](../{_file(row['replaced_by'])})")
    parts.append(f".\n\n{markdown_text(row['definition'])}\n")
    if facts:
        parts.append("\n## Facts\n\n")
        for found in facts.values():
            said = "; ".join(_fact(one) for one in found)
            parts.append(f"- {markdown_text(found[0]['property_label'])}: {said}\n")
    parts += _links(tables, entity)
    return "".join(parts)


def _front_matter(tables: sqlite3.Connection, row: sqlite3.Row, facts: Mapping[str, list[sqlite3.Row]]) -> str:
    names = [name for (name,) in tables.execute(_NAMES, (row["id"], row["label"]))]
    matter = {
        **{key: row[key] for key in ("id", "iri", "class", "status")},
        "aliases": [row["label"], *names],
        "tags": [row["class"]],
        **{name: _one_or_all([one["value"] for one in found]) for name, found in facts.items() if name not in _OWN},
    }
    lines = (f"{key if _PLAIN.fullmatch(key) else _yaml(key)}: {_yaml(value)}\n" for key, value in matter.items())
    return f"---\n{''.join(lines)}---\n\n"


def _yaml(value: str | list[str]) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return _UNWRITTEN.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def _one_or_all(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


def _fact(fact: sqlite3.Row) -> str:
    value: str = fact["value"]
    if is_web_address(value) and not set(value) & set(" <>\n"):
        return f"<{value}>"
    return markdown_text(fact["label"] or value)


def _links(tables: sqlite3.Connection, entity: str) -> Iterator[str]:
    group = ""
    for row in tables.execute(_LINKS, {"id": entity}):
        if row["class"] != group:
            group = row["class"]
            yield f"\n## {markdown_text(row['plural'])}\n\n"
        said = f"- {markdown_text(row['phrase'])} [{markdown_text(row['label'])}](../{_file(row['id'])})"
        said += f": {markdown_text(row['note'])}" if row["note"] else ""
        if row["source"]:
            said += f" Source: [{markdown_text(row['source_label'])}](../{_file(row['source'])})"
            said += f", {markdown_text(row['locator'])}." if row["locator"] else "."
        said += f" Confidence: {row['confidence']}." if row["confidence"] is not None else ""
        yield f"{said}\n"
