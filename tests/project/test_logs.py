from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from project.accounts.enums import RoleKind
from project.outbox.services import delivery
from registrations.services import booking, door
from tests.factories import NOW, give_role, make_organizer, make_person, make_session


@pytest.mark.django_db
def test_no_log_line_names_a_participant(client, caplog, mailbox):
    """A whole life of a seat, with refusals, a mail server in trouble and a walk-in, at the chattiest level."""
    caplog.set_level(logging.DEBUG, logger="project")
    caplog.set_level(logging.INFO)
    session = make_session(capacity=1)
    person, other = make_person(name="Demo Unmistakable"), make_person(name="Demo Conspicuous")
    host = give_role(make_organizer(), RoleKind.HOST, session=session)
    mailbox.refuse_with = "550 no such user"
    client.force_login(person)

    client.post(f"/sessions/{session.key}/sign-up/")
    seat = booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    booking.sign_up(session_key=session.key, attendee=other, now=NOW)
    booking.cancel(registration_key=seat.key, actor=person, now=NOW)
    delivery.deliver_due(now=NOW)
    door.walk_in(
        session_key=session.key, address="walkin@demo.example", actor=host, now=session.starts_at - timedelta(minutes=5)
    )
    client.force_login(host)
    client.get(f"/organise/sessions/{session.key}/")
    client.get(f"/organise/sessions/{session.key}/participants.csv")
    client.get("/my/0/")

    ours = "\n".join(record.getMessage() for record in caplog.records if record.name != "mail.log")
    assert "mail_not_sent" in ours
    for secret in (person.email, other.email, "Unmistakable", "Conspicuous", "walkin@"):
        assert secret not in ours
