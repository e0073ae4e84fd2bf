"""`akb text`: the texts of works, against which quotes, locators and numbers are checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ..errors import NotFoundError, UsageError
from .common import paint, plural, root_option, settings_for, show_note

if TYPE_CHECKING:
    from ..settings import Settings
    from ..texts.records import SourceText
    from ..texts.shelf import Shelf

_FORMS: Final = ("latex", "html", "pdf", "markdown", "text")
_ALIKE: Final = 0.75
"""From which likeness on the title of a text is that of a work."""
_BEGINNING: Final = 4_000
"""Characters at the beginning of a text in which its title is."""


@click.group()
def text() -> None:
    """Keep the texts of works on this machine, and look into them.

    A text is read from LaTeX, HTML, PDF, Markdown or plain text, and kept outside of git (AKB_TEXTS). In git, texts/
    has a record of each: its version, licence and hash. `akb check` holds quotes, locators and numbers against the
    texts that are here, and `akb extract` makes proposals from them.
    """


@text.command()
@root_option
@click.argument("paper")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--form", type=click.Choice(_FORMS), help="The format of FILE. Default: what it looks like.")
@click.option("--version", default="", help="Which version of the work it is, such as v2.")
@click.option("--licence", default="", help="The licence of the text: an identifier of SPDX, or an address.")
@click.option("--address", default="", help="Where FILE was fetched from.")
@click.option("--anyway", is_flag=True, help="Add it although it looks like the text of another work.")
def add(
    root: Path | None,
    paper: str,
    file: Path,
    form: str | None,
    version: str,
    licence: str,
    address: str,
    anyway: bool,
) -> None:
    r"""Add the text of PAPER, the id of a work in the base, from FILE.

    FILE is a file, an archive with LaTeX (.tar.gz, .zip), or a folder with LaTeX. Files that LaTeX names are looked
    for in the folder of FILE, and nowhere else. LaTeX is read best, then HTML, then PDF.

    \b
    Examples:
      akb text add paper:alignment-faking-in-llms 2412.14093v2.tar.gz --version v2 --licence CC-BY-4.0
      akb text add paper:alignment-faking-in-llms paper.pdf

    Exit codes: 0 added, 2 wrong use, 3 FILE cannot be read.
    """
    from ..texts.reading import FORMS, read_text
    from ..texts.shelf import Shelf, TextRecord

    settings = settings_for(root)
    name, title = _work(settings, paper)
    read = read_text(file, next((one for one in FORMS if one == form), None))
    shelf = Shelf(settings)
    if not anyway:
        _must_be_of(read.text, title, name)
        if other := shelf.same_as(read.sha256, name):
            raise UsageError(f"{file} is the text of {other} already.", "name the other work, or use --anyway.")
    for note in read.text.notes:
        show_note(note)
    record = TextRecord(name, read.form, read.sha256, version or _version_in(file), licence, address)
    written, _ = shelf.add(record, read)
    found = read.text
    sentences = sum(1 for spot in found.places if spot.paragraph.kind == "prose")
    pages = f", {plural(len(found.pages), 'page', 'pages')}" if found.pages else ""
    click.echo(
        f"{name}: {plural(len(found.sections), 'section', 'sections')}, {plural(sentences, 'sentence', 'sentences')}"
        f"{pages}, from {read.form}."
    )
    click.echo(f"Commit {written.relative_to(settings.root)}. Next: `akb check`, or `akb extract {name}`.")


@text.command(name="list")
@root_option
def list_(root: Path | None) -> None:
    r"""List the texts that have a record, and whether they are on this machine.

    Each line has the work, the format that was read, its version and its licence.

    \b
    Example:
      akb text list
    """
    from ..texts.shelf import Shelf

    shelf = Shelf(settings_for(root))
    for name in shelf.names():
        record = shelf.record(name)
        if record is not None:
            said = [record.form, record.version, record.licence, "" if shelf.is_here(name) else "not on this machine"]
            click.echo(f"{paint(name, 'place')}  {', '.join(filter(None, said))}")
    click.echo(f"{plural(len(shelf.names()), 'text', 'texts')}.", err=True)


@text.command()
@root_option
@click.argument("paper")
@click.argument("place", required=False)
@click.option("--find", "quote", help="Show where the text has these words, or the nearest ones.")
@click.option("--around", default=1, show_default=True, type=click.IntRange(0, 50), help="Sentences before and after.")
def show(root: Path | None, paper: str, place: str | None, quote: str | None, around: int) -> None:
    r"""Show the text of PAPER: its sections, or what is at PLACE, an anchor or the number or title of a section.

    \b
    Examples:
      akb text show paper:alignment-faking-in-llms
      akb text show paper:alignment-faking-in-llms 3.1
      akb text show paper:alignment-faking-in-llms --find "with too much optimization"

    Exit codes: 0 shown, 1 the words are not in the text, 2 there is no such text or place.
    """
    from ..texts.shelf import Shelf

    settings = settings_for(root)
    shelf = Shelf(settings)
    name = _work(settings, paper)[0]
    if quote is not None:
        _show_found(shelf, name, quote, around)
        return
    found = shelf.must_have(name).text
    if place is None:
        for section in found.sections:
            number = f"{section.number} " if section.number else ""
            click.echo(f"{paint(section.anchor, 'place')}  {'  ' * (section.level - 1)}{number}{section.title}")
        return
    _show_place(found, place, around)


@text.command()
@root_option
@click.argument("paper")
def remove(root: Path | None, paper: str) -> None:
    r"""Delete the text of PAPER and its record.

    What quotes it stays, and is checked no more.

    \b
    Example:
      akb text remove paper:ai-control

    Exit codes: 0 it is deleted, 2 there is none.
    """
    from ..texts.shelf import Shelf

    settings = settings_for(root)
    gone = Shelf(settings).remove(paper)
    if not gone:
        raise NotFoundError(f"There is no text of {paper[:80]!r}.", "`akb text list` names those that there are.")
    for path in gone:
        click.echo(f"deleted {path}")


def _work(settings: Settings, name: str) -> tuple[str, str]:
    """Return the CURIE and the label of a work. Raises NotFoundError and UsageError."""
    from ..extraction.works import work_named
    from ..schema.reading import schema_of
    from ..turtle.reader import empty_base

    base = empty_base(settings.root, settings.namespaces)
    found = work_named(base, schema_of(base), name)
    return found.name, found.label


def _must_be_of(found: SourceText, title: str, name: str) -> None:
    """Refuse the text of another work: one in which the title of the work is neither the title nor at the beginning."""
    from rapidfuzz import fuzz

    from ..text.names import same_name

    wanted = same_name(title)
    beginning, size = [found.title], 0
    for section in found.sections:
        beginning.append(section.title)
        beginning += [paragraph.text for paragraph in section.paragraphs[:20]]
        size += sum(map(len, beginning))
        if size > _BEGINNING:
            break
    start = same_name(" ".join(beginning)[: 2 * _BEGINNING])
    if fuzz.partial_ratio(wanted, start) / 100 >= _ALIKE:
        return
    own = f"its own seems to be {found.title[:120]!r}"
    raise UsageError(
        f"The text does not begin with the title of {name}, {title[:120]!r}; {own}.",
        "name the work that it is of, or use --anyway.",
    )


def _version_in(file: Path) -> str:
    """Return the version in the name of a file of arXiv, such as 2412.14093v2.pdf."""
    import re

    match = re.match(r"(?:\d{4}\.\d{4,5}|[a-z-]+\d{7})(v\d+)", file.name)
    return match[1] if match else ""


def _show_found(shelf: Shelf, name: str, quote: str, around: int) -> None:
    from ..texts.passages import Passage

    passages = shelf.must_have(name)
    found = passages.find(quote)
    if not isinstance(found, Passage):
        click.echo("The text does not have these words.", err=True)
        if found.nearest:
            click.echo(f"Nearest ({found.likeness:.0%} alike): {found.nearest}")
        raise SystemExit(1)
    if not found.is_exact:
        click.echo(f"Nearly: {found.words}", err=True)
    _show_sentences(passages.text, found.spots[0].sentence.anchor, around, len(found.spots))


def _show_place(found: SourceText, place: str, around: int) -> None:
    from ..text.words import words_of

    words = words_of(place)
    for section in found.sections:
        if place == section.anchor or place.upper() == section.number.upper() or words == words_of(section.title):
            click.echo(click.style(f"{section.number} {section.title}".strip(), bold=True))
            for paragraph in section.paragraphs:
                click.echo(f"\n{paint(paragraph.anchor, 'place')}  {paragraph.text}")
            return
    _show_sentences(found, place, around, 1)


def _show_sentences(found: SourceText, anchor: str, around: int, count: int) -> None:
    spots = found.places
    at = next((number for number, spot in enumerate(spots) if spot.sentence.anchor == anchor), None)
    if at is None:
        raise NotFoundError(f"The text has no place {anchor[:80]!r}.", "`akb text show PAPER` lists its sections.")
    for number in range(max(0, at - around), min(len(spots), at + count + around)):
        spot = spots[number]
        page = f", page {found.pages[spot.sentence.page - 1]}" if spot.sentence.page and found.pages else ""
        marked = at <= number < at + count
        line = f"{paint(spot.sentence.anchor, 'place')} ({spot.section.name}{page})  {spot.sentence.text}"
        click.echo(line if marked else click.style(line, dim=True))
