"""Builds the state of a base at a revision, in a process of its own: `python -m server.build.rebuilding`.

The files are those of the revision; the settings, and the engine that reads the ontology of then, are those of today.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from filelock import FileLock, Timeout

from ..engine import engine_fingerprint
from ..errors import AkbError, BuildError, UnreadableError, UsageError
from ..history.snapshots import Extent, revision
from ..history.states import state_at
from ..priorities import LOWER
from ..settings import read_settings
from ..settings_file import FILE
from ..similarity.building import CACHE
from ..turtle.files import is_passed_over
from .build import build
from .past import AN_HOUR, make_room, read_spent
from .rejected import RejectedError

_EXTENT: Final = Extent(("kb", "ontology", "shapes", "examples"), lambda name: not is_passed_over(name), is_base=True)
_BUILDING: Final = ".building-"


def main(root: Path, folder: Path, commit: str, seconds: int, states: int, megabytes: int) -> int:
    """Build a state into `folder`, or write there why it cannot be; return an exit code."""
    os.nice(LOWER)
    # The files of then are in no repository, though the folder of state may lie in that of the base.
    os.environ["GIT_CEILING_DIRECTORIES"] = str(folder)
    try:
        lock = FileLock(folder / "build.lock")
        lock.acquire(blocking=False)
    except Timeout:
        return 0
    started = time.time()
    # Should this be killed, the hour has paid for it.
    _spend(folder, started, seconds)
    for left in folder.glob(f"{_BUILDING}*"):
        shutil.rmtree(left, ignore_errors=True)
    building = Path(mkdtemp(prefix=_BUILDING, dir=folder))

    def stop(_number: int, _frame: object) -> None:
        _fail(folder, commit, f"it takes over {seconds:,} seconds.", seconds)
        shutil.rmtree(building, ignore_errors=True)
        os.killpg(0, signal.SIGKILL)

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        _build(root, folder, building, commit)
        make_room(folder, states, megabytes << 20)
    except (BuildError, UnreadableError, UsageError) as error:
        _fail(folder, commit, _why(error))
        return 1
    except AkbError as error:
        # Such as a full disk, which another try may find with room.
        print(error, file=sys.stderr)  # noqa: T201 - what the process says is in the log of the server
        return 1
    except Exception:
        _fail(folder, commit, "the build failed; the log of the server says why.")
        raise
    finally:
        signal.alarm(0)
        shutil.rmtree(building, ignore_errors=True)
        _spend(folder, started, time.time() - started)
        lock.release()
    return 0


def _build(root: Path, folder: Path, building: Path, commit: str) -> None:
    snapshot = revision(root, commit, _EXTENT)
    checkout = building / "base"
    for path, content in snapshot.read(snapshot.ids).items():
        target = checkout / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    if (root / FILE).is_file():
        shutil.copyfile(root / FILE, checkout / FILE)
    state = building / "state"
    state.mkdir()
    if (folder.parent / CACHE).is_file():
        # Most of what was said then is said now too, and the sentence model takes its time.
        shutil.copyfile(folder.parent / CACHE, state / CACHE)
    settings = read_settings(os.environ | {"AKB_STATE": str(state), "AKB_FOLLOW": ""}, root=checkout)
    info, _ = build(settings, state=state_at(root, commit))
    (folder / "releases").mkdir(exist_ok=True)
    (settings.releases / info.name).rename(folder / "releases" / info.name)


def _why(error: AkbError) -> str:
    if isinstance(error, RejectedError):
        first = next((one for one in error.report.findings if one.severity == "violation"), None)
        return f"its files do not pass the check of today{f': {first.message}' if first else '.'}"
    return error.message


def _fail(folder: Path, commit: str, why: str, seconds: int = AN_HOUR) -> None:
    """Write down that this engine cannot build a state, or cannot within so many seconds."""
    (folder / "failed").mkdir(exist_ok=True)
    text = json.dumps({"engine": engine_fingerprint(), "why": why, "seconds": seconds})
    (folder / "failed" / commit).write_text(text, encoding="utf-8")


def _spend(folder: Path, started: float, seconds: float) -> None:
    """Write down how long the build that began at `started` takes, and forget those of more than an hour ago."""
    others = [one for one in read_spent(folder) if started - AN_HOUR < one[0] != started]
    temporary = folder / ".spent"
    temporary.write_text(json.dumps([*others, (started, seconds)]), encoding="utf-8")
    temporary.replace(folder / "spent.json")


def _end_with_parent() -> None:
    """End, with all that was begun here, when the process that asked for the build closes its pipe, or is gone."""
    os.read(sys.stdin.fileno(), 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _root, _folder, _commit, *_limits = sys.argv[1:]
    sys.exit(main(Path(_root), Path(_folder), _commit, *map(int, _limits)))
