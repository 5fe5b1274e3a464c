"""Charts drawn on the server as plain SVG, with the same numbers as a table; no Flask and no scripts."""

from hjelpa.web.charts.course import Band, CourseTexts, CurveEvent, CurvePoint, course_curve
from hjelpa.web.charts.distribution import DistributionRow, DistributionTexts, distribution
from hjelpa.web.charts.model import Chart, Table
from hjelpa.web.charts.numbers import format_number, with_unit
from hjelpa.web.charts.trend import Series, TrendTexts, trend

__all__ = [
    "Band",
    "Chart",
    "CourseTexts",
    "CurveEvent",
    "CurvePoint",
    "DistributionRow",
    "DistributionTexts",
    "Series",
    "Table",
    "TrendTexts",
    "course_curve",
    "distribution",
    "format_number",
    "trend",
    "with_unit",
]
