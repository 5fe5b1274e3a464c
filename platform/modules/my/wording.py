"""Who has read, in sentences that the citizen understands."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.permissions import features
from hjelpa.core.visitor import Guest
from hjelpa.web.i18n import moment
from modules.citizens.sections import page_words
from modules.my.queries import AnyRow

# What somebody is to the citizen; the first that fits is said.
_ROLES = {"helper": _l("helper"), "leader": _l("leader of the service"), "administrator": _l("administrator")}


def tell_reads(rows: Sequence[AnyRow], reader: Guest) -> list[dict[str, Any]]:
    """Lines for the page: when, who read what, and the reason that was given.

    An adult in a child's plan is told of helpers and of themselves; what other adults read is the citizen's to know,
    and so is the reason that somebody gave: it may be about one of the adults.
    """
    shown = [row for row in rows if reader.relation == "self" or row.access_id in (None, reader.id)]
    own = reader.relation == "self"
    return [
        {"when": moment(row.created_at), "text": _sentence(row, reader), "reason": row.reason if own else None}
        for row in shown
    ]


def _sentence(row: AnyRow, reader: Guest) -> str:
    page = _own_title(row.page) or page_words(row.page)
    if row.access_id is None:
        return gettext("%(name)s (%(role)s) read %(page)s", name=row.name, role=_role(row.roles or ()), page=page)
    if row.access_id == reader.id:
        return gettext("You read %(page)s", page=page)
    return gettext("%(name)s, who has access to your pages, read %(page)s", name=row.guest, page=page)


def _role(roles: Sequence[str]) -> str:
    return str(next((title for role, title in _ROLES.items() if role in roles), gettext("employee")))


def _own_title(endpoint: str) -> str | None:
    titles = {page.endpoint: page.title for manifest in features().manifests for page in manifest.own_pages}
    return f"“{titles[endpoint]}”" if endpoint in titles else None
