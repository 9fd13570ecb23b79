from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from project.accounts.enums import RoleKind
from project.outbox.models import Message
from project.outbox.services import delivery
from registrations.services.calendar import host_invites, notifications
from registrations.services.organizing import schedule
from tests.factories import NOW, make_event, make_organizer, make_person, make_session, make_unit, make_venue
from tests.registrations.support.screens import event_url, log_in_as, text_of, url
from tests.registrations.support.seats.offered import make_conference, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HOUR = timedelta(hours=1)
BANNER = "people have not been told yet"


@pytest.fixture
def conference(mailbox):
    """One person in the first session of each round, who was told so."""
    event, _, sessions = make_conference()
    person = make_person()
    for session in (sessions[0], sessions[2]):
        take(session, person)
    delivery.deliver_due(now=NOW)
    return event, sessions


def move(session, by=HOUR):
    moments = {"starts_at": session.starts_at + by, "ends_at": session.ends_at + by}
    schedule.reschedule_session(session_key=session.key, now=NOW, **moments)


def page(event):
    return event_url("organize_collected", event)


def previewed(response):
    [stamp] = re.findall(r'name="previewed" value="(\w+)"', response.content.decode())
    return stamp


def due():
    return list(
        Message.objects.filter(kind__in=(*notifications.CHANGES, host_invites.CHANGED))
        .order_by("pk")
        .values_list("due_at", flat=True)
    )


def test_the_page_says_what_would_be_sent_and_one_button_sends_it(client, organizer, conference):
    event, (one, _, three, _) = conference
    move(one)
    schedule.relocate_session(session_key=three.key, venue=make_venue(name="Library"), join_url="", now=NOW)

    shown = client.get(page(event))
    text = text_of(shown)

    assert "1 session at another time" in text
    assert "1 session in another room" in text
    assert "another link" not in text
    assert "1 person gets an email for each session of theirs that changed." in text
    assert "13:00–15:00" in text
    assert "14:00–16:00" in text
    assert f"Was: {three.venue}" in text
    assert "Now: <strong>Library" in text
    assert "Saturday 21 March, 13:00" in text
    assert set(due()) == {one.starts_at - 24 * HOUR, three.starts_at - 24 * HOUR}
    done = client.post(page(event), {"previewed": previewed(shown)}, follow=True)
    assert done.redirect_chain == [(event_url("organize_event", event), 302)]
    assert "Sent. 1 person has an email on the way." in text_of(done)
    assert BANNER not in text_of(done)
    assert set(due()) == {NOW}


def test_a_change_of_the_link_is_told_as_one(client, organizer, conference):
    event, (one, *_) = conference
    schedule.relocate_session(session_key=one.key, venue=one.venue, join_url="https://meet.example/x", now=NOW)

    text = text_of(client.get(page(event)))

    assert "1 session with another link" in text
    assert "Another link to join online" in text
    assert "https://meet.example/x" not in text


def test_a_banner_stands_on_the_pages_as_long_as_something_waits(client, organizer, conference):
    event, (one, two, *_) = conference
    pages = [
        reverse("registrations:organize_home"),
        event_url("organize_event", event),
        url("organize_session", two),
    ]
    before = [BANNER in text_of(client.get(each)) for each in pages]
    move(one)

    after = [text_of(client.get(each)) for each in pages]

    assert before == [False] * 3
    assert [BANNER in text for text in after] == [True] * 3
    assert all(page(event) in text for text in after)
    assert "Nothing. Everything runs by itself." not in after[0]
    client.post(page(event), {"previewed": previewed(client.get(page(event)))})
    assert [BANNER in text_of(client.get(each)) for each in pages] == [False] * 3


def test_moving_says_that_nothing_is_sent_yet(client, organizer, conference):
    _, (one, *_) = conference
    said = {"date": f"{one.local_start:%Y-%m-%d}", "start": "15:00", "end": "17:00"}

    preview = text_of(client.post(url("organize_move", one), said))
    done = text_of(client.post(url("organize_move", one), said | {"confirm": "1"}, follow=True))

    assert "Nothing is sent yet: what changes in a conference is collected until you press “Send changes”" in preview
    assert "Changed. Nobody is told yet: send the changes of this conference when the schedule is right." in done


