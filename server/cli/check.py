"""`akb check`: say what is wrong with a base."""

from __future__ import annotations

from pathlib import Path

import click

from .common import plural, progress_bar, root_option, settings_for, show_finding


@click.command()
@root_option
def check(root: Path | None) -> None:
    """Check the Turtle of a base, and say how to mend each fault.

    Runs over every file without stopping at the first bad one: syntax, form of the files, SHACL shapes (shapes/*.ttl)
    on the asserted data, rules over the whole base (shapes/rules/*.rq), and contradictions in the OWL closure.

    Exit codes: 0 no violation, 1 violations, 2 wrong use, 3 the ontology or a shape cannot be read.
    """
    from ..turtle.reader import read_base
    from ..validation.check import check as run_check
    from ..vocabulary.reading import read_vocabulary

    settings = settings_for(root)
    with progress_bar() as progress:
        base = read_base(settings.root, settings.namespaces, progress)
        report = run_check(base, read_vocabulary(base.ontology, base.namespaces), progress=progress)
    for finding in report.findings:
        click.echo(show_finding(finding))
    faults = len(report.findings)
    looked_at = ", ".join(
        [
            plural(report.files, "file", "files"),
            plural(report.entities, "entity", "entities"),
            plural(report.edges, "edge", "edges"),
        ]
    )
    click.echo(f"{looked_at}: {plural(faults, 'finding', 'findings') if faults else 'no findings'}.")
    if not report.clean:
        raise SystemExit(1)
