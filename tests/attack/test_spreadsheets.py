"""Tables that pages link to hold nothing that a spreadsheet would run; programs get every cell as it is.

OWASP, "CSV Injection"; RFC 4180; SPARQL 1.1 Query Results CSV and TSV Formats, section 3.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from server.formats.writing import write_csv
from server.spreadsheets import harmless, harmless_table, write_harmless

RUN = "=+-@\uff1d\uff0b\uff0d\uff20"
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
BLANKS = "".join(chr(n) for n in range(1 << 16) if chr(n).isspace() or n <= 0x20 or 0x200B <= n <= 0x200F)
BLANKS += "\x7f\u2060\ufeff"
PARTS = st.sampled_from(
    [*RUN, *" \t\r\n\0\ufeff\u200b\u3000", *",;|\"'", "cmd|'/C calc'!A1", "=HYPERLINK(1)", "-5", "+1e3", "text", "é"]
)
TEXTS = st.lists(PARTS, max_size=6).map("".join) | st.text(max_size=12)
ROWS = st.lists(st.tuples(TEXTS, TEXTS), max_size=4)


def cut(table: str, marks: str = "") -> list[str]:
    """Return the cells that a spreadsheet may see that takes other characters for separators and quotes."""
    read = [
        cell
        for delimiter in ",;\t|"
        for quotes in ({"quotechar": '"'}, {"quoting": csv.QUOTE_NONE})
        for row in csv.reader(io.StringIO(table, newline=""), delimiter=delimiter, **quotes)
        for cell in row
    ]
    return [*read, *re.split(rf"[,;|\t\r\n\"{marks}]", table)]


def would_run(cell: str) -> bool:
    bare = cell.strip(BLANKS + '"')
    return bare.startswith(tuple(RUN)) and not NUMBER.fullmatch(bare)


@given(ROWS)
def test_no_cell_is_run(rows: list[tuple[str, str]]) -> None:
    table = harmless_table(write_csv(("a", "b"), rows))
    assert table == sheet(rows, ",")
    for written, delimiter in ((table, ","), (sheet(rows, "\t"), "\t")):
        read = [cell for row in csv.reader(io.StringIO(written, newline=""), delimiter=delimiter) for cell in row]
        assert read == ["a", "b", *(harmless(cell) for row in rows for cell in row)]
        assert [cell for cell in read if would_run(cell) or cell.startswith(("\t", "\r"))] == []


@given(ROWS)
def test_no_text_is_run_however_the_table_is_cut(rows: list[tuple[str, str]]) -> None:
    texts = [tuple(f"_{cell}" if NUMBER.fullmatch(cell.strip(BLANKS)) else cell for cell in row) for row in rows]
    table = harmless_table(write_csv(("a", "b"), texts))
    assert [cell for cell in cut(table) if would_run(cell)] == []


@given(TEXTS)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    within = [cell for cell in cut(text, "'") if cell != text]
    begins = [cell for cell in within if cell.strip(BLANKS + '"').startswith(tuple(RUN))]
    if not text.startswith(("\t", "\r", "\n")) and not begins and not would_run(text):
        assert harmless(text) == text


def sheet(rows: list[tuple[str, str]], delimiter: str) -> str:
    output = io.BytesIO()
    write_harmless(("a", "b"), rows, output, delimiter)
    return output.getvalue().decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        (" =1", "' =1"),
        (" \t\t=1", " \t\t'=1"),
        ("\u200b=1", "'\u200b=1"),
        ("a;=1", "a;'=1"),
        ('say "=1"', 'say "\'=1"'),
        ("-0350-01-01", "'-0350-01-01"),
        ("-INF", "'-INF"),
        ("-5", "-5"),
        ("+5.0e-1", "+5.0e-1"),
        ("1, -2", "1, -2"),
        ("a-b = c", "a-b = c"),
        ("https://kb.example/?a=1", "https://kb.example/?a=1"),
        ("", ""),
    ],
)
def test_a_formula_is_marked_and_a_number_is_not(text: str, expected: str) -> None:
    assert harmless(text) == expected


@pytest.mark.usefixtures("in_linear_time")
@pytest.mark.parametrize("piece", ["\t", " ", ",", "-5,", ", ", "=", ";=", '"', "1"])
def test_long_cells_are_read_once(piece: str) -> None:
    assert len(harmless(piece * 300_000)) >= 300_000


QUERY = "SELECT ?x { VALUES ?x { '=1+1' -5 '-5' 'a\"b' \"c;@d\"@en <http://a/=b> } }"


def test_answers_are_exact_for_programs_and_harmless_for_spreadsheets(client: FlaskClient) -> None:
    exact = b'x\r\n=1+1\r\n-5\r\n-5\r\n"a""b"\r\nc;@d\r\nhttp://a/=b\r\n'
    safe = b'x\r\n\'=1+1\r\n-5\r\n-5\r\n"a""b"\r\nc;\'@d\r\nhttp://a/=b\r\n'
    asked = {"query": QUERY}
    assert client.get("/sparql", query_string=asked, headers={"Accept": "text/csv"}).data == exact
    assert client.get("/sparql", query_string={**asked, "format": "csv"}).data == exact
    for name in ("sheet.csv", "sheet.tsv"):
        response = client.get("/sparql", query_string={**asked, "format": name})
        assert response.data == safe
    excel = client.get("/sparql", query_string={**asked, "format": "excel.csv"}).data.decode("utf-8-sig")
    assert "\r\n'=1+1" in excel
    assert "c;'@d" in excel
    page = client.get("/sparql", query_string=asked, headers={"Accept": "text/html"}).text
    linked = re.findall(r"format=([\w.]+)\"", page)
    assert {"json", "xml", "sheet.csv", "sheet.tsv", "excel.csv"} == set(linked)


def test_the_table_of_a_document_is_harmless_and_has_a_raw_form_at_its_own_address(
    root: Path, make_client: Callable[[Path], FlaskClient]
) -> None:
    entity = root / "kb" / "concept" / "alignment-faking.ttl"
    label = '"Alignment Faking"@en'
    text = entity.read_text(encoding="utf-8")
    assert label in text
    entity.write_text(text.replace(label, '"=HYPERLINK(1)"@en', 1), encoding="utf-8")
    client = make_client(root)
    page = client.get("/concept.html").text
    assert 'href="/concept.csv"' in page
    assert "raw.csv" not in page
    safe, raw = client.get("/concept.csv"), client.get("/concept.raw.csv")
    assert (safe.content_type, raw.content_type) == ("text/csv; charset=utf-8",) * 2
    assert ",'=HYPERLINK(1)," in safe.text
    assert safe.text == harmless_table(raw.text)
    assert safe.headers["ETag"] != raw.headers["ETag"]
    # Who accepts a table without naming the raw one gets that for spreadsheets.
    assert client.get("/concept", headers={"Accept": "text/csv"}).headers["Content-Location"] == "/concept.csv"
    links = client.get("/concept.linkset.json").json["linkset"][0]["alternate"]
    assert {"/concept.csv", "/concept.raw.csv"} <= {link["href"] for link in links}
    for path in ("/concept/alignment-faking.raw.csv", "/gaps.raw.csv", "/.well-known/void.raw.csv"):
        assert client.get(path).mimetype == "text/csv", path
    assert client.get("/search.raw.csv?q=a").status_code == 404
