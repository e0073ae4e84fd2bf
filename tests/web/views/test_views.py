"""Views of an answer: which columns fit which, what is drawn, and that nothing drawn is out of its drawing."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.records.views import VIEWS
from server.web.views.charts import Chart
from server.web.views.choosing import OF_VIEW, Wish, asked, choose, fits, wish_of
from server.web.views.scales import number_ticks, scale_of, steps, written, year_ticks
from server.web.views.showing import shown
from server.web.views.table import Table, table_of, years_of
from tests.made import NAMESPACES

BASE = NAMESPACES.base
CLAIM, PAPER = f"{BASE}claim/a", f"{BASE}paper/b"


def iri(text: str) -> list[str]:
    return [text, text, ""]


def number(text: str) -> list[str]:
    return [text, "", "number"]


def words(text: str) -> list[str]:
    return [text, "", ""]


def made(names: list[str], rows: list[list[list[str]]], labels: dict[str, list[str]] | None = None) -> Table:
    return table_of({"names": names, "rows": rows, "labels": labels or {}, "count": len(rows)}, NAMESPACES)


LABELS = {CLAIM: ["A claim", "claim"], PAPER: ["A paper", "paper"]}
EVERYTHING = made(
    ["claim", "paper", "date", "count", "share", "kind"],
    [
        [iri(CLAIM), iri(PAPER), ["2024-05", "", "date"], number("3"), number("0.5"), words("for")],
        [iri(CLAIM), iri("urn:x"), ["2025", "", "date"], number("-2"), number("0.75"), words("against")],
        [iri(PAPER), iri(CLAIM), ["2025", "", "date"], number("1"), number("0.1"), words("for")],
        [words(""), words(""), words(""), words(""), words(""), words("for")],
    ],
    LABELS,
)


def draw(table: Table, view: str, **columns: str) -> Any:
    return shown(table, Wish(view, columns), "/sparql", [("query", "SELECT")], BASE)


def test_columns_are_what_all_their_cells_are() -> None:
    kinds = {one.name: (one.is_things, one.is_dates, one.is_numbers) for one in EVERYTHING.columns}
    assert kinds == {
        "claim": (True, False, False),
        "paper": (True, False, False),
        "date": (False, True, False),
        "count": (False, False, True),
        "share": (False, False, True),
        "kind": (False, False, False),
    }
    years = made(["year", "number"], [[number("2024"), number("2024")]])
    assert [one.is_dates for one in years.columns] == [True, False], "a number is a year where its column says so"


def test_beside_iris_is_what_they_are_called_unless_the_answer_has_that() -> None:
    names = [one.name for one in EVERYTHING.labelled]
    assert names[:4] == ["claim", "claimLabel", "paper", "paperLabel"]
    assert [cell.text for cell in EVERYTHING.lines[0]][:2] == ["claim:a", "A claim"]
    has_one = made(["claim", "claim_label"], [[iri(CLAIM), words("x")]], LABELS)
    assert [one.name for one in has_one.labelled] == ["claim", "claim_label"]


def test_an_answer_is_shown_in_the_views_that_its_columns_fit() -> None:
    assert [view for view in VIEWS if fits(EVERYTHING, view)] == list(VIEWS)
    plain = made(["word"], [[words("a")], [words("b")]])
    assert [view for view in VIEWS if fits(plain, view)] == ["table", "bar"]
    missing = choose(plain, Wish("scatter"))
    assert (missing.view, missing.missing) == (
        "table",
        "The view Scatter needs a column of numbers or dates and one of numbers or dates, which this answer lacks.",
    )


def test_columns_are_those_asked_for_where_they_fit_and_else_those_that_do() -> None:
    chosen = choose(EVERYTHING, Wish("scatter", {"x": "?share", "y": "claim", "by": "nothing"}))
    assert {axis: column.name for axis, column in chosen.columns.items()} == {"x": "share", "y": "count"}
    kept = wish_of("bar x=?kind y=count")
    assert asked(kept, {"y": "share"}).named == {"x": "kind", "y": "share"}
    assert asked(kept, {"view": "graph"}) == Wish("graph", {})
    assert "y" not in choose(EVERYTHING, Wish("bar", {"x": "kind", "y": "-"})).columns


def test_bars_are_sums_by_category_and_series() -> None:
    chart = draw(EVERYTHING, "bar", x="claim", y="count", by="kind").drawing
    assert [(one.text, one.series) for one in chart.shapes] == [
        ("A claim, for: 3", 0),
        ("A claim, against: -2", 1),
        ("A paper, for: 1", 0),
        ("none, for: 0", 0),
    ]
    up, down = chart.shapes[:2]
    assert up.x == chart.zero == down.x + down.width, "what is negative is on the other side of zero"
    assert chart.legend == ((0, "for"), (1, "against"))
    counted = draw(EVERYTHING, "bar", x="kind", y="-", by="-").drawing
    assert [one.text for one in counted.shapes] == ["for: 3", "against: 1"]


def test_a_line_goes_through_the_sums_in_order() -> None:
    chart = draw(EVERYTHING, "line", x="date", y="count", by="-").drawing
    assert [one.text for one in chart.shapes] == ["2024-05: 3", "2025: -1"]
    [(series, path)] = chart.lines
    assert (series, path.count("L")) == (0, 1)


def test_points_lead_to_what_they_stand_for_and_rows_without_both_values_are_counted() -> None:
    chart = draw(EVERYTHING, "scatter", x="count", y="share", by="-").drawing
    assert [one.address for one in chart.shapes] == [CLAIM, "", PAPER] or chart.shapes[0].address == CLAIM
    assert chart.shapes[0].text == "A claim: count 3, share 0.5"
    assert chart.left_out == "1 rows without both values are left out."


def test_a_timeline_is_in_order_of_time() -> None:
    chart = draw(EVERYTHING, "timeline", x="date", y="claim", by="-").drawing
    assert [one.text for one in chart.shapes] == ["2024-05: A claim", "2025: A claim", "2025: A paper"]
    assert chart.names[0].address == CLAIM


def test_a_graph_has_each_thing_once_and_what_joins_them() -> None:
    graph = draw(EVERYTHING, "graph", x="claim", y="paper", by="kind").drawing
    assert [node.cell.shown for node in graph.nodes] == ["A claim", "A paper", "urn:x"]
    assert [link.said for link in graph.links] == [
        "A claim → for → A paper",
        "A claim → against → urn:x",
        "A paper → for → A claim",
    ]


def test_a_pivot_table_crosses_two_columns_and_sums() -> None:
    pivot = draw(EVERYTHING, "pivot", x="claim", y="kind", by="count").drawing
    assert [head.text for head in pivot.heads] == ["for", "against"]
    assert [[text for text, _ in row.cells] + [row.total] for row in pivot.rows] == [
        ["3", "-2", "1"],
        ["1", "", "1"],
        ["0", "", "0"],
    ]
    assert (pivot.totals, pivot.total) == (("4", "-2"), "2")


def test_cards_gather_the_rows_of_a_thing_and_show_pictures_of_this_site_only() -> None:
    here, there = f"{BASE}static/theme/a.png", "https://elsewhere.example/b.png"
    table = made(
        ["thing", "image", "word"], [[iri(CLAIM), iri(there), words("x")], [iri(CLAIM), iri(here), words("y")]]
    )
    [card] = draw(table, "cards", x="thing").drawing.cards
    assert card.picture == here
    assert [(name, [cell.text for cell in cells]) for name, cells in card.facts] == [
        ("image", [there]),
        ("word", ["x", "y"]),
    ]


CELLS = st.one_of(
    st.sampled_from([words(""), iri(CLAIM), iri("urn:x"), ["2024-05-01", "", "date"], words("2019"), words("a")]),
    st.floats(allow_nan=True, width=32).map(lambda value: number(str(value))),
    st.integers(-(10**20), 10**20).map(lambda value: number(str(value))),
)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=12), st.sampled_from(list(VIEWS)))
def test_whatever_is_in_a_table_every_view_draws_it_within_its_bounds(rows: list[Any], view: str) -> None:
    found = draw(made(["a", "year", "c"], rows), view)
    assert found.view in {view, "table"}
    if isinstance(found.drawing, Chart):
        for one in found.drawing.shapes:
            assert all(map(math.isfinite, (one.x, one.y, one.width, one.height)))
            assert -1 <= one.x <= found.drawing.width + 1
            assert -1 <= one.y <= found.drawing.height + 1


@given(st.one_of(st.floats(-1e12, 1e12), st.floats(-1e300, 1e300)), st.floats(0, 1e12))
@example(4503600164241408.0, 0.0)
@example(2.0**60, 256.0)
@example(0.0, 5e-324)
def test_ticks_are_round_few_and_in_order(low: float, span: float) -> None:
    scale = scale_of([low, low + span], 0, 100)
    found = steps(scale.low, scale.high, 6)
    assert found == sorted(set(found))
    assert 1 <= len(found) <= 14
    assert all(-0.2 <= tick.place <= 100.2 for tick in number_ticks(scale))


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (2016.0, 2026.0, ["2016", "2018", "2020", "2022", "2024", "2026"]),
        (2024.0, 2024.5, ["Jan 2024", "Feb 2024", "Mar 2024", "Apr 2024", "May 2024", "Jun 2024", "Jul 2024"]),
    ],
)
def test_time_is_marked_in_years_or_in_months(low: float, high: float, texts: list[str]) -> None:
    assert [tick.text for tick in year_ticks(scale_of([low, high], 0, 100))] == texts


def test_numbers_and_moments_are_read_and_written() -> None:
    assert [written(one) for one in (0.0, 1234.0, 0.5, 1e20)] == ["0", "1,234", "0.5", "1e+20"]
    assert [years_of(text) for text in ("2024", "-0044", "2024-07-01T00:00:00Z", "x", "")] == [
        2024.0, -44.0, 2024.5, None, None,
    ]  # fmt: skip
    assert OF_VIEW.keys() == VIEWS.keys()
