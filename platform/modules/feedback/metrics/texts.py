"""The sentences and formulas of the figures in the reader's language. The only part of `metrics` that needs Flask."""

from flask_babel import gettext

from modules.feedback.metrics.formulas import Formula
from modules.feedback.metrics.messages import Message


def translate(message: Message) -> str:
    """A reason, or what is wrong with a row, in the reader's language."""
    return gettext(message.text, **message.values)


def title_of(formula: Formula) -> str:
    """What a figure is called."""
    return gettext(formula.title)


def words_of(formula: Formula) -> str:
    """How a figure is worked out."""
    return gettext(formula.words)
