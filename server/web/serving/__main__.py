"""The process of a web worker: `python -m server.web.serving`.

It reads over a thousand modules first, and nothing that makes them up is ever garbage: to look for some meanwhile takes
an eighth of the time in which a worker starts.
"""

from __future__ import annotations

import gc

if __name__ == "__main__":
    gc.disable()
    from .worker import main

    gc.freeze()
    gc.enable()
    main()
