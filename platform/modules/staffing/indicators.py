"""How many people are helped for each full-time position."""

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import Counts, Indicator, Period
from hjelpa.core.database import db
from modules.citizens.indicators import people_helped
from modules.staffing.queries import list_entered
from modules.staffing.rules import positions_in, quarters_of


def count_helped_per_position(period: Period) -> Counts:
    """People helped in the period, for the positions in hundredths; 0 positions where they have not been entered."""
    helped = db.session.scalar(people_helped(period)) or 0
    return Counts(helped, positions_in(period.id, list_entered(quarters_of(period.id))), helped)


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="helped_per_position",
        version=1,
        title=_l("People helped per full-time position"),
        definition=_l(
            "How many people had at least one conversation in the period, divided by the full-time positions of the "
            "service in it. A year's positions are the mean of its four quarters. A person counts once."
        ),
        caution=_l(
            "It says nothing about how much help each person got, or whether it helped; many short courses give a "
            "higher figure than few long ones. The leader enters the positions, and services count them differently."
        ),
        count=count_helped_per_position,
        kind="ratio",
    ),
)
