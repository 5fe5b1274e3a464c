"""Every figure equals the second route's, in memory, through files and through the command, whatever the courses are."""

import io
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hjelpa.cli import main
from modules.feedback.metrics.compute import compute
from modules.feedback.metrics.document import make_document
from modules.feedback.metrics.formulas import CELLS, FORMULAS
from modules.feedback.metrics.reading import read_courses
from modules.feedback.metrics.records import CourseRecord
from modules.feedback.metrics.scale import ScaleRules
from modules.feedback.metrics.targets import ScaleTarget
from modules.feedback.metrics.threshold import Threshold
from modules.feedback.scales.forms import Constant
from modules.feedback.trajectory.fitting import fit
from modules.feedback.trajectory.model import Track
from tests.modules.feedback.metrics import second_route
from tests.modules.feedback.metrics.files import BANDS, Row, as_csv, as_xlsx, files, row
from tests.modules.feedback.metrics.second_route import Scale, courses_of

SCALES = {
    "own": Scale(),
    "cut-offs and change": Scale({"child": 32, "adolescent": 28, "adult": 25}, 5.0),
    "one cut-off": Scale({"adult": 20.5}, 0.1),
    "turned round": Scale({"adult": 10, "child": 11.3}, 4.7, better=-1),
    "reversed lines, one may miss": Scale({"adult": 25}, 6, reversed_=(2, 4), may_miss=1),
}


def rules_of(scale: Scale) -> ScaleRules:
    return ScaleRules(
        higher_is_better=scale.better == 1,
        reversed_items=frozenset(scale.reversed_),
        may_miss=scale.may_miss,
        cut_offs={band: Constant(value, "a test", "verified") for band, value in scale.cut_offs.items()},
        reliable_change=Constant(scale.change, "a test", "verified") if scale.change else None,
    )


def scale_file(scale: Scale) -> str:
    constants = {"source": "a test", "verification": "verified"}
    told = {
        "name": "test",
        "direction": "higher_is_better" if scale.better == 1 else "lower_is_better",
        "reversed": [f"item{number}" for number in scale.reversed_],
        "may_miss": scale.may_miss,
        "cut_off": {band: {"value": value, **constants} for band, value in scale.cut_offs.items()},
    }
    return json.dumps(told | ({"reliable_change": {"value": scale.change, **constants}} if scale.change else {}))


def read(content: bytes, rules: ScaleRules) -> list[CourseRecord]:
    reading = read_courses(io.BytesIO(content), rules)
    assert reading.problems == []
    return reading.records


def check(metrics: dict, expected: dict[str, tuple]) -> None:
    assert (
        set(metrics)
        == set(expected)
        == {f"{key}{band}" for key in FORMULAS for band in ("", *(f":{b}" for b in BANDS))}
    )
    for key, figure in expected.items():
        metric = metrics[key]
        found = tuple(metric[name] for name in ("value", "numerator", "denominator", "completeness"))
        wanted = tuple(one if one is None else pytest.approx(one, rel=1e-9, abs=1e-9) for one in figure)
        assert found == wanted, key
        assert metric["formula_version"] == FORMULAS[key.partition(":")[0]].version
        assert bool(metric.get("reason")) or metric["value"] is not None, key


@pytest.mark.parametrize("name", SCALES)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=files())
def test_every_figure_is_what_numpy_finds(name: str, rows: list[Row]) -> None:
    scale = SCALES[name]
    document = make_document(read(as_csv(rows), rules_of(scale)), rules_of(scale))
    check(document["metrics"], second_route.figures(rows, scale))


