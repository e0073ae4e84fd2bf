"""What a web server's worker process runs."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


def application() -> WSGIApplication:
    """Make the application in a worker, which knows its settings from the environment and the file only."""
    from ..web.app import app_from_environment

    # Ctrl-C on a terminal goes to a whole group of processes. In one of its own, a worker gets one signal to stop,
    # from its parent, and the queries that it waits for get none.
    os.setpgid(0, 0)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    application = app_from_environment()
    # What is there now stays, and to look through it for garbage would take a tenth of the time of small queries.
    gc.collect()
    gc.freeze()
    return application


def _end_with_parent() -> None:
    """End when the parent was killed: a worker that nobody can stop would hold the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
