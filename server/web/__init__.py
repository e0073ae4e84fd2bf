"""Everything that knows HTTP: `http` for every address; `documents`, `data`, `pages` and `pictures`; `reconciliation`.

`app.py` puts them together; `current.py` is the release that all of them read.
"""
