"""`akb check --watch`: check again whenever a file changes, and say what is new and what is mended."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final

import click
from watchfiles import Change, DefaultFilter, watch

from ..errors import AkbError
from ..records.policy import Judged, Standing, Verdict
from ..validation.reports import text
from ..validation.reports.text import line_of
from ..validation.reports.wording import looked_at, one_line, outcome
from .common import paint, show_error

_LOOK_MILLISECONDS: Final = 200
"""How long a wait for changes lasts before it begins anew."""


def watch_and_check(places: Collection[Path], written: Collection[Path], check: Callable[[], Verdict]) -> None:
    """Check, and again after each change under `places`, until Ctrl-C.

    `written` are the reports that a check writes: those are no change. What cannot be read (an ontology that is
    half-written, say) is reported, and the watch goes on; the first check raises what it raises.
    """
    with _stopped_by_ctrl_c() as stopped, suppress(KeyboardInterrupt):
        # What changes while the first check runs is not passed over.
        changes = changes_under(places, written, stopped)
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


def sources_of(root: Path) -> tuple[Path, ...]:
    """Return the folders of a base whose files people write."""
    return tuple(place for name in ("kb", "ontology", "shapes", "examples") if (place := root / name).is_dir())


def changes_under(places: Collection[Path], written: Collection[Path], stopped: threading.Event) -> Iterator[str]:
    """Begin to watch; yield after each change under `places` which files changed, in words, until the event is set.

    No change after the call is missed. `written` are files whose changes do not count, as do those of hidden files.
    """
    batches = watch(
        *places,
        watch_filter=_Read(places, written),
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
    """Lets through the files that a check may read; not those of editors, and not the reports that it writes."""

    def __init__(self, places: Collection[Path], written: Collection[Path]) -> None:
        super().__init__(ignore_paths=[path.resolve() for path in written])
        self._places = [place.resolve() for place in places]

    def __call__(self, change: Change, path: str) -> bool:
        under = next((place for place in self._places if Path(path).is_relative_to(place)), Path(path).parent)
        is_hidden = any(part.startswith(".") for part in Path(path).relative_to(under).parts)
        return not is_hidden and super().__call__(change, path)


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
