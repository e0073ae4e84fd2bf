"""Reads the text of a work from a file, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from ..errors import UnreadableError, UsageError
from .files import Files, read_files
from .records import SourceText

Form = Literal["latex", "html", "pdf", "markdown", "text"]
FORMS: Final[tuple[Form, ...]] = ("latex", "html", "pdf", "markdown", "text")
_SUFFIXES: Final[dict[str, Form]] = {
    ".tex": "latex", ".ltx": "latex", ".latex": "latex", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".pdf": "pdf", ".md": "markdown", ".markdown": "markdown", ".txt": "text", ".text": "text",
}  # fmt: skip
_NEEDED: Final[dict[Form, tuple[str, ...]]] = {
    "latex": ("pylatexenc",),
    "html": ("lxml", "pylatexenc"),
    "pdf": ("pypdf",),
}
_LEAST: Final = 200
"""Characters: what has fewer is no text of a work."""


@dataclass(frozen=True)
class ReadText:
    """The text of a work, and what it was read from."""

    text: SourceText
    form: Form
    sha256: str


def read_text(path: Path, form: Form | None = None) -> ReadText:
    """Read the text of a work. Raises UnreadableError and UsageError, and nothing else, for whatever a file holds."""
    files = read_files(path)
    form = form or _form_of(files)
    try:
        text = _read(files, form)
    except RecursionError as error:
        raise UnreadableError(f"{path} nests too deeply.", "take another format of it.") from error
    if sum(len(spot.sentence.text) for spot in text.places) < _LEAST:
        mend = "take another format of it."
        if form == "pdf":
            mend = "it may hold pictures of pages alone; take another format of it, or one with its text recognized."
        raise UnreadableError(f"{path} has next to no text that can be read.", mend)
    return ReadText(text, form, files.sha256)


def _form_of(files: Files) -> Form:
    """Return the format of a source: what its first bytes say, else the end of its name."""
    if not files.main:
        return "latex"
    data = files.contents[files.main]
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"%pdf-" in data[:1024].lower():
        return "pdf"
    suffix = _SUFFIXES.get(Path(files.main).suffix.lower())
    if start.startswith((b"<!doctype html", b"<html", b"<?xml")) and suffix in {None, "html", "text"}:
        return "html"
    if b"\\documentclass" in data and suffix in {None, "text"}:
        return "latex"
    return suffix or "text"


def _must_have(form: Form) -> None:
    """Raise UsageError where the libraries for a format are not installed: they are an extra."""
    lacking = [name for name in _NEEDED.get(form, ()) if find_spec(name) is None]
    if lacking:
        raise UsageError(
            f"Reading {form} needs {' and '.join(lacking)}, which is not installed.",
            "pip install 'alignment-kb[texts]', or add it as Markdown or plain text.",
        )


def _read(files: Files, form: Form) -> SourceText:
    _must_have(form)
    # Each is imported when it is asked for: they take long, and most runs need one.
    match form:
        case "latex":
            from .latex import read_latex  # noqa: PLC0415

            return read_latex(files)
        case "html":
            from .html import read_html  # noqa: PLC0415

            return read_html(files)
        case "pdf":
            from .pdf import read_pdf  # noqa: PLC0415

            return read_pdf(files)
        case _:
            from .plain import read_plain  # noqa: PLC0415

            return read_plain(files, is_markdown=form == "markdown")