@pytest.mark.parametrize("name", SCALES)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=files(most=6), layout=st.sampled_from(["utf-8", "latin-1 ;", "bom", "xlsx"]))
def test_so_does_the_command(
    name: str, rows: list[Row], layout: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("sessions")
    scale = SCALES[name]
    contents = {
        "utf-8": as_csv(rows),
        "latin-1 ;": as_csv(rows, delimiter=";", encoding="latin-1", comma=True),
        "bom": as_csv(rows, encoding="utf-8-sig"),
        "xlsx": as_xlsx(rows),
    }
    (folder / "sessions").write_bytes(contents[layout])
    (folder / "scale.json").write_text(scale_file(scale))
    document = run(folder, "--scale", str(folder / "scale.json"))
    check(document["metrics"], second_route.figures(rows, scale))


def run(folder: Path, *more: str) -> dict:
    arguments = [
        "feedback",
        "compute",
        "--input",
        str(folder / "sessions"),
        "--output",
        str(folder / "metrics.json"),
    ]
    told = CliRunner().invoke(main, [*arguments, *more], catch_exceptions=False)
    assert (told.exit_code, told.stdout, told.stderr) == (0, "", "")
    document: dict = json.loads((folder / "metrics.json").read_text("utf-8"))
    return document


@pytest.fixture(scope="module")
def many() -> list[Row]:
    """Enough courses for a limit and a trajectory of their own, some with other raters."""
    draw = np.random.default_rng(7)
    rows: list[Row] = []
    for number in range(260):
        level, rise = draw.normal(5, 1.5), draw.normal(0.3, 0.4)
        last = int(draw.integers(1, 9))
        ended = "" if draw.random() < 0.2 else "2026-01-01"
        facts = {"course": f"c{number}", "age_band": BANDS[number % 3], "ended": ended}
        facts["ending"] = str(draw.choice(["", "mutual", "unilateral"])) if ended else ""
        for session in range(1, last + 1):
            for rater in ("self", "Mamma")[: 1 + (number % 5 == 0)]:
                lines = np.clip(draw.normal(level + rise * session, 1, 4), 0, 10).round(1)
                items = {
                    f"item{place}": "" if draw.random() < 0.02 else f"{value:.1f}"
                    for place, value in enumerate(lines, 1)
                }
                rows.append(row(**facts, rater=rater, session=session, date=f"2025-0{session}-01", **items))
    return rows


def test_own_limit_and_expected_trajectory(many: list[Row], tmp_path: Path) -> None:
    (tmp_path / "sessions").write_bytes(as_csv(many))
    document = run(tmp_path)
    points, sd, alpha, count = second_route.threshold(many)
    told = document["reliable_change"]
    assert (told["value"], told["sd"], told["reliability"], told["n"]) == pytest.approx((points, sd, alpha, count))
    assert (told["verification"], told["date"]) == ("estimated", "2025-08-01")
    assert document["target"]["child"]["kind"] == "trajectory"
    all_courses = courses_of(many, Scale())
    model = fit(
        [Track(course.band, tuple((int(n), t / 10) for n, t in course.complete)) for course in all_courses]
    )

    def middle(course: second_route.Course) -> float:
        (first, start), (last, _) = course.complete[0], course.complete[-1]
        return model.expect(course.band, start / 10, int(last), first=int(first)).middle

    check(document["metrics"], second_route.figures(many, replace(Scale(), change=points), middle))
    assert 0 < document["metrics"]["target_reached"]["value"] < 1
    assert 0 < document["metrics"]["improved_reliably"]["value"] < 1


def test_the_limit_rests_on_lines_turned_the_same_way(many: list[Row]) -> None:
    """Two lines are written down the other way round: with the scale's rules for that, the limit is the same."""
    turned = [one | {key: _turn(one[key]) for key in ("item2", "item4")} for one in many]
    rules = ScaleRules(reversed_items=frozenset({2, 4}))
    found = make_document(read(as_csv(turned), rules), rules)["reliable_change"]
    points, sd, alpha, count = second_route.threshold(turned, reversed_=(2, 4))
    assert (found["value"], found["sd"], found["reliability"], found["n"]) == pytest.approx(
        (points, sd, alpha, count)
    )
    assert found == make_document(read(as_csv(many), ScaleRules()))["reliable_change"]


def _turn(score: str) -> str:
    return f"{10 - float(score):.1f}" if score else ""


def test_regression_to_the_mean_is_stated(many: list[Row]) -> None:
    document = make_document(read(as_csv(many), ScaleRules()))
    paired = [course for course in courses_of(many, Scale()) if course.ended and len(course.complete) > 1]
    first = np.array([course.complete[0, 1] for course in paired]) / 10
    change = np.array([course.complete[-1, 1] for course in paired]) / 10 - first
    told = document["regression_to_the_mean"]
    assert told["by_metric"]["effect_size"]["slope"] == pytest.approx(np.polyfit(first, change, 1)[0])
    assert "also without help" in told["statement"]
    assert set(told["by_metric"]) == {"effect_size", *(f"effect_size:{band}" for band in BANDS)}


def test_neither_order_nor_names_matter(many: list[Row]) -> None:
    document = make_document(read(as_csv(many), ScaleRules()))
    shuffled = random.Random(3).sample(many, len(many))
    assert make_document(read(as_csv(shuffled), ScaleRules())) == document
    renamed = [one | {"course": f"{997 * int(one['course'][1:]) % 1009} x"} for one in many]
    assert make_document(read(as_csv(renamed), ScaleRules())) == document


def test_other_raters_change_no_figure(many: list[Row]) -> None:
    own = [one for one in many if one["rater"] == "self"]
    strangers = [one | {"course": f"other {one['course']}"} for one in many if one["rater"] != "self"]
    assert len(own) < len(many)
    expected = make_document(read(as_csv(own), ScaleRules()))
    assert make_document(read(as_csv(many + strangers), ScaleRules())) == expected


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=files())
def test_the_six_cells_are_all_who_ended(rows: list[Row]) -> None:
    rules = rules_of(SCALES["one cut-off"])
    records = read(as_csv(rows), rules)
    figures = compute(records, rules, target=ScaleTarget(rules)).metrics
    for band in ("", *BANDS):
        ended = [record for record in records if record.ended_on and band in ("", record.age_band)]
        counts = [figures[f"{cell}:{band}" if band else cell].value for cell in CELLS]
        assert all(isinstance(count, int) for count in counts)
        assert sum(count or 0 for count in counts) == len(ended)


