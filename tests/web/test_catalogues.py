"""The catalogues of pages: whole, of the same form as the English, and current (GNU gettext; CLDR plural rules)."""

from __future__ import annotations

import contextlib
import io
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from babel import Locale
from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from docs.messages import OF_BASE, ROOT, TAGS, messages, words_of_base
from server.errors import UnreadableError
from server.records.sentences import Series, sentence, sentence_of
from server.web.catalogues import OURS, Catalogue, catalogue_of, current_catalogue, write_in

_PLACE = re.compile(r"%\((\w+)\)s|%%")
_TAG = re.compile(r"<[^<>]*>")
_ATTRIBUTE = re.compile(r'(?:aria-label|title|alt)="[^"]*"')


@cache
def read(path: Path) -> Catalog:
    return read_po(io.BytesIO(path.read_bytes()), Locale.parse(path.stem, sep="-"), abort_invalid=True)


def keys(catalog: Catalog) -> set[str | tuple[str, str]]:
    return {one.id if isinstance(one.id, str) else (one.id[0], one.id[1]) for one in catalog if one.id}


def strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


@pytest.fixture(scope="module")
def said() -> tuple[set[str | tuple[str, str]], set[str | tuple[str, str]]]:
    # Babel remarks on the values of sentences that are f-strings, which are no messages.
    with contextlib.redirect_stderr(io.StringIO()):
        return set(messages()), set(words_of_base(ROOT))


@pytest.mark.parametrize("tag", TAGS)
def test_every_message_is_translated_in_every_form(
    tag: str, said: tuple[set[str | tuple[str, str]], set[str | tuple[str, str]]]
) -> None:
    for folder, wanted in zip((OURS, OF_BASE), said, strict=True):
        catalog = read(folder / f"{tag}.po")
        assert keys(catalog) == wanted, "run `make messages`, and translate what is new"
        forms = catalog.num_plurals
        for message in catalog:
            if not message.id:
                continue
            assert not message.fuzzy, message.id
            assert all(strings(message)), message.id
            assert len(strings(message)) == (1 if isinstance(message.id, str) else forms), message.id


@pytest.mark.parametrize("tag", TAGS)
def test_a_translation_has_the_places_and_the_tags_of_the_english(tag: str) -> None:
    for folder in (OURS, OF_BASE):
        for message in read(folder / f"{tag}.po"):
            if not message.id:
                continue
            english = (message.id,) if isinstance(message.id, str) else message.id
            allowed = [(Counter(_PLACE.findall(one)), Counter(_TAG.findall(one))) for one in english]
            for text in strings(message):
                assert (Counter(_PLACE.findall(text)), Counter(_TAG.findall(text))) in allowed, (message.id, text)
                # A translation may stand in an attribute, which a quote would end.
                assert '"' not in _TAG.sub("", text) or any('"' in _TAG.sub("", one) for one in english), text
                assert "<" not in _TAG.sub("", text), text


def test_no_words_of_a_template_are_outside_of_messages() -> None:
    """Names of formats and languages are the same everywhere."""
    names = {"SPARQL", "API", "BibTeX", "CSL-JSON", "SHA-", "IRI", "akb:", "class:slug"}
    for path in sorted((ROOT / "server/web/templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"\{#.*?#\}|\{% trans.*?endtrans \+?%\}", " ", text, flags=re.DOTALL)
        text = re.sub(r"<(code|pre|script|style|kbd)\b.*?</\1>", " ", text, flags=re.DOTALL)
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
        seen = [*_ATTRIBUTE.findall(text), *_TAG.sub("|", text).split("|")]
        left = {word for part in seen for word in re.findall(r"[A-Za-z:-]{3,}", part)} - names
        left -= {"website", "article", "preview", "png", "aria-label", "title", "alt", "href", "path"}
        if path.name in {"correct.html", "path.html"}:
            # Parts of tags and of addresses, made by macros.
            left -= {"aria-describedby", "hint-", "wrong-", "aria-invalid", "true"}
        assert not left, (path.name, left)


def test_a_sentence_is_english_until_a_page_says_it() -> None:
    german = catalogue_of("de")
    made = sentence("There is no entity %(curie)s.", curie="concept:none")
    assert made == "There is no entity concept:none."
    assert german.said(made) == "Die Entität concept:none gibt es nicht."
    several = Series([sentence_of("%(num)s for", "%(num)s for", 2000), sentence("contested")])
    assert several == "2,000 for, contested"
    assert german.said(several) == "2.000 dafür, umstritten"
    assert german.said("a text of the base") == "a text of the base"


@pytest.mark.parametrize(
    ("number", "form"), [(0, "حواف"), (1, "حافة"), (2, "حافتان"), (7, "حواف"), (11, "حافة"), (100, "حافة")]
)
def test_arabic_has_six_forms(number: int, form: str) -> None:
    """CLDR, plural rules: zero, one, two, few, many, other."""
    text = catalogue_of("ar").form("%(num)s edge", "%(num)s edges", number)
    assert text.split()[-1] == form


@pytest.mark.parametrize(
    ("tag", "day", "month", "number"),
    [
        ("en", "18 December 2024", "December 2024", "12,345"),
        ("de", "18. Dezember 2024", "Dezember 2024", "12.345"),
        ("fr", "18 décembre 2024", "décembre 2024", "12\u202f345"),
        ("es", "18 de diciembre de 2024", "diciembre de 2024", "12.345"),
        ("zh-Hans", "2024年12月18日", "2024年12月", "12,345"),
    ],
)
def test_dates_and_numbers_are_those_of_the_language(tag: str, day: str, month: str, number: str) -> None:
    catalogue = catalogue_of(tag)
    assert catalogue.date("2024-12-18") == day
    assert catalogue.date("2024-12") == month
    assert catalogue.date("2024") == "2024"
    assert catalogue.date("in spring") == "in spring"
    assert catalogue.number(12345) == number


def test_names_are_sorted_as_the_language_has_them() -> None:
    spanish, arabic = (catalogue_of(tag).order_key for tag in ("es", "ar"))
    assert sorted(["nube", "ñandú", "oso", "nz"], key=spanish) == ["nube", "nz", "ñandú", "oso"]
    assert sorted(["Alpha", "باء", "ألف"], key=arabic) == ["ألف", "باء", "Alpha"]


def test_a_catalogue_of_a_base_comes_before_ours() -> None:
    own = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Home"\nmsgstr "Heim"\n'
    german = catalogue_of("de", own)
    assert (german.word("Home"), german.word("Search")) == ("Heim", "Suchen")


def test_a_catalogue_that_is_none_says_so() -> None:
    with pytest.raises(UnreadableError, match=r"de\.po cannot be read"):
        catalogue_of("de", b"this is no catalogue")


def test_what_a_page_is_written_in_ends_with_the_page() -> None:
    french = Catalogue("fr")
    assert write_in(french, lambda: current_catalogue().tag) == "fr"
    assert current_catalogue().tag == "en"
