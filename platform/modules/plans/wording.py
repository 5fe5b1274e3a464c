"""Words of a plan: headings of the canvas, kinds and states, and what each part and field is called."""

from datetime import date

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from hjelpa.web.i18n import day
from modules.plans.rules import DateProblem

Words = str | LazyString

# The canvas begins with these areas of life; more are added with own headings.
AREAS: dict[str, Words] = {
    "home": _l("Home"),
    "people": _l("Family and friends"),
    "school": _l("School or work"),
    "health": _l("Health and body"),
    "leisure": _l("Leisure"),
    "money": _l("Money"),
}
CELLS: dict[str, Words] = {
    "works": _l("What works"),
    "hard": _l("What is hard"),
    "wish": _l("What we wish"),
}
GOAL_STATES: dict[str, Words] = {
    "open": _l("We work towards it"),
    "reached": _l("Reached"),
    "dropped": _l("No longer a goal"),
}
MEASURE_KINDS: dict[str, Words] = {
    "own": _l("Own effort"),
    "community": _l("Community and volunteers"),
    "municipality": _l("The municipality"),
}
YES_NO: dict[str, Words] = {"no": _l("No"), "yes": _l("Yes")}
EFFECTS: dict[str, Words] = {
    "yes": _l("Yes"),
    "partly": _l("Partly"),
    "no": _l("No"),
    "unknown": _l("Too early to say"),
}
RIGHT: dict[str, Words] = {"yes": _l("Yes"), "partly": _l("Partly"), "no": _l("No")}
NEXT: dict[str, Words] = {"again": _l("It goes on, with a new evaluation date"), "end": _l("It ends here")}
DECIDERS: dict[str, Words] = {"young": _l("The young person"), "adult": _l("An adult for the child")}

PARTS: dict[str, Words] = {
    "plan": _l("The plan"),
    "area": _l("A heading on the canvas"),
    "words": _l("The canvas"),
    "goal": _l("Goal"),
    "progress": _l("The way to a goal"),
    "measure": _l("Measure"),
    "agreement": _l("Agreement"),
    "evaluation": _l("Evaluation"),
    "adult": _l("Access"),
    "access": _l("Who decides about access"),
    "share": _l("Sharing"),
}
FIELDS: dict[str, Words] = {
    **CELLS,
    "matters": _l("What matters to me"),
    "evaluate_on": _l("Evaluation date"),
    "heading": _l("Heading"),
    "words": _l("The goal"),
    "state": _l("How it stands"),
    "value": _l("Where we are, 0 to 10"),
    "kind": _l("Whose effort"),
    "what": _l("What"),
    "who": _l("Who"),
    "membership_id": _l("Colleague"),
    "goal_id": _l("Under which goal"),
    "begins_on": _l("From"),
    "needs_decision": _l("Needed a formal decision"),
    "due_on": _l("By when"),
    "done": _l("Done"),
    "ended_on": _l("Ended"),
    "effect": _l("Wanted effect"),
    "right_help": _l("The right measure"),
    "change": _l("What to change"),
    "wanted": _l("Help I want and do not get"),
    "name": _l("Name"),
    "decided_by": _l("Who decides"),
    "birth_year": _l("Year of birth"),
    "held_back": _l("Parts held back"),
    "address": _l("Address"),
    "protected": _l("The address is hidden"),
}

DATE_PROBLEMS: dict[DateProblem, Words] = {
    "too_far_back": _l("This day is more than two years ago. Check the year."),
    "too_far": _l("This day is more than two years away. Check the year."),
    "before_begin": _l("The evaluation comes before the measure begins. Choose a later day."),
    "passed": _l("This day has passed. Choose today or a later day."),
    "evaluate_first": _l("The agreed day has passed. Evaluate first; a new day is set there."),
}

_CHOICES: dict[str, dict[str, Words]] = {
    "state": GOAL_STATES,
    "kind": MEASURE_KINDS,
    "effect": EFFECTS,
    "right_help": RIGHT,
    "decided_by": DECIDERS,
    "needs_decision": YES_NO,
    "done": YES_NO,
    "protected": YES_NO,
}


def heading_of(key: str | None, heading: str) -> str:
    """An area's heading: ours in the reader's language, or their own as they wrote it."""
    return heading if key is None else str(AREAS.get(key, key))


def say_value(field: str, value: str) -> str:
    """A value from the history as people read it: kept as a code, a date or somebody's own words."""
    if field in _CHOICES:
        return str(_CHOICES[field].get(value, value))
    if field.endswith("_on") and value:
        try:
            return day(date.fromisoformat(value))
        except ValueError:
            return value
    return value


def say_due(evaluate_on: date | None, today: date) -> str:
    """The next evaluation as a sentence."""
    if evaluate_on is None:
        return str(gettext("No evaluation date is agreed."))
    if evaluate_on < today:
        return str(gettext("Should have been evaluated %(day)s.", day=day(evaluate_on)))
    return str(gettext("Next evaluation %(day)s.", day=day(evaluate_on)))
