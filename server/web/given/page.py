"""What every page has: the name of its template, and fields that are names in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import render_template

from ..catalogues import Catalogue, write_in


@dataclass(frozen=True)
class Page:
    """A page: `template` is the name of its template, the fields are what that is given."""

    template: ClassVar[str]

    def render_in(self, fields: Mapping[str, Any], catalogue: Catalogue) -> str:
        """Render the page in the language of a catalogue, with its fields as a reader gets them."""
        return write_in(catalogue, lambda: render_template(self.template, **fields))
