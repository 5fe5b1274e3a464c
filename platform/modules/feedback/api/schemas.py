"""What the API takes and gives, as its description shows it."""

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates

from modules.feedback.metrics.records import AGE_BANDS
from modules.feedback.team.periods import period_named

SHAPE = r"[A-Za-z0-9_-]{10,200}"
MOST_LINES = 10


class MetricsQuery(Schema):
    """Which figures are asked for."""

    class Meta:
        unknown = EXCLUDE

    period = fields.String(
        load_default="all",
        metadata={"description": "all, a year (2026) or a quarter (2026-Q3)", "example": "2026-Q3"},
    )
    band = fields.String(
        load_default="",
        validate=validate.OneOf(("", *AGE_BANDS)),
        metadata={"description": "one age band only; all of them when left out"},
    )

    @validates("period")
    def is_period(self, value: str, **_: Any) -> None:
        try:
            period_named(value)
        except ValueError:
            raise ValidationError("Not a period such as all, 2026 or 2026-Q3.") from None


class MetricSchema(Schema):
    value = fields.Float(required=True, allow_none=True)
    numerator = fields.Float(required=True, allow_none=True)
    denominator = fields.Integer(required=True)
    completeness = fields.Float(required=True, allow_none=True)
    formula_version = fields.String(required=True)
    reason = fields.String(metadata={"description": "why there is no value"})


class MetricsSchema(Schema):
    format = fields.String(required=True)
    period = fields.String(required=True)
    band = fields.String(required=True, allow_none=True)
    computed_at = fields.DateTime(required=True, allow_none=True, metadata={"description": "null: just now"})
    reliable_change = fields.Dict(required=True)
    metrics = fields.Dict(keys=fields.String(), values=fields.Nested(MetricSchema), required=True)
    formulas = fields.Dict(required=True)


class FormSchema(Schema):
    """A form as its one-time token shows it. Nothing of whom it is about."""

    form = fields.String(required=True)
    version = fields.Integer(required=True)
    scale = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("open", "used")))
    expires_at = fields.DateTime(required=True)
    maximum = fields.Float(required=True, metadata={"description": "the most that a line goes to; the least is 0"})
    words = fields.Dict(required=True, metadata={"description": "question and lead by language"})
    items = fields.List(fields.Dict(), required=True)


class AnswerInput(Schema):
    """An answer by a one-time token; the same rules as on the page."""

    token = fields.String(
        required=True,
        validate=validate.Regexp(f"{SHAPE}\\Z", error="Not a one-time token."),
        metadata={"example": "the-last-part-of-the-address"},
    )
    items = fields.Dict(
        keys=fields.String(validate=validate.Length(max=200)),
        values=fields.Float(allow_none=True),
        load_default=dict,
        validate=validate.Length(max=MOST_LINES),
        metadata={
            "description": "a score with at most one decimal by line (item1 …); null or left out is unanswered"
        },
    )
    as_it_is = fields.Boolean(
        load_default=False, metadata={"description": "true: take it although lines are unanswered"}
    )
    skip = fields.Boolean(load_default=False, metadata={"description": "true: the form is skipped this time"})


class ReceiptSchema(Schema):
    state = fields.String(required=True, validate=validate.OneOf(("answered", "skipped")))
