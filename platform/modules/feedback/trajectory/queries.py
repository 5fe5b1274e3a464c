"""Reading the answers that models are made from, and keeping what was made."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import CTE, ColumnElement, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from hjelpa.core.database import db
from modules.citizens.models import Citizen, Conversation, Course
from modules.feedback.metrics.threshold import FORMULA_VERSION as THRESHOLD_VERSION
from modules.feedback.metrics.threshold import Threshold
from modules.feedback.models import Answer
from modules.feedback.scales.registry import FORMS, OWN_PACK
from modules.feedback.trajectory.fitting import MOST_COURSES
from modules.feedback.trajectory.model import FORMULA_VERSION, Model, Track
from modules.feedback.trajectory.models import ScaleThreshold, TrajectoryModel

TENTHS = 10
# Rows fetched at a time, so that all of a large municipality's answers are never in memory at once.
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Material:
    """The complete answers there are: how many, and the latest."""

    answers: int
    latest_at: datetime | None


def _complete(pack: str) -> ColumnElement[bool]:
    """The citizen's own complete answers on the outcome scale, on the forms of a pack."""
    forms = [form.key for form in FORMS.values() if form.pack == pack and form.kind == "outcome" and form.scored]
    return and_(
        Answer.scale == "outcome", Answer.rater_id.is_(None), Answer.total.is_not(None), Answer.form.in_(forms)
    )


def count_material(pack: str = OWN_PACK) -> Material:
    row = db.session.execute(select(func.count(), func.max(Answer.answered_at)).where(_complete(pack))).one()
    return Material(*row)


def _numbered() -> CTE:
    """Every conversation with its number in its course, from 1, whether it was measured or not."""
    in_time = (Conversation.held_at, Conversation.id)
    number = func.row_number().over(partition_by=Conversation.course_id, order_by=in_time)
    numbered = select(Conversation.tenant_id, Conversation.id, number.label("number")).cte("numbered")
    # Else a planner that takes the tables for small numbers everything again for every answer.
    return numbered.prefix_with("MATERIALIZED", dialect="postgresql")


def list_tracks(pack: str = OWN_PACK) -> Sequence[Track]:
    """The courses with at least two complete answers, in the order they began; the latest `MOST_COURSES` of them."""
    numbered = _numbered()
    rows = db.session.execute(
        select(Course.id, Citizen.age_band, numbered.c.number, Answer.total)
        .join(Answer, and_(Answer.tenant_id == Course.tenant_id, Answer.course_id == Course.id))
        .join(numbered, and_(numbered.c.tenant_id == Answer.tenant_id, numbered.c.id == Answer.conversation_id))
        .join(Citizen, and_(Citizen.tenant_id == Course.tenant_id, Citizen.id == Course.citizen_id))
        .where(_complete(pack))
        .order_by(Course.opened_at, Course.id, numbered.c.number)
        .execution_options(yield_per=BATCH)
    )
    tracks: deque[Track] = deque(maxlen=MOST_COURSES)
    for (_, age_band), answers in groupby(rows, key=lambda row: (row.id, row.age_band)):
        totals = tuple((row.number, row.total / TENTHS) for row in answers)
        if len(totals) > 1:
            tracks.append(Track(age_band, totals))
    return tracks


def find_kept(pack: str = OWN_PACK) -> TrajectoryModel | None:
    """The latest model that was kept, or that there were too few courses for one."""
    latest = select(TrajectoryModel).where(TrajectoryModel.pack == pack)
    newest = (TrajectoryModel.fitted_at.desc(), TrajectoryModel.id.desc())
    return db.session.scalars(latest.order_by(*newest).limit(1)).one_or_none()


def find_model(pack: str = OWN_PACK) -> Model | None:
    """The model in use; None where there are too few courses, or none was made by today's formula yet."""
    kept = find_kept(pack)
    return Model.from_json(kept.parameters) if kept is not None and kept.parameters else None


def keep_model(model: Model | None, material: Material, courses: int, now: datetime, pack: str = OWN_PACK) -> None:
    db.session.add(
        TrajectoryModel(
            pack=pack,
            fitted_at=now,
            courses=courses,
            answers=material.answers,
            latest_answer_at=material.latest_at,
            formula_version=FORMULA_VERSION,
            parameters=model.to_json() if model else None,
        )
    )


def list_first_items(pack: str = OWN_PACK) -> Sequence[Sequence[int]]:
    """The lines (tenths, more is better) of each course's first complete answer, where every line is answered."""
    firsts = (
        select(Answer.form, Answer.items)
        .join(
            Conversation,
            and_(Conversation.tenant_id == Answer.tenant_id, Conversation.id == Answer.conversation_id),
        )
        .where(_complete(pack))
        .ext(distinct_on(Answer.course_id))
        .order_by(Answer.course_id, Conversation.held_at, Conversation.id)
    )
    rows = db.session.execute(firsts)
    return [turned for form, items in rows if (turned := _turn(form, items)) is not None]


def _turn(form: str, values: Sequence[int | None]) -> list[int] | None:
    maximum, items = FORMS[form].item_maximum, FORMS[form].items
    answered = [value for value in values if value is not None]
    if len(answered) < len(items):
        return None
    return [maximum - value if item.reversed_ else value for item, value in zip(items, answered, strict=True)]


def find_threshold(scale: str = "outcome", pack: str = OWN_PACK) -> ScaleThreshold | None:
    """The latest estimate; its `threshold` is empty where there are too few first answers."""
    latest = select(ScaleThreshold).where(ScaleThreshold.scale == scale, ScaleThreshold.pack == pack)
    newest = (ScaleThreshold.estimated_at.desc(), ScaleThreshold.id.desc())
    return db.session.scalars(latest.order_by(*newest).limit(1)).one_or_none()


def keep_threshold(found: Threshold | None, n: int, now: datetime, pack: str = OWN_PACK) -> None:
    """Keeps an estimate, or (None) that there is none from `n` first answers."""
    db.session.add(
        ScaleThreshold(
            scale="outcome",
            pack=pack,
            sd=found.sd if found else None,
            reliability=found.reliability if found else None,
            n=n,
            threshold=found.points if found else None,
            estimated_at=now,
            formula_version=THRESHOLD_VERSION,
        )
    )
