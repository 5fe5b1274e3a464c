"""Making a model of expected trajectories from a municipality's courses. Pure: the same courses, in any order, give the same."""

from collections import Counter
from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from operator import add

import numpy as np
from numpy.typing import NDArray

from modules.feedback.trajectory.design import Basis, Numbers, Rows, choose_basis
from modules.feedback.trajectory.model import HIGHEST, LOWEST, MINIMUM_COURSES, Check, Model, Track
from modules.feedback.trajectory.ranges import features_of, fit_range
from modules.feedback.trajectory.shrinking import Pooled, Spread, Sums, measure_spread, shrink, sum_up

# Courses beyond these, which are the latest given, are left out: bounded time and memory.
MOST_COURSES = 50_000
# As many courses must reach a session for curves to go on bending there; later ones are held flat.
FEWEST_AT_END = 15
# Parts into which courses are dealt; each is expected from the others, as a new course would be.
PARTS = 10
# From so many courses, checking the range in two halves is as good as in ten parts.
MANY = 2_000


def fit(tracks: Sequence[Track]) -> Model | None:
    """The model, or None below `MINIMUM_COURSES` with two complete answers. Raises ValueError for sessions out of order."""
    known = sorted(_useful(tracks), key=lambda track: (track.totals, track.age_band))
    if len(known) < MINIMUM_COURSES:
        return None
    bands = Counter(track.age_band for track in known)
    rows = _lay_out(known, sorted(bands))
    starts = np.array([track.totals[0][1] for track in known])
    basis = choose_basis(rows, starts, sorted(bands), fewest=FEWEST_AT_END)
    part = rows.course % PARTS
    sums = [sum_up(basis, rows.take(part == place)) for place in range(PARTS)]
    spread = _find_spread(basis, rows, sums)
    pooled = shrink(reduce(add, sums), spread, basis.families)
    middle = _expect_from_others(basis, rows, sums, spread, pooled)
    features = features_of(basis, rows.lapse, rows.band, middle)
    return Model(
        basis=basis,
        coefficients=tuple(round(float(number), 9) for number in pooled.coefficients),
        spread=Spread(round(spread.course, 9), round(spread.growing, 9), round(spread.own, 9)),
        range=fit_range(features, middle, rows.total - middle, rows.course),
        bands=dict(sorted(bands.items())),
        answers=len(rows),
        check=_check(features, middle, rows, PARTS if len(known) < MANY else 2),
    )


def _useful(tracks: Sequence[Track]) -> list[Track]:
    for track in tracks:
        sessions = [session for session, _ in track.totals]
        if any(later <= earlier for earlier, later in pairwise(sessions)):
            raise ValueError("sessions must rise, each with one total")
    return [track for track in tracks if len(track.totals) > 1][-MOST_COURSES:]


def _lay_out(tracks: Sequence[Track], bands: Sequence[str]) -> Rows:
    later = [len(track.totals) - 1 for track in tracks]
    first = np.array([track.totals[0] for track in tracks], dtype=np.float64)
    answers = np.array([answer for track in tracks for answer in track.totals[1:]], dtype=np.float64)
    places = {name: place for place, name in enumerate(bands)}
    sessions, totals = answers.T
    return Rows(
        course=np.repeat(np.arange(len(tracks)), later),
        lapse=(sessions - np.repeat(first[:, 0], later)).astype(np.int64),
        start=np.repeat(first[:, 1], later),
        band=np.repeat([places[track.age_band] for track in tracks], later),
        total=totals,
    )


def _find_spread(basis: Basis, rows: Rows, sums: Sequence[Sums]) -> Spread:
    """Two rounds: a rough curve is enough to see how answers spread around it, and that sharpens the curve.

    The second is around expectations from other courses: a curve that bends after its own answers lies too near them.
    """
    change, whole = rows.total - rows.start, reduce(add, sums)
    rough = Spread(float(np.var(change)) / 2, 0.0, float(np.var(change)) / 2 + 1e-6)
    spread = measure_spread(basis, rows, rows.total - _predict(basis, rows, shrink(whole, rough, basis.families)))
    pooled = shrink(whole, spread, basis.families)
    return measure_spread(basis, rows, rows.total - _expect_from_others(basis, rows, sums, spread, pooled))


def _predict(basis: Basis, rows: Rows, pooled: Pooled) -> Numbers:
    parts = [basis.columns(part.lapse, part.start, part.band) @ pooled.coefficients for part in rows.chunks()]
    return np.clip(rows.start + np.concatenate(parts), LOWEST, HIGHEST)


def _expect_from_others(basis: Basis, rows: Rows, sums: Sequence[Sums], spread: Spread, pooled: Pooled) -> Numbers:
    """What each answer is expected to be by the courses of the other parts."""
    middle, whole = np.zeros(len(rows)), reduce(add, sums)
    for place, own in enumerate(sums):
        here = rows.course % PARTS == place
        middle[here] = _predict(basis, rows.take(here), shrink(whole - own, spread, basis.families, pooled))
    return middle


def _check(features: Numbers, middle: Numbers, rows: Rows, parts: int) -> Check:
    """Each part's answers against expectation and range from the others."""
    below, above = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    residuals = rows.total - middle
    for place in range(parts):
        here: NDArray[np.bool_] = rows.course % parts == place
        other = ~here
        limits = fit_range(features[other], middle[other], residuals[other], rows.course[other])
        low, high = limits.limits(features[here], middle[here])
        below[here] = rows.total[here] < np.clip(low, LOWEST, HIGHEST)
        above[here] = rows.total[here] > np.clip(high, LOWEST, HIGHEST)
    spread = float(np.var(middle))
    slope = (
        float(np.mean((middle - middle.mean()) * (rows.total - rows.total.mean()))) / spread if spread else None
    )
    shares = (float(np.mean(part)) for part in (below, above, np.abs(residuals), np.abs(rows.total - rows.start)))
    return Check(len(rows), None if slope is None else round(slope, 6), *(round(share, 6) for share in shares))
