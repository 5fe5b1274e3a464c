"""The one way into a citizen's record: who reads it is decided and written down before anything is loaded.

Features that show something of a course call `open_record` first, on every page, reading or writing.
"""

import uuid

from flask import abort, redirect, url_for

from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from modules.citizens.queries import Head, find_head
from modules.citizens.rules import may_read, reason_to_log
from tenants.audit.queries import record_read


def open_record(course_id: uuid.UUID) -> Head:
    """Opens a course to the person of this request, and writes the read to the access log.

    Ends the request otherwise: with 404 where there is no such course here, and outside the circle with the page
    that asks for a reason.
    """
    head = find_head(course_id, get_seat().id)
    if head is None:
        abort(404)
    now = utcnow()
    if not may_read(head.tie, now):
        abort(redirect(url_for("citizens.reason", course_id=course_id), 303))
    record_read(head.citizen_id, reason=reason_to_log(head.tie, now))
    return head