def two(first: float, last: float, **given: object) -> list[Row]:
    """A course with the same score in all lines, at first and at last."""
    scores = [{f"item{place}": value for place in range(1, 5)} for value in (first, last)]
    facts = {"ended": "2025-06-01", "ending": "mutual"} | given
    return [row(**facts, session=number, **score) for number, score in enumerate(scores, 1)]


@pytest.mark.parametrize(
    ("last", "improved", "deteriorated"), [(7.5, 0, 0), (7.6, 1, 0), (2.5, 0, 0), (2.4, 0, 1)], ids=str
)
def test_a_change_as_large_as_the_limit_is_not_reliable(last: float, improved: int, deteriorated: int) -> None:
    rules = ScaleRules(reliable_change=Constant(10, "a test", "verified"))
    figures = compute(read(as_csv(two(5, last)), rules), rules).metrics
    assert (figures["improved_reliably"].value, figures["deteriorated_reliably"].value) == (improved, deteriorated)


@pytest.mark.parametrize(("last", "reached"), [(6.2, 0), (6.25, 1), (6.3, 1)], ids=str)
def test_the_cut_off_itself_is_reached(last: float, reached: int) -> None:
    rules = ScaleRules(cut_offs={"adult": Constant(25, "a test", "verified")})
    figures = compute(read(as_csv(two(5, last)), rules), rules, target=ScaleTarget(rules)).metrics
    assert figures["target_reached"].value == reached
    assert figures["ended_mutual_above"].value == reached


def test_what_is_not_known_is_null_with_a_reason() -> None:
    document = make_document(read(as_csv(two(5, 8)), ScaleRules()))
    metrics = document["metrics"]
    for key, reason in {
        "target_reached": "no target",
        "improved_reliably": "200",
        "effect_size": "Only one",
        "start_score_mean:child": "no courses",
        "days_mean:child": "ended",
        "ended_mutual_above": "no target",
    }.items():
        assert reason in metrics[key]["reason"], key
    assert (metrics["improved_reliably"]["denominator"], metrics["improved_reliably"]["completeness"]) == (1, 1)
    assert (metrics["ended_mutual_above"]["value"], metrics["ended_mutual_unmeasured"]["value"]) == (0, 1)
    assert document["reliable_change"]["value"] is None
    assert "60" in document["target"]["adult"]["reason"]


def test_an_ending_that_nobody_recorded_counts_as_one_sided() -> None:
    figures = compute(read(as_csv(two(5, 8, ending="")), ScaleRules())).metrics
    assert figures["ended_unilateral_unmeasured"].value == 1
    assert figures["ended_unilateral_unmeasured"].completeness == 0


def test_a_constant_that_nobody_verified_is_not_used() -> None:
    unsure = Constant(25, "heard of it", "unverified")
    rules = ScaleRules(cut_offs={"adult": unsure}, reliable_change=unsure)
    document = make_document(read(as_csv(two(5, 8)), rules), rules)
    assert document["scale"]["not_used"] == ["cut_off.adult", "reliable_change"]
    assert document["metrics"]["target_reached"]["value"] is None
    assert document["metrics"]["improved_reliably"]["value"] is None


def test_a_limit_estimated_elsewhere_is_used() -> None:
    kept = Threshold(8, True, 7, 0.9, 400)
    figures = compute(read(as_csv(two(5, 8)), ScaleRules()), threshold=kept)
    assert (figures.threshold, figures.metrics["improved_reliably"].value) == (kept, 1)


def test_the_length_counts_from_the_first_of_a_sessions_dates() -> None:
    rows = [
        row(scale=scale, date=day, ended="2025-02-01")
        for scale, day in (("outcome", "2025-01-09"), ("alliance", "2025-01-02"))
    ]
    for order in (rows, rows[::-1]):
        assert compute(read(as_csv(order), ScaleRules())).metrics["days_mean"].value == 30


def test_finer_scores_than_tenths_are_kept() -> None:
    figures = compute(read(as_csv(two(5.25, 8.125)), ScaleRules())).metrics
    assert figures["start_score_mean"].value == 21


def test_declining_and_courses_without_sessions_break_nothing() -> None:
    empty = CourseRecord("a", "adult", None, None, (), declined=True)
    figures = compute([empty]).metrics
    assert (figures["feedback_first_meeting"].value, figures["start_score_mean"].completeness) == (0, 0)
