"""Packs, forms and constants in words, as the pages show them."""

from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString, get_locale, gettext
from flask_babel import lazy_gettext as _l

from hjelpa.web.charts import format_number
from hjelpa.web.i18n import day
from modules.feedback.scales.choosing import PackInUse, Standing, standing
from modules.feedback.scales.forms import AGES, Constant, Form, Origin
from modules.feedback.scales.registry import OWN_PACK
from modules.feedback.scales.schemas import AGE_NAMES, DIRECTIONS, FORM_LANGUAGES, KINDS
from modules.feedback.trajectory.models import ScaleThreshold

OWN_NAME = _l("The platform's own scales")
# The same words as in hjelpa.toml, so that they are translated with the rest of the page.
OWN_SOURCE = _l(
    "Our own words and our own rules, made for this platform. Borrowed from nobody, and not yet compared with other scales."
)
STATES = {
    "verified": (_l("Verified"), "success"),
    "estimated": (_l("Estimated"), "info"),
    "unverified": (_l("Not verified"), "warning"),
}
LICENCE_STATES: dict[Standing, tuple[LazyString, str]] = {
    "living": (_l("The licence holds"), "success"),
    "ending": (_l("The licence ends soon"), "warning"),
    "ended": (_l("The licence has ended"), "danger"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One constant of a form: what it is, its value in words, where it is from, and whether figures may use it."""

    name: str
    value: str
    source: str
    state: str
    colour: str
    checked_on: date | None
    used: bool


def facts_of(form: Form, threshold: ScaleThreshold | None = None) -> list[Fact]:
    """Every constant of a form; `threshold` is the estimate for our own outcome scale, where there is one."""
    rules = [_rule(form.origin, form.pack, name, value) for name, value in _rules(form)]
    if not form.scored:
        return rules
    cut_offs = [
        _number(gettext("Cut-off, %(ages)s", ages=str(AGE_NAMES[band]).lower()), form.cut_offs[band])
        for band in AGES
        if band in form.cut_offs
    ]
    none = gettext("None: nobody has measured one, and none is borrowed.")
    missing = Fact(gettext("Cut-off"), none, "", "", "", None, False)
    return [*rules, *(cut_offs or [missing]), _change(form, threshold)]


def _rules(form: Form) -> list[tuple[str, str]]:
    line, whole = points(form.item_maximum / 10), points(form.maximum / 10)
    if not form.scored:
        never = gettext("It is not scored: never added up, and in no figure.")
        return [(gettext("For whom?"), _ages(form)), (gettext("Total"), never)]
    reversed_lines = [str(number) for number, item in enumerate(form.items, 1) if item.reversed_]
    return [
        (gettext("For whom?"), _ages(form)),
        (
            gettext("Range"),
            gettext("0 to %(line)s for each line, 0 to %(whole)s in all", line=line, whole=whole),
        ),
        (gettext("Direction"), str(DIRECTIONS["higher" if form.higher_is_better else "lower"])),
        (gettext("Reversed lines"), ", ".join(reversed_lines) or gettext("None")),
        (gettext("How many lines may be missing?"), str(form.may_miss)),
    ]


def _ages(form: Form) -> str:
    if not form.scored and form.pack == OWN_PACK:
        return gettext("Children under 6, when the helper chooses it")
    return ", ".join(str(AGE_NAMES[band]) for band in form.ages)


def _rule(origin: Origin, pack: str, name: str, value: str) -> Fact:
    title, colour = STATES[origin.verification]
    source = str(OWN_SOURCE) if pack == OWN_PACK else origin.source
    return Fact(name, value, source, str(title), colour, origin.checked_on, origin.usable)


def _number(name: str, constant: Constant) -> Fact:
    title, colour = STATES[constant.verification]
    value = gettext("%(points)s points", points=points(constant.value))
    return Fact(name, value, constant.source, str(title), colour, constant.checked_on, constant.usable)


def _change(form: Form, threshold: ScaleThreshold | None) -> Fact:
    name = gettext("Reliable change")
    if form.reliable_change is not None:
        return _number(name, form.reliable_change)
    if form.kind != "outcome":
        return Fact(name, gettext("None: no figure asks for one."), "", "", "", None, False)
    if threshold is None or threshold.threshold is None:
        none = gettext("None yet. It is estimated from the first answers when there are at least 200.")
        return Fact(name, none, "", "", "", None, False)
    title, colour = STATES["estimated"]
    source = gettext(
        "1.96 · SD · √2 · √(1 − reliability) of the citizens' own first answers: SD %(sd)s, reliability %(reliability)s, %(n)s answers.",
        sd=points(threshold.sd or 0),
        reliability=format_number(round(threshold.reliability or 0, 2), str(get_locale()), 2),
        n=threshold.n,
    )
    value = gettext("More than %(points)s points", points=points(threshold.threshold))
    return Fact(name, value, source, str(title), colour, threshold.estimated_at.date(), True)


def points(value: float) -> str:
    """Points as people write them: `27,9`."""
    return format_number(value, str(get_locale()))


@dataclass(frozen=True, slots=True)
class Wording:
    """A form's words in one language, for those who decide about it."""

    code: str
    language: str
    question: str
    lead: str
    lines: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class FormView:
    """A form on a page: what it is, its constants, and its words in every language."""

    title: str
    about: str
    version: int
    facts: list[Fact]
    wordings: list[Wording]


def show_form(form: Form, threshold: ScaleThreshold | None = None) -> FormView:
    return FormView(
        f"{KINDS[form.kind]} – {_ages(form).lower()}",
        ", ".join(str(FORM_LANGUAGES[language]) for language in form.languages),
        form.version,
        facts_of(form, threshold),
        [_wording(form, language) for language in form.languages],
    )


def _wording(form: Form, language: str) -> Wording:
    said = form.words[language]
    lines = [item.words[language] for item in form.items]
    return Wording(
        language,
        str(FORM_LANGUAGES[language]),
        said.question,
        said.lead,
        tuple((line.title, line.text, line.left, line.right) for line in lines),
    )


def say_standing(expires_on: date, today: date) -> tuple[str, str]:
    """Whether a licence holds, in words, and the colour of that."""
    title, colour = LICENCE_STATES[standing(expires_on, today)]
    return str(title), colour


def say_ended(pack: PackInUse) -> str:
    """Why the platform's own scales are handed over although another pack is in use."""
    return gettext(
        "The licence for “%(pack)s” ended on %(day)s. Until a new one is recorded, the platform's own scales are handed over. All answers and curves are kept.",
        pack=pack.name,
        day=day(pack.expires_on),
    )
