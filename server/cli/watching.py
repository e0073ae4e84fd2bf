"""`akb check --watch`: check again whenever a file changes, and say what is new and what is mended."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final

import click
from watchfiles import Change, DefaultFilter, watch

from ..errors import AkbError
from ..history.ignored import ignored_in
from ..records.policy import Judged, Standing, Verdict
from ..serialization import read_formats
from ..turtle.kinds import suffix_of
from ..validation.reports import text
from ..validation.reports.text import line_of
from ..validation.reports.wording import looked_at, one_line, outcome
from .common import paint, show_error
from .sources import Sources

_ASKED_SECONDS: Final = 2.0
"""How long is known what git ignores."""
_LOOK_MILLISECONDS: Final = 200
"""How long a wait for changes lasts before it begins anew."""


def watch_and_check(sources: Sources, check: Callable[[], Verdict]) -> None:
    """Check, and again after each change of what is checked, until Ctrl-C.

    The reports that a check writes are no change, nor is its output, wherever the shell puts it. What cannot be read
    (an ontology that is half-written, say) is reported, and the watch goes on; the first check raises what it raises.
    """
    places = sources.places
    with _stopped_by_ctrl_c() as stopped, suppress(KeyboardInterrupt):
        # What changes while the first check runs is not passed over.
        changes = changes_under([*places, *sources.imports.values()], stopped, sources.is_own, sources.data is None)
        last = check()
        click.echo(text.render(last, paint), nl=False)
        click.echo(f"\nWatching {', '.join(map(_shown, places))}. Ctrl-C ends it.")
        for changed in changes:
            click.echo(f"\n{datetime.now():%H:%M:%S} {changed}")
            try:
                now = check()
            except AkbError as error:
                click.echo(show_error(error), err=True)
                continue
            click.echo(_difference(last, now), nl=False)
            last = now
    click.echo("\nNo longer watching.")


def changes_under(
    places: Collection[Path],
    stopped: threading.Event,
    is_own: Callable[[Path], bool] = lambda _: False,
    is_base: bool = True,
) -> Iterator[str]:
    """Begin to watch; yield after each change under `places` which files changed, in words, until the event is set.

    No change after the call is missed. Only files count that are read of a base, or of any other folder; hidden ones do
    not, nor what git ignores, nor what a process writes itself.
    """
    # An editor puts a new file in the place of an old one: only the folder of a file sees both.
    batches = watch(
        *{place if place.is_dir() else place.absolute().parent for place in places},
        watch_filter=_Read(places, is_own, is_base=is_base),
        stop_event=stopped,
        rust_timeout=_LOOK_MILLISECONDS,
        yield_on_timeout=True,
    )
    # It begins to watch when it is first asked, and answers with nothing after a time in which nothing has changed.
    first = next(batches, set())
    return (_in_words(changes) for changes in chain((first,), batches) if changes)


def _in_words(changes: Collection[tuple[Change, str]]) -> str:
    changed = sorted({_shown(Path(path)) for _, path in changes})
    more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
    return f"{', '.join(changed[:3])}{more}"


@contextmanager
def _stopped_by_ctrl_c() -> Iterator[threading.Event]:
    """Set an event at Ctrl-C too: Python drops a KeyboardInterrupt that is raised while an object is freed."""
    stopped = threading.Event()

    def stop(_number: int, _frame: object) -> None:
        stopped.set()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)


class _Read(DefaultFilter):
    """Lets through changes of the files that a check reads."""

    def __init__(self, places: Collection[Path], is_own: Callable[[Path], bool], *, is_base: bool) -> None:
        super().__init__()
        self._named = {place.resolve() for place in places if not place.is_dir()}
        folders = [place for place in places if place.is_dir()]
        self._places = [place.resolve() for place in folders]
        self._ignored: dict[Path, tuple[float, frozenset[str]]] = {}
        self._is_own, self._is_base = is_own, is_base

    def __call__(self, change: Change, path: str) -> bool:
        changed = Path(path)
        if changed in self._named:
            return True
        under = next((place for place in self._places if changed.is_relative_to(place)), None)
        if under is None or not super().__call__(change, path) or self._is_own(changed):
            return False
        parts = changed.relative_to(under).parts
        if any(part.startswith(".") for part in parts) or not self._is_read(change, changed, under):
            return False
        return self._is_base or not self._is_ignored(under, parts)

    def _is_ignored(self, under: Path, parts: tuple[str, ...]) -> bool:
        # What is ignored may come while it is watched, many files of it at once.
        asked, ignored = self._ignored.get(under, (-math.inf, frozenset()))
        if time.monotonic() - asked > _ASKED_SECONDS:
            ignored = ignored_in(under)
            self._ignored[under] = time.monotonic(), ignored
        folders = ("/".join(parts[:length]) + "/" for length in range(1, len(parts)))
        return "/".join(parts) in ignored or any(folder in ignored for folder in folders)

    def _is_read(self, change: Change, path: Path, under: Path) -> bool:
        if suffix_of(path) in (read_formats() if not self._is_base else {".ttl"}):
            return True
        # A rule of a project, or a file of a base that is no Turtle: in kb/ it is a fault that there is one at all.
        return path.suffix == ".rq" or (
            self._is_base and (path.suffix == ".txt" if under.name == "ontology" else change is not Change.modified)
        )


def _difference(last: Verdict, now: Verdict) -> str:
    """Return what is new and what is mended since the last check, and what there is now."""
    before, after = _new(last), _new(now)
    lines = [
        f"{paint('new', 'new')} {line_of(one.finding, now.path(one.finding), paint)}"
        for fingerprint, one in after.items()
        if fingerprint not in before
    ]
    lines += [
        f"{paint('mended', 'mended')} [{one.finding.rule}] "
        + one_line(f"{one.finding.focus or one.finding.file}: {one.finding.message}")
        for fingerprint, one in before.items()
        if fingerprint not in after
    ]
    return "".join(f"{line}\n" for line in [*lines, f"{looked_at(now)}: {outcome(now)}."])


def _new(verdict: Verdict) -> dict[str, Judged]:
    return {judged.fingerprint: judged for judged in verdict.judged if judged.standing is Standing.NEW}


def _shown(path: Path) -> str:
    here = Path.cwd()
    return one_line(str(path.relative_to(here) if path.is_relative_to(here) else path))
