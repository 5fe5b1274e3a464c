"""What is asked about a door and about a turn of duty. A door is split by area and age group, and by nothing else."""

from collections.abc import Iterable, Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from hjelpa.core.schemas import Input, check_field, choice_field, date_field, text_field, time_field
from hjelpa.core.types import new_id
from tenants.identity.members import Member

AGES: dict[str, str | LazyString] = {
    "all": _l("Everybody"),
    "children": _l("Children, young people and their families"),
    "adults": _l("Adults"),
}
HOURS = _l("Write a number of hours from 1 to 168")
TASKS = {"leader": ("leader",), "duty": ("helper", "leader"), "deputy": ("helper", "leader")}


def people_for(task: str, members: Iterable[Member]) -> Mapping[str, str]:
    """Whom a task at a door may be given to, by id."""
    return {str(member.id): member.name for member in members if member.roles & {*TASKS[task]}}


class UnitInput(Input):
    """One door. Its people are asked for by `asking`, which knows who works here."""

    key = fields.UUID(load_default=new_id)
    name = text_field(_l("Name of the door"), limit=80)
    area = text_field(
        _l("Area"),
        required=False,
        limit=80,
        hint=_l("Only where the municipality has several doors: the district it is for."),
    )
    age_group = choice_field(_l("Who is it for?"), AGES)
    phone = text_field(_l("Phone number of the door"), required=False, limit=40)
    visit = text_field(
        _l("Where and when people can drop in"), required=False, limit=500, hint=_l("Address and opening hours.")
    )
    answer_hours = fields.Integer(
        required=True,
        validate=validate.Range(1, 168, error=HOURS),
        error_messages={"required": HOURS, "null": HOURS, "invalid": HOURS},
        metadata={
            "label": _l("Answer within how many hours?"),
            "hint": _l("What people are promised when they make contact, day and night counted."),
        },
    )
    open = check_field(
        _l("The door is open"),
        hint=_l("People can make contact here. It needs a leader, somebody on duty and a deputy."),
    )


def asking(members: Iterable[Member]) -> type[UnitInput]:
    """The form of a door with the people who work here to choose from."""
    members = list(members)

    class Asking(UnitInput):
        class Meta(Input.Meta):
            register = False

        leader_id = choice_field(_l("Leader"), people_for("leader", members), required=False)
        duty_id = choice_field(_l("Usually on duty"), people_for("duty", members), required=False)
        deputy_id = choice_field(
            _l("Usual deputy"),
            people_for("deputy", members),
            required=False,
            hint=_l("Gets what nobody has answered, before the leader does."),
        )

    return Asking


def asking_turn(members: Iterable[Member]) -> type[Input]:
    """The form of a turn of duty with the people who work here to choose from."""
    members = list(members)

    class Turn(Input):
        class Meta(Input.Meta):
            register = False

        key = fields.UUID(load_default=new_id)
        duty_id = choice_field(_l("On duty"), people_for("duty", members))
        deputy_id = choice_field(_l("Deputy"), people_for("deputy", members))
        from_date = date_field(_l("From date"))
        from_time = time_field(_l("From time"))
        until_date = date_field(_l("Until date"))
        until_time = time_field(_l("Until time"))

    return Turn
