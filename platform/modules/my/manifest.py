"""What the citizen's own pages announce."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import CourseSection, GuidePassage, Manifest, OwnPage, Permission, PublicPage
from modules.my.demo import fill
from modules.my.giving import giving, render_section
from modules.my.jobs import SEND_CODE
from modules.my.routes import blueprint
from tenants.guests.queries import find_guest

manifest = Manifest(
    name="my",
    kind="module",
    title=_l("The citizen’s own pages"),
    summary=_l("Citizens read and write in what is theirs, with a one-time code."),
    folder=Path(__file__).parent,
    blueprints=(blueprint, giving),
    requires=("citizens",),
    permissions=(
        Permission("my.see", _l("See who has access to a citizen’s own pages"), ("helper", "leader")),
        Permission(
            "my.give", _l("Give citizens access to their own pages, and withdraw it"), ("helper", "leader")
        ),
    ),
    jobs=(SEND_CODE,),
    guide=(
        GuidePassage("signing-in", ("my.sign_in", "my.ask", "my.code", "my.use", "my.choose")),
        GuidePassage("own-pages", ("my.home", "my.agreements", "my.reads")),
        GuidePassage("giving-access", ("own_access.new", "own_access.create")),
    ),
    course_sections=(CourseSection("my.see", render_section, order=60),),
    own_pages=(
        OwnPage("my.home", _l("My first page"), order=0, relations=("self", "adult", "service")),
        OwnPage("my.agreements", _l("Agreements"), order=30, relations=("self",)),
        OwnPage("my.reads", _l("Who has read"), order=80),
    ),
    public_pages=(PublicPage("my.sign_in", _l("Open your own pages"), order=30),),
    find_guest=find_guest,
    demo=fill,
)
