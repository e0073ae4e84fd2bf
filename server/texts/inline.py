"""A piece of LaTeX as a reader sees it, by pylatexenc; what that cannot read loses its markup."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import Any, Final

_LONGEST: Final = 200_000
"""Characters that are read at once."""
_DEEPEST: Final = 60
"""Braces within each other: LaTeX that people write has fewer."""
_CITE: Final = re.compile(
    r"[~\s]*\\(?P<name>[a-zA-Z]*cite[a-zA-Z]*)\*?\s*(?:\[[^\[\]]*\]\s*){0,2}\{[^{}]*\}", re.IGNORECASE
)
_IN_SENTENCE: Final = re.compile(r"citet|textcite|citeauthor|citealt\b|Citet", re.IGNORECASE)
_NO_TEXT: Final = re.compile(
    r"\\(?:label|vspace|hspace|vskip|hskip|index|bibliographystyle|bibliography|includegraphics|pagestyle|thispagestyle|"
    r"setcounter|addtocounter|setlength|addtolength|input|include|color|definecolor|thanks|nocite|hypersetup|graphicspath)"
    r"\*?\s*(?:\[[^\[\]]*\]\s*)*(?:\{[^{}]*\}\s*){1,2}"
)
_LINK: Final = re.compile(r"\\href\s*\{[^{}]*\}\s*(?=\{)")
_COLORED: Final = re.compile(r"\\(?:textcolor|colorbox)\s*(?:\[[^\[\]]*\])?\{[^{}]*\}\s*(?=\{)")
_THIN: Final = re.compile(r"(?<=\d)(?:\\,|\{,\}|\\thinspace\b)(?=\d{3}(?!\d))")
_COMMA: Final = re.compile(r"(?<=\d)\{,\}(?=\d)")
_NUM: Final = re.compile(r"\\(?:num|SI|qty|numprint)\s*(?:\[[^\[\]]*\])?\{([^{}]*)\}(?:\s*\{([^{}]*)\})?")
_REF: Final = re.compile(r"\\(?:auto|c|C|eq|page|name)?ref\*?\s*\{([^{}]*)\}")
_MACRO: Final = re.compile(r"\\[a-zA-Z@]+\*?\s?|\\.|[{}$~]")
_UNIT: Final = {"percent": "%", "\\percent": "%", "\\%": "%"}


def inline_text(latex: str, labels: dict[str, str] | None = None) -> str:
    r"""Return the text of a piece of LaTeX as one line; `labels` has the numbers of what is referred to.

    >>> inline_text(r"\textbf{We} find $14\%$ of 1{,}000 runs~\cite{lee} in Section~\ref{s}.", {"s": "3"})
    'We find 14% of 1,000 runs in Section 3.'
    """
    latex = _CITE.sub(lambda match: " [\u2026]" if _IN_SENTENCE.match(match["name"]) else "", latex)
    latex = _REF.sub(lambda match: (labels or {}).get(match[1].strip(), ""), latex)
    latex = _COMMA.sub(",", _THIN.sub(lambda match: "," if "{" in match[0] else "\u202f", latex))
    latex = _NUM.sub(lambda match: f"{match[1]} {_UNIT.get((match[2] or '').strip(), match[2] or '')}", latex)
    latex = _COLORED.sub("", _LINK.sub("", _NO_TEXT.sub(" ", latex)))
    return " ".join(_converted(latex).split())


def _converted(latex: str) -> str:
    if "\\" not in latex and not set(latex) & set("{}$~`'-&"):
        return latex
    if len(latex) > _LONGEST or _depth(latex) > _DEEPEST:
        return _stripped(latex)
    try:
        return str(_converter().latex_to_text(latex))
    except Exception:  # noqa: BLE001 - it raises what it likes where LaTeX is not as it should be
        return _stripped(latex)


def _stripped(latex: str) -> str:
    return _MACRO.sub(" ", latex)


def _depth(latex: str) -> int:
    deepest = depth = 0
    for one in re.findall(r"(?<!\\)[{}]", latex):
        depth += 1 if one == "{" else -1
        deepest = max(deepest, depth)
    return deepest


@cache
def _converter() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text  # noqa: PLC0415 - it takes long to import

    # It writes down each brace that is not closed.
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
    return LatexNodes2Text(math_mode="text", keep_comments=False, keep_braced_groups=False)
