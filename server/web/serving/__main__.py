"""The process of a web worker: `python -m server.web.serving`.

It reads over a thousand modules first, and nothing that makes them up is ever garbage: to look for some meanwhile takes
an eighth of the time in which a worker starts. A spare worker, whose place nobody has sent yet, makes way for those who
serve meanwhile.
"""

from __future__ import annotations

import gc
import importlib
import os
import select

from ...priorities import unhurried
from .supervisor import CHANNEL

_WORKER = f"{__package__}.worker"

if __name__ == "__main__":
    gc.disable()
    if select.select([int(os.environ[CHANNEL])], [], [], 0)[0]:
        importlib.import_module(_WORKER)
    else:
        unhurried(lambda: importlib.import_module(_WORKER))
    gc.freeze()
    gc.enable()
    importlib.import_module(_WORKER).main()
