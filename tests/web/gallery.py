"""Every component on a few made-up pages, for looking at: `python -m tests.web.gallery` serves them."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from flask import Flask, Response, flash, render_template, request
from flask_babel import Babel
from jinja2 import ChoiceLoader, FileSystemLoader

from hjelpa.web import theme
from hjelpa.web.assets import STATIC, static_url
from hjelpa.web.components import install_components
from hjelpa.web.layout import Language, Link, NavItem, NavSection, Place, Shell
from tests.web import gallery_charts

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self';"
    " img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
TEMPLATES = Path(__file__).parent / "templates"


@dataclass
class FakeForm:
    """The interface that the form macros rely on, with fixed answers."""

    values: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    labels: ClassVar = {
        "nickname": "Kallenavn på forløpet",
        "service": "Tjeneste",
        "age": "Aldersgruppe",
        "first": "Første samtale",
        "goal": "Mål for forløpet",
        "remind": "Send påminnelse før neste samtale",
        "phone": "Telefon",
        "themes": "Temaer",
    }
    hints: ClassVar = {
        "nickname": "Bruk aldri navn eller fødselsnummer.",
        "age": "Bestemmer hvilken grenseverdi grafen bruker.",
    }
    options: ClassVar = {
        "service": [("1", "Ungdom og mestring"), ("2", "Foreldreveiledning")],
        "age": [("child", "6–12 år"), ("young", "13–17 år"), ("adult", "18 år eller eldre")],
        "themes": [("school", "Skole"), ("home", "Hjemme"), ("friends", "Venner")],
    }

    @property
    def errors(self) -> list[tuple[str, str]]:
        return list(self.faults.items())

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def checked(self, name: str, option: str) -> bool:
        return self.values.get(name) == option

    def error(self, name: str) -> str | None:
        return self.faults.get(name)

    def label(self, name: str) -> str:
        return self.labels[name]

    def hint(self, name: str) -> str | None:
        return self.hints.get(name)

    def required(self, name: str) -> bool:
        return name not in ("goal", "phone", "remind", "themes")

    def choices(self, name: str) -> list[tuple[str, str]]:
        return self.options[name]

    def max_length(self, name: str) -> int | None:
        return 400 if name == "goal" else None


@dataclass(frozen=True)
class Event:
    when: str
    text: str
    url: str | None = None
    note: str | None = None


def make_shell(name: str = "workspace", **more: object) -> Shell:
    here = request.path
    sections = (
        NavSection(
            "Arbeid",
            (
                NavItem("I dag", "/", "home", here == "/", 4),
                NavItem("Henvendelser", "/form", "contact", here == "/form", 2),
                NavItem("Forløp", "/lists", "course", here == "/lists"),
                NavItem("Tilbud", "#", "heart"),
            ),
        ),
        NavSection(
            "Lære",
            (
                NavItem("Grupper", "#", "group"),
                NavItem("Idéer og tester", "#", "idea"),
                NavItem("Egenvurdering", "#", "assessment"),
            ),
        ),
        NavSection(
            "Nettverket",
            (
                NavItem("Sammenligning", "/charts", "compare", here == "/charts"),
                NavItem("Fortellinger", "#", "story"),
                NavItem("Forum", "/thread", "chat", here == "/thread"),
                NavItem("Stengsler", "#", "barrier"),
            ),
        ),
        NavSection(
            "Kommunen", (NavItem("Medarbeidere", "#", "person"), NavItem("Innstillinger", "#", "settings"))
        ),
    )
    values: dict[str, object] = {
        "subtitle": "Fjellfjord kommune",
        "sections": sections if name != "citizen" else (),
        "places": (
            Place("Fjellfjord kommune", "Hjelper", "/", True),
            Place("Sortland kommune", "Leder", "/form"),
            Place("Nettverket", "Redaktør", "/charts"),
        ),
        "person_name": "Kari Moen" if name != "citizen" else None,
        "account_url": "#",
        "sign_out_url": "/out",
        "notices_url": "#",
        "search_url": "/",
        "help_url": "#",
        "theme_url": f"/theme.css?hex={request.args['hex']}" if "hex" in request.args else None,
        "languages": (Language("nb", "Norsk", "#", True), Language("se", "Davvisámegiella", "#")),
        "demo": True,
        "label": "Fjellfjord kommune",
        "footer": (
            Link("Personvern", "#"),
            Link("Tilgjengelighetserklæring", "#"),
            Link("Kontakt og hjelp", "#"),
        ),
    }
    return Shell(name=name, **{**values, **more})


def create_gallery(translations: str | None = None) -> Flask:
    app = Flask("gallery", static_folder=str(STATIC), static_url_path="/static")
    app.secret_key = "gallery"
    app.jinja_loader = ChoiceLoader([FileSystemLoader(STATIC.parent / "templates"), FileSystemLoader(TEMPLATES)])
    if translations:
        app.config["BABEL_TRANSLATION_DIRECTORIES"] = translations
    Babel(app, locale_selector=lambda: "nb")
    app.jinja_env.globals.update(static_url=static_url, csrf_token=lambda: "token")
    app.jinja_env.globals.update(account_id=lambda: "", take_receipt=lambda: "")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["notices_count"] = 3
    install_components(app.jinja_env)

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.get("/theme.css")
    def serve_theme() -> Response:
        return Response(theme.theme_css("#" + request.args["hex"]), mimetype="text/css")

    @app.get("/<any('form','lists','charts','thread','story','start'):page>")
    @app.get("/")
    def show(page: str = "today") -> str:
        if page == "today":
            flash("Henvendelsen er lagret. Per Dahl ringer i morgen før klokka 12.")
        faults = {
            "nickname": "Skriv et kallenavn på minst to tegn",
            "service": "Velg tjeneste",
            "age": "Velg aldersgruppe",
        }
        form = FakeForm({"nickname": "K"}, faults if page == "form" else {})
        return render_template(
            f"gallery/{page}.html",
            shell=make_shell(),
            form=form,
            form_errors=form.errors,
            drawings=gallery_charts.all_charts(),
            events=[
                Event(
                    "I dag 10.40",
                    "Kari Moen avtalte neste samtale til torsdag 26. november klokka 14.",
                    note="På biblioteket",
                ),
                Event("19. november", "Planen fikk et nytt mål: å sove bedre.", "#"),
                Event("12. november", "Første samtale. Per Dahl er ansvarlig."),
            ],
        )

    @app.get("/scale")
    def scale() -> str:
        return render_template("gallery/scale.html", shell=make_shell("citizen"))

    @app.get("/plain")
    def plain() -> str:
        return render_template("gallery/plain.html", shell=None, form=FakeForm())

    @app.get("/citizen")
    def citizen() -> str:
        return render_template(
            "gallery/citizen.html", shell=make_shell("citizen", person_name="Nora"), form=FakeForm()
        )

    return app


if __name__ == "__main__":
    create_gallery(sys.argv[1] if len(sys.argv) > 1 else None).run(port=5055)
