"""The mails about who sees the names of a discreet event."""

from __future__ import annotations

from datetime import timedelta

import pytest

from project.accounts.enums import RoleKind
from registrations.services.organizing import coordinators
from tests.factories import NOW, give_role, make_event, make_person, make_session
from tests.registrations.support.races import sign_up

pytestmark = pytest.mark.django_db


def make_coordinator(name):
    return give_role(make_person(name=name), RoleKind.COORDINATOR)


@pytest.fixture
def event():
    return make_event(is_discreet=True, slug="k7q2m9x4pw")


@pytest.fixture
def named(event):
    pair = [make_coordinator("Demo Ada"), make_coordinator("Demo Ben")]
    event.coordinators.set(pair)
    return pair


@pytest.fixture
def registered(event, named):
    return sign_up(make_session(event=event, starts_at=NOW + timedelta(days=10)), make_person())


def propose(event, actor, pair, reason="Ben has left"):
    return coordinators.propose_change(event_key=event.key, coordinators=pair, reason=reason, actor=actor, now=NOW)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_mails_do_not_tell_which_event(event, named, registered, mailbox, language):
    from project.outbox.services import delivery  # noqa: PLC0415  # only this test sends

    event.title_en = event.title_nl = "Interviewing for reporters"
    event.save()
    for person in named:
        person.language = language
        person.save()
    propose(event, named[0], [named[0], make_coordinator("Demo Zoe")])
    delivery.deliver_due(now=NOW)

    raw = [
        envelope.content.decode() for envelope in mailbox.envelopes if "coordin" in envelope.content.decode().lower()
    ]
    assert raw
    assert not any("Interviewing" in mail for mail in raw)
    assert all("Demo Zoe" in mail for mail in raw)
