"""`akb propose`: check a proposed change, and print its patch or put it into the queue."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import UnreadableError, UsageError
from .common import root_option, settings_for

if TYPE_CHECKING:
    from ..settings import Settings
    from ..similarity.reading import Similarity

_FORMS = ("text", "patch", "json")


@click.command()
@root_option
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--queue", "lands", is_flag=True, help="Put it into the queue of proposals, for a decision.")
@click.option("--format", "form", type=click.Choice(_FORMS), default="text", show_default=True, help="What to print.")
@click.option(
    "--who", default="", help="Who proposes it. Default: what FILE says, else the name under which git commits."
)
def propose(root: Path | None, file: Path, lands: bool, form: str, who: str) -> None:
    r"""Check a proposed change of the base, in JSON; - reads it from standard input.

    A list in FILE has several proposals, each of which is tried by itself. A proposal has parts: entity, edge, claim,
    merger, correction. It is tried on the base as `akb check` would, and held against what is there: whether it is a
    duplicate, and whether a quote is in the text that is sent with it. Nothing is written to kb/. docs/proposing.md has
    the fields of each part.

    \b
    Examples:
      akb propose change.json
      akb propose change.json --format patch | git apply
      akb propose - --queue < change.json

    Exit codes: 0 it can be taken, 1 it is refused (or one of several), 2 wrong use, 3 something cannot be read.
    """
    from ..history.commits import author
    from ..proposals.reading import parsed

    settings = settings_for(root)
    given = parsed(_read(file), settings.proposal_kb)
    similarity, name = similarity_of(settings), who or author(settings.root)
    several = given if isinstance(given, list) else [given]
    is_refused = False
    for one in several:
        proposer = who or (isinstance(one, dict) and one.get("who")) or name
        proposal = {**one, "who": proposer} if isinstance(one, dict) and proposer else one
        is_refused |= not _submitted(settings, proposal, similarity, form, lands=lands)
    if is_refused:
        raise SystemExit(1)


def _submitted(settings: Settings, given: Any, similarity: Similarity | None, form: str, *, lands: bool) -> bool:
    """Check a proposal, say what was found, and tell whether it can be taken."""
    from ..proposals.submitting import submit
    from ..proposals.writing import public_record, text_of

    found = submit(settings, given, similarity=similarity, lands=lands)
    record = found.record
    if form == "json":
        queued = found.queued and {"id": found.queued.id}
        click.echo(json.dumps({**public_record(record), "queued": queued}, indent=2, ensure_ascii=False))
    elif form == "patch" and record["accepted"]:
        click.echo(record["patch"], nl=False)
    else:
        click.echo(text_of(record), nl=False, err=form == "patch")
    if found.queued:
        state = "waits" if found.is_new else "waits already"
        click.echo(f"Proposal {found.queued.id} {state} for a decision: akb review show {found.queued.id}", err=True)
    return bool(record["accepted"])


def _read(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"{file} is not there.", "name a file of JSON, or - for standard input.") from None
    except OSError as error:
        raise UnreadableError(f"{file} cannot be read: {error.strerror}.", "name another file.") from error


def similarity_of(settings: Settings) -> Similarity | None:
    """Return what the current release knows of nearness; None where there is no release."""
    from ..build.releases import Releases
    from ..similarity.reading import Similarity

    release = Releases(settings.releases).current()
    return Similarity.open(release) if release else None
