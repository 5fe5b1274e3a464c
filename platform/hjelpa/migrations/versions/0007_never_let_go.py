"""Nobody is let go: the database refuses an open course without exactly one person responsible.

The triggers look when a transaction ends, at what it leaves behind: in between, a course may pass from hand to hand.
They run with the rights of whoever writes, so a municipality is held by its own rows only. What somebody gets takes a
share of the seat's row, and ending a seat takes the row itself: of the two, the later sees what the earlier did.
"""

import sqlalchemy as sa
from alembic import op

from hjelpa.core.ddl import all_municipalities

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WAITS = "when (new.first_conversation_at is null)"

# Every municipality that exists gets its first door, held by its own people where it has them.
_FIRST_UNITS = """
    insert into units (tenant_id, id, slug, name, open, leader_id, duty_id, deputy_id)
    select m.id, uuidv7(), 'hjelpa', m.service,
      m.status = 'active' and num_nulls(leader.id, duty.id, deputy.id) = 0, leader.id, duty.id, deputy.id
    from municipalities m
    left join lateral (
      select id from memberships s where s.tenant_id = m.id and s.ended_at is null and 'leader' = any (s.roles)
      order by s.created_at, s.id limit 1) leader on true
    left join lateral (
      select id from memberships s where s.tenant_id = m.id and s.ended_at is null and 'helper' = any (s.roles)
      order by s.created_at, s.id limit 1) duty on true
    left join lateral (
      select id from memberships s where s.tenant_id = m.id and s.ended_at is null and s.id <> duty.id
        and s.roles && array['helper', 'leader']::varchar[]
      order by 'helper' = any (s.roles) desc, s.created_at, s.id limit 1) deputy on true
    where not exists (select from units u where u.tenant_id = m.id)
"""

_SEATED = """
    create function app.is_seated(of_tenant uuid, member uuid) returns boolean language plpgsql as $$
    begin
      perform from public.memberships
        where tenant_id = of_tenant and id = member and ended_at is null for share;
      return found;
    end $$
"""

# The triggers see by row level security. Whoever left the municipality before the end would leave them blind, and what
# they do not see they cannot refuse. It is not active for those who see every row anyway.
_WITHIN = """
    create function app.stay_within(of_tenant uuid) returns void language plpgsql as $$
    begin
      if row_security_active('public.courses') and of_tenant is distinct from app.current_tenant() then
        raise exception 'a transaction stays in its municipality until it ends'
          using errcode = 'check_violation', constraint = 'stays_within';
      end if;
    end $$
"""

# The turns of a course, one after the other: the first from its opening, each from the instant the one before ended,
# and the last until it closed. So there is always one, never two, and none after the end.
_COURSE = """
    create function app.hold_course() returns trigger language plpgsql as $$
    declare
      of_course uuid; opened timestamptz; closed timestamptz; whole boolean; holder uuid;
    begin
      perform app.stay_within(coalesce(new.tenant_id, old.tenant_id));
      if tg_table_name = 'courses' then
        of_course := new.id;
      elsif tg_op = 'DELETE' then
        of_course := old.course_id;
      else
        of_course := new.course_id;
      end if;
      select opened_at, closed_at into opened, closed from public.courses
        where tenant_id = coalesce(new.tenant_id, old.tenant_id) and id = of_course for no key update;
      if not found then
        return null;
      end if;
      select bool_and(
          since_at is not distinct from began
          and until_at is not distinct from (case when next_since is null then closed else next_since end)),
        (array_agg(membership_id) filter (where until_at is null))[1]
        into whole, holder
      from (
        select membership_id, since_at, until_at,
          lag(until_at, 1, opened) over turns as began, lead(since_at) over turns as next_since
        from public.responsibilities
        where tenant_id = coalesce(new.tenant_id, old.tenant_id) and course_id = of_course
        window turns as (order by since_at, until_at nulls last)) held;
      if whole is not true then
        raise exception 'somebody, and only one, answers for a course at every instant until it ends'
          using errcode = 'check_violation', constraint = 'course_is_held', table = 'courses';
      end if;
      if closed is null and not app.is_seated(coalesce(new.tenant_id, old.tenant_id), holder) then
        raise exception 'whoever answers for a course has a seat'
          using errcode = 'check_violation', constraint = 'course_holder_is_seated', table = 'courses';
      end if;
      return null;
    end $$
"""

_CONTACT = """
    create function app.hold_contact() returns trigger language plpgsql as $$
    declare
      holder uuid;
    begin
      perform app.stay_within(new.tenant_id);
      select membership_id into holder from public.contacts
        where tenant_id = new.tenant_id and id = new.id and first_conversation_at is null;
      if found and not app.is_seated(new.tenant_id, holder) then
        raise exception 'whoever holds a contact that waits has a seat'
          using errcode = 'check_violation', constraint = 'contact_holder_is_seated', table = 'contacts';
      end if;
      return null;
    end $$
"""

_UNIT = """
    create function app.hold_unit() returns trigger language plpgsql as $$
    declare
      member uuid;
    begin
      perform app.stay_within(new.tenant_id);
      for member in
        select distinct m from public.units, unnest(array[leader_id, duty_id, deputy_id]) m
          where tenant_id = new.tenant_id and id = new.id and m is not null order by m
      loop
        if not app.is_seated(new.tenant_id, member) then
          raise exception 'leader, duty and deputy of a door have a seat'
            using errcode = 'check_violation', constraint = 'unit_is_held', table = 'units';
        end if;
      end loop;
      return null;
    end $$
"""

