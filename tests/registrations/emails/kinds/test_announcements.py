from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import EventStatus, SessionStatus
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services.messages import draft, enqueue
from registrations.models import AccessLink, CustomText
from registrations.services.attending import booking
from tests.factories import NOW, make_event, make_organizer, make_person, make_session, make_venue
from tests.registrations.support.mails import SECRET, calendar_of, html_of, text_of, words_of

pytestmark = pytest.mark.django_db


def announce(event, **overrides):
    person = make_person(**overrides)
    enqueue([draft(kind="dates-announced", recipient=person, subject_id=event.key, facts={}, now=NOW)])


def grant(session, **overrides):
    values = {"session": session, "address": "guest@example.org", "created_by": make_organizer(), "created_at": NOW}
    link = AccessLink.objects.create(**({"expires_at": NOW + timedelta(days=9)} | values | overrides))
    enqueue([access_mail(link)])
    return link


def access_mail(link, **overrides):
    values = {"kind": "access-granted", "address": link.address, "subject_id": link.key}
    return Message(**(values | {"created_at": NOW, "due_at": NOW} | overrides))


def make_dates(event, number):
    return [make_session(event=event, starts_at=NOW + timedelta(days=10 + day)) for day in range(number)]


def make_discreet_event():
    return make_event(slug="k7q2m9", is_discreet=True, title_en=SECRET, title_nl=SECRET, summary_en=SECRET)


# --- Dates -----------------------------------------------------------------------------------------------------------


def test_dates_are_told_with_the_way_to_them(post):
    event = make_event(title_en="Stand by me")
    make_dates(event, 2)
    announce(event, name="Ann")

    [mail] = post()

    assert mail["Subject"] == "There are dates: Stand by me"
    for words in (text_of(mail), html_of(mail)):
        assert "Hello Ann," in words
        assert "There are dates for Stand by me. You asked us to tell you." in words
        assert "Thursday 12 March 2026, 10:00–12:00" in words
        assert "Friday 13 March 2026, 10:00–12:00" in words
        assert "We tell you this once." in words
        assert "on the page." not in words
    assert f"Choose your date: http://testserver/events/{event.slug}/" in text_of(mail)
    assert calendar_of(mail) is None


def test_of_many_dates_five_are_told(post):
    event = make_event()
    make_dates(event, 7)
    announce(event)

    [mail] = post()

    assert text_of(mail).count("10:00–12:00") == html_of(mail).count("10:00–12:00") == 5
    assert "And 2 more dates on the page." in text_of(mail)


def test_only_dates_that_are_on_and_for_all_are_told(post):
    event = make_event()
    make_dates(event, 1)
    make_session(event=event, starts_at=NOW + timedelta(days=20), status=SessionStatus.CANCELLED)
    make_session(event=event, starts_at=NOW + timedelta(days=20), is_unlisted=True)
    make_session(event=event, starts_at=NOW - timedelta(hours=1))
    announce(event)

    [mail] = post()

    assert text_of(mail).count("10:00–12:00") == 1


def test_dates_that_are_gone_are_not_told(post):
    over, withdrawn = make_event(), make_event(status=EventStatus.CANCELLED)
    make_session(event=over, starts_at=NOW - timedelta(hours=1))
    make_dates(withdrawn, 1)
    announce(over)
    announce(withdrawn)

    assert post() == []
    assert set(Message.objects.values_list("status", flat=True)) == {MessageStatus.DROPPED}


def test_dates_are_told_in_dutch(post):
    event = make_event(title_en="Stand by me", title_nl="Sta naast me")
    make_dates(event, 1)
    announce(event, language="nl")

    [mail] = post()

    assert "Stand by me" not in words_of(mail) + mail["Subject"]
    assert "Donderdag 12 maart 2026" in text_of(mail)


def test_dates_of_a_discreet_event_are_told_without_a_word_of_what_it_is(mailbox, post):
    event = make_discreet_event()
    make_session(event=event, title_en=SECRET, venue=make_venue(name=SECRET))
    announce(event)

    [mail] = post()

    assert mail["Subject"] == f"There are dates (ref {event.key.hex[:6].upper()})"
    assert SECRET not in words_of(mail) + mail["Subject"]
    assert "There are dates for what you asked about." in text_of(mail)
    assert b"k7q2m9" not in mailbox.envelopes[0].content
    assert mail["From"].addresses[0].display_name == "University Events"


# --- Personal links --------------------------------------------------------------------------------------------------


def test_a_personal_link_says_what_it_opens_and_for_whom(post):
    session = make_session(event=make_event(title_en="Stand by me"), is_unlisted=True)
    link = grant(session)

    [mail] = post()

    assert mail["To"] == "guest@example.org"
    assert mail["Subject"] == "Your personal link: Stand by me, 12 March"
    for words in (text_of(mail), html_of(mail)):
        assert "You can sign up for Stand by me." in words
        assert "Thursday 12 March 2026, 10:00–12:00" in words
        assert "It works for you alone: sign in with guest@example.org." in words
        assert "The link works until Wednesday 11 March, 10:00. No seat is yours yet" in words
        assert "Hello" not in words
    assert f"Open your link: http://testserver/access/{link.key}/" in text_of(mail)
    assert calendar_of(mail) is None


