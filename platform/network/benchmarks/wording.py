"""Figures, periods and cells in the reader's words and number format."""

from collections.abc import Iterable, Sequence

from flask_babel import get_locale, gettext

from hjelpa.core.contract import Counts, IndicatorKind
from hjelpa.web.charts import format_number, with_unit
from network.benchmarks.rules import Decision, Figure, Policy, is_year, period_of

# One neutral mark for everything that is not shown, whatever the reason.
NOTHING = "–"


def language() -> str:
    return str(get_locale())


def period_name(period_id: str) -> str:
    """A period as it stands in a sentence."""
    if is_year(period_id):
        return period_id
    year, _, quarter = period_id.partition("-Q")
    return gettext("quarter %(quarter)s of %(year)s", quarter=quarter, year=year)


def period_label(period_id: str) -> str:
    """A period as it stands under a chart, short."""
    if is_year(period_id):
        return period_id
    year, _, quarter = period_id.partition("-Q")
    return gettext("Q%(quarter)s %(year)s", quarter=quarter, year=year[2:])


def in_time(period_ids: Iterable[str]) -> list[str]:
    return sorted(set(period_ids), key=lambda period_id: period_of(period_id).end)


def figure(value: Figure | float | None, kind: IndicatorKind) -> str:
    """A share with its sign, a count as a plain number, a ratio with one decimal, and the neutral mark for nothing."""
    if value is None:
        return NOTHING
    return with_unit(float(value), unit_of(kind), language(), decimals_of(kind))


def number(value: float | None) -> str:
    return NOTHING if value is None else format_number(value, language(), 0)


def unit_of(kind: IndicatorKind) -> str:
    return "%" if kind == "share" else ""


def decimals_of(kind: IndicatorKind) -> int:
    return 1 if kind == "ratio" else 0


def own_value(counts: Counts | None, kind: IndicatorKind) -> float | None:
    """A municipality's own figure in whole per cent or persons, or as a ratio; None where there is nothing to divide by."""
    if counts is None:
        return None
    if kind == "count":
        return counts.numerator
    if counts.denominator == 0:
        return None
    return round(100 * counts.numerator / counts.denominator, decimals_of(kind) or None)


def stands_behind(decision: Decision, kind: IndicatorKind) -> str:
    """The network's figure with how many people and municipalities it is of, as part of a sentence."""
    values = {
        "value": figure(decision.value, kind),
        "persons": number(decision.persons),
        "contributors": number(decision.contributors),
    }
    if kind == "count":
        return gettext("about %(value)s people in %(contributors)s municipalities", **values)
    if kind == "ratio":
        return gettext("about %(value)s in %(contributors)s municipalities", **values)
    return gettext("about %(value)s of about %(persons)s in %(contributors)s municipalities", **values)


def completeness(counts: Counts | None, kind: IndicatorKind) -> str | None:
    """How many of those a share is about it was measured for, or whether a ratio has what it is divided by, in words."""
    if counts is None or kind == "count" or counts.eligible == 0:
        return None
    if kind == "ratio":
        return (
            gettext("The positions are entered")
            if counts.denominator
            else gettext("The positions are not entered")
        )
    share = round(100 * counts.denominator / counts.eligible)
    return gettext(
        "Measured for %(share)s of the %(count)s people it is about",
        share=with_unit(share, "%", language(), 0),
        count=number(counts.eligible),
    )


def why_withheld(policy: Policy) -> str:
    """Why figures may be missing, in general: the same words for every cell, whatever the reason there."""
    return gettext(
        "A dash means that the network shows no figure. That happens when fewer than %(contributors)s municipalities "
        "or too few people stand behind it, so that nobody can be recognised.",
        contributors=policy.contributors,
    )


def policy_in_words(policy: Policy) -> Sequence[str]:
    """The rules of a release as sentences."""
    return (
        gettext("At least %(count)s municipalities must stand behind a figure.", count=policy.contributors),
        gettext("At least %(count)s people must be counted in it.", count=policy.persons),
        gettext(
            "Of a share, at least %(yes)s people must be in it and at least %(no)s outside it.",
            yes=policy.numerator,
            no=policy.complement,
        ),
        gettext(
            "Numbers of people are rounded to the nearest %(persons)s, shares to the nearest %(points)s per cent.",
            persons=policy.person_step,
            points=policy.percent_step,
        ),
        gettext(
            "Numbers per position are rounded to the nearest %(step)s. How many people stand behind them is not shown.",
            step=format_number(policy.ratio_step / 10, language(), 1),
        ),
        gettext(
            "Where one municipality has %(share)s per cent or more of the people, every municipality weighs the same.",
            share=policy.dominance,
        ),
        gettext(
            "Median and quartiles are shown from %(count)s municipalities on, smoothed and rounded. Lowest, highest "
            "and order are never shown.",
            count=policy.quartile_contributors,
        ),
        gettext("What has been released is never changed. What has been withheld is not shown later."),
    )
