"""Signals in everyday words: what each shows, without blame, and what can be done about it."""

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from hjelpa.web.i18n import day
from modules.feedback.signals.queries import SignalRow

# In lists and lines of time.
TITLES: dict[str, LazyString] = {
    "off_track": _l("Two low answers in a row"),
    "deteriorated": _l("Things are clearly worse than at first"),
    "alliance_low": _l("The conversation was not as the citizen wished"),
    "alliance_fell": _l("The conversation was less good than the one before"),
    "no_answer": _l("No whole answer for a while"),
    "no_movement": _l("Much the same for a long time"),
}

# What was so by the conversation the signal comes of: much may have been answered since.
SENTENCES: dict[str, LazyString] = {
    "off_track": _l(
        "Talk about this: by the conversation on %(day)s, two answers in a row were lower than what is usual after such "
        "a start. Ask what has happened, and whether the help should be another."
    ),
    "deteriorated": _l(
        "Talk about this: by the answers for the conversation on %(day)s, things were clearly worse than when you began. "
        "That is more than chance alone would give. Ask what is heavy now, and who else could help."
    ),
    "alliance_low": _l(
        "Talk about this: there was something in the conversation on %(day)s that was not as the citizen wanted it. It is "
        "good that it was said. Ask what should be different."
    ),
    "alliance_fell": _l(
        "Talk about this: the citizen found the conversation on %(day)s less good than the one before. Ask what was "
        "different."
    ),
    "no_answer": _l(
        "Talk about this: by the conversation on %(day)s there had been no whole answer for a while. Ask whether the "
        "citizen wants to answer, and how. It is fine not to."
    ),
    "no_movement": _l(
        "Talk about this: by the conversation on %(day)s, six answers in a row had been much the same. Ask together "
        "whether the goal and the way you work are still right."
    ),
}
# Where the expected trajectory was silent there is nothing usual to speak of.
BELOW_THE_FIRST = _l(
    "Talk about this: by the conversation on %(day)s, two answers in a row were clearly lower than the first. Ask what has "
    "happened, and whether the help should be another."
)


def say(signal: SignalRow) -> str:
    """What a signal shows, with the date of its conversation, and that an answer has come since where one has."""
    silent = signal.kind == "off_track" and not signal.modelled
    sentence = BELOW_THE_FIRST if silent else SENTENCES[signal.kind]
    said = str(sentence) % {"day": day(signal.held_at or signal.noticed_at)}
    if signal.newer and signal.ended_at is None:
        said += " " + gettext("A newer answer has come since then.")
    return said


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
