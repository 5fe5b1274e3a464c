"""Where a person lands: the first page of the first place they have."""

from flask import url_for

from hjelpa.core.visitor import Visitor

SHELL_HOMES = {"network": "releases.index", "national": "national.index", "operator": "operator.index"}


def landing_url(visitor: Visitor) -> str:
    """The first seat's *I dag*, else the first post's front page, else the own account."""
    if visitor.seats:
        return url_for("workspace.today", tenant=visitor.seats[0].slug)
    if visitor.posts:
        return url_for(SHELL_HOMES[visitor.posts[0].shell])
    return url_for("identity.account")
