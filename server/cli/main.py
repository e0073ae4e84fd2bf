"""The command `akb`, and how errors become messages and exit codes.

Exit codes: 0 all is well, 1 the base has findings (or a query has no answer), 2 the command was used wrongly,
3 something that must be read cannot be read, or a disk is full, 4 the fault is ours.
"""

from __future__ import annotations

import atexit
import errno
import gc
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
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
from .common import show_error

# A command makes much that lives as long as it does: to look through that again and again takes a tenth of its time.
gc.set_threshold(100_000, 20, 20)
# At the end all goes back to the system at once; to look for cycles in it before takes another tenth.
atexit.register(gc.freeze)

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
_REFUSED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
"""The numbers of the errors that say what a user may do, and not what is wrong with us."""


_COMMANDS: Final = (
    *("init", "serve", "health", "build", "check", "diff", "fmt", "new", "link", "import", "people", "text", "extract"),
    *("stats", "search", "path", "explain", "propose", "review", "query", "export", "peers", "publish", "mirror"),
    *("verify", "generate"),
    *("merge-driver", "mcp", "migrate"),
)
"""The names of the commands, in the order in which they are used; each has a module of its own."""


class _Commands(Mapping[str, click.Command]):
    """The commands by their names, each imported when it is asked for: most runs are of one, and most imports slow."""

    def __getitem__(self, name: str) -> click.Command:
        if name not in _COMMANDS:
            raise KeyError(name)
        module = name.replace("-", "_") if name != "import" else "import_"
        return _laid_out(name, getattr(import_module(f"{__package__}.{module}"), module))

    def __iter__(self) -> Iterator[str]:
        return iter(_COMMANDS)

    def __len__(self) -> int:
        return len(_COMMANDS)


@cache
def _laid_out(_name: str, command: click.Command) -> click.Command:
    """Return a command whose help keeps the lines of its examples: click looks for a backspace before them.

    The docstrings are raw, so that they hold a backslash and a `b`.
    """
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    for name, inner in command.commands.items() if isinstance(command, click.Group) else ():
        _laid_out(name, inner)
    return command


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
        except OSError as error:
            if error.errno not in _REFUSED:
                sys.exit(_report_fault(error))
            click.echo(show_error(_refused(error)), err=True)
            sys.exit(2)
        except Exception as error:  # noqa: BLE001 - the last resort: whatever escaped is our fault, and is reported as such
            sys.exit(_report_fault(error))


def _refused(error: OSError) -> UsageError:
    """Return what is said where the system lets this user neither write nor read a file."""
    what = error.filename if error.filename is not None else "A file"
    user = f"user {os.getuid()}" if hasattr(os, "getuid") else "this user"
    return UsageError(
        f"{os.fsdecode(what) if isinstance(what, bytes) else what}: {error.strerror}.",
        f"let {user} read and write there; AKB_STATE moves releases and caches elsewhere, TMPDIR temporary files.",
    )


def _report_fault(error: Exception) -> int:
    import traceback

    report = "".join(traceback.format_exception(error))
    try:
        log = Path(gettempdir()) / f"akb-fault-{os.getpid()}.log"
        # What another user has put there is neither written over nor followed.
        with log.open("x", encoding="utf-8") as file:
            file.write(report)
        where = f"with {log}"
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
    commands=_Commands(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `akb serve`, or with `akb init DIR` for your own base. Every command says more with --help.",
)
@click.version_option(package_name="alignment-kb", prog_name="akb")
def main() -> None:
    """Maintain and publish a linked-data knowledge base.

    A base is a folder with ontology/, kb/ and shapes/. Turtle files in kb/ hold one entity each; akb checks them,
    builds a release from them, and serves every entity as a page and as data.
    """


if __name__ == "__main__":
    main()
