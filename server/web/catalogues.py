"""The words of pages in other languages: catalogues of gettext, and dates, numbers and order as a language has them.

`locales/TAG.po` are ours, `theme/locales/TAG.po` those of a base, which come first and may have words of its ontology
and its settings. The English of a template or a sentence is the key, and is shown where there is no translation.
"""

from __future__ import annotations

import gettext
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal, get_decimal_symbol
from flask import Flask
from jinja2.filters import do_filesizeformat
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from ..errors import UnreadableError
from ..formats.wording import human_date, human_number
from ..records.dates import date_of
from ..records.languages import is_english
from ..records.sentences import Sentence, Series
from ..text.order import order_key

ENGLISH: Final = "en"
OURS: Final = Path(__file__).parent / "locales"
_SCRIPTS: Final = Path(__file__).parent / "static"
_WORDED: Final = re.compile(r'\bworded\("([^"\\]+)"')
_LAST_YEAR: Final = 9999
"""Of the years that Python knows; dates of other years are shown as in English."""
_LOWERED: Final = frozenset(("en", "es", "fr"))
"""Languages that write nouns small within a sentence; others need no change or must not have one."""


class Catalogue:
    """The words of pages in one language."""

    def __init__(self, tag: str, sources: Iterable[bytes] = ()) -> None:
        """Read catalogues, the first before the others. Raises ValueError for what is no catalogue."""
        self.tag = tag
        self.is_english = is_english(tag)
        self.locale = Locale.parse(tag, sep="-")
        self.direction = self.locale.text_direction
        self.name = (self.locale.get_display_name(self.locale) or tag).split(" (")[0]
        self._words: dict[str, str] = {}
        self._forms: dict[str, tuple[Callable[[int], int], tuple[str, ...]]] = {}
        for source in reversed([*sources]):
            self._add(source)
        self._marked: dict[str, Markup] = {}

    def _add(self, source: bytes) -> None:
        found = read_po(io.BytesIO(source), locale=self.locale, abort_invalid=True)
        # The two are the same rule, in the syntax of C (gettext, section 11.2.6).
        form_of = gettext.c2py(found.plural_expr)
        for message in found:
            if not message.id or message.fuzzy:
                continue
            if isinstance(message.id, str):
                if message.string:
                    self._words[message.id] = str(message.string)
            elif message.string and all(message.string):
                self._forms[message.id[0]] = form_of, tuple(map(str, message.string))

    @property
    def messages(self) -> Mapping[str, str]:
        """The messages without a number, and what they are in this language."""
        return self._words

    def word(self, message: str) -> str:
        """Return a message in this language; in English where it has none."""
        return self._words.get(message, message)

    def form(self, one: str, many: str, number: int) -> str:
        """Return the form of a message for a number."""
        if found := self._forms.get(one):
            form_of, strings = found
            return strings[form_of(number)]
        return one if number == 1 else many

    def marked(self, message: str) -> Markup:
        """Return a message of a template, which is HTML."""
        found = self._marked.get(message)
        if found is None:
            # Messages are those of templates: there are not many.
            found = self._marked[message] = Markup(self.word(message))  # noqa: S704
        return found

    def said(self, text: Any) -> Any:
        """Return a sentence in this language, or the translation of a text that is one message; else as it is."""
        if self.is_english or not isinstance(text, str):
            return text
        if isinstance(text, Sentence):
            values = {
                name: self.said(value) if isinstance(value, Sentence | Series) else value
                for name, value in text.values.items()
            }
            if text.plural:
                values["num"] = self.number(text.number)
            message = self.form(text.message, text.plural, text.number) if text.plural else self.word(text.message)
            return Sentence(message, values)
        if isinstance(text, Series):
            return Series(map(self.said, text.parts), self.word(text.joiner))
        return self._words.get(text, text)

    def date(self, value: str | datetime) -> str:
        """Return a year, month or day as people write it; anything else as it is."""
        if self.is_english:
            return human_date(value)
        return _date(self.locale, value if isinstance(value, str) else value.date().isoformat())

    def number(self, number: float, digits: int | None = None) -> str:
        """Return a number as people write it, with so many digits after the point where that is said."""
        if self.is_english:
            return human_number(int(number)) if digits is None else f"{number:.{digits}f}"
        return _number(self.locale, number, digits)

    def decimal_text(self, text: str) -> str:
        """Return a decimal number as it is written in this language, with the digits that it has."""
        return text if self.is_english else text.replace(".", get_decimal_symbol(self.locale))

    def short_date(self, text: str) -> str:
        """Return a day as tables have it; in English as ISO 8601 writes it."""
        found = None if self.is_english else date_of(text)
        if found is None or not found.day or not 0 < found.year <= _LAST_YEAR:
            return text
        return str(format_date(date(found.year, found.month, found.day), "medium", self.locale))

    def size(self, size: int) -> str:
        """Return so many bytes as people write it."""
        words: str = do_filesizeformat(size)
        return words if self.is_english else self.decimal_text(words.replace("Bytes", "B").replace("Byte", "B"))

    def within(self, text: str) -> str:
        """Return a heading as it is written within a sentence."""
        return text[:1].lower() + text[1:] if self.locale.language in _LOWERED else text

    @cached_property
    def for_scripts(self) -> Markup:
        """The messages of scripts in this language, as JSON for an element of a page; empty in English."""
        words = {message: self._words[message] for message in messages_of_scripts() if message in self._words}
        return htmlsafe_json_dumps(words, json.dumps, ensure_ascii=False) if words else Markup("")

    def order_key(self, name: str) -> bytes:
        """Return the key by which a name is sorted in this language."""
        return order_key(name, self.tag)


