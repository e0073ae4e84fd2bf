"""`akb check`: say what is wrong with a base, to people and to programs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ..errors import UsageError
from ..namespaces import Namespaces
from ..records.engines import Shacl
from ..records.findings import Report, Severity, Stage
from ..records.policy import Known, Verdict
from ..records.progress import Progress
from ..settings import read_engine
from .common import (
    engine_option,
    paint,
    progress_bar,
    read_outputs,
    root_option,
    settings_for,
    show_note,
    write_file,
)

if TYPE_CHECKING:
    from ..turtle.base import Base

_STAGES: Final = click.Choice([stage.value for stage in Stage])
_PATH: Final = click.Path(path_type=Path)


@click.command()
@root_option
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="NAME[=FILE]",
    help="Write text (the default), json, sarif, junit, github, gitlab, markdown, html or turtle, to standard output "
    "or to FILE. May be given several times, one of them without a file.",
)
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    default=Severity.VIOLATION.value,
    show_default=True,
    help="The least severity at which a new finding makes exit code 1.",
)
@click.option("--baseline", type=_PATH, help="A file of findings that are known: they pass, new ones fail.")
@click.option("--write-baseline", type=_PATH, help="Write all current findings to a baseline.")
@click.option("--data", type=_PATH, help="Check the RDF of this folder (or file), which need not have our form.")
@click.option("--shapes", type=_PATH, help="With --data: its SHACL shapes; SPARQL rules in the folder rules/ of it.")
@click.option("--ontology", type=_PATH, help="With --data: its ontology.")
@click.option(
    "--changed-since",
    metavar="REVISION",
    help="Check only what has changed since a revision of git, in files that are committed or not, and what that can "
    "affect. main... is the commit where the branch left main.",
)
@click.option("--only", multiple=True, type=_STAGES, help="Run this stage and no other. May be given several times.")
@click.option("--skip", multiple=True, type=_STAGES, help="Leave this stage out. May be given several times.")
@engine_option
@click.option(
    "--shacl",
    type=click.Choice([version.value for version in Shacl]),
    default=Shacl.V1_0.value,
    show_default=True,
    help="Read shapes by this version of SHACL Core. 1.2 is a draft, of which the fast engine has the greater part; "
    "what it lacks is said.",
)
@click.option(
    "--watch", is_flag=True, help="Check again at every change, and say what is new and mended; Ctrl-C ends it."
)
def check(
    root: Path | None,
    formats: tuple[str, ...],
    fail_on: str,
    baseline: Path | None,
    write_baseline: Path | None,
    data: Path | None,
    shapes: Path | None,
    ontology: Path | None,
    changed_since: str | None,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    engine: str | None,
    shacl: str,
    watch: bool,
) -> None:
    """Check the Turtle of a base, and say how to mend each fault.

    Runs over every file without stopping at the first bad one, stage by stage: syntax (and the form of the files),
    shapes (shapes/*.ttl, SHACL on the asserted data), rules (shapes/rules/*.rq over the whole base), consistency
    (contradictions in the OWL closure), lint, ontology and shapes-lint.

    With --data it checks any RDF project: Turtle, N-Triples, RDF/XML and JSON-LD, with whatever IRIs. What holds a base
    to our own form is left out then: the form of files, and the stage ontology.

    What shapes/waivers.ttl waives passes until its day.

    Exit codes: 0 nothing fails, 1 findings, 2 wrong use, 3 something that must be read cannot be read (the ontology, a
    shape, the waivers, the baseline), 4 the fault is ours, or two engines differ.
    """
    from ..validation.baseline import baseline_text, read_baseline
    from ..validation.policy import judge
    from ..validation.reports import text
    from ..validation.reports.formats import FORMATS

    outputs = read_outputs(formats, FORMATS)
    stages = _stages(only, skip)
    if watch and (write_baseline or any(file is None and name != "text" for name, file in outputs)):
        raise UsageError("--watch writes text, and no baseline.", "write other formats to files: --format json=FILE.")
    if changed_since is not None and data is not None:
        raise UsageError("--changed-since is for a base of our own form.", "leave it or --data out.")
    if changed_since is not None and write_baseline is not None:
        raise UsageError("A baseline holds all findings.", "leave --changed-since out, or --write-baseline.")

    noted: list[str] = []
    version = Shacl(shacl)

    def checked() -> Verdict:
        with progress_bar() as progress:
            if changed_since is not None:
                report, namespaces, place = _check_since(changed_since, root, engine, version, stages, progress)
            else:
                report, namespaces, place = _check_all(root, data, shapes, ontology, engine, version, stages, progress)
        for note in report.notes:
            if note not in noted:
                noted.append(note)
                show_note(note)

        def judged_by(known: tuple[Known, ...] | None) -> Verdict:
            return judge(
                report,
                baseline=known,
                fail_on=Severity(fail_on),
                is_whole=report.is_whole,
                prefixes=namespaces.prefixes(),
                folder=_folder(place),
            )

        verdict = judged_by(read_baseline(baseline) if baseline else None)
        if write_baseline:
            write_file(write_baseline, baseline_text(verdict))
            verdict = judged_by(read_baseline(write_baseline))
        for name, file in outputs:
            if file is not None:
                write_file(file, FORMATS[name].render(verdict))
        return verdict

    if watch:
        from .watching import watch_and_check

        written = [file for _, file in outputs if file is not None]
        watch_and_check(_places(root, data, shapes, ontology), written, checked)
        return
    verdict = checked()
    [shown] = [name for name, file in outputs if file is None]
    click.echo(text.render(verdict, paint) if shown == "text" else FORMATS[shown].render(verdict), nl=False)
    if verdict.failed:
        raise SystemExit(1)


def _check_since(
    name: str, root: Path | None, engine: str | None, shacl: Shacl, stages: frozenset[Stage], progress: Progress
) -> tuple[Report, Namespaces, Path]:
    from ..history.snapshots import revision
    from ..validation.changes.checking import check_changed

    settings = settings_for(root, engine=engine)
    report = check_changed(settings, revision(settings.root, name), stages=stages, progress=progress, shacl=shacl)
    return report, settings.namespaces, settings.root


def _check_all(
    root: Path | None,
    data: Path | None,
    shapes: Path | None,
    ontology: Path | None,
    engine: str | None,
    shacl: Shacl,
    stages: frozenset[Stage],
    progress: Progress,
) -> tuple[Report, Namespaces, Path]:
    from ..schema.reading import schema_of
    from ..validation.check import check as run_check
    from ..validation.check import stages_for

    base = _read(root, data, shapes, ontology, progress)
    if not stages & stages_for(base):
        raise UsageError("That stage checks the form of akb's own bases.", "choose another, or leave --data out.")
    schema = schema_of(base)
    chosen = read_engine(os.environ, engine) if data else settings_for(root, engine=engine).engine
    report = run_check(base, schema, stages=stages, progress=progress, engine=chosen, shacl=shacl)
    return report, base.namespaces, base.root


def _read(root: Path | None, data: Path | None, shapes: Path | None, ontology: Path | None, progress: Progress) -> Base:
    from ..turtle.projects import read_project
    from ..turtle.reader import read_base

    if data is not None:
        if root is not None:
            raise UsageError("--data and --root are two bases.", "leave one of them out.")
        return read_project(data, shapes, ontology, progress)
    if shapes or ontology:
        raise UsageError("--shapes and --ontology belong to --data.", "name the data too, or use --root.")
    settings = settings_for(root)
    return read_base(settings.root, settings.namespaces, progress)


def _places(root: Path | None, data: Path | None, shapes: Path | None, ontology: Path | None) -> tuple[Path, ...]:
    """Return the folders and files that a check reads."""
    if data is not None:
        return tuple(place for place in (data, shapes, ontology) if place)
    from .watching import sources_of

    return sources_of(settings_for(root).root)


def _stages(only: tuple[str, ...], skip: tuple[str, ...]) -> frozenset[Stage]:
    """Read --only and --skip. Raises UsageError when no stage is left."""
    chosen = frozenset(Stage(name) for name in only or tuple(Stage)) - {Stage(name) for name in skip}
    if not chosen:
        raise UsageError("--only and --skip leave no stage to run.", "leave one of them out.")
    return chosen


def _folder(root: Path) -> str:
    """Return the path from the working directory to the base, when the base is in it; else an empty string."""
    here = Path.cwd()
    return f"{root.relative_to(here).as_posix()}/" if root != here and root.is_relative_to(here) else ""
