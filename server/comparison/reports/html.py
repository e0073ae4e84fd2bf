"""A difference as one page of HTML that needs nothing else: no script, no other file, no host."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader

from ...engine import engine_version
from ..records import Difference
from .wording import sections, summary, title, words


def render(difference: Difference) -> str:
    """Return the page: the summary, then each node with what became of it, the words that differ marked."""
    pages = Environment(loader=PackageLoader(__name__.rpartition(".")[0], "."), autoescape=True)
    pages.trim_blocks = pages.lstrip_blocks = True
    return pages.get_template("difference.html").render(
        title=title(difference),
        summary=summary(difference),
        sections=sections(difference),
        words=words,
        version=engine_version(),
    )
