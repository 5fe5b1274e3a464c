"""The one way into a citizen's own pages: the read is written down before anything is loaded."""

from flask import abort

from hjelpa.core.visitor import Guest, get_guest
from tenants.audit.queries import record_read


def open_own_pages(*relations: str) -> Guest:
    """Whose pages they are, for the guest of this request; writes the read to the access log that the citizen sees.

    Ends the request with 404 where the page is not for people who stand in this relation to the citizen.
    """
    guest = get_guest()
    if guest.relation not in (relations or ("self", "adult")):
        abort(404)
    record_read(guest.citizen_id)
    return guest
