from __future__ import annotations

import time
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils.http import http_date

from events.models import Session
from events.services import editing
from registrations.services.attending import booking
from registrations.services.organizing import capacity, publishing
from tests.factories import NOW, make_event, make_organizer, make_person, make_session, make_unit, make_venue
from tests.registrations.feeds.readers import EVERYTHING, address_of, again, events_in, none_made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PUBLIC = [EVERYTHING, "/feeds/me.ics", "/feeds/kinds/performance.ics", "/feeds/events.atom"]
REDIS_GONE = {"BACKEND": "project.web.failover_cache.FailoverCache", "LOCATION": "redis://127.0.0.1:9/0"}


@pytest.fixture(params=[*PUBLIC, "personal"])
def address(request):
    """Of each feed, with something in it."""
    person, session = make_person(unit=make_unit()), make_session(changed_at=NOW - timedelta(days=1))
    booking.sign_up(session_key=session.key, attendee=person, now=NOW - timedelta(hours=20))
    return address_of(person) if request.param == "personal" else request.param


def test_a_feed_that_did_not_change_is_not_sent_again(client, address):
    first = client.get(address)

    second = again(client, address, first)

    assert (second.status_code, second.content) == (304, b"")
    for header in ("ETag", "Last-Modified", "Cache-Control"):
        assert second[header] == first[header]


def test_a_weak_tag_and_one_of_several_are_as_good(client, address):
    tag = client.get(address)["ETag"]

    for known in (f"W/{tag}", f'"other", {tag}', "*"):
        unchanged = client.get(address, headers={"if-none-match": known})
        assert (unchanged.status_code, unchanged["ETag"]) == (304, tag)
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200
    assert client.get(address, headers={"if-none-match": "nonsense"}).status_code == 200


def test_a_reader_who_asks_by_date_is_answered_by_date(client, address):
    first = client.get(address)
    seen = first["Last-Modified"]

    unchanged = client.get(address, headers={"if-modified-since": seen})

    assert (unchanged.status_code, unchanged["ETag"], unchanged["Last-Modified"]) == (304, first["ETag"], seen)
    earlier = http_date((NOW - timedelta(days=9)).timestamp())
    assert client.get(address, headers={"if-modified-since": earlier}).status_code == 200
    assert client.get(address, headers={"if-modified-since": "yesterday"}).status_code == 200
    both = {"if-modified-since": seen, "if-none-match": '"other"'}
    assert client.get(address, headers=both).status_code == 200


def test_the_last_change_is_no_earlier_than_the_day(client):
    """What a feed tells of moves with the days, so who asks by date looks once a day."""
    event = make_event(changed_at=NOW - timedelta(days=30))
    make_session(event=event, changed_at=NOW - timedelta(days=20))
    assert client.get(EVERYTHING)["Last-Modified"] == "Sun, 01 Mar 2026 23:00:00 GMT"

    make_session(event=event, changed_at=NOW - timedelta(minutes=5))
    assert client.get(EVERYTHING)["Last-Modified"] == "Mon, 02 Mar 2026 08:55:00 GMT"


def test_nothing_is_made_for_a_reader_who_knows_it_also_without_what_was_kept(client, address, monkeypatch):
    first = client.get(address)
    cache.clear()
    none_made(monkeypatch)

    assert again(client, address, first).status_code == 304


def test_it_is_made_once_for_all(client, address, monkeypatch):
    first = client.get(address)
    none_made(monkeypatch)

    second = client.get(address)

    assert (second.content, second["ETag"]) == (first.content, first["ETag"])


def test_without_redis_it_is_made_each_time(client, address, settings):
    with_redis = client.get(address)
    settings.CACHES = {"default": REDIS_GONE}

    without = client.get(address)

    assert (without.status_code, without.content, without["ETag"]) == (200, with_redis.content, with_redis["ETag"])
    assert again(client, address, with_redis).status_code == 304


def test_asking_for_the_head_only_says_the_same(client, address):
    whole = client.get(address)

    head = client.head(address)

    assert head.status_code == 200
    assert head.content == b""
    for header in ("ETag", "Last-Modified", "Content-Type", "Content-Length"):
        assert head[header] == whole[header]


def test_nothing_else_can_be_asked_for(client, address):
    assert client.post(address).status_code == 405


def test_headers_are_those_of_a_public_document(client):
    response = client.get(EVERYTHING)

    assert response["Cache-Control"] == "public, max-age=300"
    assert response["Content-Disposition"] == 'inline; filename="samen.ics"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "X-Robots-Tag" not in response


def test_no_feed_sets_a_cookie_or_differs_by_one(client, address):
    """Also for somebody signed in, who has a language of their own."""
    signed_out = client.get(address)
    client.force_login(make_person())
    client.cookies["language"] = "nl"

    signed_in = client.get(address)

    assert signed_in.content == signed_out.content
    for response in (signed_out, signed_in, again(client, address, signed_out)):
        assert not response.cookies
        assert "cookie" not in response.get("Vary", "").lower()


HIDDEN = [
    {"status": "DRAFT"},
    {"status": "UNLISTED"},
    {"status": "ARCHIVED"},
    {"is_discreet": True},
]


