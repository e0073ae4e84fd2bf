"""What pages look up by key in the file of a release."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.build.dates import ALL
from server.build.lookups import FILE, Lookups, write_lookups
from server.errors import UnreadableError
from server.history.dates import FileHistory
from server.records.languages import Said, Wording
from server.records.pages import History

OLD, NEW = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2))


def test_what_was_written_is_found_by_its_key(tmp_path: Path) -> None:
    histories = {"concept/a": FileHistory(OLD, None, 3)}
    words = [Wording("concept:a", "label", tag, f"a in {tag}") for tag in ("fr", "de")]
    write_lookups(tmp_path, {"concept/a": OLD, ALL: NEW}, histories, iter(words))
    lookups = Lookups(tmp_path)
    assert (lookups.modified("concept/a"), lookups.modified("about")) == (OLD, NEW)
    assert (lookups.history("concept/a"), lookups.history("concept/b")) == (History(OLD, None, 3), None)
    assert lookups.languages.tags == ("de", "fr")
    assert lookups.languages.said("concept:a", Said.LABEL, "a", ("fr",)) == "a in fr"
    assert lookups.languages.said("concept:b", Said.LABEL, "b", ("fr",)) == "b"


@pytest.mark.parametrize("content", [None, b"no database"])
def test_a_file_that_is_missing_or_damaged_is_said_with_a_mend(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / FILE).write_bytes(content)
    with pytest.raises(UnreadableError, match=rf"{FILE} cannot be read") as caught:
        Lookups(tmp_path)
    assert caught.value.mend == "run `akb build --force`."
