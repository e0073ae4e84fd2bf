"""Writes the first files of a new base, from one of the templates in `starters/`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ..engine import DISTRIBUTION, engine_version
from ..errors import UsageError
from ..namespaces import AKB, RDF, Namespaces
from .edges import edge_id
from .reader import namespaces_of
from .source_files import SourceFile, read_text
from .statements import Statement, iri_of
from .writer import canonical_text

TEMPLATES: Final = ("minimal", "scholarly", "skos")
"""What a base can be started from: folders of `starters/`."""
_STARTERS: Final = Path(__file__).parent.parent / "starters"
_COMMON: Final = "common"
"""The folder of the files that come with every template."""
_HIDDEN: Final = re.compile(r"^(?=git(?:hub|ignore))")
"""Names that get a dot before them: as they are, packagers and git would take them for their own."""
_BASE: Final = re.compile(r"https?://[^\s/?#<>\"{}|\\^`]+/(?:[^\s?#<>\"{}|\\^`]*/)?")
_NAME: Final = re.compile(r"[^\W_](?:[^\"\\{}<>\x00-\x1f\x7f]{0,78}[^\"\\{}<>\s\x00-\x1f\x7f])?")
_TYPE, _EDGE = f"<{RDF}type>", f"<{AKB}Edge>"
_ENDS: Final = tuple(f"<{AKB}{end}>" for end in ("subject", "predicate", "object", "assertedIn"))


def start_base(folder: Path, template: str, name: str = "", base: str = "") -> list[str]:
    """Write a new base into a folder, and return the paths of its files, relative to the folder.

    The name is made from that of the folder, and the base IRI from the name, where they are not given. Raises
    UsageError when the folder holds anything, when there is no such template, or when the name or IRI cannot be used.
    """
    if template not in TEMPLATES:
        raise UsageError(f"{template!r} is not a template.", f"choose one of {', '.join(TEMPLATES)}.")
    _must_be_empty(folder)
    words = name or re.sub(r"[\W_]+", " ", folder.resolve().name).strip().capitalize()
    if not _NAME.fullmatch(words):
        raise UsageError(
            f"{words!r} cannot be the name of a base.",
            "give one with --name: up to 80 characters in one line, without quotes, braces, < > and backslashes.",
        )
    slug = "-".join(re.findall(r"[a-z0-9]+", words.lower())) or "base"
    iri = base or f"https://example.org/{slug}/"
    if not _BASE.fullmatch(iri):
        raise UsageError(
            f"{iri!r} cannot be the base IRI.",
            "give an http or https IRI that ends with a slash, without ? and #, such as https://data.example/.",
        )
    words_for = {
        "{name}": words,
        "{base}": iri,
        "{now}": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "{requirement}": f"{DISTRIBUTION}=={engine_version()}" if engine_version() != "0" else DISTRIBUTION,
    }
    texts = {path: _filled(text, words_for) for path, text in _texts(template)}
    was_there = folder.exists()
    try:
        for path, text in texts.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        _finish(folder, [path for path in texts if path.startswith("kb/")], Namespaces(iri))
    except OSError as error:
        _take_back(folder, texts, was_there=was_there)
        error.filename = error.filename or str(folder)
        raise UsageError(f"{folder} cannot be written: {error.strerror}.", "name another folder.") from error
    return sorted(texts)


def _take_back(folder: Path, paths: Iterable[str], *, was_there: bool) -> None:
    """Remove the files of a base that could not be finished, and the folders that were made for them."""
    for path in paths:
        (folder / path).unlink(missing_ok=True)
    made = {parent for path in paths for parent in Path(path).parents if parent.parts}
    for parent in sorted(made, key=lambda one: -len(one.parts)):
        with suppress(OSError):
            (folder / parent).rmdir()
    if not was_there:
        with suppress(OSError):
            folder.rmdir()


def _must_be_empty(folder: Path) -> None:
    try:
        if not folder.exists() or not any(one.name != ".git" for one in folder.iterdir()):
            return
    except NotADirectoryError:
        raise UsageError(f"{folder} is a file.", "name a folder that is empty, or not there yet.") from None
    except OSError as error:
        raise UsageError(f"{folder} cannot be read: {error.strerror}.", "name another folder.") from error
    raise UsageError(f"{folder} is not empty.", "name a folder that is empty, or not there yet.")


def _texts(template: str) -> Iterator[tuple[str, str]]:
    """Yield the path of each file of a template, as the base has it, with its text."""
    for part in (_STARTERS / _COMMON, _STARTERS / template):
        for path in sorted(part.rglob("*")):
            if path.is_file():
                yield _HIDDEN.sub(".", path.relative_to(part).as_posix()), path.read_text(encoding="utf-8")


def _filled(text: str, words: dict[str, str]) -> str:
    for placeholder, word in words.items():
        text = text.replace(placeholder, word)
    return text


def _finish(folder: Path, paths: list[str], namespaces: Namespaces) -> None:
    """Name the edges in files by their ends, which depend on the base IRI, and write the files in canonical form."""
    whole = namespaces_of(folder, namespaces)
    for path in paths:
        file = read_text(path, (folder / path).read_text(encoding="utf-8"))
        assert isinstance(file, SourceFile), file
        said = list(file.statements)
        names = dict(_edge_names(said, whole))
        renamed = [(names.get(subject, subject), predicate, value) for subject, predicate, value in said]
        (folder / path).write_text(canonical_text(renamed, whole), encoding="utf-8")


def _edge_names(said: list[Statement], namespaces: Namespaces) -> Iterator[tuple[str, str]]:
    for edge in {subject for subject, predicate, value in said if (predicate, value) == (_TYPE, _EDGE)}:
        values = {
            predicate: iri_of(value) for subject, predicate, value in said if subject == edge and predicate in _ENDS
        }
        yield edge, f"<{namespaces.edge}{edge_id(*(values.get(end, '') for end in _ENDS))}>"
