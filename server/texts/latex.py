"""Reads LaTeX: its files as one, macros of the author written out, and then sections and paragraphs.

It is read as people write it, not run: no macro does anything but stand for what the author said it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ..errors import UnreadableError
from .decoding import decoded
from .files import Files
from .inline import inline_text
from .macros import argument_at, written_out
from .making import text_of
from .records import Block, Kind, SourceText

_LEVELS: Final = {"part": 1, "chapter": 1, "section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4}
_LEVELS_UNDER: Final = _LEVELS | {"subparagraph": 5}
_MOST_INPUTS: Final = 1_000
_LARGEST: Final = 20 << 20
"""Characters of the files together: with what they name again and again, they could be endless."""
_COMMENT: Final = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*(?=[^\s])|(?=\n)|\Z)")
_INPUT: Final = re.compile(r"\\(?:input|include|subfile|subimport\s*\{[^{}]*\})\s*(?:\{([^{}]*)\}|([^\s\\{}]+))")
_VERBATIM: Final = re.compile(
    r"\\begin\{(verbatim\*?|lstlisting|minted|Verbatim|comment|filecontents\*?|tikzpicture|CCSXML)\}.*?\\end\{\1\}",
    re.DOTALL,
)
_FORMULA: Final = re.compile(
    r"\\begin\{((?:equation|align|gather|multline|eqnarray|displaymath|flalign)\*?)\}.*?\\end\{\1\}"
    r"|\$\$.*?\$\$|(?<!\\)\\\[.*?\\\]",
    re.DOTALL,
)
_FLOAT: Final = re.compile(
    r"\\begin\{((?:figure|table|wrapfigure|wraptable|algorithm|sidewaystable|longtable)\*?)\}", re.IGNORECASE
)
_TABLE: Final = re.compile(r"\\begin\{(tabular[xy*]?|tabularx|tabulary|longtable|array)\}(.*?)\\end\{\1\}", re.DOTALL)
_RULES: Final = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|c(?:mid)?rule(?:\([^)]*\))?\{[^{}]*\}|multi(?:column|row)\{[^{}]*\}\{[^{}]*\})"
)
_HEADING: Final = re.compile(
    r"\\(?P<name>part|chapter|section|subsection|subsubsection|paragraph|subparagraph)(?P<star>\*?)\s*(?:\[[^\[\]]*\]\s*)?(?=\{)"
    r"|\\(?P<appendix>appendix)\b|\\begin\{(?P<begin>abstract|appendices|thebibliography)\}|\\end\{(?P<end>abstract)\}"
)
_FOOTNOTE: Final = re.compile(r"\\footnote(?:text)?\s*(?:\[[^\[\]]*\])?\s*(?=\{)")
_CAPTION: Final = re.compile(r"\\caption(?:of\{[^{}]*\})?\s*(?:\[[^\[\]]*\])?\s*(?=\{)")
_LABEL: Final = re.compile(r"\\label\s*\{([^{}]*)\}")
_ENVIRONMENT: Final = re.compile(r"\\(?:begin|end)\{[^{}]*\}(?:\[[^\[\]]*\])?")
_ITEM: Final = re.compile(r"\\(?:item|bibitem)\b\s*(?:\[[^\[\]]*\])?(?:\{[^{}]*\})?")
_PARAGRAPH: Final = re.compile(r"\n[ \t]*(?:\n[ \t]*)+|\\par\b|\\maketitle|\\newpage|\\clearpage|\\tableofcontents")
_BODY: Final = "\\begin{document}"


def read_latex(files: Files) -> SourceText:
    """Return the text of a work in LaTeX. Raises UnreadableError where none of the files is a document."""
    flat = _Flat(files)
    whole = flat.whole()
    preamble, is_document, body = whole.partition(_BODY)
    if not is_document:
        preamble, body = "", whole
    body = body.partition("\\end{document}")[0]
    body = written_out(preamble, body, flat.notes)
    title = _argument(written_out(preamble, whole[: len(preamble) + 20_000], []), "\\title")
    labels: dict[str, str] = {}
    pieces = list(_Pieces(body, labels))
    blocks = (block for piece in pieces for block in _blocks(piece, labels))
    return text_of(inline_text(title.replace("\\\\", " ")), blocks, (), flat.notes)


@dataclass
class _Flat:
    """Several files as one."""

    files: Files
    notes: list[str] = field(default_factory=list)
    _inputs: int = 0
    _size: int = 0

    def whole(self) -> str:
        """Return the main file with those that it names in their places."""
        return self._with_inputs(self._main(), ())

    def _main(self) -> str:
        if self.files.main:
            return self.files.main
        documents = {
            name: data
            for name, data in self.files.contents.items()
            if re.search(rb"^[^%\n]*\\documentclass", data, re.MULTILINE) and name.lower().endswith((".tex", ".ltx"))
        }
        if not documents:
            raise UnreadableError("None of the files is a document of LaTeX.", "name the one with \\documentclass.")
        preferred = ("main.tex", "ms.tex", "paper.tex", "article.tex")
        with_body = [name for name, data in documents.items() if b"\\begin{document}" in data] or list(documents)
        return min(
            with_body,
            key=lambda name: (name.count("/"), name not in preferred, -len(documents[name]), name),
        )

    def _with_inputs(self, name: str, above: tuple[str, ...]) -> str:
        text, note = decoded(self.files.contents[name], name)
        if note:
            self.notes.append(note)
        text = _COMMENT.sub(r"\1", _VERBATIM.sub("\n\n", text))
        self._size += len(text)
        if self._size > _LARGEST:
            raise UnreadableError(
                f"Its files have more than {_LARGEST >> 20} MB together, with each as often as it is named.",
                "name the file of the text alone.",
            )

        def content(match: re.Match[str]) -> str:
            wanted = (match[1] or match[2] or "").strip()
            found = self.files.find(wanted)
            self._inputs += 1
            if found is None:
                self._note(f"{name} names {wanted!r:.80}, which was not given: it was left out.")
            elif found in (*above, name):
                self._note(f"{name} names {found!r:.80}, which contains it: it was left out.")
            elif self._inputs > _MOST_INPUTS or len(above) > 50:
                self._note(f"More than {_MOST_INPUTS:,} files are named, or too deep: others were left out.")
            else:
                return self._with_inputs(found, (*above, name))
            return " "

        return _INPUT.sub(content, text)

    def _note(self, text: str) -> None:
        if text not in self.notes and len(self.notes) < 20:
            self.notes.append(text)


@dataclass(frozen=True)
class _Piece:
    """What is under a heading."""

    heading: Block | None
    latex: str
    kind: Kind = "prose"


class _Pieces:
    """The body, divided at its headings, which are numbered as LaTeX would."""

    def __init__(self, body: str, labels: dict[str, str]) -> None:
        self._body = body
        self._labels = labels
        self._counters = [0] * 6
        self._is_appendix = False
        self._top = min((_LEVELS[one] for one in ("chapter",) if f"\\{one}{{" in body), default=1)
        self._has_chapters = "\\chapter{" in body

    def __iter__(self) -> Iterator[_Piece]:
        heading: Block | None = None
        start, kind = 0, "prose"
        for match in _HEADING.finditer(self._body):
            if match.start() < start:
                continue
            yield self._piece(heading, start, match.start(), kind)
            start, kind = match.end(), "prose"
            if match["name"]:
                title, start = argument_at(self._body, match.end())
                heading = self._heading(match["name"], title, is_starred=bool(match["star"]))
            elif match["begin"] == "abstract":
                heading = Block("Abstract", 1)
            elif match["begin"] == "thebibliography":
                heading, kind = Block("References", 1), "reference"
            elif match["end"]:
                heading = None
            else:
                self._is_appendix, self._counters, heading = True, [0] * 6, None
        yield self._piece(heading, start, len(self._body), kind)

    def _piece(self, heading: Block | None, start: int, end: int, kind: str) -> _Piece:
        latex = self._body[start:end]
        if heading is not None and heading.number:
            # Labels of floats and formulas have numbers of their own, which are not counted here.
            first = _FLOAT.search(latex)
            for label in _LABEL.findall(latex[: min(first.start() if first else len(latex), 300)])[:1]:
                self._labels[label.strip()] = heading.number
        return _Piece(heading, latex, "reference" if kind == "reference" else "prose")

    def _heading(self, name: str, title: str, *, is_starred: bool) -> Block:
        level = _LEVELS_UNDER[name] + (1 if self._has_chapters and name not in {"part", "chapter"} else 0)
        is_numbered = not is_starred and name not in {"part", "paragraph", "subparagraph"}
        text = inline_text(title.replace("\\\\", " ")).rstrip(" .:") if level > 3 else inline_text(title)
        if not is_numbered:
            return Block(text or "Untitled", level)
        self._counters[level - 1] += 1
        self._counters[level:] = [0] * (6 - level)
        counts = self._counters[:level]
        first = chr(ord("A") + min(counts[0], 26) - 1) if self._is_appendix and counts[0] else str(counts[0])
        return Block(text or "Untitled", level, ".".join((first, *map(str, counts[1:]))))


def _blocks(piece: _Piece, labels: Mapping[str, str]) -> Iterator[Block]:
    if piece.heading is not None:
        yield piece.heading
    kind = piece.kind
    latex, beside = _without(piece.latex)
    latex = _FORMULA.sub(lambda match: f" {_flat_formula(match[0])} ", latex)
    for paragraph in _PARAGRAPH.split(_ENVIRONMENT.sub("\n\n", latex)):
        for item in _ITEM.split(paragraph):
            if text := inline_text(item, dict(labels)):
                yield Block(text, kind=kind)
    for kind_beside, content in beside:
        if text := inline_text(content, dict(labels)):
            yield Block(text, kind=kind_beside)


def _flat_formula(latex: str) -> str:
    inner = _ENVIRONMENT.sub("", latex).strip("$").replace("\\[", "").replace("\\]", "").replace("\\\\", " ")
    return f"${' '.join(_LABEL.sub('', inner).replace('&', ' ').split())}$"


def _without(latex: str) -> tuple[str, list[tuple[Kind, str]]]:
    """Return LaTeX without what stands beside the running text, and that: footnotes, captions, rows of tables."""
    beside: list[tuple[Kind, str]] = []
    out: list[str] = []
    at = 0
    for match in _FLOAT.finditer(latex):
        if match.start() < at:
            continue
        end = latex.find(f"\\end{{{match[1]}}}", match.end())
        end = len(latex) if end < 0 else end
        out.append(latex[at : match.start()])
        beside += _of_float(latex[match.end() : end])
        at = end + len(f"\\end{{{match[1]}}}")
    rest = "".join((*out, latex[at:]))
    for match in _TABLE.finditer(rest):
        beside += [("table", row) for row in _rows(match[2])]
    rest = _TABLE.sub("\n\n", rest)
    text, notes = _cut(rest, _FOOTNOTE)
    beside += [("note", note) for note in notes]
    return text, beside


def _of_float(latex: str) -> Iterator[tuple[Kind, str]]:
    rest, captions = _cut(latex, _CAPTION)
    for caption in captions:
        yield "caption", caption
    for match in _TABLE.finditer(rest):
        for row in _rows(match[2]):
            yield "table", row


def _rows(table: str) -> Iterator[str]:
    if table.startswith(("{", "[")):
        table = re.sub(r"\A(?:\[[^\[\]]*\])?(?:\{(?:[^{}]|\{[^{}]*\})*\})+", "", table)
    for row in re.split(r"\\\\(?:\[[^\[\]]*\])?", _RULES.sub(" ", table)):
        if row.strip():
            yield re.sub(r"(?<!\\)&", "  ", row)


def _cut(latex: str, opening: re.Pattern[str]) -> tuple[str, list[str]]:
    """Return LaTeX without a macro and its argument, wherever it is, and those arguments."""
    out, found, at = [], [], 0
    for match in opening.finditer(latex):
        if match.start() < at:
            continue
        out.append(latex[at : match.start()])
        argument, at = argument_at(latex, match.end())
        found.append(argument)
    return "".join((*out, latex[at:])), found


def _argument(latex: str, macro: str) -> str:
    match = re.search(rf"{re.escape(macro)}\s*(?:\[[^\[\]]*\])?\s*(?=\{{)", latex)
    return argument_at(latex, match.end())[0] if match else ""
