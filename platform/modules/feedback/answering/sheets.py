"""What somebody with a one-time address sees: the form to answer, and the thanks afterwards."""

from collections.abc import Sequence

from flask import render_template, request, url_for
from flask_babel import gettext

from hjelpa.core.contract import OwnGoal
from hjelpa.core.types import utcnow
from hjelpa.web.forms import Form
from modules.feedback import rules
from modules.feedback.answering import goals, queries
from modules.feedback.answering.choice import form_of
from modules.feedback.answering.own_queries import list_marks
from modules.feedback.answering.own_words import OwnCurve, forms_of, say_way, tell_curve
from modules.feedback.answering.request_queries import place_of
from modules.feedback.answering.rules import is_fresh
from modules.feedback.answering.schemas import GOAL, more_input
from modules.feedback.models import Answer, ScaleRequest
from modules.feedback.scales.showing import link_languages, pick_language
from modules.feedback.wording import say_problems


def show(asked: ScaleRequest, token: str, sheet: rules.Sheet | None = None) -> str:
    """The form to answer. With a sheet that was sent: what is wrong with it, or open, and all that was answered."""
    form = form_of(asked)
    language = pick_language(form)
    values = (sheet or rules.empty_sheet(form)).values
    problems = say_problems(sheet, language) if sheet else {}
    return render_template(
        "feedback/scale.html",
        scale=form.words[language],
        language=language,
        languages=link_languages(form, "my_feedback.scale", token),
        most=form.item_maximum / 10,
        lines=[
            (item.name, item.words[language], None if value is None else value / 10)
            for item, value in zip(form.items, values, strict=True)
        ],
        problems=problems,
        open_lines=sheet.unanswered if sheet and not sheet.wrong else (),
        form_errors=list(problems.items()),
        address=_address("my_feedback.answer", token),
        seconds_left=int((asked.expires_at - utcnow()).total_seconds()),
        rater=queries.find_label(asked.rater_id) if asked.rater_id else "",
        decline=None if asked.rater_id else _address("my_feedback.decline", token),
    )


def thank(asked: ScaleRequest, token: str, form: Form | None = None) -> str:
    """The thanks. Nothing that leads on to the record, and no id: whoever holds the address is not asked who they are."""
    kept = queries.find_answer(place_of(asked))
    answered = kept is not None and kept.state == "answered"
    asks = ask_more(asked) if answered else ()
    fresh = _is_fresh(asked)
    return render_template(
        "feedback/thanks.html",
        skipped=not answered,
        declined=not answered and asked.rater_id is None and queries.is_declined(asked.course_id),
        handed=asked.channel == "screen",
        curve=_own_curve(asked) if answered and fresh else None,
        way=say_way(),
        form=_more_form(kept, asks, form) if answered and fresh else None,
        goals=[(f"{GOAL}{goal.id}", goal) for goal in asks],
        form_errors=form.errors if form else None,
        more=_address("my_feedback.more", token),
    )


def ask_more(asked: ScaleRequest) -> Sequence[OwnGoal]:
    """The goals that are asked about with an answer: the citizen's own outcome scale, before them alone."""
    if asked.scale != "outcome" or asked.rater_id is not None or asked.used_at is None:
        return ()
    return goals.list_goals(asked.course_id, since=asked.used_at) if _is_for_them_alone(asked) else ()


def _more_form(kept: Answer | None, asks: Sequence[OwnGoal], sent: Form | None) -> Form | None:
    """The form for something more; None when both the sentence and the goals have come."""
    if sent is not None:
        return sent
    return None if kept and kept.words else Form(more_input(asks))


def _is_fresh(asked: ScaleRequest) -> bool:
    return is_fresh(asked.used_at, utcnow())


def _is_for_them_alone(asked: ScaleRequest) -> bool:
    """Whether nobody else is likely to hold the page: a link to a child is often opened on a parent's phone."""
    talk = None if asked.channel == "screen" else queries.find_conversation(asked.conversation_id)
    return talk is None or talk.age_band == "adult"


def _own_curve(asked: ScaleRequest) -> OwnCurve | None:
    if asked.scale != "outcome" or asked.rater_id is not None or not _is_for_them_alone(asked):
        return None
    marks = list_marks(asked.course_id)
    return tell_curve(marks, forms_of(marks), key="own-curve", title=gettext("Your curve"), numbers=False)


def _address(endpoint: str, token: str) -> str:
    """Keeps the language that was chosen on the page: a citizen has no account to remember it."""
    return url_for(endpoint, token=token, lang=request.args.get("lang"), form_lang=request.args.get("form_lang"))
