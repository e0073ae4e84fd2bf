"""The theme of a base: what the folder `theme/` in its root adds to the pages, or puts in the place of ours.

Templates in `theme/templates/` take the place of ours of the same name, `theme/style.css` comes after our style sheet,
`theme/logo.svg` or `theme/logo.png` is shown beside the name of the base and is its icon, and `theme/locales/TAG.po`
are catalogues with the words of pages in other languages.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Final

from jinja2 import BaseLoader, ChoiceLoader, FunctionLoader, PrefixLoader

from ..errors import AkbError, UnreadableError
from ..validation.theme_lint import FOLDER, TEMPLATES, template_faults
from .catalogues import catalogue_of

if TYPE_CHECKING:
    from flask import Flask

_LOG = logging.getLogger("akb.web")

STYLE: Final = "style.css"
LOGOS: Final = ("logo.svg", "logo.png")
LOCALES: Final = "locales"
OURS: Final = "engine"
"""`engine/NAME` is our template NAME where the theme has one of that name too, so that it can extend ours."""

Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Theme:
    """A theme, as it was read."""

    style: str = ""
    """The style sheet; empty for none."""
    logo: str = ""
    """The name of the file with the logo; empty for none."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The style sheet and the logo, by their names."""
    templates: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """The templates, and the path of each, by their names."""
    catalogues: Mapping[str, bytes] = field(default_factory=dict)
    """The catalogues, by the tags of their languages."""

    @property
    def mark(self) -> str:
        """Another for every theme; empty for none."""
        if not self.files and not self.templates and not self.catalogues:
            return ""
        parts = (self.files, self.templates, self.catalogues)
        return hashlib.sha256(repr([sorted(part.items()) for part in parts]).encode()).hexdigest()


def read_theme(root: Path) -> Theme:
    """Read the theme of a base.

    Raises UnreadableError for a template that Jinja cannot read, with file and line, and for a catalogue that is none.
    """
    for fault in template_faults(root):
        raise UnreadableError(
            f"{root / fault.file}, line {fault.line}: {fault.message}.",
            "fix the template; docs/theming.md says what each is given.",
        )
    folder = root / FOLDER
    files = {name: (folder / name).read_bytes() for name in (STYLE, *LOGOS) if (folder / name).is_file()}
    logo = next((name for name in LOGOS if name in files), "")
    templates = {
        path.relative_to(root / TEMPLATES).as_posix(): (path.read_text(encoding="utf-8"), str(path))
        for path in sorted((root / TEMPLATES).rglob("*.html"))
    }
    catalogues = {path.stem: path.read_bytes() for path in sorted((folder / LOCALES).glob("*.po"))}
    for tag, content in catalogues.items():
        catalogue_of(tag, content)
    return Theme(
        style=files[STYLE].decode("utf-8", "replace") if STYLE in files else "",
        logo=logo,
        files={name: content for name, content in files.items() if name in {STYLE, logo}},
        templates=templates,
        catalogues=catalogues,
    )


class LiveTheme:
    """The theme of a base as it is now: a change is seen when somebody next looks.

    A change that leaves a template broken is logged, and the theme before it is shown on.
    """

    def __init__(self, root: Path) -> None:
        """Read the theme. Raises UnreadableError as `read_theme` does."""
        self._root = root
        self._signature = self._sign()
        self.theme = read_theme(root)
        self.on_change: Callable[[], None] = lambda: None

    def renew(self) -> bool:
        """Read the theme again if a file of it has changed; return whether there is another now."""
        signature = self._sign()
        if signature == self._signature:
            return False
        self._signature = signature
        try:
            found = read_theme(self._root)
        except (AkbError, OSError) as error:
            _LOG.error("The theme cannot be read, and the one before it is shown on: %s", error)
            return False
        changed, self.theme = found != self.theme, found
        self.on_change()
        return changed

    def has_changed(self) -> bool:
        """Tell whether a file of the theme is another than when it was read."""
        return self._sign() != self._signature

    def _sign(self) -> Signature:
        folder = self._root / FOLDER
        if not folder.is_dir():
            return ()
        found = []
        for path in (folder, *folder.rglob("*")):
            try:
                status = path.stat()
            except OSError:
                continue
            found.append((str(path), status.st_mtime_ns, status.st_size))
        return tuple(sorted(found))


def failing_template(error: BaseException) -> str:
    """Return at which template of a theme, and in which line, an error arose; nothing for one that arose elsewhere."""
    places = [
        f"{FOLDER}{frame.filename.rpartition(f'/{FOLDER}')[2]}, line {frame.lineno}"
        for frame in extract_tb(error.__traceback__)
        if f"/{TEMPLATES}/" in frame.filename
    ]
    return places[-1] if places else ""


def register_theme(app: Flask, live: LiveTheme) -> None:
    """Let the templates of the theme take the place of ours."""

    def find(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        found = live.theme.templates.get(name)
        return None if found is None else (*found, lambda: True)

    ours = app.jinja_loader
    assert isinstance(ours, BaseLoader)
    # Flask offers the loader as a cached property, which may be set.
    app.jinja_loader = ChoiceLoader([FunctionLoader(find), ours, PrefixLoader({OURS: ours})])
    # Compiled templates are cached, and compiled again after a change.
    live.on_change = lambda: app.jinja_env.cache.clear() if app.jinja_env.cache is not None else None
