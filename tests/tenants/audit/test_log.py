"""The access log: what is written is found under what it was read as, newest first."""

import uuid

import pytest
from sqlalchemy.exc import IntegrityError

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import new_id
from tenants.audit.models import AccessLogEntry
from tenants.audit.queries import list_reads
from tests.people import Town


def write(town: Town, *entries: tuple[str, uuid.UUID, str]) -> None:
    with town.app.app_context(), tenant_scope(town.tenant_id):
        for kind, subject, page in entries:
            member = town.helper.membership_id
            db.session.add(AccessLogEntry(membership_id=member, subject_kind=kind, subject_id=subject, page=page))
            db.session.commit()  # one moment each


def test_reads_of_several_subjects_are_one_list(town: Town) -> None:
    citizen, contact, another = new_id(), new_id(), new_id()
    write(town, ("contact", contact, "first"), ("citizen", another, "other"), ("citizen", citizen, "second"))
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        assert [entry.page for entry in list_reads([citizen, contact])] == ["second", "first"]
        assert [entry.page for entry in list_reads([citizen, contact], limit=1)] == ["second"]
        assert list_reads([new_id()]) == []


def test_only_what_can_be_read_is_logged(town: Town) -> None:
    with pytest.raises(IntegrityError):
        write(town, ("nonsense", new_id(), "page"))