def test_moving_a_session_that_nobody_chose_speaks_of_no_mails_to_send(client, organizer, conference):
    _, (_, nobodys, *_) = conference
    said = {"date": f"{nobodys.local_start:%Y-%m-%d}", "start": "15:00", "end": "17:00"}

    preview = text_of(client.post(url("organize_move", nobodys), said))
    done = text_of(client.post(url("organize_move", nobodys), said | {"confirm": "1"}, follow=True))

    assert "Nothing is sent yet" not in preview
    assert "Nobody is told yet" not in done
    assert BANNER not in done


def test_another_room_says_that_nothing_is_sent_yet(client, organizer, conference):
    _, (one, *_) = conference
    said = {"venue": make_venue().pk, "join_url": ""}

    preview = text_of(client.post(url("organize_place", one), said))
    done = text_of(client.post(url("organize_place", one), said | {"confirm": "1"}, follow=True))

    assert "Nothing is sent yet" in preview
    assert "Nobody is told yet" in done


def test_what_changed_while_it_was_looked_at_is_shown_anew_and_not_sent(client, organizer, conference):
    event, (one, _, three, _) = conference
    move(one)
    seen = previewed(client.get(page(event)))
    move(three)
    before = due()

    response = client.post(page(event), {"previewed": seen})

    assert response.status_code == 422
    assert "Something changed while you looked at it." in text_of(response)
    assert "2 sessions at another time" in text_of(response)
    assert due() == before
    client.post(page(event), {"previewed": previewed(response)})
    assert set(due()) == {NOW}


@pytest.mark.parametrize("said", [{}, {"previewed": ""}, {"previewed": "\x00"}, {"previewed": "x" * 5000}])
def test_bad_input_sends_nothing(client, organizer, conference, said):
    event, (one, *_) = conference
    move(one)
    before = due()

    response = client.post(page(event), said | {"more": "é"})

    assert response.status_code == 422
    assert previewed(response)
    assert due() == before


def test_with_nothing_collected_the_page_says_so_and_the_button_does_nothing(client, organizer, conference):
    event, _ = conference

    shown = client.get(page(event))
    done = client.post(page(event), {"previewed": "old"}, follow=True)

    assert "Nothing waits to be sent." in text_of(shown)
    assert "<form class" not in shown.content.decode().split("<main", 1)[1].split("</main>")[0]
    assert "Nothing was waiting to be sent." in text_of(done)
    assert due() == []


def test_an_event_that_is_no_conference_has_no_such_page(client, organizer):
    event = make_session(event=make_event()).event

    assert client.get(page(event)).status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, organizer, conference, method):
    assert getattr(client, method)(page(conference[0])).status_code == 405


@pytest.mark.parametrize("kind", [None, *(kind for kind in RoleKind if kind not in {"ORGANIZER", "COORDINATOR"})])
def test_others_do_not_get_in(client, conference, kind):
    event, (one, *_) = conference
    move(one)
    before = due()
    if kind is None:
        client.force_login(make_person())
    else:
        log_in_as(client, kind, one)

    answers = [client.get(page(event)), client.post(page(event), {"previewed": "x"})]

    assert {answer.status_code for answer in answers} <= {403, 404}
    assert due() == before


def test_organisers_of_other_units_and_visitors_do_not_get_in(client, conference):
    event, (one, *_) = conference
    move(one)
    before = due()

    asked = client.post(page(event), {"previewed": "x"})
    client.force_login(make_organizer(unit=make_unit("abe")))
    refused = client.post(page(event), {"previewed": "x"})

    assert (asked.status_code, refused.status_code) == (302, 403)
    assert asked.url.startswith(reverse("account_login"))
    assert due() == before


@pytest.mark.parametrize("people", [1, 12])
def test_the_page_costs_the_same_for_one_and_for_many(client, organizer, mailbox, django_assert_num_queries, people):
    event, _, sessions = make_conference()
    type(sessions[0]).objects.update(capacity=people)
    for session in sessions[:1] if people == 1 else sessions[:2]:
        for _ in range(people):
            take(session, make_person())
        move(session)

    with django_assert_num_queries(7):
        response = client.get(page(event))

    assert response.context["collected"].people in {1, 24}


def test_the_banner_of_a_discreet_conference_is_for_its_organisers_and_names_nobody(client, organizer, mailbox):
    event, _, (one, *_) = make_conference(is_discreet=True)
    take(one, make_person(name="Ann Secret"))
    delivery.deliver_due(now=NOW)
    move(one)

    text = text_of(client.get(page(event)))

    assert "1 session at another time" in text
    assert "calendars" not in text
    assert "Ann Secret" not in text
