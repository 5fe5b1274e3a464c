"""What must be true of responsibility at every moment, asked of the database as a superuser: each row is a fault."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from tests.people import Town

FAULTS = """
    with turns as (
      select tenant_id, course_id, membership_id, since_at, until_at,
        row_number() over course as place,
        lag(until_at) over course as before_until,
        lead(since_at) over course as next_since
      from responsibilities where tenant_id = any(%(here)s)
      window course as (partition by tenant_id, course_id order by since_at, until_at nulls last))
    select fault, id from (
    select 'a course that nobody ever answered for' as fault, c.tenant_id as town, c.id as id from courses c
      where not exists (select from turns t where (t.tenant_id, t.course_id) = (c.tenant_id, c.id))
    union all
    select 'a course that began before anybody answered for it', c.tenant_id, c.id from courses c join turns t
      on (t.tenant_id, t.course_id, t.place) = (c.tenant_id, c.id, 1) where t.since_at <> c.opened_at
    union all
    select 'a gap between two turns, or two at once', tenant_id, course_id from turns
      where place > 1 and before_until is distinct from since_at
    union all
    select 'a last turn that does not end with its course', c.tenant_id, c.id from courses c join turns t
      on (t.tenant_id, t.course_id) = (c.tenant_id, c.id) and t.next_since is null
      where t.until_at is distinct from c.closed_at
    union all
    select 'an open course without exactly one who answers for it', c.tenant_id, c.id from courses c
      where c.closed_at is null and 1 <> (select count(*) from responsibilities r
        where (r.tenant_id, r.course_id) = (c.tenant_id, c.id) and r.until_at is null)
    union all
    select 'a closed course that somebody still answers for', c.tenant_id, c.id from courses c join responsibilities r
      on (r.tenant_id, r.course_id) = (c.tenant_id, c.id) where c.closed_at is not null and r.until_at is null
    union all
    select 'a course of somebody who has left', r.tenant_id, r.course_id from responsibilities r join memberships m
      on (m.tenant_id, m.id) = (r.tenant_id, r.membership_id) where r.until_at is null and m.ended_at is not null
    union all
    select 'a contact that waits for somebody who has left', c.tenant_id, c.id from contacts c join memberships m
      on (m.tenant_id, m.id) = (c.tenant_id, c.membership_id)
      where c.first_conversation_at is null and m.ended_at is not null
    union all
    select 'an open door without leader, duty and deputy who are here', u.tenant_id, u.id from units u
      where u.open and 3 <> (select count(*) from unnest(array[u.leader_id, u.duty_id, u.deputy_id]) p
        join memberships m on m.tenant_id = u.tenant_id and m.id = p where m.ended_at is null)
    union all
    select 'a turn of duty of somebody who has left', d.tenant_id, d.id from duty_turns d join memberships m
      on m.tenant_id = d.tenant_id and m.id in (d.duty_id, d.deputy_id)
      where d.ends_at > now() and m.ended_at is not null
    union all
    select 'two turns of duty at once', a.tenant_id, a.id from duty_turns a join duty_turns b
      on (a.tenant_id, a.unit_id) = (b.tenant_id, b.unit_id) and a.id < b.id
      and a.starts_at < b.ends_at and b.starts_at < a.ends_at where a.ends_at > now() and b.ends_at > now()
    union all
    select 'a course handed over before somebody elsewhere answered for the citizen', sent.tenant_id, sent.id
      from courses sent where sent.ending = 'handed_over' and not exists (
        select from handovers h join arrivals a on a.transfer_id = h.id
          join courses c on (c.tenant_id, c.id) = (a.tenant_id, a.course_id)
          where (h.tenant_id, h.course_id) = (sent.tenant_id, sent.id) and h.state = 'accepted'
            and c.opened_at <= sent.closed_at)
    ) faults where town = any(%(here)s)
"""


def find_faults(superuser: psycopg.Connection[Any], towns: Iterable[Town]) -> Sequence[Any]:
    """Every fault in these municipalities, with the id of what it is about."""
    return superuser.execute(FAULTS.encode(), {"here": [town.tenant_id for town in towns]}).fetchall()
