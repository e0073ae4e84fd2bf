"""The command `akb`, and how errors become messages and exit codes.

Exit codes: 0 all is well, 1 the base has findings (or a query has no answer), 2 the command was used wrongly,
3 something that must be read cannot be read, or a disk is full, 4 the fault is ours.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

import click

from ..errors import (
    AkbError,
    BuildError,
    DiskFullError,
    NotFoundError,
    PeerError,
    QueryError,
    RemoteError,
    StartError,
    UnreadableError,
    UsageError,
)
from ..full_disks import saying_where
from .build import build
from .check import check
from .common import show_error
from .diff import diff
from .explain import explain
from .fmt import fmt
from .generate import generate
from .import_ import import_
from .init import init
from .link import link
from .merge_driver import merge_driver
from .new import new
from .path import path
from .peers import peers
from .publish import publish
from .query import query
from .review import review
from .search import search
from .serve import serve
from .stats import stats
from .verify import verify

EXIT_CODES: Final = (
    (BuildError, 1),
    (DiskFullError, 3),
    (NotFoundError, 2),
    (PeerError, 3),
    (QueryError, 2),
    (UsageError, 2),
    (UnreadableError, 3),
    (RemoteError, 3),
    (StartError, 3),
)
OUR_FAULT: Final = 4


class _Group(click.Group):
    """Shows the commands in the order in which they are used, and our errors as messages."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it with the context
        return list(self.commands)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            with saying_where():
                return super().main(*args, **kwargs)
        except AkbError as error:
            click.echo(show_error(error), err=True)
            sys.exit(next((code for kind, code in EXIT_CODES if isinstance(error, kind)), OUR_FAULT))
        except Exception as error:  # noqa: BLE001 - the last resort: whatever escaped is our fault, and is reported as such
            sys.exit(_report_fault(error))


def _report_fault(error: Exception) -> int:
    log = Path(gettempdir()) / f"akb-fault-{os.getpid()}.log"
    report = "".join(traceback.format_exception(error))
    where = f"with {log}"
    try:
        log.write_text(report, encoding="utf-8")
    except OSError:
        click.echo(report, err=True)
        where = "with what is above"
    click.echo(
        f"{click.style('fault: ', fg='red', bold=True)}akb failed: {type(error).__name__}: {error}\n"
        f" This is a fault in akb, not in what you did. Please report it {where}.",
        err=True,
    )
    return OUR_FAULT


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `akb serve`, or with `akb init DIR` for your own base. Every command says more with --help.",
)
@click.version_option(package_name="alignment-kb", prog_name="akb")
def main() -> None:
    """Maintain and publish a linked-data knowledge base.

    A base is a folder with ontology/, kb/ and shapes/. Turtle files in kb/ hold one entity each; akb checks them,
    builds a release from them, and serves every entity as a page and as data.
    """


_COMMANDS: Final = (
    *(init, serve, build, check, diff, fmt, new, link, import_, stats, search, path, explain, review),
    *(query, peers, publish, verify, generate, merge_driver),
)


def _laid_out(command: click.Command) -> click.Command:
    """Return a command whose help keeps the lines of its examples: click looks for a backspace before them.

    The docstrings are raw, so that they hold a backslash and a `b`.
    """
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        _laid_out(inner)
    return command


for _command in _COMMANDS:
    main.add_command(_laid_out(_command))

if __name__ == "__main__":
    main()
