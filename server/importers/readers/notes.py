"""Notes in Markdown, as Obsidian and others keep them: YAML between lines of three dashes, then text.

What a field of the YAML says is a column of tables (docs/curation.md), in any case; `title`, `aliases`, `authors`,
`date`, `arxiv`, `url` and `type` are understood too. A field whose values are links, `[[Another note]]`, or ids of
entities is an edge by the predicate of that name. The first paragraph of the text is the definition where no
field is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from ...errors import UsageError
from ...records.findings import Finding
from ..files import shown, text_of_file
from ..texts import plain
from ..works import Described, Link, Place
from .interface import Importer

_FENCE: Final = re.compile(r"\A---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_LINK: Final = re.compile(r"\[\[([^\[\]|#]+)(?:#[^\[\]|]*)?(?:\|[^\[\]]*)?\]\]")
_CURIE: Final = re.compile(r"[a-z][a-z0-9_-]*:[a-z0-9]+(?:-[a-z0-9]+)*")
_MARKS: Final = re.compile(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}|!?\[([^\]]*)\]\([^)]*\)")
_HEADING: Final = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_LONGEST: Final = 600


def read(path: Path) -> Iterator[Described | Finding]:
    """Yield what a note describes, or each note of a folder."""
    files = sorted(path.rglob("*.md")) if path.is_dir() else [path]
    if path.is_dir() and not files:
        raise UsageError(f"{path} has no notes.", "name a folder with files that end in .md.")
    for file in files:
        # Obsidian keeps its own things, and what was deleted, in folders with a point.
        if not any(part.startswith(".") for part in file.relative_to(path).parts[:-1]):
            yield _note(file)


def _note(path: Path) -> Described | Finding:
    import yaml  # noqa: PLC0415 - it is not needed to import anything else

    text = text_of_file(path)
    place = Place(str(path), 1, path.stem)
    fence = _FENCE.match(text)
    if fence is None:
        return place.fault(
            "The note has no front matter.", "begin it with a line ---, fields such as class: concept, and a line ---."
        )
    try:
        found = yaml.safe_load(fence[1] or "")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        why = getattr(error, "problem", None) or str(error).partition("\n")[0]
        return Place(str(path), line, path.stem).fault(
            f"The front matter is not YAML: {why}.", "put quotes around a value with a colon, # or brackets."
        )
    except (ValueError, RecursionError) as error:
        return place.fault(f"The front matter is not YAML: {error}.", "write its fields one a line.")
    if not isinstance(found, Mapping):
        return place.fault("The front matter has no fields.", "write them as class: concept, one a line.")
    fields: dict[str, tuple[str, ...]] = {}
    links: list[Link] = []
    for name, value in found.items():
        values = tuple(_values(value))
        targets = [target for one in values for target in _targets(one)]
        if targets and all(list(_targets(one)) for one in values) and str(name).lower() not in _NEVER_LINKS:
            links += [Link(str(name), target) for target in targets]
        elif values:
            fields[str(name)] = tuple(_LINK.sub(r"\1", one) for one in values)
    heading, paragraph = _beginning(text[fence.end() :])
    if not any(name.lower() in {"title", "label"} for name in fields):
        fields["label"] = (heading or path.stem,)
    return Described(
        place,
        fields,
        definition=paragraph,
        links=tuple(links),
        keys=frozenset((f"of note:{path.stem.lower()}",)),
        source=f"note {path.name}",
    )


_NEVER_LINKS: Final = frozenset(
    ("author", "authors", "authorlist", "tags", "aliases", "title", "label", "class", "type")
)


def _values(value: object) -> Iterator[str]:
    """Yield the values of a field as texts; an unquoted [[link]] is a list in a list to YAML."""
    if isinstance(value, list):
        for one in value:
            if isinstance(one, list) and len(one) == 1 and isinstance(one[0], list):
                yield from (f"[[{inner}]]" for inner in one[0])
            else:
                yield from _values(one)
    elif isinstance(value, Mapping):
        yield shown(dict(value))
    elif value is not None and not isinstance(value, bool):
        text = " ".join(str(value).split())
        if text:
            yield text


def _targets(value: str) -> Iterable[str]:
    """Return what a value leads to, where it is a link or the id of an entity and nothing else."""
    if _CURIE.fullmatch(value):
        return [value]
    found = _LINK.findall(value)
    return [one.strip() for one in found] if found and not _LINK.sub("", value).strip(" ,;") else []


def _beginning(body: str) -> tuple[str, str]:
    """Return the first heading of a text, and its first paragraph as plain text."""
    heading = ""
    lines: list[str] = []
    for line in body.split("\n"):
        if match := _HEADING.match(line):
            if lines:
                break
            heading = heading or plain(match[1])
        elif line.strip() and not line.lstrip().startswith(("![[", "```", "|", ">", "- ", "* ", "%%")):
            lines.append(line.strip())
        elif lines:
            break
    text = _LINK.sub(lambda found: found[0].strip("[]").rpartition("|")[2].partition("#")[0], " ".join(lines))
    text = plain(_MARKS.sub(lambda found: found[1] or "", text))
    return heading, text if len(text) <= _LONGEST else ""


NOTES: Final = Importer(
    read,
    suffixes=(".md", ".markdown"),
    recognizes=lambda start: _FENCE.match(start) is not None,
)
