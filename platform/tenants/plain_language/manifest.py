"""What plain language announces."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import GuidePassage, Manifest, NavItem, Permission
from tenants.plain_language.routes import blueprint

manifest = Manifest(
    name="plain_language",
    kind="tenants",
    title=_l("Plain language"),
    summary=_l("How easy a text is to read, and everyday words instead of office words."),
    folder=Path(__file__).parent,
    blueprints=(blueprint,),
    permissions=(
        Permission("plain_language.configure", _l("Change the municipality's list of words"), ("administrator",)),
    ),
    navigation=(
        NavItem(
            "plain_language.words",
            _l("Plain language"),
            "edit",
            "plain_language.configure",
            "municipality",
            order=30,
        ),
    ),
    guide=(
        GuidePassage("plain", ("plain_language.index", "plain_language.look")),
        GuidePassage("words", ("plain_language.words", "plain_language.put_word")),
    ),
)
