"""The mails to people who lead a session."""

from __future__ import annotations

import pytest

from events.models import Event
from project.accounts.enums import RoleKind
from registrations.tasks import invite_hosts
from tests.factories import give_role, make_person, make_session
from tests.registrations.support.mails import event_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def lead(**overrides):
    session = make_session()
    give_role(make_person(**overrides), RoleKind.HOST, session=session)
    invite_hosts()
    return session


def test_the_entry_names_the_host_as_chair(post):
    session = lead()

    [mail] = post()

    assert mail["Subject"] == f"You lead: {session.title}, 12 March"
    assert event_of(mail)["ATTENDEE"].params["ROLE"] == "CHAIR"
    assert f"See the session: http://testserver/sessions/{session.key}/" in text_of(mail)


def test_it_is_in_the_language_of_the_host(post):
    session = lead(language="nl")

    [mail] = post()

    assert session.event.title_nl in mail["Subject"]
    assert "Donderdag 12 maart 2026" in text_of(mail)


def test_of_a_session_that_became_discreet_nothing_is_mailed(post):
    lead()
    Event.objects.update(is_discreet=True)

    assert post() == []