@cache
def messages_of_scripts() -> tuple[str, ...]:
    """Return the messages of the scripts of pages, each once: the literals that they give to `worded`."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(_SCRIPTS.glob("*.js")))
    return tuple(dict.fromkeys(found for text in texts for found in _WORDED.findall(text)))


@lru_cache(maxsize=4096)
def _date(locale: Locale, text: str) -> str:
    found = date_of(text)
    if found is None:
        return text
    if not 0 < found.year <= _LAST_YEAR:
        return found.words
    try:
        day = date(found.year, found.month or 1, found.day or 1)
    except ValueError:
        return found.words
    if found.day:
        return str(format_date(day, "long", locale))
    return str(format_skeleton("yMMMM", day, locale=locale)) if found.month else str(found.year)


@lru_cache(maxsize=4096)
def _number(locale: Locale, number: float, digits: int | None) -> str:
    pattern = None if digits is None else "#,##0." + "0" * digits
    return str(format_decimal(number, format=pattern, locale=locale))


_ENGLISH: Final = Catalogue(ENGLISH)
_current: ContextVar[Catalogue] = ContextVar("catalogue", default=_ENGLISH)
"""The catalogue of the page that is being written; all else is in English."""


def current_catalogue() -> Catalogue:
    """Return the catalogue of the page that is being written."""
    return _current.get()


def write_in(catalogue: Catalogue, write: Callable[[], str]) -> str:
    """Return what `write` writes, in the language of a catalogue."""
    token = _current.set(catalogue)
    try:
        return write()
    finally:
        _current.reset(token)


@cache
def our_tags() -> tuple[str, ...]:
    """Return the languages of which we have catalogues, in order, English among them."""
    return tuple(sorted((ENGLISH, *(path.stem for path in OURS.glob("*.po")))))


@lru_cache(maxsize=32)
def catalogue_of(tag: str, of_base: bytes = b"") -> Catalogue:
    """Return the catalogue of a language, with what a base says in it. Raises UnreadableError."""
    if is_english(tag):
        return _ENGLISH
    ours = OURS / f"{tag}.po"
    sources = [*([of_base] if of_base else []), *([ours.read_bytes()] if ours.is_file() else [])]
    try:
        return Catalogue(tag, sources)
    except (ValueError, PoFileError) as error:
        raise UnreadableError(
            f"The catalogue {tag}.po cannot be read: {error}.", "mend it; `msgfmt --check` of gettext says where."
        ) from error


# What templates call. ---------------------------------------------------------------------------------------------


def in_template(message: str, /, **values: Any) -> Markup:
    """Return a message of a template, with its values, which are escaped."""
    found = _current.get().marked(message)
    return found % values if values or "%" in found else found


def in_template_of(one: str, many: str, number: int, /, **values: Any) -> Markup:
    """Return a message of a template that depends on a number, which it may have as `num`."""
    catalogue = _current.get()
    values.setdefault("num", catalogue.number(number))
    return Markup(catalogue.form(one, many, number)) % values  # noqa: S704 - the words of a template


def _collated(names: Iterable[Any], attribute: str | None = None) -> list[Any]:
    """Return names, or records with an attribute that is one, in the order of the language of the page."""
    catalogue = _current.get()
    return sorted(
        names, key=lambda one: catalogue.order_key(str(catalogue.said(getattr(one, attribute) if attribute else one)))
    )


CALLS: Final = {"gettext": in_template, "ngettext": in_template_of, "_": in_template}
FILTERS: Final = {
    "said": lambda text: _current.get().said(text),
    "human_date": lambda value: _current.get().date(value),
    "human_number": lambda number: _current.get().number(number),
    "decimal": lambda number, digits: _current.get().number(number, digits),
    "decimal_text": lambda text: _current.get().decimal_text(str(text)),
    "short_date": lambda text: _current.get().short_date(text),
    "size": lambda size: _current.get().size(size),
    "first_lower": lambda text: _current.get().within(text),
    "lowered": lambda text: text.lower() if _current.get().is_english else _current.get().within(text),
    "collated": _collated,
}


def register(app: Flask) -> None:
    """Let the templates say what they say in the language of a catalogue."""
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    # Calls with values by name, as `_new_style` of the extension has them; ours know the language of the page.
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals |= CALLS
    environment.globals["catalogue"] = current_catalogue
    environment.filters |= FILTERS
