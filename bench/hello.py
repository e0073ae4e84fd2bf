"""The least that Flask can do, for `pages.py` to measure against."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Greet."""
    return "Hello, World!"
