"""The form of a conversation: the page that shows it, for a new one and for one that has begun."""

from flask import render_template, url_for

from hjelpa.web.forms import Form
from modules.citizens import after, queries
from modules.citizens.queries import AnyRow, Head


def show_form(
    head: Head, form: Form, *, begun: AnyRow | None = None, ended: bool = False, written: bool = False
) -> str:
    """The form. With `begun` it is for the notes of that conversation (`begun.find_begun`).

    `ended` when the course was ended meanwhile, and `written` when other notes had come first: what was typed is shown
    and can no longer be saved here.
    """
    address = url_for("citizens.add_conversation", course_id=head.id)
    if begun is not None:
        address = url_for("conversations.write_up", course_id=head.id, conversation_id=begun.id)
    return render_template(
        "citizens/conversation.html",
        head=head,
        citizen=queries.find_citizen(head.citizen_id),
        form=form,
        form_errors=ended or written or form.errors,
        address=address,
        begun=begun,
        ended=ended,
        written=written,
        # A course that has ended has no next step, but what somebody typed there is not hidden from them.
        asks_step=begun is None or head.closed_at is None or form.value("next_step"),
        actions=after.list_actions(begun=begun is not None),
    )
