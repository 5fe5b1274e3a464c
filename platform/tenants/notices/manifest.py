"""What notices announce."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import GuidePassage, Manifest
from tenants.notices.routes import blueprint

manifest = Manifest(
    name="notices",
    kind="tenants",
    title=_l("Notices"),
    summary=_l("One bell for everything a person should know about."),
    folder=Path(__file__).parent,
    blueprints=(blueprint,),
    guide=(GuidePassage("notices", ("notices.index",)),),
)
