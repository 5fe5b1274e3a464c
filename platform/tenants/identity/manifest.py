"""What identity announces."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import GuidePassage, Manifest
from tenants.identity import routes_screen
from tenants.identity.routes import blueprint, front

manifest = Manifest(
    name="identity",
    kind="tenants",
    title=_l("Sign-in"),
    summary=_l("Accounts, seats and sign-in."),
    folder=Path(__file__).parent,
    blueprints=(blueprint, front, routes_screen.blueprint),
    guide=(GuidePassage("account", ("identity.account",)), GuidePassage("screen", ("screen.code",))),
)
