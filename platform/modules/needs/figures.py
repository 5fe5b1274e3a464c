"""What the leader's page gets from unmet needs."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import LeaderFigure
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from modules.needs.queries import count_in
from modules.needs.rules import weeks_of
from network.benchmarks.rules import period_of, quarter_of


def list_figures() -> Sequence[LeaderFigure]:
    quarter = quarter_of(utcnow().astimezone(LOCAL).date())
    return [
        LeaderFigure(
            _l("Unmet needs this quarter"),
            str(count_in(weeks_of(period_of(quarter)))),
            _l("Help that people wanted and that does not exist."),
            _l(
                "How many unmet needs have been written down in the weeks of this quarter. Nobody knows whose they are, "
                "so one person may stand behind several."
            ),
            url_for("needs.index", quarter=quarter),
        )
    ]
