"""LaTeX in the fields of records as text: accents and letters become Unicode, mathematics stays as it is."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text

_SIGNS: Final = re.compile(r"[\\{}$~%`']|--")
_PERCENT: Final = re.compile(r"(?<!\\)%")
_TIES: Final = re.compile("[\u00a0\\s]+")


@lru_cache(maxsize=1 << 15)
def text_of_latex(source: str) -> tuple[str, tuple[str, ...]]:
    r"""Return LaTeX as text on one line, and the commands in it that are not known, whose arguments stay.

    >>> text_of_latex(r"S{\"o}ren {\L}ind --- \emph{a} $\alpha$"), text_of_latex(r"\corp{Lind}")
    (('Sören Łind — a $\\alpha$', ()), ('Lind', ('\\corp',)))
    """
    if not _SIGNS.search(source):
        return " ".join(source.split()), ()
    converter, unknown = _converter()
    unknown.clear()
    # In a field of BibTeX a percent sign begins no comment.
    found = converter.latex_to_text(_PERCENT.sub(r"\\%", source), tolerant_parsing=True)
    return _TIES.sub(" ", found).strip(), tuple(unknown)


@cache
def _converter() -> tuple[LatexNodes2Text, dict[str, None]]:
    """Return what converts LaTeX, and where it notes the commands that it does not know."""
    # It takes long to import, and most texts have no LaTeX.
    from pylatexenc import latex2text  # noqa: PLC0415

    unknown: dict[str, None] = {}

    def note(node: Any) -> str:
        unknown[f"\\{node.macroname}"] = None
        return ""

    database = latex2text.get_default_latex_context_db()
    database.set_unknown_macro_spec(latex2text.MacroTextSpec("", simplify_repl=note))
    return latex2text.LatexNodes2Text(latex_context=database, math_mode="verbatim", keep_comments=True), unknown
