"""What stands behind the leader's figures: contacts by door and way, and the people whom a figure counts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext, ngettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import Counts
from hjelpa.core.permissions import access
from hjelpa.core.visitor import get_seat
from hjelpa.web.charts import Chart, DistributionRow, DistributionTexts, Table, distribution
from hjelpa.web.i18n import dates
from modules.citizens.figures import this_year
from modules.citizens.listing import AddressOf, page_address
from modules.citizens.paging import Page, page_number
from modules.citizens.queries import AnyRow
from modules.contacts import counts
from modules.contacts.figures import share_of
from modules.contacts.rules import days_waited
from modules.contacts.schemas import CHANNELS
from tenants.units.queries import list_units

blueprint = Blueprint(
    "door_figures", __name__, url_prefix="/<tenant>/contacts/figures", template_folder="templates"
)

PART_WORDS = {
    "met": _l("Met in time"),
    "unmet": _l("Not met in time"),
    "recent": _l("Came so lately that it cannot be told yet"),
    "self": _l("Made contact themselves"),
    "others": _l("Through someone else, or with another service"),
    "all": _l("All"),
}


@blueprint.get("/doors")
@access("citizens.oversee")
def by_door() -> ResponseReturnValue:
    year, doors = this_year(), list_units()
    found = counts.count_by_door(year)
    by_channel = {channel: sum(found.get((unit.id, channel), 0) for unit in doors) for channel in CHANNELS}
    return render_template(
        "contacts/by_door.html",
        year=year.id,
        doors=doors,
        channels=CHANNELS,
        found=found,
        heads=[{"title": title, "number": True} for title in CHANNELS.values()],
        sums={unit.id: sum(found.get((unit.id, channel), 0) for channel in CHANNELS) for unit in doors},
        total=sum(found.values()),
        chart=_draw(by_channel),
    )


def _draw(by_channel: Mapping[str, int]) -> Chart | None:
    """Each way's share of all contacts; None where there are none."""
    total = sum(by_channel.values())
    if not total:
        return None
    sentence = ", ".join(f"{CHANNELS[name]} {share_of(Counts(n, total, total))}" for name, n in by_channel.items())
    texts = DistributionTexts(
        title=gettext("The ways in which people made contact"),
        sentence=f"{sentence}.",
        indicator=gettext("How"),
        own=gettext("Share of all contacts"),
        q1="",
        median="",
        q3="",
        value="",
        missing="–",
    )
    rows = [DistributionRow(str(CHANNELS[name]), 100 * number / total) for name, number in by_channel.items()]
    drawn = distribution(rows, key="channels", texts=texts, locale=str(get_locale()))
    # Only what is there: other municipalities have no part in this picture.
    return replace(drawn, table=Table(drawn.table.headers[:2], tuple(row[:2] for row in drawn.table.rows)))


@blueprint.get("/people")
@access("citizens.oversee")
def people() -> ResponseReturnValue:
    typed, number = request.args.get("days", ""), page_number(request.args.get("page"))
    days = int(typed) if typed in map(str, counts.DAYS) else 7
    part = request.args.get("part", "")
    part = part if part in counts.PARTS else "all"
    rows = counts.list_first_contacts(this_year(), part, timedelta(days=days), get_seat().id, number)
    if not rows and number > 1:
        return redirect(url_for("door_figures.people", days=days, part=part), 303)
    return render_template(
        "contacts/people.html",
        rows=_show(rows),
        year=this_year().id,
        days=days,
        part=part,
        parts=PART_WORDS.items(),
        lengths=[(each, ngettext("%(num)s day", "%(num)s days", each)) for each in counts.DAYS],
        page=Page.of(number, rows),
        page_url=page_address("door_figures.people", days=str(days), part=part),
    )


def _show(rows: Sequence[AnyRow]) -> list[tuple[str, ...]]:
    address, written = AddressOf("contacts.show", "contact_id"), dates()
    unnamed, hidden, waits = gettext("Without a name"), gettext("Course of help"), gettext("Still waits")
    return [
        (
            address(row.id),
            (row.name or unnamed) if row.visible else hidden,
            written.moment(row.received_at),
            str(CHANNELS[row.channel]),
            written.moment(row.first_conversation_at) or waits,
            str(days_waited(row.received_at, row.first_conversation_at)) if row.first_conversation_at else "–",
        )
        for row in rows
    ]
