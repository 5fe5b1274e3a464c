"""The one plan: begun once, written part by part, nothing overwritten unseen, and every change told."""

import re
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.leaving import Leaving
from hjelpa.core.types import utcnow
from modules.citizens.commands import end_course
from modules.citizens.models import Course
from modules.followups.models import FollowUp, Signal
from modules.plans.carried import fetch
from modules.plans.course_queries import count_running
from modules.plans.leaving import pass_on
from modules.plans.models import Agreement, Area, Evaluation, Goal, Measure, Plan, Progress, Words
from modules.plans.models_access import Change
from modules.plans.views import today
from tests.modules.door import begun, citizen_of, get, id_in, post, rows
from tests.people import Town


@pytest.fixture
def client(town: Town) -> FlaskClient:
    return town.client()


def plan_of(client: FlaskClient, town: Town, **typed: str) -> str:
    """The address of a plan just begun."""
    course = begun(client, town, **typed)
    where = town.path(f"/plans/courses/{id_in(course)}")
    assert post(client, where, {}).status_code == 303
    return where


def in_days(days: int) -> str:
    return str((today() + timedelta(days=days)).isoformat())


def version_in(client: FlaskClient, where: str) -> str:
    """The version that a form is opened with."""
    found = re.search(r'name="version" value="(\d+)"', get(client, where))
    assert found is not None
    return found[1]


def measure(**typed: str) -> dict[str, str]:
    """The form of a measure, filled in."""
    return {
        "key": str(uuid.uuid4()),
        "what": "Walk after dinner",
        "kind": "own",
        "who": "Mum and I",
        "begins_on": in_days(0),
        "evaluate_on": in_days(30),
        "needs_decision": "no",
        **typed,
    }


def evaluation(version: int = 1, **typed: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "version": str(version),
        "effect": "partly",
        "right_help": "yes",
        "change": "Shorter walks",
        "then": "again",
        "next_on": in_days(40),
        **typed,
    }


