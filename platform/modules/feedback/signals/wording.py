"""Signals in everyday words: what each shows, without blame, and what can be done about it."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

# In lists and lines of time.
TITLES: dict[str, LazyString] = {
    "off_track": _l("The last two answers are lower than expected"),
    "deteriorated": _l("Things are clearly worse than at first"),
    "alliance_low": _l("The conversation was not as the citizen wished"),
    "alliance_fell": _l("The conversation was less good than the one before"),
    "no_answer": _l("No whole answer for a while"),
    "no_movement": _l("Much the same for a long time"),
}

SENTENCES: dict[str, LazyString] = {
    "off_track": _l(
        "Talk about this: the last two answers are lower than what is usual after such a start, or lower than the first. "
        "Ask what has happened, and whether the help should be another."
    ),
    "deteriorated": _l(
        "Talk about this: by the answers, things are clearly worse than when you began. That is more than chance alone "
        "would give. Ask what is heavy now, and who else could help."
    ),
    "alliance_low": _l(
        "Talk about this: there was something in the conversation that was not as the citizen wanted it. It is good that "
        "it was said. Ask what should be different."
    ),
    "alliance_fell": _l(
        "Talk about this: the citizen found the last conversation less good than the one before. Ask what was different."
    ),
    "no_answer": _l(
        "Talk about this: it is a while since there was a whole answer. Ask whether the citizen wants to answer, and how. "
        "It is fine not to."
    ),
    "no_movement": _l(
        "Talk about this: the answers have been much the same through six conversations. Ask together whether the goal and "
        "the way you work are still right."
    ),
}

DONE: dict[str, str | LazyString] = {
    "talked": _l("We talked about it"),
    "way": _l("We changed the way we work"),
    "goal": _l("We changed the goal"),
    "helpers": _l("We changed who helps"),
    "go_on": _l("We agreed to go on as it is"),
    "other": _l("Something else"),
}

SOURCES: dict[str, str | LazyString] = {
    "learning": _l("In notes on what we have learned"),
    "answers": _l("In what citizens have said in their own words"),
    "written": _l("Elsewhere in the work"),
}