def test_a_personal_link_greets_a_person_who_is_known(post):
    link = grant(make_session(is_unlisted=True))
    Message.objects.update(recipient=make_person(name="Ann", language="nl", email=link.address), language="nl")

    [mail] = post()

    assert "Ann" in text_of(mail)
    assert "Donderdag 12 maart 2026" in text_of(mail)


@pytest.mark.parametrize("when", ["taken back", "ended", "cancelled", "started"])
def test_a_personal_link_that_opens_nothing_is_not_mailed(post, when):
    session = make_session(is_unlisted=True, status="CANCELLED" if when == "cancelled" else "SCHEDULED")
    link = grant(session)
    if when == "taken back":
        link.delete()

    assert post(now={"ended": link.expires_at, "started": session.starts_at}.get(when, NOW)) == []
    assert Message.objects.get().status == MessageStatus.DROPPED


def test_a_personal_link_to_a_session_that_opens_later_is_mailed(post):
    grant(make_session(is_unlisted=True, opens_at=NOW + timedelta(days=1)))

    assert len(post()) == 1


def test_a_personal_link_to_a_discreet_session_tells_nothing(mailbox, post):
    event = make_discreet_event()
    link = grant(make_session(event=event, title_en=SECRET, venue=make_venue(name=SECRET, address=SECRET)))

    [mail] = post()

    assert mail["Subject"] == f"Your personal link (ref {link.key.hex[:6].upper()})"
    assert SECRET not in words_of(mail)
    assert b"k7q2m9" not in mailbox.envelopes[0].content
    assert mail["From"].addresses[0].display_name == "University Events"


# --- List-Unsubscribe (RFC 8058) -------------------------------------------------------------------------------------


def test_dates_can_be_unsubscribed_from_with_one_click(post):
    event = make_event()
    make_dates(event, 1)
    announce(event)

    [mail] = post()

    assert mail["List-Unsubscribe"].startswith("<http://testserver/no-news/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_personal_link_cannot_be_unsubscribed_from(post):
    grant(make_session())

    [mail] = post()

    assert mail["List-Unsubscribe"] is None


def test_a_mail_about_a_seat_cannot_be_unsubscribed_from(post):
    booking.sign_up(session_key=make_session().key, attendee=make_person(), now=NOW)

    [mail] = post()

    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None


# --- Own words (product K7) ------------------------------------------------------------------------------------------


def own(event, kind, subject, body, language="en"):
    CustomText.objects.create(event=event, kind=kind, language=language, subject=subject, body=body, changed_at=NOW)


def test_dates_are_told_in_own_words_and_the_dates_stay(post):
    event = make_event(title_en="Stand <by> me")
    make_dates(event, 2)
    own(event, "dates-announced", "{title}: at last, {name}", "Be quick, {name}: {link}")
    announce(event, name="Ann {title}")
    announce(event, language="nl")

    mail, dutch = post()

    assert mail["Subject"] == "Stand <by> me: at last, Ann {title}"
    assert f"Be quick, Ann {{title}}: http://testserver/events/{event.slug}/" in text_of(mail)
    for words in (text_of(mail), html_of(mail)):
        assert "Be quick, Ann {title}" in words
        assert "Thursday 12 March 2026, 10:00–12:00" in words
        assert "We tell you this once." in words
        assert "Need to talk to someone?" in words
    assert "<by>" not in html_of(mail)
    assert mail["List-Unsubscribe"].startswith("<http://testserver/no-news/")
    assert "Be quick" not in words_of(dutch)


def test_a_personal_link_has_own_words_and_still_says_whose_it_is(post):
    session = make_session(event=make_event(title_en="Stand by me"), venue=make_venue(), is_unlisted=True)
    own(session.event, "access-granted", "For you, {name}: {title}", "On {date}, {time}, in {place}: {link}")
    link = grant(session)

    [mail] = post()

    way = f"http://testserver/access/{link.key}/"
    assert mail["Subject"] == "For you, participant: Stand by me"
    assert f"On Thursday 12 March, 10:00–12:00, in {session.venue}: {way}" in text_of(mail)
    assert f'href="{way}">http' in html_of(mail)
    for words in (text_of(mail), html_of(mail)):
        assert "It works for you alone: sign in with guest@example.org." in words
        assert "The link works until Wednesday 11 March, 10:00. No seat is yours yet" in words
    assert f"Open your link: {way}" in text_of(mail)


def test_own_words_say_nothing_of_a_discreet_event(post):
    event = make_discreet_event()
    session = make_session(event=event, title_en=SECRET, venue=make_venue(name=SECRET, address=SECRET))
    for kind in ("dates-announced", "access-granted"):
        own(event, kind, "Mine: {title}", "Mine: {title}")
    announce(event)
    grant(session)

    mails = post()

    assert len(mails) == 2
    for mail in mails:
        assert "Mine" not in words_of(mail) + mail["Subject"]
        assert SECRET not in words_of(mail) + mail["Subject"]
