"""How soon signals are talked about, as the team's page tells it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.feedback.metrics.records import AGE_BANDS
from modules.feedback.signals.times import Talk
from modules.feedback.team.working import talk_metrics

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

talks = st.builds(
    lambda band, days, ended: Talk(band, NOW, None if days is None else NOW + timedelta(days=days), ended),
    st.sampled_from(AGE_BANDS),
    st.none() | st.integers(0, 90),
    st.booleans(),
)


@given(st.lists(talks, max_size=20))
def test_half_of_them_sooner_and_those_that_wait_left_out_of_the_median(found: list[Talk]) -> None:
    metrics = talk_metrics(found)
    for band in ("", *AGE_BANDS):
        group = [talk for talk in found if band in ("", talk.age_band)]
        days = sorted((talk.held_at - NOW).days for talk in group if talk.held_at is not None)
        metric = metrics[f"signal_days:{band}" if band else "signal_days"]
        assert metric.denominator == len(days)
        assert metric.completeness == (pytest.approx(len(days) / len(group)) if group else None)
        assert (metric.value is None) == (metric.reason is not None) == (not days)
        if days:
            middle = (days[(len(days) - 1) // 2] + days[len(days) // 2]) / 2
            assert metric.value == pytest.approx(middle)
