"""Reads files of other programs as text or JSON, and says at which line what is wrong with them is."""

from __future__ import annotations

import codecs
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ..errors import UsageError
from ..turtle.limits import NotReadError, content_of

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DEEPEST: Final = 60


def text_of_file(path: Path) -> str:
    """Return the text of a file, with line feeds alone: UTF-8, or what its byte order mark says.

    Raises UsageError for a file that is not there, is larger than AKB_FILE_MB, or is in another encoding.
    """
    try:
        content = content_of(path)
    except NotReadError as error:
        raise UsageError(f"{path}: {error.message}.", error.mend) from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "name a file that is there.") from error
    except (EOFError, zlib.error) as error:
        raise UsageError(f"{path} is not gzip: {error}.", "compress it again, or give it unpacked.") from error
    return decoded(content, str(path))


def decoded(content: bytes, name: str) -> str:
    """Return bytes as text, as `text_of_file` does."""
    mark, encoding = next(((mark, encoding) for mark, encoding in _MARKS if content.startswith(mark)), (b"", "utf-8"))
    try:
        text = content[len(mark) if encoding == "utf-8" else 0 :].decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"{name}:{line}: byte {error.start:,} of the file is not {encoding.upper()}.",
            "save it as UTF-8; of a file that an old program wrote: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW.",
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


class Json:
    """A file of JSON with records in it, each of which has a line."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._text = text_of_file(path)
        try:
            self.value: Any = json.loads(self._text)
        except json.JSONDecodeError as error:
            self.value = self._by_lines(error)
        except RecursionError as error:
            raise UsageError(f"{path} nests too deeply to be records.", "export it again.") from error
        self._at = 0

    def _by_lines(self, error: json.JSONDecodeError) -> list[Any]:
        """Return one value of each line (JSON Lines), where the file is that."""
        found = []
        for number, line in enumerate(self._text.splitlines(), 1):
            if line.strip():
                try:
                    found.append(json.loads(line))
                except (json.JSONDecodeError, RecursionError):
                    # A file that is JSON Lines up to a line is wrong at that line, all others where JSON is.
                    place, why = (number, "is not JSON") if len(found) > 1 else (error.lineno, error.msg)
                    raise UsageError(f"{self.name}:{place}: not JSON: {why}.", "export it again, whole.") from error
        return found

    def line_of(self, *needles: object) -> int:
        """Return the line of the next place at which one of some texts is, in quotes; that of the last one for none."""
        for needle in needles:
            if isinstance(needle, str) and needle:
                for form in (json.dumps(needle, ensure_ascii=False), json.dumps(needle).replace("/", "\\/")):
                    at = self._text.find(form, self._at)
                    if at >= 0:
                        self._at = at
                        return self._text.count("\n", 0, at) + 1
        return self._text.count("\n", 0, self._at) + 1

    def records(self, *paths: str) -> Iterator[Any]:
        """Yield the records of a file: those of a list, those at a path such as `message.items`, or the one it is."""
        value = self.value
        for path in paths:
            found = value
            for key in path.split("."):
                found = found.get(key) if isinstance(found, Mapping) else None
            if found is not None:
                value = found
                break
        if isinstance(value, list):
            yield from value
        else:
            yield value


def text_in(value: object) -> str:
    """Return a value of JSON as text on one line; the first of a list; empty for what is none."""
    if isinstance(value, list):
        value = next((one for one in value if one), "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())


def list_in(value: object) -> list[Any]:
    """Return a value of JSON as a list: empty for null, of one for what is none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def mapping_in(value: object) -> Mapping[str, Any]:
    """Return a value of JSON as an object; an empty one for what is none."""
    return value if isinstance(value, Mapping) else {}


def shown(value: object) -> str:
    """Return a value of JSON as a short text, for the list of what was left out."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return " ".join(text.split())[:_DEEPEST]


def without(record: Mapping[str, Any], used: frozenset[str]) -> dict[str, str]:
    """Return the fields of a record that nobody used and that say something: name to a short text."""
    return {
        str(name): shown(value)
        for name, value in record.items()
        if name not in used and value not in (None, "", [], {}, False)
    }


def decoded_start(path: Path, size: int) -> str:
    """Return the beginning of a file as text, whatever is wrong with it.

    Raises UsageError for one that is not there.
    """
    try:
        with path.open("rb") as file:
            start = file.read(size)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "name a file that is there.") from error
    encoding = next((encoding for mark, encoding in _MARKS if start.startswith(mark)), "utf-8")
    return start.decode(encoding, "replace").lstrip("\ufeff")
