"""Released figures as tables: for a page, and for a spreadsheet."""

from collections.abc import Iterable, Mapping, Sequence

from flask import Response

from hjelpa.core.contract import Counts, Indicator
from hjelpa.web.downloads import send_table
from network.benchmarks import wording
from network.benchmarks.queries import CellRow, Key, OwnFigure
from network.benchmarks.rules import Decision, Policy

KEY_COLUMNS = ("indicator", "version", "period", "stratum")
OWN_COLUMNS = ("own_numerator", "own_denominator", "own_eligible")
CELL_COLUMNS = ("status", "contributors", "persons", "value", "q1", "median", "q3")


def cell_rows(
    cells: Iterable[CellRow], indicators: Mapping[str, Indicator], policy: Policy
) -> Sequence[tuple[str, ...]]:
    """Cells as text: indicator, period, value, persons, municipalities, first quartile, median, third quartile."""
    rows = []
    for cell in cells:
        kind, decision = policy.kind(cell.key.indicator), cell.decision
        known = indicators.get(cell.key.indicator)
        rows.append(
            (
                str(known.title) if known else cell.key.indicator,
                wording.period_label(cell.key.period),
                wording.figure(decision.value, kind),
                wording.number(decision.persons),
                wording.number(decision.contributors),
                *(wording.figure(value, kind) for value in (decision.q1, decision.median, decision.q3)),
            )
        )
    return rows


def send_cells(cells: Iterable[CellRow], filename: str) -> Response:
    """Released cells for a spreadsheet; what is withheld is empty after its status."""
    header = (*KEY_COLUMNS, "release", *CELL_COLUMNS)
    rows = ((*_names(cell.key), cell.sequence, *_decided(cell.decision)) for cell in cells)
    return send_table(header, rows, filename)


def send_comparison(own: Iterable[OwnFigure], cells: Iterable[CellRow], filename: str) -> Response:
    """A municipality's own counts beside the released cells; what is missing on either side is empty."""
    counts = {figure.key: figure.counts for figure in own}
    decided = {cell.key: cell.decision for cell in cells}
    rows = (
        (*_names(key), *_counted(counts.get(key)), *_decided(decided.get(key)))
        for key in sorted(counts.keys() | decided.keys())
    )
    return send_table((*KEY_COLUMNS, *OWN_COLUMNS, *CELL_COLUMNS), rows, filename)


def _names(key: Key) -> tuple[object, ...]:
    return key.indicator, key.version, key.period, key.stratum


def _counted(counts: Counts | None) -> tuple[object, ...]:
    return (None, None, None) if counts is None else (counts.numerator, counts.denominator, counts.eligible)


def _decided(decision: Decision | None) -> tuple[object, ...]:
    return tuple(getattr(decision, name, None) for name in CELL_COLUMNS)
