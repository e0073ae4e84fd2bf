"""Tables as Apache Parquet, written by DuckDB, which is an extra: without it there are none of these downloads.

DuckDB reads the rows as JSON, one a line, and writes them in groups, so that neither side holds a table. With one
thread equal rows become equal bytes.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Final

from ...records.downloads import Column
from .sheets import Sheet

MISSING: Final = (
    "The tables are not here as Parquet, since DuckDB, which writes it, is not installed where the release was built."
)
HOW_TO_INSTALL: Final = 'run pip install "alignment-kb[parquet]", then build again.'
_TYPES: Final = {"text": "VARCHAR", "texts": "VARCHAR[]", "integer": "BIGINT", "number": "DOUBLE"}
_MEMORY: Final = "512MB"


def can_write() -> bool:
    """Tell whether what writes Parquet is installed."""
    return find_spec("duckdb") is not None


def engine() -> ModuleType:
    """Return DuckDB, where it is installed; it takes a while to load."""
    import duckdb  # noqa: PLC0415 - an extra

    return duckdb


def write_parquet(sheet: Sheet, path: Path) -> int:
    """Write a table into a new file, and return how many rows it has."""
    lines = path.with_name(f"{path.name}.ndjson")
    names = [column.name for column in sheet.columns]
    count = 0
    with lines.open("w", encoding="utf-8") as file:
        for row in sheet.rows():
            file.write(f"{json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False)}\n")
            count += 1
    # Nothing is fetched: what reads JSON and writes Parquet is a part of it.
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": "1",
        "memory_limit": _MEMORY,
        "temp_directory": str(path.parent),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with engine().connect(config=settings) as opened:
        opened.execute(f"COPY ({_select(sheet, lines)}) TO {_quoted(str(path))} (FORMAT parquet, COMPRESSION zstd)")
    lines.unlink()
    return count


def _select(sheet: Sheet, lines: Path) -> str:
    types = ", ".join(f"{_quoted(column.name)}: '{_type(column)}'" for column in sheet.columns)
    return f"SELECT * FROM read_json({_quoted(str(lines))}, format = 'newline_delimited', columns = {{{types}}})"  # noqa: S608 - quoted


def _type(column: Column) -> str:
    return _TYPES[column.type]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
