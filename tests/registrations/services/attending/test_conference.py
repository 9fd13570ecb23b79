from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from events.models import Session
from registrations.enums import Status
from registrations.models import Invite, Registration
from registrations.services.attending import conference
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_person, make_session
from tests.registrations.support.seats.offered import everything, make_conference, statuses_of, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    """Two rounds of two parallel sessions with one seat each."""
    return make_conference()


def choose(programme, person, *chosen, now=NOW):
    event, rounds, _ = programme
    choices = {
        round_.key: session.key if session else None
        for round_, session in zip(rounds, chosen, strict=True)
        if session != "left alone"
    }
    return conference.choose(event_key=event.key, choices=choices, attendee=person, now=now)


def answers(outcomes):
    return [(outcome.registration.status if outcome.registration else None, outcome.refusal) for outcome in outcomes]


def test_choose_gives_a_seat_in_each_round(programme):
    _, rounds, (one, _, three, _) = programme
    person = make_person()

    outcomes = choose(programme, person, one, three)

    assert [outcome.round for outcome in outcomes] == rounds
    assert answers(outcomes) == [(Status.CONFIRMED, ""), (Status.CONFIRMED, "")]
    assert audit_seats(now=NOW) == {}


def test_choose_gives_a_place_on_the_list_where_it_is_full(programme):
    *_, (one, _, three, _) = programme
    take(three, make_person())

    outcomes = choose(programme, make_person(), one, three)

    assert answers(outcomes) == [(Status.CONFIRMED, ""), (Status.WAITLISTED, "")]
    assert audit_seats(now=NOW) == {}


def test_choose_again_changes_nothing(programme):
    *_, (one, _, three, _) = programme
    person = make_person()
    choose(programme, person, one, three)
    before = everything()

    outcomes = choose(programme, person, one, three)

    assert answers(outcomes) == [(Status.CONFIRMED, ""), (Status.CONFIRMED, "")]
    assert everything() == before


def test_another_choice_is_a_swap_with_the_same_calendar_entry(programme):
    *_, (one, two, three, _) = programme
    person = make_person()
    first, _ = choose(programme, person, one, three)
    uid = Invite.objects.get(registration=first.registration).uid

    outcomes = choose(programme, person, two, three)

    entry = Invite.objects.get(uid=uid, registration__session=two)
    assert answers(outcomes) == [(Status.CONFIRMED, ""), (Status.CONFIRMED, "")]
    assert entry.sequence == 1
    assert audit_seats(now=NOW) == {}


def test_another_choice_that_is_full_keeps_the_seat(programme):
    *_, (one, two, three, _) = programme
    person = make_person()
    choose(programme, person, one, three)
    take(two, make_person())

    outcomes = choose(programme, person, two, "left alone")

    assert answers(outcomes) == [(Status.WAITLISTED, "")]
    assert outcomes[0].registration.replaces.session == one
    assert Registration.objects.get(attendee=person, session=one).status == Status.CONFIRMED
    assert audit_seats(now=NOW) == {}


def test_the_choice_goes_back_to_the_seat_that_was_kept(programme):
    *_, (one, two, three, _) = programme
    person = make_person()
    choose(programme, person, one, three)
    take(two, make_person())
    choose(programme, person, two, three)

    choose(programme, person, one, three)

    assert statuses_of(person) == [Status.CONFIRMED, Status.CONFIRMED]
    assert audit_seats(now=NOW) == {}


def test_none_gives_back_what_there_was_and_somebody_who_waits_gets_it(programme):
    *_, (one, _, three, _) = programme
    person = make_person()
    choose(programme, person, one, three)
    waiting = take(one, make_person())

    outcomes = choose(programme, person, None, "left alone")

    waiting.refresh_from_db()
    assert answers(outcomes) == [(None, "")]
    assert waiting.status == Status.CONFIRMED
    assert statuses_of(person) == [Status.CONFIRMED]
    assert audit_seats(now=NOW) == {}


def test_a_round_that_is_not_named_stays_as_it_is(programme):
    *_, (one, _, three, four) = programme
    person = make_person()
    choose(programme, person, one, three)

    choose(programme, person, "left alone", four)

    assert set(Registration.objects.holding_a_seat().values_list("session", flat=True)) == {one.pk, four.pk}


def test_what_one_round_refuses_does_not_touch_the_other(programme):
    *_, (one, _, three, _) = programme
    type(one).objects.filter(pk=one.pk).update(audiences=("STUDENT",))

    outcomes = choose(programme, make_person(), one, three)

    assert answers(outcomes) == [(None, "not-eligible"), (Status.CONFIRMED, "")]
    assert audit_seats(now=NOW) == {}


@pytest.mark.parametrize("which", ["unknown", "of another round", "of another event"])
def test_a_session_of_another_round_is_refused(programme, which):
    event, rounds, (_, _, three, _) = programme
    key = {"unknown": uuid4(), "of another round": three.key, "of another event": make_session().key}[which]
    before = everything()

    outcomes = conference.choose(event_key=event.key, choices={rounds[0].key: key}, attendee=make_person(), now=NOW)

    assert answers(outcomes) == [(None, "another-slot")]
    assert everything() == before


def test_a_round_of_another_event_is_ignored(programme):
    event, *_ = programme
    _, (other, _), (session, *_) = make_conference()

    outcomes = conference.choose(event_key=event.key, choices={other.key: session.key}, attendee=make_person(), now=NOW)

    assert outcomes == []
    assert Registration.objects.count() == 0


def test_a_round_that_has_begun_is_not_given_back(programme):
    *_, (one, _, three, _) = programme
    person = make_person()
    choose(programme, person, one, three)
    before = everything()

    outcomes = choose(programme, person, None, "left alone", now=one.starts_at)

    assert answers(outcomes) == [(Status.CONFIRMED, "started")]
    assert everything() == before


def test_choose_without_a_group_is_refused_only_where_it_matters(programme):
    *_, (one, _, three, _) = programme
    Session.objects.filter(pk=three.pk).update(audiences=("STUDENT",))
    newcomer = make_person(name="", unit=None, audience="")

    outcomes = choose(programme, newcomer, one, three, now=NOW + timedelta(hours=1))

    assert [outcome.refusal for outcome in outcomes] == ["", "not-introduced"]
    assert Registration.objects.get().session == one
