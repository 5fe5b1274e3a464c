"""Charts: what they show, what they say, and that no text can break out of them."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from hjelpa.web import charts
from hjelpa.web.charts.numbers import axis_steps
from hjelpa.web.charts.svg import clean, fit, text_width, wrap
from hjelpa.web.charts.trend import spread
from tests.web import gallery_charts

SVG = "{http://www.w3.org/2000/svg}"
NAMES = sorted(gallery_charts.all_charts())


def trees(chart: charts.Chart) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(str(one)) for one in (chart.wide, chart.narrow)]


def found(tree: ElementTree.Element, css: str) -> list[ElementTree.Element]:
    return [one for one in tree.iter() if css in one.get("class", "").split()]


@pytest.mark.parametrize("name", NAMES)
def test_every_drawing_is_named_described_and_free_of_styles(name: str) -> None:
    for tree in trees(gallery_charts.all_charts()[name]):
        assert tree.get("role") == "img"
        title, description = str(tree.get("aria-labelledby")).split()
        assert {one.get("id") for one in tree if one.get("id")} == {title, description}
        tags = {one.tag.removeprefix(SVG) for one in tree.iter()}
        assert tags <= {"svg", "title", "desc", "line", "rect", "path", "circle", "polygon", "text"}
        assert not [
            one for one in tree.iter() if "style" in one.attrib or any(key.startswith("on") for key in one.attrib)
        ]


@pytest.mark.parametrize("name", NAMES)
def test_no_text_crosses_the_edge(name: str) -> None:
    for tree in trees(gallery_charts.all_charts()[name]):
        width, height = float(str(tree.get("width"))), float(str(tree.get("height")))
        for text in tree.iter(f"{SVG}text"):
            words = (text.text or "") + "".join(child.tail or "" for child in text)
            x, long = float(str(text.get("x"))), text_width(words)
            css = str(text.get("class")).split()
            left = x - long if "c-end" in css else x - long / 2 if "c-mid" in css else x
            assert left >= -2, words
            assert left + long <= width + 2, words
            assert 0 < float(str(text.get("y"))) < height


def test_ids_are_unique_on_a_page_with_many_charts() -> None:
    drawn = "".join(chart.wide + chart.narrow for chart in gallery_charts.all_charts().values())
    ids = re.findall(r' id="([^"]+)"', drawn)
    assert len(ids) == len(set(ids)) == 4 * len(NAMES)


def test_a_key_that_is_no_id_is_refused() -> None:
    with pytest.raises(ValueError, match="id"):
        gallery_charts.course('x" onload="alert(1)')


def test_a_missing_measurement_is_bridged_and_what_is_to_come_is_not() -> None:
    for tree in trees(gallery_charts.course()):
        assert len(found(tree, "c-gap")) == 1
        assert len(found(tree, "c-line")) == 2
        assert len(found(tree, "c-dot")) == 7


def test_cut_off_and_range_only_where_given() -> None:
    for tree in trees(gallery_charts.course()):
        assert len(found(tree, "c-cut")) == len(found(tree, "c-cut-label")) == len(found(tree, "c-band")) == 1
    for tree in trees(gallery_charts.sparse()):
        assert not found(tree, "c-cut")
        assert not found(tree, "c-cut-label")
        assert not found(tree, "c-band")


def test_the_last_value_is_written_with_a_decimal_comma() -> None:
    for tree in trees(gallery_charts.course()):
        assert [one.text for one in found(tree, "c-strong")] == ["27,9"]


def test_course_table_has_every_point_and_says_what_is_missing() -> None:
    table = gallery_charts.course().table
    assert table.headers == ("Samtale", "Skår", "Forventet område")
    assert table.rows[0] == ("1", "16,2", "14–23")
    assert table.rows[4][1] == "Ikke målt"
    assert len(table.rows) == 12


@pytest.mark.parametrize("values", [[], [None], [12.0], [None, 3.0, None], [99.0, -5.0]])
def test_a_course_of_any_length_can_be_drawn(values: list[float | None]) -> None:
    texts = charts.CourseTexts("t", "s", "x", "p", "v", "–")
    points = [charts.CurvePoint(str(at), value) for at, value in enumerate(values)]
    for tree in trees(charts.course_curve(points, key="any", maximum=40, texts=texts)):
        assert len(found(tree, "c-dot")) == sum(value is not None for value in values)


def test_only_what_is_released_is_drawn() -> None:
    for tree in trees(gallery_charts.distribution()):
        assert len(found(tree, "c-quartile")) == len(found(tree, "c-median")) == 3
        assert len(found(tree, "c-tick")) == 1
        assert len(found(tree, "c-own")) == 4
    rows = gallery_charts.distribution().table.rows
    assert rows[3][1:] == ("54\u00a0%", *["Ikke publisert"] * 4)
    assert rows[4][1] == "Ikke publisert"


def test_lines_are_told_apart_without_colour_and_names_keep_apart() -> None:
    for tree in trees(gallery_charts.crowded()):
        names = found(tree, "c-series")
        heights = sorted(float(str(name.get("y"))) for name in names)
        assert len(names) == 6  # the one without figures has no line to name
        assert all(low - high >= 18.5 for high, low in pairwise(heights))
        assert len({str(one.get("class")) for one in found(tree, "c-line")}) == 6


@pytest.mark.parametrize(("told", "ends"), [(None, ["Q2"]), (1, ["Q3"]), (2, ["Q2"]), (0, ["Q3", "Q2"])])
def test_a_line_says_when_it_ends_if_that_is_not_what_is_told(told: int | None, ends: list[str]) -> None:
    series = [charts.Series("Here", [61, 52, 39]), charts.Series("All", [48, 50, None])]
    texts, labels = charts.TrendTexts("t", "s", "p", "–"), ["Q1", "Q2", "Q3"]
    for tree in trees(charts.trend(series, labels, "", key="k", texts=texts, told=told)):
        assert [end.text for end in found(tree, "c-when")] == ends
        assert len(
            {
                one.get("y")
                for one in tree.iter(f"{SVG}text")
                if one.get("x") == found(tree, "c-series")[0].get("x")
            }
        ) == 2 + len(ends)


def test_series_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one value"):
        charts.trend(
            [charts.Series("a", [1])], ["x", "y"], "", key="k", texts=charts.TrendTexts("t", "s", "p", "–")
        )


def test_hostile_words_stay_words() -> None:
    chart = gallery_charts.hostile()
    assert "<script" not in chart.wide + chart.narrow
    assert "<style" not in chart.wide + chart.narrow
    assert "\u202e" not in chart.wide + chart.narrow
    assert clean("a\x00b\n\tc\u202ed") == "ab cd"


def test_words_are_shortened_and_wrapped_to_fit() -> None:
    assert fit("kort", 200) == "kort"
    assert text_width(fit("Særdeles langt navn uten ende", 80)) <= 80
    assert fit("漢字" * 50, 60).endswith("…")
    lines = wrap("Kontakt samme dag, også når noen andre ringer på vegne av den det gjelder", 150)
    assert len(lines) == 2
    assert all(text_width(line) <= 150 for line in lines)


@pytest.mark.parametrize(
    ("value", "locale", "written"),
    [
        (27.9, "nb", "27,9"),
        (25.0, "nb", "25"),
        (-0.04, "nb", "0"),
        (12345.0, "nb", "12\u00a0345"),
        (27.9, "en", "27.9"),
        (27.9, "da", "27,9"),
        (27.9, "zz_nonsense", "27,9"),
    ],
)
def test_numbers_follow_the_language(value: float, locale: str, written: str) -> None:
    assert charts.format_number(value, locale) == written


def test_units_stay_on_the_numbers_line() -> None:
    assert charts.with_unit(78.4, "%", decimals=0) == "78\u00a0%"


@pytest.mark.parametrize("maximum", [0, -1, 0.3, 1, 7, 40, 100, 101, 12345, float("inf"), float("nan")])
def test_axis_steps_reach_the_maximum_in_few_steps(maximum: float) -> None:
    steps = axis_steps(maximum)
    assert steps[0] == 0
    assert 2 <= len(steps) <= 7
    if 0 < maximum < float("inf"):
        assert steps[-1] >= maximum


def test_spread_keeps_order_distance_and_edges() -> None:
    placed = spread([50, 51, 52, 300, 0], 20, 10, 290)
    assert sorted(placed) == [placed[index] for index in (4, 0, 1, 2, 3)]
    assert all(low - high >= 19.99 for high, low in pairwise(sorted(placed)))
    assert min(placed) >= 10
    assert max(placed) <= 290
    assert spread([], 20, 0, 100) == []