_DUTY = """
    create function app.hold_duty() returns trigger language plpgsql as $$
    declare
      turn public.duty_turns;
    begin
      perform app.stay_within(new.tenant_id);
      perform from public.units where tenant_id = new.tenant_id and id = new.unit_id for no key update;
      select * into turn from public.duty_turns
        where tenant_id = new.tenant_id and id = new.id and ends_at > now();
      if not found then
        return null;
      end if;
      if not (app.is_seated(turn.tenant_id, turn.duty_id) and app.is_seated(turn.tenant_id, turn.deputy_id)) then
        raise exception 'those who are or will be on duty have a seat'
          using errcode = 'check_violation', constraint = 'duty_is_held', table = 'duty_turns';
      end if;
      perform from public.duty_turns other
        where other.tenant_id = turn.tenant_id and other.unit_id = turn.unit_id and other.id <> turn.id
          and other.starts_at < turn.ends_at and other.ends_at > turn.starts_at;
      if found then
        raise exception 'two turns of duty at one door do not overlap'
          using errcode = 'exclusion_violation', constraint = 'duty_is_one', table = 'duty_turns';
      end if;
      return null;
    end $$
"""

_SEAT = """
    create function app.leave_seat() returns trigger language plpgsql as $$
    begin
      perform app.stay_within(new.tenant_id);
      perform from public.memberships s
        where s.tenant_id = new.tenant_id and s.id = new.id and s.ended_at is not null and (
          exists (select from public.responsibilities r
            where r.tenant_id = s.tenant_id and r.membership_id = s.id and r.until_at is null)
          or exists (select from public.contacts c
            where c.tenant_id = s.tenant_id and c.membership_id = s.id and c.first_conversation_at is null)
          or exists (select from public.units u
            where u.tenant_id = s.tenant_id and s.id in (u.leader_id, u.duty_id, u.deputy_id))
          or exists (select from public.duty_turns d
            where d.tenant_id = s.tenant_id and s.id in (d.duty_id, d.deputy_id) and d.ends_at > now()));
      if found then
        raise exception 'a seat ends when all that its holder answers for has passed on'
          using errcode = 'check_violation', constraint = 'seat_is_free', table = 'memberships';
      end if;
      return null;
    end $$
"""

# Function, table, and the changes after which it looks.
_TRIGGERS = (
    ("hold_course", "courses", "insert or update of opened_at, closed_at", ""),
    ("hold_course", "responsibilities", "insert or update or delete", ""),
    ("hold_contact", "contacts", "insert or update of membership_id, first_conversation_at", _WAITS),
    ("hold_unit", "units", "insert or update of leader_id, duty_id, deputy_id", ""),
    ("hold_duty", "duty_turns", "insert or update", ""),
    ("leave_seat", "memberships", "update of ended_at", "when (new.ended_at is not null)"),
)


def upgrade() -> None:
    op.add_column("courses", sa.Column("unit_id", sa.Uuid()))
    with all_municipalities("courses", "units", "memberships"):
        op.execute(_FIRST_UNITS)
        op.execute("update courses c set unit_id = u.id from units u where u.tenant_id = c.tenant_id")
    op.alter_column("courses", "unit_id", nullable=False)
    op.create_foreign_key(
        "fk_courses_tenant_id_unit_id", "courses", "units", ["tenant_id", "unit_id"], ["tenant_id", "id"]
    )
    op.execute("grant update (unit_id) on courses to hjelpa_app")
    lasts = sa.text("until_at is null")
    op.create_index(
        "ix_responsibilities_one",
        "responsibilities",
        ["tenant_id", "course_id"],
        unique=True,
        postgresql_where=lasts,
    )
    op.create_index(
        "ix_responsibilities_held", "responsibilities", ["tenant_id", "membership_id"], postgresql_where=lasts
    )
    op.execute("grant update (ended_at) on memberships to hjelpa_app")
    op.execute("revoke update (ended_at) on memberships from hjelpa_auth")
    # What has been is not rewritten: a turn that was begun may be ended, and nothing else.
    op.execute("revoke update (course_id, membership_id, since_at) on responsibilities from hjelpa_app")
    for function in (_SEATED, _WITHIN, _COURSE, _CONTACT, _UNIT, _DUTY, _SEAT):
        op.execute(function)
    for function, table, changes, when in _TRIGGERS:
        op.execute(
            f"create constraint trigger {function} after {changes} on {table} "
            f"deferrable initially deferred for each row {when} execute function app.{function}()"
        )


def downgrade() -> None:
    for function in dict.fromkeys(row[0] for row in _TRIGGERS):
        op.execute(f"drop function app.{function}() cascade")
    op.execute("drop function app.is_seated(uuid, uuid)")
    op.execute("drop function app.stay_within(uuid)")
    op.execute("grant update (course_id, membership_id, since_at) on responsibilities to hjelpa_app")
    op.execute("grant update (ended_at) on memberships to hjelpa_auth")
    op.execute("revoke update (ended_at) on memberships from hjelpa_app")
    op.drop_index("ix_responsibilities_held", "responsibilities")
    op.drop_index("ix_responsibilities_one", "responsibilities")
    op.drop_column("courses", "unit_id")
