"""The page on which coordinators say who sees the names of a discreet event."""

from __future__ import annotations

from datetime import timedelta

import pytest

from project.accounts.enums import RoleKind
from registrations.models import CoordinatorChange
from registrations.services.organizing import coordinators
from tests.factories import NOW, give_role, make_event, make_organizer, make_person, make_session
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


def test_the_page_lets_a_second_coordinator_confirm(client, event, named, registered):
    stranger, second = make_coordinator("Demo Zoe"), make_coordinator("Demo Yan")
    path = f"/organise/events/{event.slug}/coordinators/"
    client.force_login(stranger)

    proposed = client.post(path, {"coordinators": [named[0].pk, stranger.pk], "reason": "Ben <b>left</b>"}, follow=True)
    own = client.post(f"{path}{CoordinatorChange.objects.get().key}/confirm/")
    client.force_login(second)
    page = client.get(path)
    confirmed = client.post(f"{path}{CoordinatorChange.objects.get().key}/confirm/", follow=True)

    assert "has to confirm" in proposed.content.decode()
    assert own.status_code == 409
    assert "Ben &lt;b&gt;left&lt;/b&gt;" in page.content.decode()
    assert confirmed.status_code == 200
    assert set(event.coordinators.all()) == {named[0], stranger}


def test_the_page_says_beside_the_field_what_is_wrong(client, event, named, registered):
    client.force_login(named[0])

    page = client.post(f"/organise/events/{event.slug}/coordinators/", {"coordinators": [named[0].pk], "reason": "x"})

    assert page.status_code == 422
    assert "exactly two coordinators" in page.content.decode()
    assert set(event.coordinators.all()) == set(named)


def test_an_organizer_cannot_name_others_on_the_page(client, event, named, registered):
    client.force_login(make_organizer(unit=event.owner))
    others = [make_coordinator("Demo Yan").pk, make_coordinator("Demo Zoe").pk]

    answer = client.post(f"/organise/events/{event.slug}/coordinators/", {"coordinators": others, "reason": "x"})

    assert answer.status_code == 422
    assert set(event.coordinators.all()) == set(named)


def test_the_page_is_there_for_discreet_events_only(client, named):
    client.force_login(named[0])

    assert client.get(f"/organise/events/{make_event().slug}/coordinators/").status_code == 404


def test_a_change_of_another_event_is_not_found(client, event, named, registered):
    other = make_event(is_discreet=True)
    change = propose(event, make_coordinator("Demo Zoe"), [named[0], make_coordinator("Demo Yan")])
    client.force_login(named[1])

    answer = client.post(f"/organise/events/{other.slug}/coordinators/{change.key}/confirm/")

    assert answer.status_code == 404
    assert set(event.coordinators.all()) == set(named)
