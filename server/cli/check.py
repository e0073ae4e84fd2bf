"""`akb check`: say what is wrong with a base, to people and to programs."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from ..errors import UsageError
from ..namespaces import Namespaces
from ..records.engines import Shacl
from ..records.findings import Finding, Report, Severity, Stage
from ..records.policy import Known, Verdict
from ..records.progress import Progress, no_progress
from ..settings import read_engine
from .common import (
    engine_option,
    paint,
    progress_bar,
    read_outputs,
    root_option,
    show_note,
    write_file,
)
from .sources import Sources, read_sources

if TYPE_CHECKING:
    from ..turtle.base import Base


class _Asked(NamedTuple):
    """How a check is made, beyond its stages; see `server.validation.check.check`."""

    language: str
    max_depth: int
    shacl: Shacl
    strict: bool


_STAGES: Final = click.Choice([stage.value for stage in Stage])
_EXPLAINED: Final = 5
"""How many findings of one name are explained."""
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
@click.option(
    "--import",
    "imports",
    multiple=True,
    metavar="IRI=FILE",
    help="With --data: the local copy of what is imported, or of a context of JSON-LD. May be given several times.",
)
@click.option("--strict", is_flag=True, help="Make a violation of all that is not understood, which is an info else.")
@click.option("--staged", is_flag=True, help="Check what is staged in git, and not what lies in the folder.")
@engine_option
@click.option("--language", default="", metavar="TAG", help="The language of messages, where shapes have several.")
@click.option(
    "--max-depth",
    type=click.IntRange(1, 150),
    default=50,
    show_default=True,
    help="How many shapes may be within each other, by sh:node and the like.",
)
@click.option(
    "--explain",
    metavar="FINDING",
    help="Explain the findings with this rule, entity, FILE:LINE or fingerprint, in place of a report.",
)
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
    imports: tuple[str, ...],
    strict: bool,
    staged: bool,
    engine: str | None,
    shacl: str,
    language: str,
    max_depth: int,
    explain: str | None,
    watch: bool,
) -> None:
    """Check the Turtle of a base, and say how to mend each fault.

    Runs over every file without stopping at the first bad one, stage by stage: syntax (and the form of the files),
    shapes (shapes/*.ttl, SHACL on the asserted data), rules (shapes/rules/*.rq over the whole base), consistency
    (contradictions in the OWL closure), lint, ontology and shapes-lint.

    With --data it checks any RDF project, in every common format, with whatever IRIs; without --shapes, by the shapes
    among the data. What holds a base to our own form is left out then: the form of files, and the stage ontology; what
    is a matter of style is an info. Nothing is fetched, and what is not understood is said.

    What shapes/waivers.ttl waives passes until its day.

    Exit codes: 0 nothing fails, 1 findings, 2 wrong use, 3 something on which the check depends cannot be read or used
    (the ontology, a shape, the waivers, the baseline; all else is checked), 4 the fault is ours, or two engines differ.
    """
    from ..validation.baseline import baseline_text, read_baseline
    from ..validation.policy import judge
    from ..validation.reports import text
    from ..validation.reports.formats import FORMATS

    outputs = read_outputs(formats, FORMATS)
    stages = _stages(only, skip)
    if explain is not None and (watch or formats):
        raise UsageError("--explain writes no report.", "leave it out, or --watch and --format.")
    if watch and (write_baseline or any(file is None and name != "text" for name, file in outputs)):
        raise UsageError("--watch writes text, and no baseline.", "write other formats to files: --format json=FILE.")
    _must_be_whole(staged and watch, changed_since is not None and write_baseline is not None)

    asked = _Asked(language, max_depth, Shacl(shacl), strict)
    noted: list[str] = []
    written = [file for file in (*(file for _, file in outputs), baseline, write_baseline) if file is not None]
    sources = read_sources(root, data, shapes, ontology, imports, written)
    if data is None and write_baseline is None:
        baseline = baseline or sources.settings().baseline

    def checked() -> Verdict:
        with progress_bar() as progress, sources.staged() if staged else nullcontext(sources) as read:
            if changed_since is not None and data is None:
                report, namespaces, place = _check_since(changed_since, read, engine, stages, progress, asked)
            else:
                report, namespaces, place = _check_all(read, changed_since, engine, stages, progress, asked)
        for note in report.notes:
            if note not in noted:
                noted.append(note)
                show_note(note)

        known = read_baseline(baseline) if baseline else None
        if isinstance(known, Finding):
            report, known = replace(report, findings=(*report.findings, known)), ()

        def judged_by(known: tuple[Known, ...] | None) -> Verdict:
            return judge(
                report,
                baseline=known,
                fail_on=Severity(fail_on),
                is_whole=report.is_whole,
                prefixes=namespaces.prefixes(),
                folder=_folder(read.real(place)),
                repository=repository_of(read.real(place)),
                root=read.real(place),
            )

        verdict = judged_by(known)
        if write_baseline:
            write_file(write_baseline, baseline_text(verdict))
            written_known = read_baseline(write_baseline)
            assert not isinstance(written_known, Finding), "it was just written"
            verdict = judged_by(written_known)
        for name, file in outputs:
            if file is not None:
                write_file(file, FORMATS[name].render(verdict))
        return verdict

    if watch:
        from .watching import watch_and_check

        watch_and_check(sources, checked)
        return
    verdict = checked()
    if explain is not None:
        with sources.staged() if staged else nullcontext(sources) as read:
            _explain(verdict, explain, read.read(no_progress))
        return
    [shown] = [name for name, file in outputs if file is None]
    click.echo(text.render(verdict, paint) if shown == "text" else FORMATS[shown].render(verdict), nl=False)
    if verdict.blocked or verdict.failed:
        raise SystemExit(3 if verdict.blocked else 1)


def _must_be_whole(watches_staged: bool, writes_part: bool) -> None:
    """Raise UsageError for what cannot be watched, or written."""
    if watches_staged:
        raise UsageError("--staged checks once.", "leave --watch out.")
    if writes_part:
        raise UsageError("A baseline holds all findings.", "leave --changed-since out, or --write-baseline.")


def _explain(verdict: Verdict, name: str, base: Base) -> None:
    """Explain the findings that a name is that of. Raises UsageError where there are none."""
    from ..validation.explaining import chosen, explanation

    found = chosen(verdict, name, base)
    if not found:
        raise UsageError(
            f"No finding has the rule, entity, place or fingerprint {name!r}.", "take one that `akb check` shows."
        )
    for judged in found[:_EXPLAINED]:
        click.echo(explanation(verdict, judged, base, paint))
    if len(found) > _EXPLAINED:
        show_note(f"{len(found) - _EXPLAINED} more findings are of that name.")


def _check_since(
    name: str, sources: Sources, engine: str | None, stages: frozenset[Stage], progress: Progress, asked: _Asked
) -> tuple[Report, Namespaces, Path]:
    from ..history.snapshots import revision
    from ..validation.changes.checking import check_changed

    settings = sources.settings(engine)
    since = revision((sources.origin or sources).settings().root, name)
    report = check_changed(settings, since, stages=stages, progress=progress, **asked._asdict())
    return report, settings.namespaces, settings.root


def _check_all(
    sources: Sources,
    changed_since: str | None,
    engine: str | None,
    stages: frozenset[Stage],
    progress: Progress,
    asked: _Asked,
) -> tuple[Report, Namespaces, Path]:
    from ..schema.reading import schema_of
    from ..texts.shelf import Shelf
    from ..validation.check import check as run_check
    from ..validation.check import stages_for

    base = sources.read(progress)
    if not stages & stages_for(base):
        raise UsageError("That stage checks the form of akb's own bases.", "choose another, or leave --data out.")
    chosen = read_engine(os.environ, engine) if base.foreign else sources.settings(engine).engine
    shelf = None if base.foreign else Shelf(sources.settings())
    report = run_check(
        base, schema_of(base), stages=stages, progress=progress, engine=chosen, shelf=shelf, **asked._asdict()
    )
    if changed_since is not None:
        from ..validation.changes.any_rdf import narrowed_to_change

        places = (sources.origin or sources).places
        report = narrowed_to_change(report, base, changed_since, places, sources.copy)
    return report, base.namespaces, base.root


def _stages(only: tuple[str, ...], skip: tuple[str, ...]) -> frozenset[Stage]:
    """Read --only and --skip. Raises UsageError when no stage is left."""
    chosen = frozenset(Stage(name) for name in only or tuple(Stage)) - {Stage(name) for name in skip}
    if not chosen:
        raise UsageError("--only and --skip leave no stage to run.", "leave one of them out.")
    return chosen


def repository_of(folder: Path) -> Path | None:
    """Return the root of the git repository that a folder is in, if it is in one."""
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), None)


def _folder(root: Path) -> str:
    """Return the path from the working directory to the base, when the base is in it; else an empty string."""
    here = Path.cwd()
    return f"{root.relative_to(here).as_posix()}/" if root != here and root.is_relative_to(here) else ""
