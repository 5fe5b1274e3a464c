"""A municipality's own figures beside what the network has released, ready for a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from hjelpa.core.contract import Counts, Indicator
from hjelpa.web.charts import (
    Chart,
    DistributionRow,
    DistributionTexts,
    Series,
    TrendTexts,
    distribution,
    format_number,
    trend,
)
from network.benchmarks import wording
from network.benchmarks.queries import CellRow, OwnFigure
from network.benchmarks.rules import WITHHELD, Decision, Figure, is_year

# As many periods as can be read under one chart: three years of quarters.
MOST_PERIODS = 12

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """All that is known of one indicator, by period: own counts, and what was decided for the network."""

    indicator: Indicator
    own: dict[str, Counts]
    network: dict[str, Decision]

    @property
    def latest(self) -> str | None:
        """The period to show: the last one decided, else the last one counted here."""
        periods = wording.in_time(self.network) or wording.in_time(self.own)
        return periods[-1] if periods else None

    @property
    def periods(self) -> list[str]:
        return wording.in_time([*self.own, *self.network])[-MOST_PERIODS:]

    def own_value(self, period: str) -> float | None:
        return wording.own_value(self.own.get(period), self.indicator.kind)

    def network_value(self, period: str) -> float | None:
        value = self.decision(period).value
        return None if value is None else float(value)

    def decision(self, period: str) -> Decision:
        return self.network.get(period, WITHHELD)

    def figure(self, value: Figure | float | None) -> str:
        return wording.figure(value, self.indicator.kind)


@dataclass(frozen=True, slots=True)
class View:
    """One indicator on the page; `chart` carries the sentence and the table."""

    line: Line
    chart: Chart
    facts: Facts


def lines(
    indicators: Iterable[Indicator], own: Iterable[OwnFigure], cells: Iterable[CellRow], *, yearly: bool
) -> Sequence[Line]:
    """Own and released figures by indicator, in its current version, for years or for quarters."""
    found = {(one.id, one.version): Line(one, {}, {}) for one in indicators}
    for figure in own:
        line = found.get((figure.key.indicator, figure.key.version))
        if line is not None and is_year(figure.key.period) is yearly:
            line.own[figure.key.period] = figure.counts
    for cell in cells:
        line = found.get((cell.key.indicator, cell.key.version))
        if line is not None and cell.key.stratum == "all" and is_year(cell.key.period) is yearly:
            line.network[cell.key.period] = cell.decision
    return [line for line in found.values() if line.latest is not None]


def sentence(line: Line) -> str:
    """The latest figure in words, own and network's."""
    period = line.latest or ""
    own, decision = line.own_value(period), line.decision(period)
    values = {
        "period": wording.period_name(period),
        "own": line.figure(own),
        "network": line.figure(decision.value),
    }
    if own is not None and decision.value is not None:
        if line.indicator.kind == "count":
            return gettext("In %(period)s: %(own)s here, about %(network)s in the whole network.", **values)
        return gettext("In %(period)s: %(own)s here, about %(network)s in the network.", **values)
    if own is not None:
        return gettext("In %(period)s: %(own)s here. The network shows no figure.", **values)
    if decision.value is not None:
        return gettext("In %(period)s: about %(network)s in the network. There is no figure here.", **values)
    return gettext("In %(period)s there is no figure here, and the network shows none.", **values)


def counted_sentence(line: Line) -> str:
    """A share's latest figure with what stands behind it on either side, for a tile that shows the own share."""
    period = line.latest or ""
    own, decision = line.own.get(period), line.decision(period)
    values = {"period": wording.period_name(period)}
    if own is not None and own.denominator:
        values |= {"part": wording.number(own.numerator), "all": wording.number(own.denominator)}
    if decision.value is not None:
        values |= {"network": wording.stands_behind(decision, line.indicator.kind)}
    if "part" in values and "network" in values:
        return gettext("In %(period)s: %(part)s of %(all)s here; %(network)s.", **values)
    if "part" in values:
        return gettext("In %(period)s: %(part)s of %(all)s here. The network shows no figure.", **values)
    if "network" in values:
        return gettext("In %(period)s: %(network)s. There is no figure here.", **values)
    return gettext("In %(period)s there is no figure here, and the network shows none.", **values)