def test_there_is_one_plan_and_a_second_leads_to_it(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    again = client.post(f"{where}?lang=en", follow_redirects=True)
    assert "There is a plan already" in again.text
    citizen = rows(town, select(Plan.citizen_id))
    assert len(citizen) == 1


def test_the_database_refuses_a_second(client: FlaskClient, town: Town) -> None:
    course = begun(client, town)
    citizen = citizen_of(town, course)
    with town.app.app_context(), tenant_scope(town.tenant_id):
        db.session.add(Plan(citizen_id=citizen))
        db.session.flush()
        db.session.add(Plan(citizen_id=citizen))
        with pytest.raises(IntegrityError, match="uq_plans"):
            db.session.flush()
        db.session.rollback()


def test_what_matters_is_kept_with_its_history(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    text = "Ro hjemme 🏡 و السلام"
    saved = post(client, f"{where}/matters", {"version": "1", "matters": text, "evaluate_on": in_days(20)})
    assert saved.status_code == 303
    assert text in get(client, where)
    told = get(client, f"{where}/history")
    assert text in told and "What matters to me" in told and f"{town.slug}hjelpa" in told


def test_two_at_once_overwrite_nothing(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    assert post(client, f"{where}/matters", {"version": "1", "matters": "First said"}).status_code == 303
    met = post(client, f"{where}/matters", {"version": "1", "matters": "Second said"})
    assert met.status_code == 409
    assert "First said" in met.text and met.text.count("Second said") >= 2
    assert rows(town, select(Plan.matters)) == [("First said",)]
    assert "Second said" in get(client, f"{where}/history")
    assert rows(town, select(Change.new).where(Change.saved.is_(False))) == [("Second said",)]
    # Whoever has seen both saves on the newest version.
    joined = post(client, f"{where}/matters", {"version": "2", "matters": "First said. Second said"})
    assert joined.status_code == 303
    assert rows(town, select(Plan.matters)) == [("First said. Second said",)]


def test_the_same_words_twice_are_no_conflict(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    for _ in range(2):
        assert post(client, f"{where}/matters", {"version": "1", "matters": "Said once"}).status_code == 303
    assert len(rows(town, select(Change.id).where(Change.field == "matters"))) == 1


def test_the_canvas_is_written_area_by_area(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    ((area,),) = rows(town, select(Area.id).where(Area.key == "home"))
    assert post(client, f"{where}/canvas/{area}", {"version": "0", "works": "Breakfast"}).status_code == 303
    # Two had the empty area before them: the second is told, and both texts are kept.
    met = post(client, f"{where}/canvas/{area}", {"version": "0", "works": "Dinner"})
    assert met.status_code == 409 and "Breakfast" in met.text and "Dinner" in met.text
    assert rows(town, select(Words.works)) == [("Breakfast",)]
    assert "Breakfast" in get(client, f"{where}/canvas")
    assert post(client, f"{where}/canvas/new", {"key": str(uuid.uuid4()), "heading": "Hunden"}).status_code == 303
    assert "Hunden" in get(client, f"{where}/canvas")


def test_a_note_of_two_megabytes_is_refused_with_a_sentence(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    answer = post(client, f"{where}/matters", {"version": "1", "matters": "a" * 2_000_000})
    assert answer.status_code == 422 and "At most 20000 characters; this is 2000000" in answer.text
    assert "a" * 2_000_000 in answer.text  # nothing typed is lost


def test_a_goal_goes_its_way(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    key = str(uuid.uuid4())
    goal = {"key": key, "words": "I sleep before eleven", "state": "open"}
    for _ in range(2):
        assert post(client, f"{where}/goals/new", goal).status_code == 303
    assert len(rows(town, select(Goal.id))) == 1
    for value in ("3", "5"):
        said = {"key": str(uuid.uuid4()), "value": value}
        assert post(client, f"{where}/goals/{key}/way", said).status_code == 303
    assert post(client, f"{where}/goals/{key}/way", {"key": str(uuid.uuid4()), "value": "11"}).status_code == 422
    assert [value for (value,) in rows(town, select(Progress.value).order_by(Progress.at))] == [3, 5]
    page = get(client, where)
    assert "At 5 of 10 now, 3 at first." in page and "<svg" in page
    done = {"version": "1", "words": "I sleep before eleven", "state": "reached"}
    assert post(client, f"{where}/goals/{key}", done).status_code == 303
    assert "Reached" in get(client, where)
    assert "At 5 of 10." not in get(client, town.path(f"/courses/{where.rsplit('/', 1)[1]}"))


def test_a_measure_needs_an_owner_and_a_date(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    without = post(client, f"{where}/measures/new", measure(who=""))
    assert (
        without.status_code == 422 and "Write who does it" in without.text and "Walk after dinner" in without.text
    )
    undated = post(client, f"{where}/measures/new", measure(evaluate_on=""))
    assert undated.status_code == 422 and "Choose a date" in undated.text
    backwards = post(client, f"{where}/measures/new", measure(begins_on=in_days(10), evaluate_on=in_days(5)))
    assert backwards.status_code == 422 and "comes before" in backwards.text
    assert post(client, f"{where}/measures/new", measure(needs_decision="")).status_code == 422
    assert rows(town, select(Measure.id)) == []
    colleague = measure(who="", membership_id=str(town.helper.membership_id))
    assert post(client, f"{where}/measures/new", colleague).status_code == 303
    assert town.helper.name in get(client, where)
    changed = {**colleague, "version": "1", "goal_id": "", "who": "Me"}
    assert post(client, f"{where}/measures/{colleague['key']}", changed).status_code == 303


@pytest.mark.parametrize(("field", "value"), [("who", ""), ("evaluate_on", None)])
def test_the_database_refuses_a_measure_without(
    client: FlaskClient, town: Town, field: str, value: object
) -> None:
    plan_of(client, town)
    ((plan_id,),) = rows(town, select(Plan.id))
    whole = {"who": "Somebody", "begins_on": today(), "evaluate_on": today(), "needs_decision": False}
    with town.app.app_context(), tenant_scope(town.tenant_id):
        db.session.add(Measure(plan_id=plan_id, kind="own", what="Walk", **{**whole, field: value}))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_measures_stand_in_one_list_whatever_their_kind(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    for days, kind in ((3, "own"), (1, "municipality"), (2, "community")):
        typed = measure(kind=kind, what=f"what-{kind}", begins_on=in_days(days))
        assert post(client, f"{where}/measures/new", typed).status_code == 303
    page = get(client, where)
    places = [page.index(f"what-{kind}") for kind in ("municipality", "community", "own")]
    assert places == sorted(places)


def test_an_agreement_is_done_and_not_after_all(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    key = str(uuid.uuid4())
    late = {"key": key, "what": "Call school", "who": "Mum", "due_on": in_days(-1)}
    assert post(client, f"{where}/agreements/new", late).status_code == 422
    assert post(client, f"{where}/agreements/new", {**late, "due_on": in_days(2)}).status_code == 303
    assert "Call school" in get(client, where)
    for done in ("1", "0", "1"):
        post(client, f"{where}/agreements/{key}/done", {"done": done})
    ((done_at,),) = rows(town, select(Agreement.done_at))
    assert done_at is not None and done_at <= utcnow()


def test_a_measure_is_evaluated_and_gets_a_new_date_or_ends(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    typed = measure()
    post(client, f"{where}/measures/new", typed)
    there = f"{where}/measures/{typed['key']}/evaluate"
    undated = post(client, there, evaluation(next_on=""))
    assert undated.status_code == 422 and "Choose a new evaluation date" in undated.text
    sent = evaluation()
    for _ in range(2):
        assert post(client, there, sent).status_code == 303
    ((due, held, effect),) = rows(town, select(Evaluation.due_on, Evaluation.held_on, Evaluation.effect))
    assert (due.isoformat(), held, effect) == (in_days(30), today(), "partly")
    assert rows(town, select(Measure.evaluate_on))[0][0].isoformat() == in_days(40)
    stale = post(client, there, evaluation(change="Said too late"))
    assert stale.status_code == 409 and "Said too late" in stale.text
    assert "Said too late" in get(client, f"{where}/history")
    assert post(client, there, evaluation(2, then="end", next_on="")).status_code == 303
    assert rows(town, select(Measure.ended_on)) == [(today(),)]
    assert client.get(there).status_code == 404
    assert "Shorter walks" in get(client, where)


def test_the_whole_is_evaluated(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    assert post(client, f"{where}/evaluate", evaluation()).status_code == 303
    assert rows(town, select(Plan.evaluate_on))[0][0].isoformat() == in_days(40)


@pytest.mark.parametrize(
    ("said", "signs"),
    [({"effect": "no"}, 1), ({"right_help": "no"}, 1), ({"effect": "unknown", "right_help": "partly"}, 0)],
)
def test_help_that_does_not_help_opens_one_follow_up(
    client: FlaskClient, town: Town, said: dict[str, str], signs: int
) -> None:
    where = plan_of(client, town, phone="000 12 345")
    sent = evaluation(**said)
    for _ in range(2):
        assert post(client, f"{where}/evaluate", sent).status_code == 303
    opened = rows(town, select(FollowUp.course_id))
    assert opened == [(id_in(where),)] * signs
    for (followup,) in rows(town, select(FollowUp.id)):
        page = get(client, town.path(f"/followups/{followup}"))
        assert "not satisfied" in page and 'href="tel:00012345"' in page
    assert rows(town, select(Signal.kind)) == [("said",)] * signs


def test_an_evaluation_after_the_end_opens_nothing(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    with town.app.app_context(), tenant_scope(town.tenant_id):
        assert end_course(id_in(where), "mutual")
        db.session.commit()
    assert post(client, f"{where}/evaluate", evaluation(effect="no")).status_code == 303
    assert rows(town, select(FollowUp.id)) == []


def test_a_day_that_has_passed_is_evaluated_not_moved(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    with town.app.app_context(), tenant_scope(town.tenant_id):
        plan = db.session.scalars(select(Plan)).one()
        plan.evaluate_on = today() - timedelta(days=3)
        db.session.commit()
    for moved in (in_days(10), ""):
        refused = post(client, f"{where}/matters", {"version": "1", "matters": "x", "evaluate_on": moved})
        assert refused.status_code == 422 and "Evaluate first" in refused.text
    assert "Evaluation" in get(client, town.path("/"))
    leader = town.client("leader")
    assert "Invented Person" not in get(leader, town.path("/plans/overdue"))
    assert "The whole plan" in get(leader, town.path("/plans/overdue"))


def test_nobody_outside_the_circle_opens_a_plan(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    away = town.client("leader").get(where)
    assert away.status_code == 303 and away.location.endswith("/reason")


def test_the_course_shows_where_the_goals_stand(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    key = str(uuid.uuid4())
    post(client, f"{where}/goals/new", {"key": key, "words": "Out every day", "state": "open"})
    post(client, f"{where}/goals/{key}/way", {"key": str(uuid.uuid4()), "value": "4"})
    course = get(client, town.path(f"/courses/{where.rsplit('/', 1)[1]}"))
    assert "Out every day" in course and "At 4 of 10." in course


def test_a_conflict_and_the_history_speak_in_words_not_in_ids(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    typed = measure()
    post(client, f"{where}/measures/new", typed)
    helper, leader = (str(town.people[role].membership_id) for role in ("helper", "leader"))
    there = f"{where}/measures/{typed['key']}"
    assert post(client, there, {**typed, "version": "1", "membership_id": helper}).status_code == 303
    met = post(client, there, {**typed, "version": "1", "membership_id": leader, "kind": "community"})
    assert met.status_code == 409
    shown = met.text[met.text.index('id="conflict"') : met.text.index("<form", met.text.index('id="conflict"'))]
    assert town.helper.name in shown and town.leader.name in shown and "Community and volunteers" in shown
    told = get(client, f"{where}/history")
    assert town.helper.name in told and town.leader.name in told
    assert helper not in told and leader not in told


def test_what_goes_to_another_municipality_is_what_is_shared(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    post(client, f"{where}/matters", {"version": "1", "matters": "Peace at home"})
    post(client, f"{where}/measures/new", measure())
    with town.app.test_request_context(), tenant_scope(town.tenant_id, read_only=True):
        text = fetch(id_in(where))
    assert "Peace at home" in text and "Walk after dinner" in text and "Mum and I" in text
    with town.app.test_request_context(), tenant_scope(town.tenant_id, read_only=True):
        assert fetch(uuid.uuid4()) == ""


def test_measures_pass_on_when_a_colleague_leaves(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town)
    helper, leader = town.helper.membership_id, town.leader.membership_id
    assert helper is not None and leader is not None
    post(client, f"{where}/measures/new", measure(who="", membership_id=str(helper)))
    post(client, f"{where}/measures/new", measure(what="Not theirs"))
    with town.app.app_context(), tenant_scope(town.tenant_id):
        assert count_running()[helper] == 1
        ((unit_id,),) = db.session.execute(select(Course.unit_id)).all()
        assert pass_on(Leaving(helper, utcnow(), {unit_id: leader}, unit_id)) == {leader}
        db.session.commit()
        assert count_running() == {leader: 1}
    assert town.leader.name in get(client, where)
    assert town.leader.name in get(client, f"{where}/history")
