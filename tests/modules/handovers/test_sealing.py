"""What is sealed opens for the receiver only, and only as what it was sealed as."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.handovers.sealing import (
    Answer,
    Package,
    Unreadable,
    open_answer,
    open_package,
    seal_answer,
    seal_package,
)

SECRETS = ("a key that only the tests know, long enough",)
OLDER = ("an older key that only the tests know, long enough",)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(WORDS, WORDS, st.lists(st.tuples(WORDS, WORDS), max_size=4), st.uuids(), st.uuids())
def test_what_is_sealed_comes_out_as_it_was(
    name: str, phone: str, parts: list[tuple[str, str]], transfer: uuid.UUID, receiver: uuid.UUID
) -> None:
    package = Package(name, phone, "adult", tuple(parts))
    sealed = seal_package(SECRETS, transfer, receiver, package)
    assert open_package(SECRETS, transfer, receiver, sealed) == package
    answer = Answer(name, phone)
    assert open_answer(SECRETS, transfer, receiver, seal_answer(SECRETS, transfer, receiver, answer)) == answer


def test_it_stays_shut_for_everybody_else_and_as_anything_else() -> None:
    transfer, receiver = uuid.uuid4(), uuid.uuid4()
    sealed = seal_package(SECRETS, transfer, receiver, Package("Mina Oppdiktet"))
    assert b"Mina" not in sealed
    for secrets, id, reader in (
        (SECRETS, transfer, uuid.uuid4()),
        (SECRETS, uuid.uuid4(), receiver),
        (OLDER, transfer, receiver),
    ):
        with pytest.raises(Unreadable):
            open_package(secrets, id, reader, sealed)
    with pytest.raises(Unreadable):
        open_answer(SECRETS, transfer, receiver, sealed)
    with pytest.raises(Unreadable):
        open_package(SECRETS, transfer, receiver, sealed[:-4] + b"AAAA")


def test_keys_may_change_while_a_package_waits() -> None:
    transfer, receiver = uuid.uuid4(), uuid.uuid4()
    sealed = seal_package(OLDER, transfer, receiver, Package("Mina Oppdiktet"))
    assert open_package((*SECRETS, *OLDER), transfer, receiver, sealed).name == "Mina Oppdiktet"
    newer = seal_package((*SECRETS, *OLDER), transfer, receiver, Package("Mina Oppdiktet"))
    with pytest.raises(Unreadable):
        open_package(OLDER, transfer, receiver, newer)
