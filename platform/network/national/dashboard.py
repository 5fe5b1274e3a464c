"""Released figures, one indicator at a time, ready for a page."""

from dataclasses import dataclass

from flask_babel import gettext

from hjelpa.web.charts import Chart, Series, TrendTexts, trend
from network.benchmarks import wording
from network.benchmarks.comparison import Line
from network.benchmarks.rules import Decision


@dataclass(frozen=True, slots=True)
class NationalFigure:
    """The latest figure, what stands behind it, and the way here; `chart` carries the sentence and the table."""

    line: Line
    value: str
    note: str
    chart: Chart


def figure_of(line: Line) -> NationalFigure:
    decision = line.decision(line.latest or "")
    return NationalFigure(line, line.figure(decision.value), _note(line, decision), _trend(line, _sentence(line)))


def _note(line: Line, decision: Decision) -> str:
    """The tile's period, and of how many people and municipalities its value is."""
    name = wording.period_name(line.latest or "")
    if decision.value is None:
        return name
    values = {
        "period": name,
        "persons": wording.number(decision.persons),
        "contributors": wording.number(decision.contributors),
    }
    if line.indicator.kind != "share":
        return gettext("%(period)s: in %(contributors)s municipalities", **values)
    return gettext("%(period)s: of about %(persons)s people in %(contributors)s municipalities", **values)


def _sentence(line: Line) -> str:
    period = line.latest or ""
    decision, name = line.decision(period), wording.period_name(period)
    if decision.value is None:
        return gettext("In %(period)s the network shows no figure.", period=name)
    values = {
        "period": name,
        "value": line.figure(decision.value),
        "contributors": wording.number(decision.contributors),
        "persons": wording.number(decision.persons),
    }
    if line.indicator.kind == "ratio":
        return gettext(
            "In %(period)s: about %(value)s people per full-time position, in %(contributors)s municipalities.",
            **values,
        )
    if line.indicator.kind == "count":
        return gettext("In %(period)s: about %(value)s people in %(contributors)s municipalities.", **values)
    return gettext(
        "In %(period)s: about %(value)s of about %(persons)s people in %(contributors)s municipalities.", **values
    )


def _trend(line: Line, sentence: str) -> Chart:
    kind = line.indicator.kind
    texts = TrendTexts(str(line.indicator.title), sentence, gettext("Period"), wording.NOTHING)
    values = [line.network_value(period) for period in line.periods]
    return trend(
        [Series(gettext("The network"), values)],
        [wording.period_label(period) for period in line.periods],
        wording.unit_of(kind),
        key=f"national-{line.indicator.id}",
        texts=texts,
        maximum=100 if kind == "share" else None,
        decimals=wording.decimals_of(kind),
        locale=wording.language(),
    )
