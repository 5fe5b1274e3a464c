"""The page of a course, its conversations and its end, through the pages that helpers use."""

import pytest
from sqlalchemy import func, select

from modules.citizens.models import Conversation, Course, Responsibility
from modules.feedback.models import ScaleRequest
from tests.modules.door import begun, get, post, registered, rows, talk
from tests.people import Town


def test_a_later_conversation_stands_in_the_timeline_and_as_next_step(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    answer = post(helper, f"{course}/conversation", talk())
    assert (answer.status_code, answer.location) == (303, course)
    page = get(helper, course)
    assert "To walk in the forest" in page and "A call on Friday" in page and "kl. 09" not in page
    assert page.index("To walk in the forest") < page.index("To sleep again")
    assert f"{town.helper.name} is responsible." in page


def test_whoever_is_to_be_called_is_called_by_a_touch(town: Town) -> None:
    helper = town.client()
    page = get(helper, begun(helper, town, phone="000 12 345"))
    assert '<a class="ds-link nowrap" href="tel:00012345">000 12 345</a>' in page


def test_the_same_conversation_sent_twice_is_one(town: Town) -> None:
    helper = town.client()
    course, sent = begun(helper, town), talk()
    assert [post(helper, f"{course}/conversation", sent).status_code for _ in range(2)] == [303, 303]
    assert rows(town, select(func.count()).select_from(Conversation)) == [(2,)]


@pytest.mark.parametrize("other", [{"matters": "Other words"}, {"next_step": ""}, {"next_time": "23:00"}])
def test_the_same_key_with_other_words_is_another_conversation(town: Town, other: dict[str, str]) -> None:
    helper = town.client()
    course, sent = begun(helper, town), talk()
    changed = {**sent, **other} if "next_step" not in other else {**sent, "next_step": "", "next_time": ""}
    assert [post(helper, f"{course}/conversation", form).status_code for form in (sent, changed)] == [303, 303]
    assert rows(town, select(func.count()).select_from(Conversation)) == [(3,)]
    assert other.get("matters", "To walk in the forest") in get(helper, course)


def test_neither_question_is_called_optional(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    waiting = registered(helper, town, name="Somebody Else", phone="")
    for where in (f"{course}/conversation", f"{waiting}/first-conversation"):
        page = get(helper, where)
        for label in ("What matters to you?", "What has happened to you?"):
            assert f"{label}</label>" in page
        assert "Answer at least one of the two questions." in page


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"matters": "", "happened": " "}, "matters", "Write something under one of the two questions"),
        ({"next_step": ""}, "next_step", "Write what you agreed on"),
        ({"next_time": ""}, "next_time", "Write a time"),
        ({"next_date": ""}, "next_date", "Choose a date"),
        ({"next_date": "2019-05-05"}, "next_date", "This day has passed"),
        ({"next_date": "nonsense"}, "next_date", "Write the date like this"),
        ({"happened": "x" * 20_001}, "happened", "At most 20"),
    ],
)
def test_a_mistake_in_a_conversation(town: Town, typed: dict[str, str], field: str, message: str) -> None:
    helper = town.client()
    course = begun(helper, town)
    sent = talk(**{"happened": "Words that must survive", **typed})
    answer = post(helper, f"{course}/conversation", sent)
    assert answer.status_code == 422 and f'id="{field}-error">{message}' in answer.text
    assert sent["happened"].strip() in answer.text and sent["key"] in answer.text
    assert rows(town, select(func.count()).select_from(Conversation)) == [(1,)]


def test_a_last_conversation_may_end_without_a_next_step(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    assert post(helper, f"{course}/conversation", talk(next_step="", next_time="")).status_code == 303
    assert "No next step agreed" in get(helper, course)


def test_a_course_ends_for_everybody_and_only_once(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    answer = post(helper, f"{course}/ending", {})
    assert answer.status_code == 422 and 'id="ending-error">Choose how it ended' in answer.text
    assert post(helper, f"{course}/ending", {"ending": "nonsense"}).status_code == 422
    assert post(helper, f"{course}/ending", {"ending": "mutual"}).status_code == 303
    closed = rows(town, select(Course.closed_at, Course.ending))[0]
    assert closed.ending == "mutual"
    assert rows(town, select(Responsibility.until_at)) == [(closed.closed_at,)]
    page = get(helper, course)
    assert "We agreed to end here" in page and "New conversation" not in page

    post(helper, f"{course}/ending", {"ending": "unilateral"})
    assert rows(town, select(Course.closed_at, Course.ending))[0] == closed
    for end in ("/conversation", "/ending"):
        assert helper.get(course + end).location == course
    late = post(helper, f"{course}/conversation", talk(matters="Words that must survive", next_step=""))
    assert late.status_code == 409 and "The course ended while you wrote" in late.text
    assert "Words that must survive" in late.text and "Save the conversation" not in late.text
    assert rows(town, select(func.count()).select_from(Conversation)) == [(1,)]
    assert "Invented Person" in get(helper, town.path("/courses?show=ended"))
    assert "Invented Person" not in get(helper, town.path("/courses"))


def test_what_may_follow_a_first_conversation_may_follow_any(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    where = f"{course}/conversation"
    page = get(helper, where)
    assert page.count('name="then"') == 2 and "Save and hand over the outcome scale" in page
    sent = talk(then="outcome")
    answer = post(helper, where, sent)
    assert answer.status_code == 303 and "/my/scale/" in answer.location
    # The same form sent twice is one conversation and one scale. (The citizen has the first screen now.)
    helper = town.client()
    assert post(helper, where, sent).location == course
    asked = rows(town, select(ScaleRequest.course_id, ScaleRequest.conversation_id))
    held = select(Conversation.course_id, Conversation.id).where(Conversation.matters == sent["matters"])
    assert [tuple(row) for row in asked] == [tuple(row) for row in rows(town, held)]
    assert post(helper, where, talk(matters="Just this", then="nonsense")).location == course
    town.client("administrator").post(town.path("/settings/features/feedback"), data={"on": "0"})
    assert 'name="then"' not in get(helper, where)