@pytest.mark.parametrize("kind", HIDDEN, ids=lambda kind: next(iter(map(str, kind.values()))))
@pytest.mark.parametrize("address", PUBLIC)
def test_nobody_can_tell_that_something_hidden_was_worked_on(client, address, kind):
    """Neither by tag nor by date: not that it was made, edited, moved, cancelled, or taken a seat of."""
    make_unit()
    make_session()
    first = client.get(address)

    hidden = make_session(event=make_event(**kind, changed_at=NOW), changed_at=NOW + timedelta(minutes=1))
    answers = [client.get(address)]
    make_session(event=hidden.event, changed_at=NOW + timedelta(minutes=2))
    _rename(hidden)
    answers.append(client.get(address))
    _cancel(hidden)
    answers.append(client.get(address))
    hidden.delete()
    answers.append(client.get(address))

    assert {answer["ETag"] for answer in answers} == {first["ETag"]}
    assert {answer["Last-Modified"] for answer in answers} == {first["Last-Modified"]}


def test_an_unlisted_date_moves_nothing_either(client):
    make_session()
    first = client.get(EVERYTHING)

    unlisted = make_session(is_unlisted=True, changed_at=NOW + timedelta(minutes=1))
    _cancel(unlisted)

    assert client.get(EVERYTHING).headers == first.headers


def test_what_a_feed_does_not_show_costs_nobody_a_download(client):
    """A date far away moves the stamp; the bytes are made again, found to be the same, and not sent."""
    make_session()
    first = client.get(EVERYTHING)
    make_session(starts_at=NOW + timedelta(days=900), changed_at=NOW + timedelta(minutes=1))

    second = again(client, EVERYTHING, first)

    assert second.status_code == 304
    assert second["ETag"] != first["ETag"]
    assert second["ETag"].split("-")[0] == first["ETag"].split("-")[0]


def test_a_new_day_costs_nobody_a_download(client):
    make_session()
    first = client.get(EVERYTHING)

    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert again(client, EVERYTHING, first).status_code == 304


def _unlist(session):
    Session.objects.filter(pk=session.pk).update(is_unlisted=True, changed_at=NOW + timedelta(hours=1))


def _archive(session):
    session.event.status, session.event.changed_at = "ARCHIVED", NOW + timedelta(hours=1)
    session.event.save()


def _rename(session):
    texts = {"title_en": "Renamed"}
    later = NOW + timedelta(hours=1)
    editing.edit_event_texts(event_key=session.event.key, texts=texts, actor=make_organizer(), now=later)


def _cancel(session):
    capacity.cancel_session(session_key=session.key, actor=make_organizer(), now=NOW + timedelta(hours=1))


def _add(session):
    facts = editing.SessionFacts(
        starts_at=NOW + timedelta(days=5), ends_at=NOW + timedelta(days=5, hours=1), venue=make_venue(), capacity=3
    )
    later = NOW + timedelta(hours=1)
    publishing.add_session(event_key=session.event.key, facts=facts, actor=make_organizer(), now=later)


@pytest.mark.parametrize("change", [_unlist, _archive, _rename, _cancel, _add])
def test_every_change_is_seen_by_tag_and_by_date(client, change):
    """Of two dates the older one changes, so that what is left is not what changed last (specs/calendar.md R55)."""
    session = make_session(changed_at=NOW - timedelta(days=2))
    make_session(changed_at=NOW)
    first = client.get(EVERYTHING)

    change(session)

    second = again(client, EVERYTHING, first)
    assert second.status_code == 200
    assert second.content != first.content
    assert client.get(EVERYTHING, headers={"if-modified-since": first["Last-Modified"]}).status_code == 200
    events_in(second)


def test_a_row_that_is_gone_is_seen_by_tag(client):
    session = make_session(changed_at=NOW - timedelta(days=2))
    make_session()
    first = client.get(EVERYTHING)

    session.delete()

    assert again(client, EVERYTHING, first).status_code == 200


def test_ten_thousand_dates_cost_a_reader_who_knows_them_one_statement(client, django_assert_num_queries):
    """And one for the name of a unit."""
    _ten_thousand()

    for address, statements in [(EVERYTHING, 1), ("/feeds/me.ics", 2), ("/feeds/events.atom", 1)]:
        first = client.get(address)
        cache.clear()
        with django_assert_num_queries(statements):
            started = time.process_time()
            assert again(client, address, first).status_code == 304, address
            took = time.process_time() - started
        assert took < 0.25, "far above what it takes, so that a busy machine is no failure"

    _costs_three_statements_with_seats_on_some(client, django_assert_num_queries)


def _costs_three_statements_with_seats_on_some(client, django_assert_num_queries):
    person = make_person()
    for _ in range(30):
        booking.sign_up(session_key=make_session().key, attendee=person, now=NOW)
    address = address_of(person)
    first = client.get(address)
    assert len(events_in(first)) == 30
    cache.clear()

    with django_assert_num_queries(3):
        assert again(client, address, first).status_code == 304


def _ten_thousand():
    event = make_event()
    session = make_session(event=event)
    Session.objects.bulk_create(
        Session(
            event=event,
            slot=event.key,
            venue=session.venue,
            starts_at=NOW + timedelta(hours=number),
            ends_at=NOW + timedelta(hours=number + 1),
            capacity=5,
            changed_at=NOW,
        )
        for number in range(1, 10_000)
    )
