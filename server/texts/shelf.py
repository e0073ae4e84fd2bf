"""The texts of the works of a base.

A text is a file of JSON in a folder outside of git. Its record is in git, `texts/<class>/<slug>.toml` beside `kb/`: of
which version of the work it is, under which licence, and the hash of the file that it was read from, so that a text on
another machine is known to be the same.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from ..errors import NotFoundError, UnreadableError
from ..namespaces import CLASS_SLUG, SLUG
from ..settings import Settings
from ..turtle.writer import write_together
from .passages import Passages
from .reading import ReadText
from .records import Paragraph, Section, Sentence, SourceText

FOLDER: Final = "texts"
"""The folder of the records, in the root of a base."""
_FIELDS: Final = ("form", "version", "licence", "address", "sha256")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_HEAD: Final = "# Of the text of {name}, which is not in git: written by `akb text add`.\n"


@dataclass(frozen=True)
class TextRecord:
    """What git has of a text."""

    name: str
    """The CURIE of the work."""
    form: str
    sha256: str
    """Of the file, or files, that it was read from."""
    version: str = ""
    licence: str = ""
    address: str = ""
    """Where the file was fetched from."""


class Shelf:
    """The texts of a base: their records, and those that are on this machine. Each is read once."""

    def __init__(self, settings: Settings) -> None:
        self.root = settings.root
        self._texts = settings.texts_folder
        self._read: dict[str, Passages | None] = {}

    def names(self) -> tuple[str, ...]:
        """Return the CURIEs of the works with a record, sorted."""
        paths = sorted((self.root / FOLDER).glob("*/*.toml"))
        return tuple(f"{path.parent.name}:{path.stem}" for path in paths if _is_name(path.parent.name, path.stem))

    def record(self, name: str) -> TextRecord | None:
        """Return the record of a text; None where there is none. Raises UnreadableError."""
        path = self.path_of_record(name)
        if path is None:
            return None
        try:
            said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:  # TOMLDecodeError and UnicodeDecodeError are such
            raise UnreadableError(f"{path} cannot be read: {error}.", "add the text again.") from error
        wrong = [key for key, value in said.items() if key not in _FIELDS or not isinstance(value, str)]
        if wrong or not _HASH.fullmatch(said.get("sha256", "")):
            what = f"{wrong[0]} is no field of it, or no text" if wrong else "its sha256 is no hash"
            raise UnreadableError(
                f"{path} cannot be used: {what}.", f"it has {', '.join(_FIELDS)}; add the text again."
            )
        return TextRecord(name, **{"form": "", **said})

    def passages(self, name: str) -> Passages | None:
        """Return a text, ready to be searched; None where it is not here, or is not the one of its record.

        Raises UnreadableError where it is damaged.
        """
        if name not in self._read:
            found = self._stored(name)
            self._read[name] = Passages(found) if found is not None else None
        return self._read[name]

    def must_have(self, name: str) -> Passages:
        """Return a text. Raises NotFoundError where it is not here."""
        if (found := self.passages(name)) is None:
            what = f"The text of {name} is not on this machine" if self.record(name) else f"There is no text of {name}"
            raise NotFoundError(f"{what}.", f"add it: akb text add {name} FILE.")
        return found

    def is_here(self, name: str) -> bool:
        """Tell whether the text of a record is on this machine. Raises UnreadableError."""
        record = self.record(name)
        return record is not None and self._path(record).is_file()

    def add(self, record: TextRecord, read: ReadText) -> tuple[Path, ...]:
        """Write a text and its record, and return their paths. Raises OSError where that cannot be."""
        path, of_record = self._path(record), self.path_of_record(record.name)
        assert of_record is not None, record.name
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key in _FIELDS if (value := getattr(record, key)))
        said = {"name": record.name, "sha256": record.sha256, **asdict(read.text)}
        written = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
        write_together({path: written, of_record: _HEAD.format(name=record.name) + lines})
        for other in self._files(record.name):
            if other != path:
                other.unlink()
        self._read.pop(record.name, None)
        return of_record, path

    def remove(self, name: str) -> tuple[Path, ...]:
        """Delete a text and its record, and return the paths of what was there."""
        of_record = self.path_of_record(name)
        there = [path for path in (of_record, *self._files(name)) if path is not None and path.exists()]
        for path in there:
            path.unlink()
        self._read.pop(name, None)
        return tuple(there)

    def path_of_record(self, name: str) -> Path | None:
        """Return where the record of a work is, or would be; None for what cannot be the name of one."""
        class_name, _, slug = name.partition(":")
        return self.root / FOLDER / class_name / f"{slug}.toml" if _is_name(class_name, slug) else None

    def same_as(self, sha256: str, name: str) -> str:
        """Return the name of another work whose text was read from the same file; empty where there is none."""
        for other in self.names():
            record = self.record(other) if other != name else None
            if record is not None and record.sha256 == sha256:
                return other
        return ""

    def _path(self, record: TextRecord) -> Path:
        """Return where a text is: a part of the hash is in its name, which tells it from one of another file."""
        class_name, _, slug = record.name.partition(":")
        return self._texts / class_name / f"{slug}.{record.sha256[:16]}.json"

    def _files(self, name: str) -> list[Path]:
        class_name, _, slug = name.partition(":")
        if not _is_name(class_name, slug):
            return []
        return [path for path in (self._texts / class_name).glob("*.json") if path.name.partition(".")[0] == slug]

    def _stored(self, name: str) -> SourceText | None:
        record = self.record(name)
        if record is None:
            return None
        path = self._path(record)
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            if said["sha256"] != record.sha256:
                raise ValueError("it is of another file than its name says")  # noqa: TRY301 - as what json raises
            return _text(said)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            raise UnreadableError(f"{path} is damaged: {error}.", f"add it again: akb text add {name} FILE.") from error


def _is_name(class_name: str, slug: str) -> bool:
    return bool(CLASS_SLUG.fullmatch(class_name) and SLUG.fullmatch(slug))


def _text(said: Mapping[str, Any]) -> SourceText:
    return SourceText(str(said["title"]), tuple(_sections(said["sections"])), tuple(map(str, said["pages"])))


def _sections(said: Any) -> Iterator[Section]:
    for one in said:
        paragraphs = (
            Paragraph(
                p["anchor"], p["kind"], tuple(Sentence(s["anchor"], s["text"], s["page"]) for s in p["sentences"])
            )
            for p in one["paragraphs"]
        )
        yield Section(one["anchor"], one["number"], one["title"], one["level"], tuple(paragraphs))
