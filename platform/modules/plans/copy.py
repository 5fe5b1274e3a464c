"""A copy of a plan that opens without us: one HTML file or one PDF, signed.

Made from the plan's document (`document.py`), which knows of no address and of nobody else's own words.
"""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from flask import current_app
from flask_babel import get_locale, gettext

from hjelpa.core.signing import Kind, sign_file
from hjelpa.core.types import utcnow
from hjelpa.web.i18n import moment
from modules.plans.document import NOBODY, build
from modules.plans.place import Opened
from modules.plans.queries import read_sheet
from modules.plans.rules import Author

SHEET = Path(__file__).parent / "copy.typ"


def make_copy(opened: Opened, kind: Kind, *, key_url: str) -> bytes:
    """The plan as one signed file, with what is shared and, for an adult, their own words."""
    own = opened.author.adult_id
    reader = Author("adult", own or NOBODY, opened.author.name)
    sections = build(opened.plan, read_sheet(opened.plan.id, reader), own=own)
    about = _about(opened.whose, utcnow(), key_url)
    made = _write_html(about, sections) if kind == "html" else _write_pdf(about, sections)
    return sign_file(made, kind, current_app.extensions["hjelpa_settings"])


def _about(whose: str, at: datetime, key_url: str) -> dict[str, str]:
    demo = current_app.config["HJELPA_MODE"] == "demo"
    return {
        "language": str(get_locale()),
        "title": gettext("The plan"),
        "whose": whose,
        "made": gettext("A copy taken %(when)s", when=moment(at)),
        "demo": gettext("Demo: all people and figures are made up") if demo else "",
        "signed": gettext("This copy is signed. How to check that nobody has changed it: %(url)s", url=key_url),
        "empty": gettext("Nothing is written in the plan yet."),
    }


def _write_html(about: dict[str, str], sections: Any) -> bytes:
    """Everything is in the one file: nothing is fetched, and no script runs."""
    template = current_app.jinja_env.get_template("plans/copy.html")
    return template.render(about=about, sections=sections).rstrip().encode()


def _write_pdf(about: dict[str, str], sections: Any) -> bytes:
    """Set by typst, which gets people's words as data and never as its own language."""
    text = json.dumps([asdict(section) for section in sections], ensure_ascii=False)
    # No font that comes with us has these signs; one of the machine's may, or may not.
    signs = gettext("A sign that cannot be printed here stands in the copy as a web page.")
    about = {**about, "signs": signs if any(ord(sign) > 0xFFFF for sign in text) else ""}
    told = {"about": about, "sections": json.loads(text)}
    return typst.compile(str(SHEET), root=str(SHEET.parent), sys_inputs={"plan": json.dumps(told)})
