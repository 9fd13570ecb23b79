from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from project.accounts.services import feed_secrets
from registrations.feeds import limits
from registrations.models import Invite
from registrations.services.attending import booking
from registrations.services.organizing import capacity, schedule
from tests.factories import NOW, make_event, make_organizer, make_person, make_session, make_venue
from tests.registrations.feeds.readers import address_of, again, events_in, read_by_another, titles_in
from tests.registrations.support.seats.offered import full_session, offer_to, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_a_seat_is_the_same_entry_as_its_invitation(client):
    person = make_person()
    venue = make_venue(name="Aula", room="Blue room", address="Street 5")
    session = make_session(venue=venue, join_url="https://meet.example.org/42", event=make_event(title_en="Mindlab"))
    take(session, person)
    schedule.relocate_session(
        session_key=session.key, venue=make_venue(name="Hall", room="", address=""), join_url=session.join_url, now=NOW
    )

    response = client.get(address_of(person))

    [entry], [other] = events_in(response), read_by_another(response)
    invite = Invite.objects.get(attendee=person)
    assert str(entry["UID"]) == other.uid.value == str(invite.uid) != str(session.ical_uid)
    assert entry["SEQUENCE"] == invite.sequence == 1
    assert entry["DTSTAMP"].dt == entry["LAST-MODIFIED"].dt == invite.stamped_at
    assert str(entry["SUMMARY"]) == "Mindlab"
    assert str(entry["LOCATION"]).startswith("Hall")
    assert "https://meet.example.org/42" in entry["DESCRIPTION"]
    assert entry["CONFERENCE"] == "https://meet.example.org/42"


def test_online_the_link_is_the_place(client):
    person = make_person()
    take(make_session(venue=None, join_url="https://meet.example.org/42"), person)

    [entry] = events_in(client.get(address_of(person)))

    assert str(entry["LOCATION"]) == "https://meet.example.org/42"


def test_only_what_is_certain_is_in_it(client):
    """Beside a seat there is one of everything that is none."""
    person = make_person()
    take(make_session(title_en="Seat"), person)
    take(full_session(title_en="Waiting"), person)
    offer_to(person, title_en="Offer")
    given_back = take(make_session(title_en="Given back"), person)
    booking.cancel(registration_key=given_back.key, actor=person, now=NOW)
    cancelled = make_session(title_en="Cancelled")
    take(cancelled, person)
    capacity.cancel_session(session_key=cancelled.key, actor=make_organizer(), now=NOW)
    take(make_session(title_en="Of somebody else"), make_person())
    make_session(title_en="Free")

    assert titles_in(client.get(address_of(person))) == ["Seat"]


def test_discreet_seats_are_never_in_it(client):
    """A calendar is read by others, and the hour alone says which session it is (specs/privacy.md 3)."""
    person = make_person()
    session = make_session(event=make_event(is_discreet=True, title_en="Telling title"))
    take(session, person)
    take(make_session(title_en="Seat"), person)

    response = client.get(address_of(person))

    assert titles_in(response) == ["Seat"]
    assert b"Telling" not in response.content
    assert session.key.hex not in response.content.decode().replace("-", "")


def test_somebody_who_leads_a_session_finds_it_too(client):
    host = make_person()
    session, discreet = make_session(title_en="Led"), make_session(event=make_event(is_discreet=True))
    for hosted in (session, discreet):
        Invite.objects.create(hosted=hosted, attendee=host, slot=hosted.slot, address=host.email, stamped_at=NOW)

    [entry] = events_in(client.get(address_of(host)))

    assert str(entry["UID"]) == str(Invite.objects.get(hosted=session).uid)
    assert "You lead this session" in entry["DESCRIPTION"]


def test_a_seat_without_an_invitation_has_an_entry_of_its_own(client):
    person = make_person()
    seat = take(make_session(), person)
    Invite.objects.all().delete()

    [entry] = events_in(client.get(address_of(person)))
    [same] = events_in(client.get(address_of(person)))

    assert entry["UID"] == same["UID"]
    assert str(seat.key) != str(entry["UID"])


def test_it_speaks_the_language_of_the_person(client):
    person = make_person(language="nl")
    take(make_session(event=make_event(title_en="English", title_nl="Nederlands")), person)

    response = client.get(address_of(person), headers={"accept-language": "en"})

    assert titles_in(response) == ["Nederlands"]
    assert response["Content-Language"] == "nl"


