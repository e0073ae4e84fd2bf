"""One file of a base: its text and what that says, or what is wrong with it."""

from __future__ import annotations

import re
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import Final

from rdflib import Graph

from ..errors import UnreadableError
from ..namespaces import REVIEW
from ..records.findings import Finding
from ..store.parsing import SyntaxProblem
from .limits import NotReadError, content_of
from .parsing import graph_of, ntriples_of
from .positions import Places
from .statements import Statement, statements


@dataclass(frozen=True)
class SourceFile:
    """One Turtle file that could be read. `path` is relative to the root, with forward slashes."""

    path: str
    text: str
    """As Turtle: another syntax is converted, and then has no positions."""
    ntriples: str
    """Its triples as N-Triples, one a line; duplicates are preserved."""
    base: str = ""
    """The base of its relative IRIs."""
    is_rewritten: bool = False

    @property
    def statements(self) -> Iterator[Statement]:
        """The triples of the file, each written as in N-Triples."""
        return statements(self.ntriples)

    @cached_property
    def graph(self) -> Graph:
        """The triples of the file as a graph of rdflib; parsed at the first access, which takes time."""
        return graph_of(self.ntriples)

    @cached_property
    def places(self) -> Places:
        """The positions of the triples of the file; computed at the first access."""
        return Places("" if self.is_rewritten else self.text, self.base, self.ntriples)


def read_file(path: Path, root: Path) -> SourceFile | Finding:
    """Read one Turtle file, or return a finding with the reason why it cannot be read."""
    name = shown_name(path, root)
    text = decoded(path, name, root) if path.suffix == ".ttl" else ""
    return replace(text, focus=entity_of(name)) if isinstance(text, Finding) else read_text(name, text)


def read_known(path: Path, root: Path) -> SourceFile | Finding:
    """Read a file of the ontology or the shapes as `read_file` does, without parsing again what was just parsed.

    These change seldom, and one process may check a base many times, such as a server that watches its files.
    """
    name = shown_name(path, root)
    text = decoded(path, name, root)
    return replace(text, focus=entity_of(name)) if isinstance(text, Finding) else _read_known(name, text)


def certain(path: Path, root: Path) -> SourceFile:
    """Read a file that a base depends on. Raises UnreadableError when it is not Turtle."""
    read = read_known(path, root)
    if isinstance(read, Finding):
        raise UnreadableError(f"{read.file}:{read.line}: {read.message}", read.mend)
    return read


def read_content(name: str, content: bytes) -> SourceFile | Finding:
    """Read the content of a file called `name`, or return a finding with the reason why it cannot be read."""
    name = _printable(name)
    text = _decoded(content, name)
    return replace(text, focus=entity_of(name)) if isinstance(text, Finding) else read_text(name, text)


def read_text(name: str, text: str) -> SourceFile | Finding:
    """Read the text of the Turtle file called `name`, or return a finding with the reason why it is not Turtle."""

    def refuse(line: int, message: str, mend: str, column: int = 1) -> Finding:
        return Finding(name, line, column, entity_of(name), label="", rule="syntax", message=message, mend=mend)

    if PurePosixPath(name).suffix != ".ttl":
        return refuse(1, "Not a Turtle file.", "name it <slug>.ttl, or move it out of kb/.")
    written = ntriples_of(text)
    if isinstance(written, SyntaxProblem):
        lines = text.split("\n")
        # The error of an unterminated statement is behind the last line: report it at the end of the text.
        behind = written.line >= len(lines) and not lines[-1].strip()
        line = max(1, len(text.rstrip().split("\n"))) if behind else written.line
        return refuse(
            line,
            written.sentence("Turtle"),
            written.mend
            or "look at this place and the end of the statement before it: a missing ; . or quote is usual.",
            max(1, len(lines[line - 1].rstrip())) if behind else written.column,
        )
    return SourceFile(name, text, written)


def shown_name(path: Path, root: Path) -> str:
    """Return the name of a file: its path from the root, with forward slashes, and always printable as UTF-8."""
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    return _printable(name)


def _printable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()


def decoded(path: Path, name: str, root: Path | None = None) -> str | Finding:
    """Return the text of a file, or a finding with the reason why it cannot be read, or is not.

    A symbolic link out of `root` is not followed.
    """
    try:
        return _decoded(content_of(path, root), name)
    except NotReadError as error:
        return Finding(name, 1, 1, "", "", "syntax", f"{error.message}.", error.mend)
    except (EOFError, zlib.error) as error:
        return Finding(name, 1, 1, "", "", "syntax", f"Not gzip: {error}.", "compress it again, or give it unpacked.")
    except OSError as error:
        return Finding(
            name, 1, 1, "", "", "syntax", f"Cannot be read: {error.strerror}.", "check the file's permissions."
        )


def text_of(content: bytes) -> str:
    """Return the text of a file, with line feeds alone and without a byte order mark.

    XML may be in another encoding than UTF-8 when it says so (XML 1.0, section 4.3.3). Raises UnicodeDecodeError.
    """
    text = content.removeprefix(BOM_UTF8)
    wide = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    declared = _XML_ENCODING.match(text)
    encoding = "utf-16" if wide else declared[2].decode("ascii") if declared else "utf-8"
    try:
        decoded = text.decode(encoding)
    except (LookupError, UnicodeError) as error:
        # Codecs have names of their own, and some have other errors.
        start = getattr(error, "start", 0)
        raise UnicodeDecodeError(encoding, text, start, start + 1, "not in this encoding") from None
    if wide and not decoded.lstrip().startswith("<"):
        raise UnicodeDecodeError("utf-8", content, 0, 1, "UTF-16")
    if wide or declared:
        decoded = _XML_DECLARATION.sub(r"\1UTF-8\2", decoded, count=1)
    return decoded.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes, name: str) -> str | Finding:
    try:
        return text_of(content)
    except UnicodeDecodeError as error:
        *before, last = content[: error.start].split(b"\n")
        column = len(last.decode(errors="replace").removeprefix("\ufeff")) + 1
        what, mend = "Not UTF-8: a byte cannot be decoded.", "save the file as UTF-8."
        if error.encoding != "utf-8":
            what, mend = f"Not {error.encoding}, which the file says it is.", "say its encoding, or save it as UTF-8."
        return Finding(name, len(before) + 1, column, "", "", "syntax", what, mend)


_XML_ENCODING: Final = re.compile(
    rb"""\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*(["'])(?!(?i:utf-?8)["'])([A-Za-z][A-Za-z0-9._-]*)\1"""
)
_XML_DECLARATION: Final = re.compile(r"""(<\?xml[^>]*?\sencoding\s*=\s*["'])[^"']*(["'])""")


def entity_of(path: str) -> str:
    """Return the CURIE of the entity of a file of `kb/`, by its folder and name, or an empty string."""
    parts = PurePosixPath(path)
    in_class_folder = len(parts.parts) == 3 and parts.parent.name != REVIEW and parts.suffix == ".ttl"
    return f"{parts.parent.name}:{parts.stem}" if in_class_folder else ""


@lru_cache(maxsize=128)
def _read_known(name: str, text: str) -> SourceFile | Finding:
    return read_text(name, text)
