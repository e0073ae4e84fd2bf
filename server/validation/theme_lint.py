"""Looks at the templates that a base brings for its pages, as far as they can be judged without making a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..records.findings import Finding, Severity
from .rule_text import RuleText

FOLDER: Final = "theme"
"""The folder in the root of a base that holds its theme."""
TEMPLATES: Final = f"{FOLDER}/templates"

TEMPLATE = RuleText(
    "theme-template",
    "Each template of the theme is one that Jinja can read.",
    "The template cannot be read: {fault}.",
    "fix the template; docs/theming.md says what each is given.",
    Severity.VIOLATION,
)


@dataclass(frozen=True)
class TemplateFault:
    """What keeps Jinja from reading a template."""

    file: str
    """Its path from the root."""
    line: int
    message: str
    """Without a full stop."""


def theme_findings(root: Path) -> Iterator[Finding]:
    """Yield what is wrong with the templates in the theme of a base."""
    for fault in template_faults(root):
        yield TEMPLATE.broken_at(fault.file, fault.line, 1, fault=fault.message)


def template_faults(root: Path) -> Iterator[TemplateFault]:
    """Yield what keeps Jinja from reading templates in the theme of a base, in the order of the files."""
    paths = sorted((root / TEMPLATES).rglob("*.html"))
    if not paths:
        return
    from jinja2 import Environment, TemplateSyntaxError  # noqa: PLC0415 - few bases have templates, and it takes long

    # Filters and tests are looked up when a page is made, where Flask has added its own.
    environment = Environment(autoescape=True)
    for path in paths:
        file = path.relative_to(root).as_posix()
        try:
            environment.parse(path.read_text(encoding="utf-8"), filename=str(path))
        except UnicodeDecodeError as error:
            yield TemplateFault(file, 1, f"the file is not UTF-8: {error.reason}")
        except TemplateSyntaxError as error:
            yield TemplateFault(file, error.lineno, (error.message or "it is not a Jinja template").removesuffix("."))