def _move(person, seat, session):
    later = {"starts_at": session.starts_at + timedelta(days=1), "ends_at": session.ends_at + timedelta(days=1)}
    schedule.reschedule_session(session_key=session.key, **later, now=NOW + timedelta(hours=1))


def _give_back(person, seat, session):
    booking.cancel(registration_key=seat.key, actor=person, now=NOW + timedelta(hours=1))


def _call_off(person, seat, session):
    capacity.cancel_session(session_key=session.key, actor=make_organizer(), now=NOW + timedelta(hours=1))


def _take_another(person, seat, session):
    booking.sign_up(session_key=make_session().key, attendee=person, now=NOW + timedelta(hours=1))


@pytest.mark.parametrize("change", [_move, _give_back, _call_off, _take_another])
def test_every_change_is_seen_by_tag_and_by_date(client, change):
    person, session = make_person(), make_session()
    seat = take(session, person)
    address = address_of(person)
    first = client.get(address)
    assert again(client, address, first).status_code == 304

    change(person, seat, session)

    assert again(client, address, first).status_code == 200
    assert client.get(address, headers={"if-modified-since": first["Last-Modified"]}).status_code == 200


def test_what_others_do_is_no_change(client):
    person, session = make_person(), make_session()
    take(session, person)
    address = address_of(person)
    first = client.get(address)

    take(session, make_person())
    take(make_session(), make_person())

    assert again(client, address, first)["ETag"] == first["ETag"]


def test_nobody_gets_what_was_kept_for_somebody_else(client):
    """Two people, alike in everything that is counted."""
    one, other = make_person(), make_person()
    take(make_session(title_en="One"), one)
    take(make_session(title_en="Other"), other)

    assert titles_in(client.get(address_of(one))) == ["One"]
    assert titles_in(client.get(address_of(other))) == ["Other"]


def test_headers_keep_the_address_to_itself(client):
    response = client.get(address_of(make_person()))

    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"


def test_wrong_old_and_unknown_secrets_are_answered_alike(client):
    person, other = make_person(), make_person()
    take(make_session(), person)
    right = feed_secrets.secret_of(person)
    gone = make_person()
    unknown = feed_secrets.secret_of(gone)
    gone.delete()
    left = make_person(is_active=False)
    feed_secrets.renew(person=person)
    wrong = [
        right,  # has ended
        feed_secrets.secret_of(other)[:21] + right[21:],  # the key of one, the proof of another
        unknown,
        feed_secrets.secret_of(left),
        right.swapcase(),
        right[:-1],
        "x" * len(right),
        "é" * len(right),
        "x",
    ]

    answers = [client.get(f"/feeds/my/{secret}.ics") for secret in wrong]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert not any(answer.cookies for answer in answers)
    assert client.get(address_of(person)).status_code == 200


def test_a_secret_outlives_the_servers_for_as_long_as_it_is_kept(client, settings):
    address, former = address_of(make_person()), settings.SECRET_KEY

    settings.SECRET_KEY = "another-server-secret"
    assert client.get(address).status_code == 404
    settings.SECRET_KEY_FALLBACKS = [former]
    assert client.get(address).status_code == 200


@time_machine.travel(NOW, tick=False)
def test_whoever_asks_too_often_has_to_wait(client):
    person, other = make_person(), make_person()
    address = address_of(person)
    for _ in range(limits.FETCHES.most):
        assert client.get(address).status_code == 200

    refused = client.get(address)

    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    assert not refused.cookies
    assert client.get(address_of(other)).status_code == 200


def test_without_redis_nobody_has_to_wait(client, settings):
    settings.CACHES = {
        "default": {"BACKEND": "project.web.failover_cache.FailoverCache", "LOCATION": "redis://127.0.0.1:9/0"}
    }
    person = make_person()

    assert limits.may_fetch(person)
    assert client.get(address_of(person)).status_code == 200


def test_what_ran_out_while_it_was_counted_is_no_refusal(monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *_args, **_options: False)

    assert limits.may_fetch(make_person())


def test_seats_leave_it_sixty_days_after(client):
    person, session = make_person(), make_session()
    take(session, person)

    with time_machine.travel(session.starts_at + timedelta(days=60), tick=False):
        assert len(events_in(client.get(address_of(person)))) == 1
    with time_machine.travel(session.starts_at + timedelta(days=61), tick=False):
        assert events_in(client.get(address_of(person))) == []
