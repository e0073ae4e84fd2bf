"""`akb people`: join the works of a base to their authors, and give pages to those of several works."""

from __future__ import annotations

from pathlib import Path

import click

from .common import plural, progress_bar, root_option, settings_for, show_finding, show_note


@click.command()
@root_option
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option(
    "--status", default="draft", show_default=True, help="Status of new pages: draft, or one in use (active)."
)
@click.option(
    "--works",
    "least",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help="Give a page to whoever wrote so many works of the base.",
)
@click.option("--only-join", is_flag=True, help="Write edges to those who have a page, and no new pages.")
def people(root: Path | None, dry_run: bool, status: str, least: int, only_join: bool) -> None:
    r"""Join each work to those of its authors who have a page, and write pages for authors of several works.

    Authors are those that the lists of works name. They are found by name, accents folded, and by co-authors where that
    is needed; who is not sure waits in the queue of proposals (docs/importing.md). `akb import` does the same for what
    it imports.

    \b
    Example:
      akb people --dry-run

    Exit codes: 0 all was written, 1 the base would not pass the check with it, 2 wrong use.
    """
    from ..importers.imports import plan_import, write_plan
    from ..importers.joining import join_people
    from ..importers.sheet import Wishes
    from ..importers.terms import WorkTerms
    from ..locks import locked
    from ..schema.reading import schema_of
    from ..turtle.reader import read_base
    from .import_ import queue_proposals

    settings = settings_for(root)
    with locked(settings.state / "import.lock"), progress_bar() as progress:
        base = read_base(settings.root, settings.namespaces, progress)
        schema = schema_of(base)
        joining = join_people(base, WorkTerms(schema), Wishes(status, 1 << 30 if only_join else least))
        plan = plan_import(base, schema, joining.tables, spares_drafts=True, progress=progress)
        if not plan.faults and not dry_run:
            write_plan(base, plan, progress)
    for note in joining.notes:
        show_note(note)
    for fault in plan.faults:
        click.echo(show_finding(fault))
    if plan.faults:
        click.echo(f"{plural(len(plan.faults), 'fault', 'faults')}: nothing was written.")
        raise SystemExit(1)
    would = "would be " if dry_run else ""
    changed = len(plan.files) - plan.created
    click.echo(
        f"{plural(joining.counts['authors'], 'author', 'authors')} joined, "
        f"{plural(joining.counts['people'], 'page', 'pages')} for authors: "
        f"{plural(plan.created, 'file', 'files')} {would}created, {changed} {would}changed."
    )
    queue_proposals(settings, joining.proposals, dry_run=dry_run)
