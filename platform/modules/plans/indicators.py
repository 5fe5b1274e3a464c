"""Plans evaluated on time, and help without a formal decision: counts of people, each once."""

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import Indicator
from modules.plans.figure_queries import count_on_time, count_without_decision

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="plans_evaluated_on_time",
        version=1,
        title=_l("Plans evaluated on time"),
        definition=_l(
            "Of those in whose plan an evaluation fell in the period, of the whole or of a measure: how many had every "
            "one of them held at the latest seven days after the agreed day. What can still be held in time is left out."
        ),
        caution=_l(
            "The figure says that somebody asked whether it helps, not what the answer was. Places with few plans, or "
            "with far-off evaluation days, come out well easily."
        ),
        count=count_on_time,
    ),
    Indicator(
        id="help_without_decision",
        version=1,
        title=_l("Help without a formal decision"),
        definition=_l(
            "Of those for whom measures in the plan began in the period: how many got all of them without a formal "
            "decision. Own effort and help from the community count like what the municipality does."
        ),
        caution=_l(
            "Some help needs a formal decision by law, and it protects people's rights. A high figure is good only "
            "where the help is right."
        ),
        count=count_without_decision,
    ),
)
