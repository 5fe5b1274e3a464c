"""The leader's figures: about the whole service and counted as the indicators are, never about one helper."""

from collections.abc import Sequence
from datetime import date

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import Counts, LeaderFigure, Period
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from modules.feedback.team.shares import FEWEST, say_percent, say_share
from modules.feedback.team.summary import Ended, summarise
from modules.feedback.wording import say_points

NO_NORMS = _l(
    "Our own scale has no norms, so there is no limit for what is low. A rise may come by chance or for other reasons than "
    "the help; how many rose by more than chance alone gives stands on the team’s page."
)


def figures() -> Sequence[LeaderFigure]:
    """Two figures on those who ended and one on first conversations, for this year and last together."""
    period = _last_two_years(utcnow().astimezone(LOCAL).date())
    ended, first = summarise(period)
    return [_higher(ended), _change(ended), _first_meeting(first)]


def _last_two_years(today: date) -> Period:
    return Period(f"{today.year - 1}–{today.year}", date(today.year - 1, 1, 1), date(today.year + 1, 1, 1))


def _higher(ended: Ended) -> LeaderFigure:
    return LeaderFigure(
        title=gettext("Higher at the end than at the start"),
        value=say_share(ended.higher, ended.measured),
        sentence=_say_higher(ended),
        definition=gettext(
            "Of those whose course of help ended this year or last, and who answered the whole outcome scale at least "
            "twice: how many had a higher score in the last answer than in the first. A person counts once. %(caution)s",
            caution=NO_NORMS,
        ),
        url=url_for("feedback_team.show"),
    )


def _change(ended: Ended) -> LeaderFigure:
    enough = ended.measured >= FEWEST and ended.mean_change is not None
    sentence = (
        gettext("Points of 40, from first to last answer.")
        if enough
        else gettext(
            "Too few to show: %(measured)s measured, and at least %(fewest)s are needed.",
            measured=ended.measured,
            fewest=FEWEST,
        )
    )
    return LeaderFigure(
        title=gettext("Mean change on the outcome scale"),
        value=_say_signed(ended.mean_change or 0.0) if enough else "–",
        sentence=f"{sentence} {_say_measured(ended)}" if enough else sentence,
        definition=gettext(
            "Of the same people: last score minus first score, on average. It is shown when at least %(fewest)s people "
            "are measured. %(caution)s",
            fewest=FEWEST,
            caution=NO_NORMS,
        ),
        url=url_for("feedback_team.show"),
    )


def _first_meeting(counts: Counts) -> LeaderFigure:
    return LeaderFigure(
        title=gettext("Feedback in the first conversation"),
        value=say_share(counts.numerator, counts.denominator),
        sentence=gettext(
            "%(answered)s of %(all)s who had their first conversation this year or last.",
            answered=counts.numerator,
            all=counts.denominator,
        ),
        definition=gettext(
            "Of those who had the first conversation of a course of help this year or last: how many answered the outcome "
            "scale in it. Answering is voluntary, so the figure shows how often it was done, not what was answered."
        ),
        url=url_for("feedback_team.show"),
    )


def _say_higher(ended: Ended) -> str:
    """How much the share rests on: numerator and denominator, and how complete it is."""
    if not ended.eligible:
        return gettext("Nobody has ended this year or last.")
    if not ended.measured:
        return gettext(
            "Measured for none of the %(eligible)s who ended this year or last.", eligible=ended.eligible
        )
    return gettext(
        "%(higher)s of %(measured)s. Measured for %(share)s of the %(eligible)s who ended this year or last.",
        higher=ended.higher,
        measured=ended.measured,
        share=say_percent(ended.measured / ended.eligible),
        eligible=ended.eligible,
    )


def _say_measured(ended: Ended) -> str:
    """How many a mean rests on, and how complete it is. How many rose is no part of a mean."""
    return gettext(
        "%(measured)s measured: %(share)s of the %(eligible)s who ended this year or last.",
        measured=ended.measured,
        share=say_percent(ended.measured / ended.eligible),
        eligible=ended.eligible,
    )


def _say_signed(tenths: float) -> str:
    points = say_points(tenths)
    return f"+{points}" if tenths > 0 and points != "0" else points
