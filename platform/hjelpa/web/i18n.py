"""Languages: bokmål first, chosen by the person, else by the municipality, else by the browser."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import flask_babel
from flask import Flask, g, request
from flask_babel import Babel, get_locale
from markupsafe import Markup

from hjelpa.core.schemas import LOCAL
from hjelpa.core.visitor import find_visitor

TRANSLATIONS = Path(__file__).parent.parent / "translations"

# Complete languages only: a test counts what is missing.
LANGUAGES = {"nb": "Bokmål", "en": "English"}


def choose_language() -> str:
    """The language of this request."""
    if request and request.args.get("lang") in LANGUAGES:
        return request.args["lang"]
    visitor = find_visitor()
    if visitor is not None and visitor.language in LANGUAGES:
        return visitor.language
    if g.get("municipality_language") in LANGUAGES:
        return str(g.municipality_language)
    return (request.accept_languages.best_match(list(LANGUAGES), "nb") if request else "nb") or "nb"


def init_i18n(app: Flask) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    Babel(app, locale_selector=choose_language, timezone_selector=lambda: str(LOCAL))
    app.jinja_env.globals.update(_=_text, gettext=_text, ngettext=_texts)
    app.jinja_env.filters.update(day=day, moment=moment, decimal=decimal)

    @app.context_processor
    def language() -> dict[str, str]:
        return {"lang": str(get_locale())}


@dataclass(frozen=True, slots=True)
class Dates:
    """Dates in one language. Lists ask for the language once (`dates`): asking costs more than writing a date."""

    norwegian: bool

    def day(self, value: date | datetime | None) -> str:
        """A date as people write it: 21.11.2026 or 21 Nov 2026."""
        if value is None:
            return ""
        local = value.astimezone(LOCAL) if isinstance(value, datetime) else value
        return f"{local.day}.{local.month}.{local.year}" if self.norwegian else local.strftime("%-d %b %Y")

    def moment(self, value: datetime | None) -> str:
        """A date with its time of day."""
        if value is None:
            return ""
        local = value.astimezone(LOCAL)
        if self.norwegian:
            return f"{local.day}.{local.month}.{local.year} kl. {local.hour:02}.{local.minute:02}"
        return f"{self.day(local.date())} {local.hour:02}:{local.minute:02}"


def dates() -> Dates:
    """Dates in the reader's language."""
    return Dates(_norwegian())


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language, and those that templates have asked for, ready to be written."""

    texts: Any
    kept: dict[str, Markup] = field(default_factory=dict)


_catalogue_of = cache(Catalogue)


def _catalogue() -> Catalogue:
    """Templates ask for some forty texts a page; the catalogue is looked up once for all of them."""
    found: Catalogue | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = _catalogue_of(flask_babel.get_translations())
    return found


def _text(message: str, **values: Any) -> Markup:
    """A text for a template: safe itself, what is put into it escaped."""
    catalogue = _catalogue()
    text = catalogue.kept.get(message)
    if text is None:
        text = catalogue.kept[message] = Markup(catalogue.texts.ugettext(message))  # noqa: S704  # the catalogue is ours
    return text % values if values or "%" in text else text


def _texts(one: str, many: str, num: int, **values: Any) -> Markup:
    """A text that depends on a number, which stands in it as %(num)s."""
    return Markup(_catalogue().texts.ungettext(one, many, num)) % {"num": num, **values}  # noqa: S704  # the catalogue is ours


def day(value: date | datetime | None) -> str:
    return dates().day(value)


def moment(value: datetime | None) -> str:
    return dates().moment(value)


def decimal(value: float | None, places: int = 1) -> str:
    """A number with the language's decimal sign; a dash for none."""
    if value is None:
        return "–"
    text = f"{value:.{places}f}"
    return text.replace(".", ",") if _norwegian() else text


def _norwegian() -> bool:
    locale = flask_babel.get_locale()
    return locale is None or locale.language in ("nb", "nn", "da", "no")