def view(line: Line, municipality: str) -> View:
    return View(line, _trend(line, municipality), _facts(line))


def _trend(line: Line, municipality: str) -> Chart:
    periods, kind = line.periods, line.indicator.kind
    own = Series(municipality, [line.own_value(period) for period in periods])
    network = Series(gettext("The network"), [line.network_value(period) for period in periods])
    # One town's people and the whole network's cannot be read on one scale.
    shown = [own, network] if kind != "count" else [own if line.own else network]
    texts = TrendTexts(
        title=str(line.indicator.title),
        sentence=sentence(line),
        period=gettext("Period"),
        missing=wording.NOTHING,
    )
    return trend(
        shown,
        [wording.period_label(period) for period in periods],
        wording.unit_of(kind),
        key=f"trend-{line.indicator.id}",
        texts=texts,
        maximum=100 if kind == "share" else None,
        decimals=wording.decimals_of(kind),
        told=periods.index(line.latest) if line.latest in periods else None,
        locale=wording.language(),
    )


def _facts(line: Line) -> Facts:
    period = line.latest or ""
    counts, decision = line.own.get(period), line.decision(period)
    facts = []
    if counts is not None and line.indicator.kind == "share":
        said = gettext(
            "%(numerator)s of %(denominator)s people",
            numerator=wording.number(counts.numerator),
            denominator=wording.number(counts.denominator),
        )
        facts.append((gettext("Here"), said))
    if counts is not None and line.indicator.kind == "ratio":
        said = gettext(
            "%(numerator)s people, %(positions)s positions",
            numerator=wording.number(counts.numerator),
            positions=format_number(counts.denominator / 100, wording.language(), 2),
        )
        facts.append((gettext("Here"), said))
    complete = wording.completeness(counts, line.indicator.kind)
    if complete:
        facts.append((gettext("Completeness here"), complete))
    facts.append((gettext("The network"), _behind(line, decision)))
    return tuple(facts)


def _behind(line: Line, decision: Decision) -> str:
    if decision.status == "withheld":
        return wording.NOTHING
    values = {
        "value": line.figure(decision.value),
        "contributors": wording.number(decision.contributors),
        "persons": wording.number(decision.persons),
    }
    if decision.persons is None:
        return gettext("About %(value)s, from %(contributors)s municipalities", **values)
    return gettext("About %(value)s, from %(contributors)s municipalities and about %(persons)s people", **values)


def overview(shown: Sequence[Line], municipality: str) -> Chart | None:
    """All shares on one scale: own value against the network's quartiles, or its one value where there are none."""
    shares = [line for line in shown if line.indicator.kind == "share"]
    if not shares:
        return None
    texts = DistributionTexts(
        title=gettext("Your municipality beside the network"),
        sentence=_overview_sentence(shares),
        indicator=gettext("Indicator"),
        own=municipality,
        q1=gettext("Network: a quarter are below"),
        median=gettext("Network: median"),
        q3=gettext("Network: a quarter are above"),
        value=gettext("The network"),
        missing=wording.NOTHING,
    )
    return distribution([_row(line) for line in shares], key="overview", texts=texts, locale=wording.language())


def _row(line: Line) -> DistributionRow:
    period = line.latest or ""
    decision = line.decision(period)
    return DistributionRow(
        str(line.indicator.title),
        line.own_value(period),
        **{name: _plain(getattr(decision, name)) for name in ("q1", "median", "q3", "value")},
    )


def _plain(value: Figure | None) -> float | None:
    return None if value is None else float(value)


def _overview_sentence(shares: Sequence[Line]) -> str:
    latest = [(line.own_value(line.latest or ""), line.network_value(line.latest or "")) for line in shares]
    pairs = [(own, value) for own, value in latest if own is not None and value is not None]
    if not pairs:
        return gettext("There are not yet both own figures and released ones to set beside each other.")
    # Within half a step of the rounded figure nobody can say which one is higher.
    above = sum(own - value > 2 for own, value in pairs)
    below = sum(value - own > 2 for own, value in pairs)
    return gettext(
        "Of your figures, %(above)s of %(all)s are above the network's, %(below)s below and %(level)s about level.",
        all=len(pairs),
        above=above,
        below=below,
        level=len(pairs) - above - below,
    )
