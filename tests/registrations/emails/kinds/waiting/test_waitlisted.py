from __future__ import annotations

import re
from datetime import timedelta

import pytest

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.enums import Status
from tests.factories import NOW, make_event, make_session
from tests.registrations.support.mails import another_date, calendar_of, html_of, make_claim, tell, text_of, words_of

pytestmark = pytest.mark.django_db


def test_the_waiting_list_mail_says_the_place_and_what_happens(post):
    first = make_claim(Status.WAITLISTED)
    second = make_claim(Status.WAITLISTED, session=first.session, waitlisted_at=NOW + timedelta(seconds=1))
    tell(second, "registration-waitlisted")

    [mail] = post()

    assert mail["Subject"] == f"On the waiting list: {first.session.title}, 12 March"
    for words in (text_of(mail), html_of(mail)):
        assert "Thursday 12 March 2026, 10:00–12:00" in words
        assert "You are number 2 for this date." in words
        assert "When a seat comes free, it is yours and we email you. Close to the date we ask you first." in words
        assert "Nothing is in your calendar yet." in words.replace("&quot;", '"')
    assert "My sessions: http://testserver/my/" in text_of(mail)
    assert calendar_of(mail) is None


def test_the_waiting_list_mail_lists_all_wished_dates_each_with_its_place(post):
    ahead = make_claim(Status.WAITLISTED, session=make_session(event=make_event(title_en="Stand by me")))
    late = make_claim(Status.WAITLISTED, session=another_date(ahead), waitlisted_at=NOW + timedelta(seconds=1))
    make_claim(
        Status.WAITLISTED, session=ahead.session, attendee=late.attendee, waitlisted_at=NOW + timedelta(seconds=1)
    )
    tell(late, "registration-waitlisted")

    [mail] = post()

    assert mail["Subject"] == "On the waiting list: Stand by me"
    assert "You are on the waiting list for these dates of Stand by me." in text_of(mail)
    first = r"Thursday 12 March 2026, \S+ Aula, \S+ \d+ Language: English You are number 2 "
    lines = first + r".*Thursday 19 March 2026, \S+ .*You are number 1"
    assert re.search(lines, text_of(mail))
    assert "You are number 2" in html_of(mail)
    assert "for this date" not in text_of(mail)


def test_the_waiting_list_mail_names_parallel_sessions(post):
    one = make_claim(Status.WAITLISTED, session=make_session(title_en="Listening"))
    make_claim(Status.WAITLISTED, session=another_date(one, title_en="Speaking up"), attendee=one.attendee)
    tell(one, "registration-waitlisted")

    [mail] = post()

    assert "Listening" in text_of(mail)
    assert "Speaking up" in html_of(mail)


def test_the_waiting_list_mail_of_a_swap_says_that_the_present_seat_stays(post):
    seat = make_claim(Status.CONFIRMED)
    wish = make_claim(Status.WAITLISTED, session=another_date(seat), attendee=seat.attendee, replaces=seat)
    tell(wish, "registration-waitlisted")

    [mail] = post()

    assert "Your present seat stays yours until another one is certain: Thursday 12 March 2026" in text_of(mail)


def test_the_waiting_list_mail_for_any_date_says_so(post):
    wish = make_claim(Status.WAITLISTED, wants_any_date=True)
    tell(wish, "registration-waitlisted")

    [mail] = post()

    title = wish.session.event.title
    assert f"You are on the waiting list for whichever date of {title} comes free first." in text_of(mail)
    assert mail["Subject"] == f"On the waiting list: {title}"


def test_the_waiting_list_mail_is_not_sent_to_somebody_who_waits_no_longer(post):
    tell(make_claim(Status.CONFIRMED), "registration-waitlisted")

    assert post() == []
    assert Message.objects.get().status == MessageStatus.DROPPED


def test_the_waiting_list_mail_is_about_the_dates_still_wished(post):
    left = make_claim(Status.CANCELLED)
    kept = make_claim(Status.WAITLISTED, session=another_date(left), attendee=left.attendee)
    tell(left, "registration-waitlisted")

    [mail] = post()

    assert mail["Subject"] == f"On the waiting list: {kept.session.title}, 19 March"
    assert "12 March" not in words_of(mail)
