"""The characters of a file, whatever it is encoded in."""

from __future__ import annotations

import codecs
import re
from typing import Final

from ..errors import UnreadableError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED: Final = re.compile(rb"\\(?:usepackage\s*\[([\w-]+)\]\s*\{inputenc\}|inputencoding\s*\{([\w-]+)\})")
_LATEX_NAMES: Final = {
    "latin1": "latin-1", "latin2": "iso8859-2", "latin5": "iso8859-9", "latin9": "iso8859-15", "ansinew": "cp1252",
    "applemac": "mac-roman", "macce": "mac-latin2", "utf8x": "utf-8", "koi8-r": "koi8-r", "cp1251": "cp1251",
}  # fmt: skip
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS: Final = 0.01
"""How much of a text may be characters that no text has."""


def decoded(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of a file, and a note where its encoding was guessed.

    It is the encoding of its byte order mark, else UTF-8, else what LaTeX declares, else Windows-1252. Raises
    UnreadableError for what is no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _text(data, encoding, name), ""
    try:
        return _checked(data.decode("utf-8"), name), ""
    except UnicodeDecodeError:
        declared = _DECLARED.search(data)
    if declared:
        said = (declared[1] or declared[2]).decode().lower()
        encoding = _LATEX_NAMES.get(said, said)
        if encoding not in {"utf-8", "utf8"}:
            return _text(data, encoding, name), ""
    text = _checked(data.decode("cp1252", errors="replace"), name)
    return text, f"{name} is not UTF-8 and says no encoding: it was read as Windows-1252."


def _text(data: bytes, encoding: str, name: str) -> str:
    try:
        return _checked(data.decode(encoding), name)
    except (UnicodeDecodeError, LookupError) as error:
        mend = "save it as UTF-8."
        raise UnreadableError(f"{name} cannot be decoded as {encoding}: {error}.", mend) from error


def _checked(text: str, name: str) -> str:
    if len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        raise UnreadableError(f"{name} is no text.", "name a file of LaTeX, HTML, PDF, Markdown or plain text.")
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
