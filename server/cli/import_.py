"""`akb import`: add the records of other programs and catalogues, and the rows of tables, to the base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import AkbError, NotFoundError, UsageError
from .common import plural, progress_bar, root_option, settings_for, show_finding, show_note

if TYPE_CHECKING:
    from ..importers.kinds import Records
    from ..importers.sheet import Joining
    from ..records.findings import Finding
    from ..schema.schema import Schema
    from ..settings import Settings
    from ..turtle.base import Base


@click.command("import")
@root_option
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--update", is_flag=True, help="Where a record and the base differ, follow the record.")
@click.option("--fetch", is_flag=True, help="Ask catalogues about identifiers that are no files.")
@click.option(
    "--status", default="draft", show_default=True, help="Status of new entities: draft, or one in use (active)."
)
@click.option(
    "--people",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help="Give a page to whoever wrote so many works of the base.",
)
@click.option("--cited-by", "citing", default="", help="CURIE of a work: FILES are its references, and add none.")
@click.option(
    "--construct", type=click.Path(path_type=Path), help="With kind rdf: a CONSTRUCT that makes entities of it."
)
@click.option("--skip-faulty", is_flag=True, help="Leave out records with faults, and import the others.")
@click.argument("words", nargs=-1, required=True, metavar="[KIND] FILES")
def import_(
    root: Path | None,
    words: tuple[str, ...],
    dry_run: bool,
    update: bool,
    fetch: bool,
    status: str,
    people: int,
    citing: str,
    construct: Path | None,
    skip_faulty: bool,
) -> None:
    r"""Add the records of FILES to the files of kb/: create what is not there, add to what is.

    KIND is table, bibtex, ris, csl, zotero, zotero-rdf, arxiv, crossref, datacite, openalex, semantic-scholar, notes or
    rdf; without it, each file is known by its name or its beginning. In place of a file, an identifier may be
    asked about with --fetch: a DOI, a number on arXiv. docs/importing.md says what becomes of each record, and how
    duplicates and authors are found. Other packages may add kinds: docs/extending.md.

    The same import a second time changes nothing. When anything is wrong, nothing is written, and each fault is
    FILE:LINE. What is not sure waits in the queue of proposals.

    \b
    Examples:
      akb import library.bib export.ris --dry-run
      akb import arxiv 2412.14093 --fetch
      akb import table entities.tsv edges.tsv

    Exit codes: 0 all was imported, 1 the records have faults, 2 wrong use, 3 something cannot be read or reached.
    """
    from ..importers.imports import plan_import, write_plan
    from ..locks import locked
    from ..schema.reading import schema_of
    from ..turtle.reader import read_base

    settings = settings_for(root)
    # Between reading the base and writing to it nobody else may import: the second waits for the first.
    with locked(settings.state / "import.lock"), progress_bar() as progress:
        base = read_base(settings.root, settings.namespaces, progress)
        schema = schema_of(base)
        records = _read(settings, base, schema, words, fetch=fetch, construct=construct)
        joining, skipped = _joined(base, schema, records, status, people, update, citing, skip_faulty=skip_faulty)
        plan = plan_import(
            base,
            schema,
            [*records.tables, *joining.tables],
            update=update,
            spares_drafts=not records.tables,
            progress=progress,
        )
        plan.faults = sorted([*plan.faults, *joining.faults])
        if not plan.faults and not dry_run:
            write_plan(base, plan, progress)
    for note in joining.notes:
        show_note(note)
    for fault in (*plan.faults, *skipped):
        click.echo(show_finding(fault))
    if plan.faults:
        click.echo(f"{plural(len(plan.faults), 'fault', 'faults')}: nothing was written.")
        raise SystemExit(1)
    if dry_run:
        for path in plan.files:
            click.echo(f"would {'change' if (base.root / path).exists() else 'create'} {path}")
    if skipped:
        click.echo(f"{plural(len(skipped), 'record', 'records')} with faults left out.")
    would = "would be " if dry_run else ""
    read = _summary(joining) or (
        f"{plural(plan.entities, 'entity', 'entities')} and {plural(plan.edges, 'edge', 'edges')} read"
    )
    changed = len(plan.files) - plan.created
    click.echo(f"{read}: {plural(plan.created, 'file', 'files')} {would}created, {changed} {would}changed.")
    queue_proposals(settings, joining.proposals, dry_run=dry_run)


def _read(
    settings: Settings, base: Base, schema: Schema, words: Sequence[str], *, fetch: bool, construct: Path | None
) -> Records:
    from ..importers.cells import columns_of
    from ..importers.fetching import FETCHED, fetched, refuse_without_leave, resolved, wanted
    from ..importers.kinds import Records, kind_of_file, kinds, read_records
    from ..importers.readers.rdf import constructing

    first, rest = words[0], words[1:]
    is_kind = first in {*kinds(), *FETCHED} and bool(rest or not Path(first).exists())
    is_name = not Path(first).exists() and wanted("", first) is None and not {".", "/"} & {*first}
    if not is_kind and is_name:
        raise UsageError(f"{first!r} is not a kind of file that can be imported.", f"name one of {', '.join(kinds())}.")
    kind = first if is_kind else ""
    names = rest if is_kind else words
    if not names:
        raise UsageError(f"No file of the kind {kind} is named.", f"name one: akb import {kind} FILE.")
    if construct and kind not in {"", "rdf"}:
        raise UsageError("--construct is for the kind rdf.", "leave it out, or write `akb import rdf FILE`.")
    using = constructing(construct, base.namespaces.prefixes()) if construct else None
    files: list[tuple[str, Path]] = []
    asked = []
    for name in names:
        one = wanted("" if kind == "doi" else kind, name) if kind in {"", *FETCHED} else None
        if Path(name).exists() or one is None:
            files.append(("rdf" if using else kind or kind_of_file(Path(name)), Path(name)))
        elif not fetch:
            raise refuse_without_leave(name)
        else:
            asked.append(replace(one, kind="doi") if kind == "doi" else one)
    found = Records()
    if kind == "doi":
        files = [(kind_of_file(path), path) for _, path in files]
    fetcher = fetcher_of(settings) if fetch else None
    if fetcher is not None and asked:
        files += list(fetched(fetcher, asked))
    for kind_, path in files:
        found.add(read_records(kind_, path, columns_of(schema), using if kind_ == "rdf" else None))
    if fetcher is not None:
        found.works = resolved(fetcher, found.works)
    return found


def fetcher_of(settings: Settings) -> Any:
    """Return what asks the catalogues, and says so."""
    from ..federation.catalogues import Catalogues
    from ..federation.peers import peers_of
    from ..importers.fetching import Fetcher

    catalogues = Catalogues(peers_of(settings), on_ask=lambda address: show_note(f"asking {address}"))
    return Fetcher(catalogues, settings.state / "fetched")


def _joined(
    base: Base,
    schema: Schema,
    records: Records,
    status: str,
    people: int,
    update: bool,
    citing: str,
    *,
    skip_faulty: bool,
) -> tuple[Joining, list[Finding]]:
    from ..importers.joining import join_records
    from ..importers.sheet import Wishes
    from ..importers.terms import WorkTerms

    wishes = Wishes(status, people, update, _work(base, citing) if citing else "")
    terms = WorkTerms(schema)
    joining = join_records(base, terms, records.works, records.described, wishes)
    faults = [*records.faults, *joining.faults]
    if not skip_faulty:
        return replace(joining, faults=faults), []
    return replace(joining, faults=[]), faults


def _work(base: Base, curie: str) -> str:
    from ..turtle.edges import VOCAB

    try:
        iri = base.namespaces.expand(curie)
    except KeyError:
        raise UsageError(f"{curie!r} is not a CURIE.", "write it as paper:name.") from None
    if all(node != f"<{iri}>" for node, _ in base.pairs(str(VOCAB.status))):
        raise NotFoundError(f"{curie} is not in the base.", "check the spelling, or import it first.")
    return iri


def _summary(joining: Joining) -> str:
    counts = joining.counts
    if not counts["records"] and not counts["described"] and not counts["authors"]:
        return ""
    parts = [
        (counts["records"], "record", "records", "read"),
        (counts["new"], "work is new", "works are new", ""),
        (counts["known"], "was there", "were there", ""),
        (counts["duplicates"], "duplicate", "duplicates", ""),
        (counts["waiting"], "work waits for a decision", "works wait for a decision", ""),
        (counts["described"], "entity described", "entities described", ""),
        (counts["authors"], "author joined", "authors joined", ""),
        (counts["people"], "page for an author", "pages for authors", ""),
        (counts["venues"], "venue joined", "venues joined", ""),
        (counts["citations"], "citation", "citations", ""),
        (counts["links"], "link", "links", ""),
        (counts["references outside"], "reference to a work outside", "references to works outside", ""),
    ]
    return ", ".join(
        f"{plural(count, one, many)}{f' {end}' if end else ''}" for count, one, many, end in parts if count
    )


def queue_proposals(settings: Settings, proposals: Sequence[dict[str, Any]], *, dry_run: bool) -> None:
    """Put what a person has to decide into the queue of proposals, and say so."""
    from ..proposals.submitting import submit

    if not proposals:
        return
    if dry_run:
        click.echo(f"{plural(len(proposals), 'question', 'questions')} would wait for a decision.")
        for one in proposals:
            show_note(f"{one['why']}")
        return
    waiting = 0
    for one in proposals:
        try:
            found = submit(settings, one, lands=True)
        except AkbError as error:
            show_note(f"not queued: {one['why']} {error.message}")
            continue
        if found.queued is None:
            reasons = "; ".join(finding["message"] for finding in found.record["findings"])
            show_note(f"not queued: {one['why']} {reasons}")
        else:
            waiting += 1
    if waiting:
        click.echo(f"{plural(waiting, 'question waits', 'questions wait')} for a decision: akb review proposals")
