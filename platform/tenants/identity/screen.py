"""The screen in a citizen's hands: this device's sign-in is locked until the helper's own code opens it again."""

from typing import NamedTuple

from flask import current_app, g, session, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from hjelpa.core.visitor import Visitor, get_visitor
from tenants.identity import lock_queries as locks

# Messages that were waiting for the helper are not for the citizen: they wait until the screen is back.
WAITING = "waiting"
# As long as a citizen's one-time address lives at most; then it leads nowhere.
PATIENCE_SECONDS = 2 * 60 * 60


class HandOver(NamedTuple):
    """Where the screen goes (`to`, an address without a menu), and the page that the code leads back to."""

    to: str
    back: str


def hand_over(to: str, *, back: str) -> str:
    """Hands the screen of this request's person to a citizen and returns where to send the browser.

    That is `to`, with the sign-in locked, or first a page where the person chooses a code, if they have none.
    """
    visitor, wanted = get_visitor(), HandOver(to, back)
    if locks.find_code_hash(visitor.account_id) is None:
        return url_for("screen.code", then=_seal().dumps([str(visitor.session_id), *wanted]))
    return lock(visitor, wanted)


def lock(visitor: Visitor, wanted: HandOver) -> str:
    """Locks a person's sign-in and returns where the citizen goes."""
    locks.lock(visitor.session_id, wanted.back)
    session[WAITING] = session.pop("_flashes", [])
    return wanted.to


def give_back(visitor: Visitor) -> str | None:
    """Opens a locked sign-in and returns the page it was locked from; messages that waited are shown there."""
    way_back = locks.find_way_back(visitor.session_id)
    locks.unlock(visitor.session_id)
    session["_flashes"] = [*session.pop(WAITING, []), *session.get("_flashes", [])]
    return way_back


def find_waiting(visitor: Visitor, sealed: str) -> HandOver | None:
    """The handing over that a code was chosen for; None if there is none, or it is old or another sign-in's."""
    try:
        session_id, to, back = _seal().loads(sealed, max_age=PATIENCE_SECONDS)
    except (BadData, ValueError):
        return None
    return HandOver(to, back) if session_id == str(visitor.session_id) else None


def find_held() -> Visitor | None:
    """The person of this request whose sign-in is locked; to every other question, nobody is signed in."""
    held: Visitor | None = g.get("held")
    return held


def _seal() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="hand over the screen")
